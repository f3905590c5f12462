// One look at one URL on a connection of its own, for a person: `http-fetch.ts` says whether a region serves, this says
// everything on the way. An invalid certificate does not end the look, because Route 53's checkers would go on too; but then
// nothing is sent that could be a secret.
import { isIP } from "node:net";
import type { Failure, Phase } from "../model/observation.ts";
import { HEADERS_SHOWN, type Look, type LookReply, type SearchOutcome } from "../report/look.ts";
import { shownUrl } from "../report/look-curl.ts";
import { SEARCHED_BYTES } from "../report/look-route53.ts";
import type { Clock } from "../run/world.ts";
import { parseClaim } from "../verify/claim.ts";
import { bodyTooLarge } from "../wire/body.ts";
import { deadlinePassed } from "../wire/deadline.ts";
import { failureOf } from "../wire/failure.ts";
import { USER_AGENT } from "../wire/user-agent.ts";
import { tlsFacts } from "./certificate.ts";
import { type Family, findAddresses, makeOpenSockets, openTcp, type OpenSockets, openTls } from "./connection.ts";
import {
  BODY_BYTES_MAX,
  type BodySeen,
  exchangeHttp1,
  exchangeHttp2,
  type ExchangeWish,
  type Hear,
  type ReplyHead,
} from "./http-exchange.ts";
import { makeStopwatch, type Stopwatch } from "./stopwatch.ts";

export interface LookPlan {
  readonly url: URL;
  readonly method: "GET" | "HEAD";
  /** The caller's own, by name in lower case; they may hold secrets. */
  readonly headers: Readonly<Record<string, string>>;
  readonly http: "1.1" | "2";
  /** For the whole look. */
  readonly timeoutMs: number;
  /** Instead of asking DNS; Host and SNI keep the name. Null: ask. */
  readonly addresses: readonly string[] | null;
  readonly family: Family;
  /** PEM; null: those of Node. */
  readonly authorities: string | null;
  readonly searchString: string | null;
}

export interface Looked {
  readonly look: Look;
  /** Where the reply redirects to, as it stands there; null: nowhere. */
  readonly location: string | null;
}

/** What has been seen so far; a failure leaves the rest as it is. */
interface Trace {
  addresses: readonly string[];
  readonly passedOver: { address: string; detail: string }[];
  remote: Look["remote"];
  tls: Look["tls"];
  head: ReplyHead | null;
  /** From the start to the head's arrival: the reply's Date is about then, however long its body takes. */
  headMs: number;
  body: BodySeen | null;
  withheld: readonly string[];
}

interface Walk {
  readonly plan: LookPlan;
  readonly clock: Clock;
  readonly watch: Stopwatch;
  readonly trace: Trace;
  readonly sockets: OpenSockets;
}

/** Never throws, and ends by the plan's timeout. */
export async function runLook(plan: LookPlan, clock: Clock): Promise<Looked> {
  const at = clock.now();
  const asksDns = plan.addresses === null && isIP(hostOf(plan.url)) === 0;
  const watch = makeStopwatch(clock, asksDns ? "dns" : "connect");
  const sockets = makeOpenSockets();
  const trace: Trace = {
    addresses: [],
    passedOver: [],
    remote: null,
    tls: null,
    head: null,
    headMs: 0,
    body: null,
    withheld: [],
  };
  const failure = await runWalk({ plan, clock, watch, trace, sockets });
  const failedAfterMs = failure === null ? null : watch.underWayMs();
  sockets.closeAll();
  return { look: lookOf(plan, trace, watch, { at, failure, failedAfterMs }), location: locationOf(trace.head) };
}

async function runWalk(walk: Walk): Promise<Failure | null> {
  const { plan, clock, watch } = walk;
  try {
    const boxed = take(walk).then((failure) => ({ failure }));
    const done = await clock.within(boxed, plan.timeoutMs);
    if (done === null) throw deadlinePassed();
    if (done.failure === null) watch.stop();
    return done.failure;
  } catch (thrown) {
    const scheme = plan.url.protocol === "https:" ? "https" : "http";
    return http2Failure(thrown, watch.phase()) ?? failureOf(thrown, { phase: watch.phase(), scheme });
  }
}

