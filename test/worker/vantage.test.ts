// A vantage in real workerd against real servers: how many connections it has open, and that it keeps its time.
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, expect, inject, test } from "vitest";
import { planRound, type VantageJob } from "../../monitor/run/plan.ts";
import { CONNECTIONS_MAX } from "../../monitor/run/vantage.ts";
import { AWS, EXAMPLE } from "../support/example-topology.ts";

const TIMEOUT_MS = 800;

function jobFor(fault: "blackhole" | "slow", regions: number): VantageJob {
  const url = `http://127.0.0.1:${inject("faults").ports[fault]}`;
  const many = Array.from({ length: regions }, (_, index) => ({
    ...AWS,
    id: `r${index}`,
    endpoint: { ...AWS.endpoint, url },
  }));
  const dns = {
    ...EXAMPLE.dns,
    policy: { routing: "simple" as const, ttlSeconds: 60 },
    nameServers: [],
    resolvers: [],
  };
  const [job] = planRound(
    { ...EXAMPLE, local: true, regions: many, dns, probe: { ...EXAMPLE.probe, timeoutMs: TIMEOUT_MS } },
    0,
  );
  if (job === undefined) throw new Error("the example has vantages");
  return job;
}

// The first call loads the Worker, which is Vite's time and not the vantage's.
beforeAll(async () => {
  await env.VANTAGE.getByName("vantage:enam:v1").look(jobFor("slow", 1));
});

test("however many regions hang, a vantage has as many requests open as it has lanes, and ends in time", async () => {
  const startedAt = Date.now();
  const report = await env.VANTAGE.getByName("vantage:enam:v1").look(jobFor("blackhole", 12));
  expect(Date.now() - startedAt).toBeLessThan(TIMEOUT_MS + 500);
  const causes = report.observations.map((seen) => seen.failure?.cause ?? "none");
  expect(causes.filter((cause) => cause === "timeout")).toHaveLength(CONNECTIONS_MAX);
  expect(causes.filter((cause) => cause === "not-started")).toHaveLength(12 - CONNECTIONS_MAX);
  const most = await (await fetch(`${inject("faults").controlUrl}/most/blackhole`)).text();
  expect(Number(most)).toBe(CONNECTIONS_MAX);
});

test("a trace that never answers costs its share of the one deadline, and is not asked again soon", async () => {
  const stub = env.VANTAGE.getByName("vantage:weur:v1");
  await runInDurableObject(stub, (instance) => {
    const TRACE_URL = `http://127.0.0.1:${inject("faults").ports.blackhole}/trace`;
    Object.assign(instance, { env: { ...env, TRACE_URL } });
  });
  const took: number[] = [];
  for (let call = 0; call < 2; call += 1) {
    const startedAt = Date.now();
    const report = await stub.look(jobFor("slow", 1));
    took.push(Date.now() - startedAt);
    expect(report.colo).toBe("unplaced-enam");
    expect(report.observations.map((seen) => seen.status)).toEqual([200]);
  }
  expect(took[0]).toBeLessThan(TIMEOUT_MS + 500);
  expect(took[1]).toBeLessThan(TIMEOUT_MS / 2 + 250);
});

test("without a trace address a vantage says that its place is only local", async () => {
  expect((await env.VANTAGE.getByName("vantage:enam:v1").look(jobFor("slow", 1))).colo).toBe("local-enam");
});
