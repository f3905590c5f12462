// The Worker's door to the network. `fetch` is what users and the router get, so it is the health signal; it shows no
// connection, so that is dialled for beside it.
import { assert } from "../monitor/problem.ts";
import type { Clock, Net, NetReply, NetRequest } from "../monitor/run/world.ts";
import { bodyTooLarge, readBounded } from "../monitor/wire/body.ts";
import { NOT_STARTED, runUntil } from "../monitor/wire/deadline.ts";
import { edgeFailure, REGION_HEADER } from "../monitor/wire/edge-failure.ts";
import { failureOf } from "../monitor/wire/failure.ts";
import { tenths } from "../monitor/wire/tenths.ts";
import { USER_AGENT } from "../monitor/wire/user-agent.ts";
import type { EdgeSockets } from "./edge-socket.ts";

export function makeEdgeNet(clock: Clock, sockets: EdgeSockets): Net {
  return {
    sees: ["ttfb", "transfer"],
    fetchOnce: async (request) => await runFetch(request, clock),
    dial: async (target, deadlineMs) => {
      const limitMs = deadlineMs - clock.monotonicMs();
      return limitMs > 0 ? await sockets.dial(target, limitMs) : { kind: "failed", failure: NOT_STARTED };
    },
  };
}

/** How far a fetch had come; `ttfb` holds name, connection and handshake too, for the runtime does not part them. */
interface Progress {
  status: number | null;
  phases: { ttfb?: number; transfer?: number };
}

async function runFetch(request: NetRequest, clock: Clock): Promise<NetReply> {
  if (clock.monotonicMs() >= request.deadlineMs) {
    return { kind: "failed", failure: NOT_STARTED, status: null, phases: {} };
  }
  const progress: Progress = { status: null, phases: {} };
  try {
    return await runUntil(request.deadlineMs, clock, (signal) => exchange(request, signal, clock, progress));
  } catch (thrown) {
    const phase = progress.status === null ? {} : { phase: "transfer" as const };
    const scheme = request.url.startsWith("https:") ? "https" : "http";
    return { kind: "failed", failure: failureOf(thrown, { ...phase, scheme }), ...progress };
  }
}

async function exchange(request: NetRequest, signal: AbortSignal, clock: Clock, progress: Progress): Promise<NetReply> {
  const headers = { ...request.headers, "user-agent": USER_AGENT, "accept-encoding": "identity" };
  const startedMs = clock.monotonicMs();
  // The reading belongs to this promise: after an await on several it would be that of the last.
  const [response, repliedMs] = await fetch(request.url, {
    headers,
    signal,
    redirect: "manual",
    cache: "no-store",
  }).then((reply) => [reply, clock.monotonicMs()] as const);
  const region = response.headers.get(REGION_HEADER);
  if (edgeFailure(response.status, region, "") !== null) return await edgeReply(response, request.bytesMax);
  progress.status = response.status;
  progress.phases.ttfb = tenths(repliedMs - startedMs);
  const body = await readBounded(response.body, request.bytesMax);
  const endedMs = clock.monotonicMs();
  if (body.kind === "too-large") return { kind: "failed", failure: bodyTooLarge(request.bytesMax), ...progress };
  const phases = { ...progress.phases, transfer: tenths(endedMs - repliedMs) };
  const text = new TextDecoder().decode(body.bytes);
  return { kind: "reply", status: response.status, body: text, phases, totalMs: tenths(endedMs - startedMs) };
}

/** The edge's own page in the name of a region that it did not reach: neither its status nor its time is the region's. */
async function edgeReply(response: Response, bytesMax: number): Promise<NetReply> {
  const body = await readBounded(response.body, bytesMax);
  const text = body.kind === "whole" ? new TextDecoder().decode(body.bytes) : "";
  const failure = edgeFailure(response.status, null, text);
  assert(failure !== null, "the edge's status was seen before");
  return { kind: "failed", failure, status: null, phases: {} };
}