/** Gives the failures that nothing throws. */
async function take({ plan, clock, watch, trace, sockets }: Walk): Promise<Failure | null> {
  const { url } = plan;
  const host = hostOf(url);
  trace.addresses = plan.addresses ?? (await findAddresses(host, plan.family));
  if (watch.phase() === "dns") watch.next("connect");
  const tcp = await openTcp(trace.addresses, portOf(url), sockets, (address, error) =>
    trace.passedOver.push({ address, detail: error === null ? "no answer within 1 s" : failureOf(error).detail }),
  );
  trace.remote = { address: tcp.remoteAddress ?? "", port: tcp.remotePort ?? 0 };
  if (url.protocol === "http:") {
    watch.next("ttfb");
    return await finish(exchangeHttp1(tcp, wishOf(plan, trace), heard(trace, watch)), trace);
  }
  watch.next("tls");
  const alpn = plan.http === "2" ? ["h2", "http/1.1"] : ["http/1.1"];
  const secure = await openTls(tcp, { host, alpn, authorities: plan.authorities }, sockets);
  trace.tls = tlsFacts(secure, host, clock.now());
  if (plan.http === "2" && trace.tls.alpn !== "h2") {
    const chose = trace.tls.alpn === null ? "nothing" : trace.tls.alpn;
    return { cause: "tls", phase: "tls", detail: `The server does not speak HTTP/2: by ALPN it chose ${chose}.` };
  }
  watch.next("ttfb");
  const wish = wishOf(plan, trace);
  const hear = heard(trace, watch);
  const exchanged = plan.http === "2" ? exchangeHttp2(secure, wish, sockets, hear) : exchangeHttp1(secure, wish, hear);
  return await finish(exchanged, trace);
}

async function finish(exchanged: Promise<void>, trace: Trace): Promise<Failure | null> {
  await exchanged;
  return trace.body?.end === "too-large" ? bodyTooLarge(BODY_BYTES_MAX) : null;
}

function heard(trace: Trace, watch: Stopwatch): Hear {
  return (head, body) => {
    watch.next("transfer");
    trace.head = head;
    trace.headMs = watch.overMs();
    trace.body = body;
  };
}

function wishOf({ url, method, headers }: LookPlan, trace: Trace): ExchangeWish {
  const trusted = trace.tls === null || trace.tls.problems.length === 0;
  trace.withheld = trusted ? [] : Object.keys(headers);
  const own = { host: url.host, "user-agent": USER_AGENT, accept: "application/json, */*" };
  return { method, url, headers: { ...own, "accept-encoding": "identity", ...(trusted ? headers : {}) } };
}

/** HTTP/2 has errors of its own, which the other runtimes never throw. */
function http2Failure(thrown: unknown, phase: Phase): Failure | null {
  const code = thrown instanceof Error && "code" in thrown ? String(thrown.code) : "";
  if (code === "ERR_HTTP2_STREAM_ERROR" || code === "ERR_HTTP2_STREAM_CANCEL")
    return { cause: "reset", phase, detail: `The stream was reset (${code}).` };
  if (code === "ERR_STREAM_PREMATURE_CLOSE")
    return { cause: "truncated", phase, detail: "The stream ended before the body did." };
  if (code.startsWith("ERR_HTTP2_"))
    return { cause: "malformed", phase, detail: `What came back breaks HTTP/2 (${code}).` };
  return null;
}

type Ending = Pick<Look, "at" | "failure" | "failedAfterMs">;

function lookOf(plan: LookPlan, trace: Trace, watch: Stopwatch, ending: Ending): Look {
  const { head, body } = trace;
  const text = body === null || plan.method === "HEAD" ? null : Buffer.concat(body.kept);
  return {
    ...ending,
    method: plan.method,
    url: shownUrl(plan.url.href),
    addresses: trace.addresses,
    passedOver: trace.passedOver,
    remote: trace.remote,
    phases: watch.phases(),
    totalMs: Math.round((watch.overMs() + (ending.failedAfterMs ?? 0)) * 10) / 10,
    tls: trace.tls,
    reply: head === null ? null : replyOf(head, ending.at + trace.headMs),
    bytes: body?.bytes ?? null,
    claim: text === null || body?.end === "not yet" ? null : parseClaim(text.toString("utf8")),
    search: text === null || plan.searchString === null ? null : searchIn(text, plan.searchString, body),
    withheld: trace.withheld,
  };
}

function replyOf({ version, status, headers }: ReplyHead, at: number): LookReply {
  const shown = HEADERS_SHOWN.flatMap((name) => {
    const value = headers[name];
    return value === undefined ? [] : [[name, name === "location" ? shownUrl(value) : value] as const];
  });
  const date = Date.parse(headers["date"] ?? "");
  return {
    version,
    status,
    headers: Object.fromEntries(shown),
    // Whole seconds, as the header has them.
    skewMs: Number.isNaN(date) ? null : date - Math.floor(at / 1000) * 1000,
  };
}

function searchIn(kept: Buffer, text: string, body: BodySeen | null): SearchOutcome {
  if (kept.subarray(0, SEARCHED_BYTES).includes(text)) return "within";
  if (kept.includes(text)) return "beyond";
  return body?.end === "not yet" && kept.length < SEARCHED_BYTES ? "unread" : "absent";
}

function locationOf(head: ReplyHead | null): string | null {
  return head !== null && head.status >= 300 && head.status < 400 ? (head.headers["location"] ?? null) : null;
}

/** Without the brackets of an IPv6 address. */
export function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, "");
}

export function portOf({ port, protocol }: URL): number {
  return port === "" ? (protocol === "https:" ? 443 : 80) : Number(port);
}
