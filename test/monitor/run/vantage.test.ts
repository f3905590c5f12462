import { expect, test } from "vitest";
import { planRound, type VantageJob } from "../../../monitor/run/plan.ts";
import { CONNECTIONS_MAX, runVantage } from "../../../monitor/run/vantage.ts";
import { AWS, EXAMPLE } from "../../support/example-topology.ts";
import { DNS_ANSWER, makeFakeWorld, okReply } from "../../support/fake-world.ts";

function jobFor(regions: number, slot = 0): VantageJob {
  const many = Array.from({ length: regions }, (_, index) => ({ ...AWS, id: `r${index}` }));
  const [job] = planRound(
    { ...EXAMPLE, regions: many, dns: { ...EXAMPLE.dns, policy: { routing: "simple", ttlSeconds: 60 } } },
    slot,
  );
  if (job === undefined) throw new Error("the example has vantages");
  return job;
}

const place = () => ({ colo: "AMS", nameServers: new Map() });

test("a vantage never has more connections open than it has lanes, and uses them all", async () => {
  let open = 0;
  let most = 0;
  const held = async <T>(value: T): Promise<T> => {
    open += 1;
    most = Math.max(most, open);
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
    open -= 1;
    return value;
  };
  const world = makeFakeWorld({
    fetch: (request) => held(okReply(request)),
    dial: () => held({ kind: "open", connectMs: 1 }),
    ask: () => held(DNS_ANSWER),
  });
  const report = await runVantage(jobFor(20), place(), world);
  expect(report.observations).toHaveLength(20);
  expect(most).toBe(CONNECTIONS_MAX);
  expect(CONNECTIONS_MAX).toBe(4);
});

test("regions that hang do not keep DNS from being looked at, and what has no time left says so", async () => {
  const world = makeFakeWorld({
    fetch: () => {
      world.advance(2500);
      return { kind: "failed", failure: { cause: "timeout", detail: "silent" }, status: null, phases: {} };
    },
  });
  const report = await runVantage(jobFor(6), place(), world);
  const causes = report.observations.map((seen) => seen.failure?.cause);
  expect(report.dns.map((seen) => seen.reply.kind)).toEqual(["reply", "reply"]);
  expect(new Set(causes)).toEqual(new Set(["timeout", "not-started"]));
});

test("the first region to be looked at changes from slot to slot", () => {
  const first = [0, 30_000, 60_000].map((slot) => jobFor(3, slot).probes[0]?.region.id);
  expect(first).toEqual(["r0", "r1", "r2"]);
});

test("a resolver that throws is an observation, and the regions are looked at all the same", async () => {
  const world = makeFakeWorld({
    ask: () => {
      throw new Error("no sockets left");
    },
  });
  const report = await runVantage(jobFor(1), place(), world);
  expect(report.dns.map((seen) => seen.reply)).toMatchObject([
    { kind: "failed", failure: { cause: "internal", detail: "no sockets left" } },
    { kind: "failed", failure: { cause: "internal" } },
  ]);
  expect(report.observations.map((seen) => seen.failure)).toEqual([null]);
});

test("a look that would begin with half of the time gone is not begun, so that no region is blamed for it", async () => {
  const world = makeFakeWorld({
    fetch: (request) => {
      world.advance(request.url.endsWith("/") ? 0 : 400);
      return okReply(request);
    },
  });
  const report = await runVantage(jobFor(8), place(), world);
  const causes = report.observations.map((seen) => seen.failure?.cause ?? "none");
  expect(new Set(causes)).toEqual(new Set(["none", "not-started"]));
});
