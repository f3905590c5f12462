// The regression list, numbers 2 to 8 and 26: what one look measures. Against real servers on loopback, in Node.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { connect } from "node:net";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { NetReply, NetRequest } from "../../monitor/run/world.ts";
import { closeListener, listenOn } from "../../monitor/local/listening.ts";
import { makeNodeClock } from "../../monitor/node/clock.ts";
import { makeNodeNet } from "../../monitor/node/net.ts";
import { makeNodeWorld } from "../../monitor/node/world.ts";
import { makePeriodReport } from "../../monitor/report/period-report.ts";
import { tallyOf } from "../../monitor/report/tally.ts";
import { BODY_BYTES_MAX, runProbe } from "../../monitor/run/probe.ts";
import { planRound } from "../../monitor/run/plan.ts";
import { HOUR_MS } from "../../monitor/time.ts";
import { cell, kept } from "../monitor/report/round-examples.ts";
import { AWS, EXAMPLE } from "../support/example-topology.ts";

const clock = makeNodeClock();
const PATIENT_MS = 10_000;

interface Seen {
  requests: number;
  connections: number;
  bytesSent: number;
}

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
  vi.useRealTimers();
});

/** A server that answers so, and counts what it sees. */
async function serve(answer: (reply: ServerResponse, request: IncomingMessage) => void) {
  const seen: Seen = { requests: 0, connections: 0, bytesSent: 0 };
  const server = createServer((request, reply) => {
    seen.requests += 1;
    answer(reply, request);
  });
  server.on("connection", (socket) => {
    seen.connections += 1;
    socket.once("close", () => (seen.bytesSent += socket.bytesWritten));
  });
  const port = await listenOn(server, { host: "127.0.0.1", port: 0 });
  open.push(() => {
    server.closeAllConnections();
    return closeListener(server);
  });
  return { seen, url: `http://127.0.0.1:${port}`, port };
}

function look(url: string, limitMs = PATIENT_MS, bytesMax = BODY_BYTES_MAX): Promise<NetReply> {
  const request: NetRequest = { url, headers: {}, bytesMax, deadlineMs: clock.monotonicMs() + limitMs };
  return makeNodeNet({ clock }).fetchOnce(request);
}

/** The whole look at a region whose endpoint this is. */
function probe(url: string, limitMs = PATIENT_MS) {
  const region = { ...AWS, endpoint: { ...AWS.endpoint, url } };
  const [job] = planRound({ ...EXAMPLE, regions: [region] }, 0)[0]?.probes ?? [];
  if (job === undefined) throw new Error("the example has probes");
  return runProbe(job, clock.monotonicMs() + limitMs, makeNodeWorld());
}

const claim = (change: object = {}): string =>
  JSON.stringify({ region: "us-east-1", hostname: "p", podIP: "10.0.0.1", time: "2026-11-22T00:00:00Z", ...change });

