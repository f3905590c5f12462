// A vantage in real workerd against real servers that hang: as many looks are begun as it has lanes, and it keeps its time.
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, expect, inject, test } from "vitest";
import { planRound, type VantageJob } from "../../monitor/run/plan.ts";
import { CONNECTIONS_MAX } from "../../monitor/run/vantage.ts";
import { Vantage } from "../../worker/vantage.ts";
import { AWS, EXAMPLE } from "../support/example-topology.ts";

const TIMEOUT_MS = 800;

/** For what must come in time although a share of it is spent on waiting for somebody else. */
const PATIENT_MS = 4000;

function jobFor(fault: "blackhole" | "slow" | "region-open", regions: number, timeoutMs = TIMEOUT_MS): VantageJob {
  const url = `http://127.0.0.1:${inject("busyFaults").ports[fault]}`;
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
  const [job] = planRound({ ...EXAMPLE, local: true, regions: many, dns, probe: { ...EXAMPLE.probe, timeoutMs } }, 0);
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

test("a trace server that hangs has its own share of the time, costs no look, and is not asked again in the next round", async () => {
  const stub = env.VANTAGE.get(env.VANTAGE.newUniqueId());
  await runInDurableObject(stub, async (_instance: unknown, state: DurableObjectState) => {
    const traceUrl = `http://127.0.0.1:${inject("busyFaults").ports.blackhole}/trace`;
    const vantage = new Vantage(state, { ...env, TRACE_URL: traceUrl });
    const job = jobFor("region-open", CONNECTIONS_MAX, PATIENT_MS);
    const startedAt = Date.now();
    const report = await vantage.look(job);
    const waitedMs = Date.now() - startedAt;
    expect(report.colo).toBe("unplaced-enam");
    expect(report.observations.map((seen) => seen.failure)).toEqual(Array(CONNECTIONS_MAX).fill(null));
    expect(waitedMs).toBeGreaterThan(PATIENT_MS * 0.2);
    expect(waitedMs).toBeLessThan(PATIENT_MS);
    const againAt = Date.now();
    expect((await vantage.look(job)).colo).toBe("unplaced-enam");
    expect(Date.now() - againAt).toBeLessThan(waitedMs);
  });
});
