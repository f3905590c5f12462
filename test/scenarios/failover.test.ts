// The story that this product is about, on real processes, sockets and DNS messages: a region dies, DNS follows, it comes
// back; DNS gets stuck; everything dies.
import { afterAll, beforeAll, expect, test } from "vitest";
import type { StatusReport } from "../../monitor/report/status-schema.ts";
import { parseIso } from "../../monitor/time.ts";
import { AWS, GCP, startWorld, type World } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

const GCP_ADDRESS = ["127.0.10.2"];

function region(report: StatusReport, id: string) {
  return report.regions.find((one) => one.id === id);
}

function openIncidents(report: StatusReport): readonly string[] {
  return report.incidents.filter((incident) => incident.closedAt === undefined).map((incident) => incident.subject);
}

function dnsKinds(report: StatusReport): ReadonlySet<string> {
  return new Set(report.dns.map((one) => one.verdict));
}

const isCalm = (report: StatusReport): boolean => report.verdict === "conforms" && openIncidents(report).length === 0;

test("both regions are healthy from at least three vantages, and every DNS answer conforms, both ways", async () => {
  const report = await world.untilStatus("calm", isCalm);
  expect(report.regions.map(({ health, userHealth }) => [health, userHealth])).toEqual([
    ["healthy", "healthy"],
    ["healthy", "healthy"],
  ]);
  for (const row of Object.values(report.matrix)) {
    expect(Object.values(row).filter((cell) => cell.state === "up").length).toBeGreaterThanOrEqual(3);
    for (const cell of Object.values(row))
      expect(Object.keys(cell.phases)).toEqual(expect.arrayContaining(["connect", "ttfb", "transfer"]));
  }
  expect(new Set(report.dns.map((one) => one.view))).toEqual(new Set(["authoritative", "recursive"]));
  expect(report.simulated).toBe(true);
  expect(report.failover).toMatchObject({ routing: "failover", active: AWS, failOpen: false });
});

test("a dead primary: unhealthy, an incident, the answer moves, DNS converges and conforms, and never deviates", async () => {
  const kinds = new Set<string>();
  const note = (report: StatusReport): StatusReport => {
    for (const kind of dnsKinds(report)) kinds.add(kind);
    return report;
  };
  await world.gate(AWS, "refuse");
  const dead = await world.untilStatus(
    "the region is unhealthy",
    (report) => region(note(report), AWS)?.health === "unhealthy",
  );
  expect(openIncidents(dead)).toEqual([`region:${AWS}`]);
  expect(dead.failover).toMatchObject({ active: GCP, failOpen: false });
  expect(new Set(dead.dns.map((one) => one.expected.join()))).toEqual(new Set(GCP_ADDRESS));
  const moved = await world.untilStatus(
    "DNS has moved",
    (report) =>
      dnsKinds(note(report)).size === 1 &&
      report.dns.every((one) => one.verdict === "conforms" && one.answer.join() === GCP_ADDRESS.join()),
  );
  expect(kinds).toEqual(new Set(["conforms", "converging"]));
  expect(moved.verdict).toBe("deviates");
});

test("failback: the region serves again, DNS goes home, and the incident is closed with its length", async () => {
  await world.gate(AWS, "open");
  const report = await world.untilStatus("calm again", (one) => isCalm(one) && one.failover.active === AWS);
  const incident = report.incidents.find((one) => one.subject === `region:${AWS}`);
  const lengthMs = (parseIso(incident?.closedAt ?? "") ?? 0) - (parseIso(incident?.openedAt ?? "") ?? 0);
  expect(lengthMs).toBeGreaterThan(1000);
  expect(lengthMs).toBeLessThan(60_000);
});

test("DNS that stays with a dead primary converges until the deadline and then deviates, with the rule in words", async () => {
  await world.gate("dns", "stuck");
  await world.gate(AWS, "refuse");
  const converging = await world.untilStatus(
    "DNS converges",
    (report) => dnsKinds(report).has("converging") && region(report, AWS)?.health === "unhealthy",
  );
  const deadline = converging.dns.find((one) => one.view === "authoritative")?.deadline;
  expect(parseIso(deadline ?? "")).not.toBeNull();
  const stuck = await world.untilStatus("DNS deviates", (report) =>
    report.dns.every((one) => one.verdict === "deviates"),
  );
  expect(stuck.dns[0]?.reason).toMatch(
    /^answers 127\.0\.10\.1 \(aws-us-east-1\), but policy says 127\.0\.10\.2: the secondary gcp-europe-west1, which is healthy \(the primary aws-us-east-1 unhealthy\); 3 × \(1 s \+ 400 ms\) detection \+ 2 s propagation after aws-us-east-1 changed at .* ended at .*Z$/,
  );
  const opened = stuck.incidents.find((one) => one.subject.endsWith("enam:authoritative"));
  expect(parseIso(opened?.openedAt ?? "")).toBeGreaterThan(parseIso(deadline ?? "") ?? Number.POSITIVE_INFINITY);
});

test("mended, everything is calm again", async () => {
  await world.gate("dns", "open");
  await world.gate(AWS, "open");
  await world.untilStatus("calm", isCalm);
});

test("with both regions dead Route 53 fails open: DNS conforms with the primary, and failover deviates", async () => {
  await world.gate(AWS, "refuse");
  await world.gate(GCP, "refuse");
  const report = await world.untilStatus(
    "fail-open",
    (one) => one.failover.failOpen && one.dns.every((row) => row.verdict === "conforms"),
  );
  expect(report.failover).toMatchObject({
    active: AWS,
    verdict: "deviates",
    reason: "fail-open: the primary aws-us-east-1, because nothing is healthy and Route 53 then treats all as healthy",
  });
  expect(openIncidents(report)).toEqual(expect.arrayContaining(["failover", `region:${AWS}`, `region:${GCP}`]));
  expect(new Set(report.dns.map((one) => one.answer.join()))).toEqual(new Set(["127.0.10.1"]));
});
