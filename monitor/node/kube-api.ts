// One object of one cluster at a time, by the contexts of the kubeconfig: read, list, and patched at single fields under
// conditions. Every failure is a value. Each call has a KubeConfig and a connection of its own: the client library mixes
// contexts that share one, and keeps connections open after it.
import {
  ApiException,
  createConfiguration,
  CustomObjectsApi,
  KubeConfig,
  type RequestContext,
  type ResponseContext,
  ServerConfiguration,
} from "@kubernetes/client-node";
import * as z from "zod";
import type { Clock } from "../run/world.ts";

export type KubeFailureCause =
  /** No such object; `what` tells a kind that the server does not know from an object that is not there. */
  | "no-object"
  | "no-kind"
  | "denied"
  /** A condition of the patch does not hold, or somebody else wrote at the same time. */
  | "conflict"
  /** Validation or an admission webhook. */
  | "refused"
  | "unavailable"
  | "not-understood";

export interface KubeFailure {
  readonly cause: KubeFailureCause;
  /** The call and what came back; no credentials. */
  readonly detail: string;
}

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

function configFor(context: string): { readonly config: KubeConfig; readonly server: string } {
  const config = new KubeConfig();
  config.loadFromDefault();
  if (config.getContextObject(context) === null) {
    const known = config.getContexts().map(({ name }) => name);
    throw new Error(`the kubeconfig has no context ${context}, only ${known.join(", ") || "none"}`);
  }
  config.setCurrentContext(context);
  const server = config.getCurrentCluster()?.server;
  if (server === undefined) throw new Error(`the kubeconfig's context ${context} names a cluster that is not there`);
  return { config, server };
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

const STATUS = z.object({ message: z.optional(z.string()), reason: z.optional(z.string()) });

function failureOf(thrown: unknown): KubeFailure {
  if (thrown instanceof ApiException) {
    const body = textOfBody(thrown.body);
    const status = statusOf(body);
    const said = status?.message ?? body.replace(/\s+/g, " ");
    return { cause: causeOf(thrown.code, status !== null, said), detail: `HTTP ${thrown.code}: ${said}` };
  }
  const detail = textOf(thrown);
  return { cause: /JSON|Unexpected token/.test(detail) ? "not-understood" : "unavailable", detail };
}

/** What a patch with a condition that does not hold comes to; the condition itself is not in it. */
const PATCH_REJECTED = "the server rejected our request due to an error in our request";

function causeOf(code: number, isStatus: boolean, said: string): KubeFailureCause {
  if (code === 404) return isStatus ? "no-object" : "no-kind";
  if (code === 409 || (code === 422 && said.startsWith(PATCH_REJECTED))) return "conflict";
  // An admission webhook may choose 403 for what it does not like, permission or not.
  if (said.includes("admission webhook")) return "refused";
  if (code === 401 || code === 403) return "denied";
  return code === 429 || code >= 500 ? "unavailable" : "refused";
}

function textOfBody(body: unknown): string {
  if (typeof body === "string") return body;
  return Buffer.isBuffer(body) ? body.toString() : "no body";
}

function statusOf(body: string): z.infer<typeof STATUS> | null {
  try {
    const parsed = STATUS.safeParse(JSON.parse(body));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** fetch says "fetch failed", and only its cause says why. */
function textOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  return thrown.cause instanceof Error ? thrown.cause.message : thrown.message;
}
