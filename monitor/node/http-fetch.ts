// One GET on a connection of its own, with every phase measured by the socket's events: no pool, no redirect, no reuse, so
// that each look pays what a new user pays.
import { type ClientRequest, type IncomingMessage, request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { connect as connectTcp, isIP, type LookupFunction, type Socket } from "node:net";
import type { SecureContext } from "node:tls";
import type { Clock, NetReply, NetRequest } from "../run/world.ts";
import { type BoundedBody, bodyTooLarge } from "../wire/body.ts";
import { deadlinePassed, NOT_STARTED } from "../wire/deadline.ts";
import { failureOf } from "../wire/failure.ts";
import { tenths } from "../wire/tenths.ts";
import { USER_AGENT } from "../wire/user-agent.ts";
import { connectIdentified } from "./server-identity.ts";
import { makeStopwatch, type Stopwatch } from "./stopwatch.ts";

export interface FetchSettings {
  readonly clock: Clock;
  /** Address by host name, instead of asking DNS; Host and SNI keep the name. */
  readonly resolve: Readonly<Record<string, string>>;
  readonly lookup: LookupFunction;
  /** "ignore": as Route 53's checkers look, which take any certificate. */
  readonly certificate: "validate" | "ignore";
  /** Whom to trust; made once, because that costs as much as a handshake. It keeps no sessions. */
  readonly secureContext: () => SecureContext;
}

/** Ends by the request's deadline. Rejects only for a request that cannot be made, such as a broken URL. */
export async function runFetch(request: NetRequest, settings: FetchSettings): Promise<NetReply> {
  const { clock } = settings;
  const startedMs = clock.monotonicMs();
  const limitMs = request.deadlineMs - startedMs;
  if (limitMs <= 0) return { kind: "failed", failure: NOT_STARTED, status: null, phases: {} };
  const url = new URL(request.url);
  const scheme = url.protocol === "https:" ? "https" : "http";
  const place = placeOf(url, settings);
  const outgoing = (scheme === "https" ? httpsRequest : httpRequest)({
    path: url.pathname + url.search,
    createConnection: () => (scheme === "https" ? openTls(url, place, settings) : connectTcp(place)),
    headers: { ...request.headers, host: url.host, "user-agent": USER_AGENT, "accept-encoding": "identity" },
  });
  const watch = makeStopwatch(clock, isIP(place.host) === 0 ? "dns" : "connect");
  watchConnection(outgoing, watch, scheme);
  let status: number | null = null;
  outgoing.on("response", (incoming) => {
    status = incoming.statusCode ?? null;
    watch.next("transfer");
  });
  try {
    const body = await clock.within(
      exchange(outgoing, (incoming) => readBody(incoming, request.bytesMax)),
      limitMs,
    );
    if (body === null) throw deadlinePassed();
    if (body.kind === "too-large") {
      const failure = bodyTooLarge(request.bytesMax);
      return { kind: "failed", failure, status, phases: watch.phases() };
    }
    watch.stop();
    const totalMs = tenths(clock.monotonicMs() - startedMs);
    return {
      kind: "reply",
      status: status ?? 0,
      body: new TextDecoder().decode(body.bytes),
      phases: watch.phases(),
      totalMs,
    };
  } catch (thrown) {
    const failure = failureOf(thrown, { phase: watch.phase(), scheme });
    return { kind: "failed", failure, status, phases: watch.phases() };
  } finally {
    outgoing.destroy();
  }
}

/** Sends it and reads the reply. Before a reply the end of the connection is a failure; after its head the reply says how it ended. */
export function exchange<T>(outgoing: ClientRequest, read: (incoming: IncomingMessage) => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    let replied = false;
    outgoing.on("error", reject).on("close", () => {
      if (!replied) reject(new Error("socket hang up"));
    });
    outgoing.on("response", (incoming) => {
      replied = true;
      read(incoming).then(resolve, reject);
    });
    outgoing.end();
  });
}

interface Place {
  readonly host: string;
  readonly port: number;
  readonly noDelay: true;
  readonly lookup: LookupFunction;
}

/** Connected to without an agent: one that serves a single request costs more than the request does. */
function placeOf(url: URL, { resolve, lookup }: FetchSettings): Place {
  const name = nameOf(url);
  const port = url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port);
  return { host: resolve[name] ?? name, port, noDelay: true, lookup };
}

function openTls(url: URL, place: Place, { certificate, secureContext }: FetchSettings): Socket {
  const name = nameOf(url);
  return connectIdentified({
    ...place,
    secureContext: secureContext(),
    // An address is no name that SNI could carry (RFC 6066 section 3).
    ...(isIP(name) === 0 ? { servername: name } : {}),
    ...(certificate === "ignore" ? { rejectUnauthorized: false } : {}),
  });
}

function nameOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, "");
}

/** Ends dns, connect and tls as they pass; what follows the last of them is `ttfb`. */
function watchConnection(outgoing: ClientRequest, watch: Stopwatch, scheme: "http" | "https"): void {
  outgoing.on("socket", (socket: Socket) => {
    socket.once("lookup", (error: Error | null) => {
      if (error === null && watch.phase() === "dns") watch.next("connect");
    });
    // Before the handshake begins, which the socket's own listener does: its keys are not the connection's time.
    socket.prependOnceListener("connect", () => watch.next(scheme === "https" ? "tls" : "ttfb"));
    socket.once("secureConnect", () => watch.next("ttfb"));
  });
}

/** By events: a loop over the stream makes an iterator, and costs an eighth of a look. Whoever called ends what still comes. */
function readBody(incoming: IncomingMessage, bytesMax: number): Promise<BoundedBody> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    incoming.on("error", reject).on("end", () => resolve({ kind: "whole", bytes: Buffer.concat(chunks) }));
    incoming.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > bytesMax) resolve({ kind: "too-large" });
      else chunks.push(chunk);
    });
  });
}
