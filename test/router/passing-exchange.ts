// One exchange over Node's client, with everything that a client can see of it, and everything that the upstream saw: what a
// direct connection shows, and what the router must not change.
import { type ClientRequest, type IncomingMessage, request as openRequest } from "node:http";
import { once } from "node:events";
import { buffer } from "node:stream/consumers";
import { HOST } from "./router-world.ts";
import type { Answer, PassingUpstream } from "./passing-upstream.ts";

export interface Asking {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: readonly (readonly [name: string, value: string])[];
  readonly body?: string;
}

type Fields = readonly (readonly [name: string, value: string])[];

export interface Exchanged {
  readonly status: number;
  readonly reason: string;
  /** Names in lower case, sorted; those of the connection are left out. */
  readonly headers: Fields;
  readonly body: string;
  readonly trailers: Fields;
  /** Statuses of interim replies. */
  readonly interim: readonly number[];
  readonly upstream: {
    readonly method: string;
    readonly target: string;
    readonly headers: Fields;
    readonly body: string;
  };
}

const REPLY_MS_MAX = 10_000;
const HEADER_BYTES_MAX = 128 * 1024;
/** Of one connection each (RFC 9110, section 7.6.1), or of the moment. */
const OF_THE_HOP = new Set(["connection", "keep-alive", "transfer-encoding", "date"]);

/** A request whose body is still to be written. */
export function openExchange(port: number, { method = "GET", path = "/", headers = [] }: Asking): ClientRequest {
  const fields = [["Host", HOST], ...headers].flat();
  const asked = openRequest({
    host: "127.0.0.1",
    port,
    method,
    path,
    headers: fields as unknown as Record<string, string>,
    agent: false,
    setDefaultHeaders: false,
    maxHeaderSize: HEADER_BYTES_MAX,
    signal: AbortSignal.timeout(REPLY_MS_MAX * 6),
  });
  // Whoever awaits the reply hears of it; an abort after that is the test's own.
  asked.on("error", () => undefined);
  return asked;
}

export async function replyTo(asked: ClientRequest): Promise<IncomingMessage> {
  const signal = AbortSignal.timeout(REPLY_MS_MAX);
  const [reply] = (await once(asked, "response", { signal })) as [IncomingMessage];
  return reply;
}

export async function exchange(
  port: number,
  upstream: PassingUpstream,
  asking: Asking,
  answer: Answer,
): Promise<Exchanged> {
  let arrived: Exchanged["upstream"] | null = null;
  upstream.play(async (request, response) => {
    const { method = "", url = "", rawHeaders } = request;
    const body = (await buffer(request)).toString("latin1");
    arrived ??= { method, target: url, headers: fieldsOf(rawHeaders), body };
    await answer(request, response);
  });
  const interim: number[] = [];
  const asked = openExchange(port, asking);
  asked.on("information", ({ statusCode }) => void interim.push(statusCode));
  asked.on("continue", () => void interim.push(100));
  asked.end(asking.body);
  const reply = await replyTo(asked);
  const body = (await buffer(reply)).toString("latin1");
  if (arrived === null)
    throw new Error(`nothing arrived at the upstream, and the reply was ${reply.statusCode}: ${body}`);
  return {
    status: reply.statusCode ?? 0,
    reason: reply.statusMessage ?? "",
    headers: fieldsOf(reply.rawHeaders),
    body,
    trailers: fieldsOf(reply.rawTrailers),
    interim,
    upstream: arrived,
  };
}

function fieldsOf(raw: readonly string[]): Fields {
  const fields: (readonly [string, string])[] = [];
  for (let at = 0; at < raw.length; at += 2) fields.push([(raw[at] ?? "").toLowerCase(), raw[at + 1] ?? ""]);
  return byName(fields.filter(([name]) => !OF_THE_HOP.has(name)));
}

/** Fields of one name keep their order, which means something. */
export function byName(fields: Fields): Fields {
  return fields.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

/** What the router adds on purpose, taken away again; fails where it is missing. */
export function withoutMarks(routed: Exchanged, host: string): Exchanged {
  const reply = [...routed.headers];
  take(reply, "via", `1.1 ${host}`);
  take(reply, "x-served-region", "east");
  take(reply, "server-timing", null);
  const sent = [...routed.upstream.headers];
  take(sent, "via", `1.1 ${host}`);
  take(sent, "x-forwarded-host", host);
  take(sent, "x-forwarded-proto", "http");
  return { ...routed, headers: reply, upstream: { ...routed.upstream, headers: sent } };
}

/** The last one of that name, or the last value of a list. */
function take(fields: (readonly [string, string])[], name: string, value: string | null): void {
  const at = fields.findLastIndex((field) => field[0] === name);
  const found = fields[at]?.[1] ?? "";
  const last = found.split(", ").at(-1) ?? "";
  if (at < 0 || (value !== null && last !== value))
    throw new Error(`no ${name}: ${value ?? "…"} among ${JSON.stringify(fields)}`);
  const rest = found.slice(0, Math.max(0, found.length - last.length - 2));
  fields.splice(at, 1, ...(rest === "" ? [] : [[name, rest] as const]));
}
