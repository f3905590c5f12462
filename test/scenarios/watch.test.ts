// A second judge beside the Worker: `monitor watch` on the same local world, which sees the same failover with its own eyes, its
// own clock and its own storage.
import { writeFileSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { localTopology } from "../../monitor/local/topology.ts";
import type { StatusReport } from "../../monitor/report/status-schema.ts";
import { statusProblems } from "../support/status-check.ts";
import { until } from "../support/until.ts";
import { makeScratch, startWatch, type Watching } from "../watch/watch-process.ts";
import { AWS, GCP, INTERVAL_MS, startWorld } from "./world.ts";

const SEEN_MAX_MS = 40_000;

async function statusOf({ json }: Watching): Promise<StatusReport> {
  const report: unknown = await json("/status");
  expect(statusProblems(report)).toEqual([]);
  return report as StatusReport;
}

test("the Worker and a monitor in Node tell the same failover, each of its own places", async () => {
  const world = await startWorld();
  onTestFinished(() => world.stop());
  const { regions, dns } = await world.control();
  const scratch = makeScratch();
  onTestFinished(() => scratch.remove());
  const [gatePort, dnsPort, dohPort] = [regions[0]?.url ?? "", `udp://${dns.address}`, dns.dohUrl].map((url) =>
    Number(new URL(url).port),
  );
  const ports = { gatePort: gatePort ?? 0, dnsPort: dnsPort ?? 0, dohPort: dohPort ?? 0 };
  writeFileSync(
    scratch.topology,
    localTopology({ regions: 2, policy: "failover", intervalSeconds: INTERVAL_MS / 1000, ...ports }),
  );
  const watching = await startWatch(scratch);
  onTestFinished(() => void watching.process.kill("SIGKILL"));
  const both = async (fits: (report: StatusReport) => boolean): Promise<boolean> =>
    fits(await world.status()) && fits(await statusOf(watching));

  await until("both are calm", () => both(({ verdict }) => verdict === "conforms"), SEEN_MAX_MS);
  await world.gate(AWS, "refuse");
  await until("both see DNS follow", () => both(followed), SEEN_MAX_MS);
  const [theirs, ours] = [await world.status(), await statusOf(watching)];
  expect(ours.vantages.map(({ id, colo }) => [id, colo])).toEqual([["here", "node"]]);
  expect(theirs.vantages.length).toBeGreaterThan(1);
  for (const { incidents } of [theirs, ours])
    expect(incidents.map(({ subject }) => subject)).toContain(`region:${AWS}`);

  await world.gate(AWS, "open");
  await until("both are calm again", () => both(({ verdict }) => verdict === "conforms"), SEEN_MAX_MS);
  watching.process.kill("SIGINT");
  expect(await watching.ended).toEqual([0, null]);
});

function followed({ regions, failover, dns }: StatusReport): boolean {
  return (
    regions.find(({ id }) => id === AWS)?.userHealth === "unhealthy" &&
    failover.active === GCP &&
    dns.every(({ verdict, answer }) => verdict === "conforms" && answer.join() === "127.0.10.2")
  );
}
