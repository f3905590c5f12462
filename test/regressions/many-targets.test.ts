// The regression list, number 27: targets that hang must not hold up the others. A vantage has four lanes and one deadline
// for all its looks, so a hanging target costs a lane for the rest of that round. Real `runVantage`, in virtual time.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Observation } from "../../monitor/model/observation.ts";
import { foldRound } from "../../monitor/run/fold.ts";
import { planRound } from "../../monitor/run/plan.ts";
import { EMPTY_STATE } from "../../monitor/run/state.ts";
import { CONNECTIONS_MAX, runVantage } from "../../monitor/run/vantage.ts";
import type { LookingWorld } from "../../monitor/run/world.ts";
import { REGIONS_MAX } from "../../monitor/topology/schema.ts";
import type { Topology } from "../../monitor/topology/topology.ts";
import { makeClock } from "../../monitor/wire/clock.ts";
import { AWS, EXAMPLE } from "../support/example-topology.ts";
import { DNS_ANSWER, OK_BODY } from "../support/fake-world.ts";

const ANSWER_MS = 20;
const INTERVAL_MS = EXAMPLE.probe.intervalSeconds * 1000;
const clock = makeClock({ now: () => Date.now(), monotonicMs: () => Date.now() });

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"], now: 0 }));
afterEach(() => void vi.useRealTimers());

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Targets of these indexes accept the connection and are silent ever after. */
function makeWorld(hanging: ReadonlySet<number>): LookingWorld {
  return {
    clock,
    net: {
      sees: ["connect", "ttfb", "transfer"],
      dial: () => Promise.resolve({ kind: "open", connectMs: 1 }),
      fetchOnce: async ({ url, deadlineMs }) => {
        if (hanging.has(Number(/t(\d+)\./.exec(url)?.[1]))) {
          await wait(deadlineMs - clock.monotonicMs());
          return { kind: "failed", failure: { cause: "timeout", detail: "silent" }, status: null, phases: {} };
        }
        await wait(ANSWER_MS);
        return { kind: "reply", status: 200, body: OK_BODY, phases: { ttfb: ANSWER_MS }, totalMs: ANSWER_MS };
      },
    },
    dns: { ask: () => Promise.resolve(DNS_ANSWER) },
  };
}

function topologyOf(targets: number): Topology {
  const regions = Array.from({ length: targets }, (_, index) => ({
    ...AWS,
    id: `t${index}`,
    endpoint: { ...AWS.endpoint, url: `https://t${index}.example.com` },
  }));
  return { ...EXAMPLE, regions, dns: { ...EXAMPLE.dns, policy: { routing: "simple", ttlSeconds: 60 } } };
}

/** What the first vantage saw in each round, and how long the longest took. */
async function watch(targets: number, hanging: readonly number[], rounds: number) {
  const topology = topologyOf(targets);
  const world = makeWorld(new Set(hanging));
  const place = { colo: "AMS", nameServers: new Map() };
  const seen: (readonly Observation[])[] = [];
  let before = EMPTY_STATE;
  let longestMs = 0;
  for (let slot = 0; slot < rounds * INTERVAL_MS; slot += INTERVAL_MS) {
    vi.setSystemTime(slot);
    const [job] = planRound(topology, slot, before);
    if (job === undefined) throw new Error("the example has vantages");
    const report = runVantage(job, place, world).then((done) => ({ done, tookMs: Date.now() - slot }));
    await vi.advanceTimersByTimeAsync(INTERVAL_MS);
    const { done, tookMs } = await report;
    longestMs = Math.max(longestMs, tookMs);
    seen.push(done.observations);
    before = foldRound(topology, before, [{ kind: "reported", report: done }], slot, Date.now()).state;
  }
  return { seen, longestMs };
}

function roundsWithout(seen: readonly (readonly Observation[])[], id: string): number {
  let [run, longest] = [0, 0];
  for (const looks of seen) {
    const looked = looks.some((one) => one.region === id && one.failure === null);
    run = looked ? 0 : run + 1;
    longest = Math.max(longest, run);
  }
  return longest;
}

describe("27: targets that hang", () => {
  it("27: leave all others on schedule while a lane is left", async () => {
    const hanging = [3, 4, 11];
    expect(hanging).toHaveLength(CONNECTIONS_MAX - 1);
    const { seen, longestMs } = await watch(12, hanging, 24);
    for (const looks of seen)
      expect(looks.filter((one) => one.failure === null).map((one) => one.region)).toHaveLength(12 - hanging.length);
    expect(longestMs).toBeLessThanOrEqual(EXAMPLE.probe.timeoutMs);
  });

  it("27: a quarter of as many targets as there may be delays no round, accuses no other target, and leaves them on schedule", async () => {
    const hanging = Array.from({ length: REGIONS_MAX / 4 }, (_, index) => 10 + index);
    const { seen, longestMs } = await watch(REGIONS_MAX, hanging, 2 * REGIONS_MAX);
    expect(longestMs).toBeLessThanOrEqual(EXAMPLE.probe.timeoutMs);
    const healthy = Array.from({ length: REGIONS_MAX }, (_, index) => index).filter(
      (index) => !hanging.includes(index),
    );
    const causes = seen
      .flat()
      .filter((one) => healthy.includes(Number(one.region.slice(1))))
      .map((one) => one.failure?.cause);
    expect(new Set(causes)).toEqual(new Set([undefined, "not-started"]));
    // Before anybody knows what hangs, a target may wait until those before it have hung once.
    const settled = seen.slice(hanging.length);
    expect(healthy.map((index) => roundsWithout(settled, `t${index}`))).toEqual(healthy.map(() => 0));
  });
});
