// Lists of one API server, read only, in pages and within one deadline for all of them. Every failure is a value, and those of
// the whole cluster (no context, no credentials, nobody there) are told apart from those of one list. Unlike `kube-api.ts` all
// calls share one configuration, so that a credential plugin is started once.
import {
  ApiException,
  createConfiguration,
  CustomObjectsApi,
  type KubeConfig,
  type RequestContext,
  ResponseContext,
  ServerConfiguration,
} from "@kubernetes/client-node";
import * as z from "zod";
import type { Wish } from "../clusters/wish.ts";
import type { ClusterReading, Look, Looks } from "../clusters/sight.ts";
import { runInLanes } from "../run/lanes.ts";
import type { Clock } from "../run/world.ts";
import { isMap, type ValueMap } from "../topology/loose-value.ts";
import { configFor, failureOf, textOf } from "./kube-failure.ts";

/** Objects of one page, and pages of one list: more than that is no service's. */
export const PAGE_ITEMS_MAX = 250;
export const PAGES_MAX = 8;
/** One answer; etcd keeps no object beyond 1.5 MB. */
export const BODY_BYTES_MAX = 16_777_216;
/** Calls at one time of one API server. */
const LANES = 4;
const DETAIL_MAX = 400;

export interface KubeReader {
  /** The first call goes alone: it finds out whether the server lets us in at all. Never rejects. */
  read(wishes: readonly Wish[]): Promise<ClusterReading>;
}

/** `deadlineMs` is a reading of the clock's monotonicMs, for all that is read. */
export function makeKubeReader(context: string, clock: Clock, deadlineMs: number): KubeReader {
  let opened: ReturnType<typeof configFor>;
  try {
    opened = configFor(context);
  } catch (thrown) {
    const closed: ClusterReading = { kind: "closed", cause: "context", detail: words(textOf(thrown)) };
    return { read: () => Promise.resolve(closed) };
  }
  const lister = makeLister(opened, clock, deadlineMs);
  return { read: (wishes) => readAll(wishes, lister) };
}

type Outcome = Look | Extract<ClusterReading, { kind: "closed" }>;
type Lister = (wish: Wish) => Promise<Outcome>;

async function readAll(wishes: readonly Wish[], lister: Lister): Promise<ClusterReading> {
  const [first, ...rest] = wishes;
  if (first === undefined) return { kind: "read", looks: {} };
  const opening = await lister(first);
  if (opening.kind === "closed") return opening;
  const looks: Record<string, Look> = { [first.key]: opening };
  const tasks = rest.map((wish) => async (): Promise<void> => {
    const outcome = await lister(wish);
    looks[wish.key] = outcome.kind === "closed" ? { kind: "failed", detail: outcome.detail } : outcome;
  });
  await runInLanes(tasks, LANES);
  return { kind: "read", looks: inOrder(wishes, looks) };
}

/** Lanes end as they like; the looks come as they were wished for. */
function inOrder(wishes: readonly Wish[], looks: Looks): Looks {
  return Object.fromEntries(wishes.flatMap(({ key }) => (looks[key] === undefined ? [] : [[key, looks[key]]])));
}

const LIST = z.object({
  metadata: z.optional(z.looseObject({ continue: z.optional(z.string()) })),
  items: z.array(z.unknown()),
});

function makeLister({ config, server }: ReturnType<typeof configFor>, clock: Clock, deadlineMs: number): Lister {
  return async (wish) => {
    const call: Call = { wish, config, server };
    const leftMs = deadlineMs - clock.monotonicMs();
    const late: Outcome = { kind: "closed", cause: "unreachable", detail: `no answer in time to GET ${pathOf(wish)}` };
    if (leftMs <= 0) return late;
    try {
      return (await clock.within(wish.name === null ? listPages(call, leftMs) : getOne(call, leftMs), leftMs)) ?? late;
    } catch (thrown) {
      return outcomeOf(thrown, wish);
    }
  };
}

interface Call {
  readonly wish: Wish;
  readonly config: KubeConfig;
  readonly server: string;
}

async function getOne(call: Call, limitMs: number): Promise<Look> {
  const value = await exchange(call, limitMs, "");
  return isNamed(value) ? { kind: "seen", objects: [value] } : { kind: "failed", detail: notAnAnswer(call.wish) };
}

