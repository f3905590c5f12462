// One object of one cluster at a time, by the contexts of the kubeconfig: read, list, and patched at single fields under
// conditions. Every failure is a value. Each call has a KubeConfig and a connection of its own: the client library mixes
// contexts that share one, and keeps connections open after it.
import {
  createConfiguration,
  CustomObjectsApi,
  type RequestContext,
  type ResponseContext,
  ServerConfiguration,
} from "@kubernetes/client-node";
import * as z from "zod";
import type { Clock } from "../run/world.ts";
import { configFor, failureOf, type KubeFailure, type KubeFailureCause, textOf } from "./kube-failure.ts";

export type KubeReply<T> =
  | { readonly kind: "reply"; readonly value: T }
  | { readonly kind: "failed"; readonly failure: KubeFailure };

/** Of a named API group: the core's own kinds have another path. */
export interface KubeKind {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
}

export interface KubeRef extends KubeKind {
  readonly namespace: string;
  readonly name: string;
}

/** RFC 6902; a `test` that fails leaves everything as it was. */
export interface PatchStep {
  readonly op: "test" | "add" | "replace" | "remove";
  readonly path: string;
  readonly value?: unknown;
}

const OBJECT = z.looseObject({
  metadata: z.looseObject({
    name: z.string(),
    generation: z.optional(z.int()),
    deletionTimestamp: z.optional(z.string()),
    labels: z.optional(z.record(z.string(), z.string())),
    annotations: z.optional(z.record(z.string(), z.string())),
  }),
  spec: z.optional(z.unknown()),
  status: z.optional(z.unknown()),
});
const LIST_ITEMS_MAX = 1000;
const LIST = z.object({
  metadata: z.optional(z.looseObject({ continue: z.optional(z.string()) })),
  items: z.array(OBJECT),
});
export type LiveObject = z.infer<typeof OBJECT>;

export interface KubeApi {
  /** Of the API server, as the kubeconfig has it. */
  readonly server: string;
  read(ref: KubeRef): Promise<KubeReply<LiveObject>>;
  /** In the order of the server: by name. */
  list(kind: KubeKind, namespace: string): Promise<KubeReply<readonly LiveObject[]>>;
  /** "rehearse": the server does everything but keep it, permission and admission included. */
  patch(ref: KubeRef, steps: readonly PatchStep[], how: "rehearse" | "keep"): Promise<KubeReply<LiveObject>>;
}

export type OpenedKube =
  | { readonly kind: "open"; readonly api: KubeApi }
  | { readonly kind: "failed"; readonly detail: string };

/** Whole calls, with what a credential plugin takes. */
const CALL_MS_MAX = 20_000;
/** Shown in the object's managedFields. */
const FIELD_MANAGER = "multicloud-probe-drill";
const DETAIL_MAX = 400;

/** From `KUBECONFIG` or its default place. */
export function openKube(context: string, clock: Clock): OpenedKube {
  try {
    const { server } = configFor(context);
    return { kind: "open", api: makeApi(context, server, clock) };
  } catch (thrown) {
    return { kind: "failed", detail: textOf(thrown) };
  }
}

function makeApi(context: string, server: string, clock: Clock): KubeApi {
  const call = async <T>(what: string, schema: z.ZodType<T>, work: (api: CustomObjectsApi) => Promise<unknown>) =>
    await callOnce(context, clock, { what: `${what} at ${context}`, schema, work });
  return {
    server,
    read: (ref) => call(`GET ${pathOf(ref)}`, OBJECT, (api) => api.getNamespacedCustomObject({ ...ref })),
    list: async (kind, namespace) => {
      const what = `GET ${kind.plural}.${kind.group} in ${namespace}`;
      const listed = await call(what, LIST, (api) =>
        api.listNamespacedCustomObject({ ...kind, namespace, limit: LIST_ITEMS_MAX }),
      );
      if (listed.kind === "failed") return listed;
      const { items, metadata } = listed.value;
      if ((metadata?.continue ?? "") === "") return { kind: "reply", value: items };
      const detail = `${what} at ${context}: expected at most ${LIST_ITEMS_MAX} objects, found more`;
      return { kind: "failed", failure: { cause: "not-understood", detail } };
    },
    patch: (ref, steps, how) => {
      const dryRun = how === "rehearse" ? { dryRun: "All" } : {};
      const request = { ...ref, body: steps, fieldManager: FIELD_MANAGER, ...dryRun };
      return call(`PATCH ${pathOf(ref)}`, OBJECT, (api) => api.patchNamespacedCustomObject(request));
    },
  };
}

function pathOf({ plural, group, namespace, name }: KubeRef): string {
  return `${plural}.${group} ${namespace}/${name}`;
}

interface Call<T> {
  readonly what: string;
  readonly schema: z.ZodType<T>;
  readonly work: (api: CustomObjectsApi) => Promise<unknown>;
}

async function callOnce<T>(context: string, clock: Clock, { what, schema, work }: Call<T>): Promise<KubeReply<T>> {
  const fail = (cause: KubeFailureCause, detail: string): KubeReply<T> => ({
    kind: "failed",
    // Some proxies repeat what they were sent.
    failure: { cause, detail: `${what}: ${detail.replace(/Bearer \S+/g, "Bearer …")}`.slice(0, DETAIL_MAX) },
  });
  try {
    const reply = await clock.within(boxed(exchange(context, work)), CALL_MS_MAX);
    if (reply === null) return fail("unavailable", `no answer in ${CALL_MS_MAX / 1000} s`);
    const parsed = schema.safeParse(reply.value);
    if (parsed.success) return { kind: "reply", value: parsed.data };
    return fail("not-understood", "the answer is not one of a Kubernetes API");
  } catch (thrown) {
    const { cause, detail } = failureOf(thrown);
    return fail(cause, detail);
  }
}

async function boxed<T>(work: Promise<T>): Promise<{ readonly value: T }> {
  return { value: await work };
}

async function exchange(context: string, work: (api: CustomObjectsApi) => Promise<unknown>): Promise<unknown> {
  const { config, server } = configFor(context);
  let close = async (): Promise<void> => {};
  const limit = {
    pre: async (request: RequestContext) => {
      const dispatcher = request.getDispatcher();
      close = async () => dispatcher?.close();
      request.setSignal(AbortSignal.timeout(CALL_MS_MAX));
      return request;
    },
    post: async (response: ResponseContext) => response,
  };
  const settings = {
    baseServer: new ServerConfiguration(server, {}),
    authMethods: { default: config },
    promiseMiddleware: [limit],
  };
  try {
    return await work(new CustomObjectsApi(createConfiguration(settings)));
  } finally {
    await close();
  }
}
