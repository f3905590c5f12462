// A vantage in real workerd against real servers that hang: as many looks are begun as it has lanes, and it keeps its time.
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

test("however many regions hang, a vantage begins as many looks as it has lanes, and ends in time", async () => {
  const startedAt = Date.now();
  const report = await env.VANTAGE.getByName("vantage:enam:v1").look(jobFor("blackhole", 12));
  expect(Date.now() - startedAt).toBeLessThan(TIMEOUT_MS + 2000);
  const causes = report.observations.map((seen) => seen.failure?.cause ?? "none");
  expect(causes.filter((cause) => cause === "timeout")).toHaveLength(CONNECTIONS_MAX);
  expect(causes.filter((cause) => cause === "not-started")).toHaveLength(12 - CONNECTIONS_MAX);
});

test("without a trace address a vantage says that its place is only local", async () => {
  expect((await env.VANTAGE.getByName("vantage:enam:v1").look(jobFor("slow", 1))).colo).toBe("local-enam");
});
