// The system's clock is set by an hour in the middle of a probe by Node: durations come from a clock that nobody sets, so
// they and the deadlines stay what they are.
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeNodeClock } from "../../monitor/node/clock.ts";
import { makeNodeNet } from "../../monitor/node/net.ts";
import { planRound } from "../../monitor/run/plan.ts";
import { runProbe } from "../../monitor/run/probe.ts";
import type { Clock } from "../../monitor/run/world.ts";
import { HOUR_MS } from "../../monitor/time.ts";
import { EXAMPLE } from "../support/example-topology.ts";
import { OK_BODY } from "../support/fake-world.ts";

const TIMEOUT_MS = 10_000;
const STALL_MS = 50;

const real = makeNodeClock();
let stepMs = 0;
const clock: Clock = { ...real, now: () => real.now() + stepMs };

let server: Server;
let step = 0;
let port = 0;
beforeAll(async () => {
  // The clock is set between the question and the answer.
  server = createServer(({ url }, reply) => {
    stepMs += step;
    setTimeout(() => reply.end(url === "/" ? OK_BODY : "ok"), STALL_MS);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  port = (server.address() as AddressInfo).port;
});
afterAll(() => server.close());

function job() {
  const [first] = planRound(EXAMPLE, 0)[0]?.probes ?? [];
  if (first === undefined) throw new Error("the example has regions");
  const base = `http://127.0.0.1:${port}`;
  return { ...first, host: "127.0.0.1", port, secure: false, healthUrl: `${base}/healthz`, claimUrl: `${base}/` };
}

describe.each([
  { name: "forward", by: HOUR_MS },
  { name: "back", by: -HOUR_MS },
])("an hour $name in mid-probe", ({ by }) => {
  test("changes no duration and ends no look", async () => {
    stepMs = 0;
    step = by;
    const world = { clock, net: makeNodeNet({ clock }), dns: { ask: () => Promise.reject(new Error("not asked")) } };
    const seen = await runProbe(job(), real.monotonicMs() + TIMEOUT_MS, world);
    expect(stepMs).toBe(2 * by);
    expect(seen).toMatchObject({ failure: null, status: 200 });
    expect(seen.totalMs).toBeGreaterThanOrEqual(STALL_MS - 1);
    expect(Object.keys(seen.phases)).toContain("ttfb");
    for (const ms of [seen.totalMs, ...Object.values(seen.phases)]) {
      expect(ms).toBeGreaterThanOrEqual(0);
      expect(ms).toBeLessThan(TIMEOUT_MS);
    }
  });
});