async function listPages(call: Call, limitMs: number): Promise<Look> {
  const objects: ValueMap[] = [];
  let next = "";
  for (let page = 1; page <= PAGES_MAX; page += 1) {
    const parsed = LIST.safeParse(await exchange(call, limitMs, next));
    if (!parsed.success) return { kind: "failed", detail: notAnAnswer(call.wish) };
    const named = parsed.data.items.filter(isNamed);
    if (named.length < parsed.data.items.length) return { kind: "failed", detail: notAnAnswer(call.wish) };
    objects.push(...named);
    next = parsed.data.metadata?.continue ?? "";
    if (next === "") return { kind: "seen", objects };
  }
  const most = PAGE_ITEMS_MAX * PAGES_MAX;
  return { kind: "failed", detail: `GET ${pathOf(call.wish)}: expected at most ${most} objects, found more` };
}

function isNamed(value: unknown): value is ValueMap {
  return isMap(value) && isMap(value["metadata"]) && typeof value["metadata"]["name"] === "string";
}

function notAnAnswer(wish: Wish): string {
  return `GET ${pathOf(wish)}: the answer is not one of a Kubernetes API`;
}

/** As `kubectl get --raw` takes it. */
export function pathOf({ group, version, plural, namespace, name, labelSelector }: Wish): string {
  const api = group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
  const path = `${api}${namespace === null ? "" : `/namespaces/${namespace}`}/${plural}`;
  if (name !== null) return `${path}/${encodeURIComponent(name)}`;
  return labelSelector === null ? path : `${path}?labelSelector=${encodeURIComponent(labelSelector)}`;
}

/** The library's client for custom objects says the call, and its path is replaced: it does not know the core's kinds. */
async function exchange({ wish, config, server }: Call, limitMs: number, next: string): Promise<unknown> {
  let close = async (): Promise<void> => {};
  let isSent = false;
  const middleware = {
    pre: async (request: RequestContext) => {
      isSent = true;
      const dispatcher = request.getDispatcher();
      close = async () => dispatcher?.close();
      request.setUrl(`${server.replace(/\/$/, "")}${pathOf(wish)}`);
      if (wish.name === null) request.appendQueryParam("limit", String(PAGE_ITEMS_MAX));
      if (next !== "") request.appendQueryParam("continue", next);
      request.setSignal(AbortSignal.timeout(Math.ceil(limitMs)));
      return request;
    },
    post: bounded,
  };
  const settings = {
    baseServer: new ServerConfiguration(server, {}),
    authMethods: { default: config },
    promiseMiddleware: [middleware],
  };
  const { group, version, plural } = wish;
  try {
    return await new CustomObjectsApi(createConfiguration(settings)).listClusterCustomObject({
      group,
      version,
      plural,
    });
  } catch (thrown) {
    // What fails before there is a request is the kubeconfig's own: its files, its credential plugin.
    if (isSent) throw thrown;
    throw new Error(NOT_SENT, { cause: thrown });
  } finally {
    await close();
  }
}

const NOT_SENT = "the request was not sent";

/** An answer that never ends is not kept. */
async function bounded(response: ResponseContext): Promise<ResponseContext> {
  const { body } = response;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body.stream() ?? []) {
    bytes += chunk.byteLength;
    if (bytes > BODY_BYTES_MAX) throw new RangeError(`an answer of more than ${BODY_BYTES_MAX} bytes`);
    chunks.push(chunk);
  }
  const whole = Buffer.concat(chunks);
  const read = { ...body, text: () => Promise.resolve(whole.toString()), binary: () => Promise.resolve(whole) };
  return new ResponseContext(response.httpStatusCode, response.headers, read);
}

function outcomeOf(thrown: unknown, wish: Wish): Outcome {
  const { cause, detail } = failureOf(thrown);
  const said = words(`GET ${pathOf(wish)}: ${detail}`);
  if (thrown instanceof ApiException) {
    if (thrown.code === 401) return { kind: "closed", cause: "credentials", detail: said };
    if (cause === "denied") return { kind: "forbidden", detail: words(detail) };
    if (cause === "no-kind") return { kind: "no-kind" };
    if (cause === "no-object" && wish.name !== null) return { kind: "seen", objects: [] };
    return cause === "unavailable"
      ? { kind: "closed", cause: "unreachable", detail: said }
      : { kind: "failed", detail: said };
  }
  if (thrown instanceof Error && thrown.message === NOT_SENT)
    return {
      kind: "closed",
      cause: "credentials",
      detail: words(detail) || "the credential plugin failed without a word",
    };
  if (cause === "not-understood") return { kind: "failed", detail: said };
  return { kind: "closed", cause: "unreachable", detail: said };
}

function words(text: string): string {
  return text
    .replace(/Bearer \S+/g, "Bearer …")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, DETAIL_MAX);
}