describe("one look", () => {
  it.each([
    { name: "is whole", body: claim(), cause: undefined },
    { name: "lacks a field", body: claim({ podIP: undefined }), cause: "claim-unreadable" },
    { name: "misspells a field", body: claim({ region: undefined, regoin: "us-east-1" }), cause: "claim-unreadable" },
    { name: "has a number for a text", body: claim({ region: 1 }), cause: "claim-unreadable" },
    { name: "has a text for the object", body: '"us-east-1"', cause: "claim-unreadable" },
    { name: "names another region", body: claim({ region: "us-east-10" }), cause: "wrong-region" },
  ])("1: of a claim that $name is never passed by mistake", async ({ body, cause }) => {
    const { url } = await serve((reply) => void reply.end(body));
    expect((await probe(url)).failure?.cause).toBe(cause);
  });

  it("2: of a body that never ends is a timeout at the limit", async () => {
    const { url } = await serve((reply) => {
      const timer = setInterval(() => reply.write("."), 20);
      reply.once("close", () => clearInterval(timer));
    });
    expect(await look(url, 300)).toMatchObject({ kind: "failed", failure: { cause: "timeout", phase: "transfer" } });
  });

  it("3: of a body of 1 GB is cut at the cap, and the rest is never sent", async () => {
    const page = Buffer.alloc(64 * 1024, "x");
    const { url, seen } = await serve((reply) => {
      reply.writeHead(200, { "content-length": 1_000_000_000 });
      const fill = (): void => {
        while (!reply.destroyed && reply.write(page));
      };
      reply.on("drain", fill);
      fill();
    });
    expect(await look(url)).toMatchObject({ kind: "failed", failure: { cause: "too-large" }, status: 200 });
    await vi.waitFor(() => expect(seen.bytesSent).toBeGreaterThan(0));
    expect(seen.bytesSent).toBeLessThan(50_000_000);
  });

  it("4: of a redirect loop is one request, and the loop is said to be one redirect", async () => {
    const { url, seen } = await serve((reply, request) => {
      reply.writeHead(302, { location: request.url }).end();
    });
    expect(await probe(url)).toMatchObject({ status: 302, failure: { cause: "redirected" } });
    expect(seen.requests).toBe(1);
  });

  it("5: that cannot connect has no phase after it, and no time at all", async () => {
    const { url, port } = await serve(() => undefined);
    await open.pop()?.();
    await expect(connected(port)).rejects.toThrow("ECONNREFUSED");
    const seen = await probe(url);
    expect(seen).toMatchObject({ failure: { cause: "refused", phase: "connect" }, status: null, totalMs: null });
    expect(seen.phases).toEqual({});
  });

  it("6: has phases whose sum is its total: never more, and within 2 ms", async () => {
    const { url } = await serve((reply) => void setTimeout(() => reply.end("ok"), 20));
    const gaps: number[] = [];
    for (let index = 0; index < 10; index += 1) {
      const reply = await look(url);
      if (reply.kind !== "reply") throw new Error(reply.failure.detail);
      expect(Object.keys(reply.phases)).toEqual(["connect", "ttfb", "transfer"]);
      gaps.push(reply.totalMs - Object.values(reply.phases).reduce((sum, ms) => sum + ms, 0));
    }
    // Each of the numbers is rounded to a tenth. A busy machine may stop us between two readings; not ten times.
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(-0.3);
    expect(gaps.toSorted((a, b) => a - b)[5]).toBeLessThanOrEqual(2);
  });

  it("8: goes over a fresh connection, although the server would keep the last one", async () => {
    const { url, seen } = await serve((reply) => void reply.end("ok"));
    for (let index = 0; index < 5; index += 1) expect(await look(url)).toMatchObject({ kind: "reply", status: 200 });
    expect(seen).toMatchObject({ requests: 5, connections: 5 });
  });

  it.each([-HOUR_MS, HOUR_MS])(
    "26: measures the same although the system's clock is set by %d ms in its midst",
    async (step) => {
      vi.useFakeTimers({ toFake: ["Date"] });
      const { url } = await serve((reply) => {
        vi.setSystemTime(Date.now() + step);
        setTimeout(() => reply.end("ok"), 50);
      });
      const before = Date.now();
      const reply = await look(url);
      expect(Math.abs(Date.now() - before)).toBeGreaterThan(HOUR_MS / 2);
      if (reply.kind !== "reply") throw new Error(reply.failure.detail);
      expect(reply.totalMs).toBeGreaterThan(40);
      expect(reply.totalMs).toBeLessThan(PATIENT_MS);
      for (const ms of Object.values(reply.phases)) expect(ms).toBeGreaterThanOrEqual(0);
    },
  );
});

describe("percentiles", () => {
  it("7: timeouts stay in the latency distribution as longer than all others, so failures improve no percentile", () => {
    const report = (seen: readonly (number | "timeout")[]) => {
      const rounds = seen.map((one, index) => kept(index * 30_000, [cell(AWS.id, "enam", one)]));
      const facts = { tally: tallyOf(EXAMPLE, rounds), next: null, incidents: [] };
      return makePeriodReport(EXAMPLE, facts, { from: 0, to: HOUR_MS }, HOUR_MS).regions[0]?.all;
    };
    const nine = Array.from({ length: 9 }, () => 100);
    expect(report([...nine, 2000])).toMatchObject({ p50Ms: 100.5, p95Ms: 2018.7 });
    expect(report([...nine, "timeout"])).toMatchObject({ p50Ms: 100.5, p95Ms: "failed", p99Ms: "failed" });
    expect(report(["timeout", "timeout", 100])).toMatchObject({ p50Ms: "failed" });
  });
});

function connected(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => resolve(void socket.destroy()));
    socket.on("error", reject);
  });
}
