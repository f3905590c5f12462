// The regression list, number 18: a monitor that runs outlives a broken topology, and says everywhere that it does not watch
// what its file says.
import { writeFileSync } from "node:fs";
import { expect, it, onTestFinished } from "vitest";
import { until } from "../support/until.ts";
import { makeScratch, roundsOf, startWatch, topologyText, type Watching } from "../watch/watch-process.ts";

async function metricOf({ get }: Watching, name: string): Promise<number> {
  const text = await (await get("/metrics")).text();
  return Number(new RegExp(`^${name} (\\S+)$`, "m").exec(text)?.[1]);
}

async function policyOf({ json }: Watching): Promise<unknown> {
  return (await json("/rounds"))["policy"];
}

it("18: a broken topology on reload keeps the old one, is told with all its problems, and a later good one clears it", async () => {
  const scratch = makeScratch();
  onTestFinished(() => scratch.remove());
  const watching = await startWatch(scratch);
  onTestFinished(() => void watching.process.kill("SIGKILL"));
  const [policy, takenAt] = [
    await policyOf(watching),
    await metricOf(watching, "edge_topology_reload_timestamp_seconds"),
  ];
  expect(await metricOf(watching, "edge_topology_reload_success")).toBe(1);

  writeFileSync(scratch.topology, topologyText({ name: "other", primary: "secret-host", timeoutMs: 1 }));
  const health = await until("the warning", async () => {
    const answer = await watching.get("/healthz");
    const body = (await answer.json()) as { readonly status: string; readonly problems: readonly string[] };
    return body.status === "warn" ? { code: answer.status, problems: body.problems } : null;
  });
  expect(health).toEqual({
    code: 200,
    problems: [
      expect.stringMatching(
        /refused since \S+Z \(topology\.yaml:8:\d+, topology\.yaml:10:\d+\); the one of \S+Z is watched$/,
      ),
    ],
  });
  const { stderr } = watching.output();
  expect(stderr).toContain(`${scratch.topology}:8:`);
  expect(stderr).toContain('found "secret-host"');
  expect(await metricOf(watching, "edge_topology_reload_success")).toBe(0);
  expect(await metricOf(watching, "edge_topology_reload_timestamp_seconds")).toBe(takenAt);
  for (const path of ["/", "/status", "/healthz", "/metrics"])
    expect(await (await watching.get(path)).text()).not.toContain("secret-host");

  const rounds = await roundsOf(watching);
  await until("more rounds under the old one", async () => (await roundsOf(watching)) > rounds + 1);
  expect([await policyOf(watching), (await watching.json("/status"))["service"]]).toEqual([
    policy,
    { name: "demo", host: "demo.example.com" },
  ]);

  writeFileSync(scratch.topology, topologyText({ name: "mended" }));
  watching.process.kill("SIGHUP");
  await until("the mended one", async () => (await watching.json("/healthz"))["status"] === "pass");
  expect(await metricOf(watching, "edge_topology_reload_success")).toBe(1);
  expect(await metricOf(watching, "edge_topology_reload_timestamp_seconds")).toBeGreaterThan(takenAt);
  expect(await watching.json("/status")).toMatchObject({ service: { name: "mended" } });
  expect(await policyOf(watching)).not.toBe(policy);
  watching.process.kill("SIGTERM");
  expect(await watching.ended).toEqual([0, null]);
});
