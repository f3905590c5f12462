import { describe, expect, test } from "vitest";
import { headline, standingWords, troubleList } from "../../../monitor/report/page-troubles.ts";
import { makeStatus } from "../../../monitor/report/status.ts";
import type { StatusReport } from "../../../monitor/report/status-schema.ts";
import { troublesOf } from "../../../monitor/report/troubles.ts";
import { EMPTY_STATE } from "../../../monitor/run/state.ts";
import { AWS, EXAMPLE, GCP } from "../../support/example-topology.ts";
import { dnsRow } from "./dns-row.ts";

const EMPTY = makeStatus(EXAMPLE, EMPTY_STATE, 0);
const SINCE = "2026-11-28T03:18:00.000Z";
const DEADLINE = "2026-11-28T03:20:58.000Z";
type Row = StatusReport["verdicts"][number];
type Health = StatusReport["regions"][number]["userHealth"];

const row = (subject: string, verdict: Row["verdict"], reason = "because"): Row => ({ subject, verdict, reason });
const answer = (vantage: string, verdict: Row["verdict"]): Row =>
  row(`dns:demo.example.com:${vantage}:recursive`, verdict);
const opened = (subject: string, more: Partial<StatusReport["incidents"][number]> = {}) => ({
  id: `${SINCE} ${subject}`,
  subject,
  openedAt: SINCE,
  reason: "",
  ...more,
});

function reportOf(aws: Health, verdicts: readonly Row[], more: Partial<StatusReport> = {}): StatusReport {
  const regions = EMPTY.regions.map((region) => ({
    ...region,
    userHealth: region.id === AWS.id ? aws : ("healthy" as const),
  }));
  const failover = { ...EMPTY.failover, active: GCP.id, verdict: "conforms" as const };
  const worst = (["deviates", "undecided", "converging"] as const).find((kind) =>
    verdicts.some((one) => one.verdict === kind),
  );
  return {
    ...EMPTY,
    regions,
    failover,
    verdicts: [...verdicts],
    verdict: worst ?? "conforms",
    dns: [dnsRow("conforms")],
    ...more,
  };
}
const DOWN = [
  row(`region:${AWS.id}`, "deviates", "does not serve users since 2026-11-28T03:18:00.000Z: refused at weur"),
];

describe("a region that is down", () => {
  const trouble = (more: Partial<StatusReport> = {}) => troublesOf(reportOf("unhealthy", DOWN, more))[0];

  test("is told with since when, and with what its looks saw", () => {
    expect(trouble({ incidents: [opened(`region:${AWS.id}`)] })).toMatchObject({
      verdict: "deviates",
      title: `Region ${AWS.id} does not serve users`,
      since: SINCE,
      reason: "refused at weur",
      plannedBy: null,
    });
  });

  test.each<[string, Partial<StatusReport>, RegExp]>([
    ["DNS has moved", {}, /^DNS leads users to gcp-europe-west1\. /],
    [
      "DNS still moves",
      { dns: [dnsRow("converging", { deadline: DEADLINE })] },
      /Wait until 03:20:58 UTC: both answers are right until then/,
    ],
    ["DNS is stuck", { dns: [dnsRow("deviates")] }, /^DNS does not lead users away as it should/],
    ["DNS is not known", { dns: [dnsRow("undecided")] }, /^Where DNS leads users is not known/],
    ["it is where DNS must lead", { failover: { ...EMPTY.failover, active: AWS.id } }, /has nowhere better/],
    ["DNS leads by who asks", { failover: { ...EMPTY.failover, active: null } }, /^DNS leads users elsewhere/],
  ])("says what DNS does about it where %s", (_name, more, want) => {
    expect(trouble(more)?.next).toMatch(want);
  });

  test("makes no trouble of the claim that nobody could read there", () => {
    const claim = [row(`claim:${AWS.id}`, "undecided"), row(`claim:${AWS.id}`, "deviates")];
    expect(troublesOf(reportOf("unhealthy", [...claim, ...DOWN])).length).toBe(1);
    expect(troublesOf(reportOf("healthy", claim)).length).toBe(2);
  });

  test("says that a drill meant it, and only where the drill meant all of it", () => {
    const planned = opened(`region:${AWS.id}`, { causedBy: "quarterly" });
    expect(trouble({ incidents: [planned] })?.plannedBy).toBe("quarterly");
    expect(trouble({ incidents: [planned, opened(`region:${AWS.id}`)] })?.plannedBy).toBeNull();
    expect(trouble({ incidents: [{ ...planned, closedAt: SINCE }] })).toMatchObject({ plannedBy: null, since: null });
  });
});

test("answers that are wrong are one trouble, with the places that get them", () => {
  const wrong = reportOf("healthy", [answer("weur", "deviates"), answer("oc", "deviates"), answer("enam", "conforms")]);
  expect(troublesOf(wrong)).toMatchObject([
    { title: "DNS does not answer as the policy says at weur, oc", reason: "because (and 1 more like it)" },
  ]);
  const all = reportOf(
    "healthy",
    ["weur", "oc", "enam"].map((vantage) => answer(vantage, "deviates")),
  );
  expect(troublesOf(all)[0]?.title).toBe("DNS does not answer as the policy says everywhere");
});

test("what is excused by maintenance is no trouble, and the headline does not call it served", () => {
  const [down] = DOWN;
  const excused = reportOf("unhealthy", down === undefined ? [] : [{ ...down, excusedBy: "maintenance:m1" }]);
  const regions = excused.regions.map((region) => (region.id === AWS.id ? { ...region, maintenance: "m1" } : region));
  expect(troublesOf(excused)).toEqual([]);
  expect(headline({ ...excused, regions, verdict: "conforms" }, [])).toBe(
    "All regions but those under maintenance serve users, and DNS sends users where the policy says",
  );
});

test("alerts that do not arrive and a broken topology file are troubles while everything serves", () => {
  const channel = {
    name: "slack",
    kind: "slack" as const,
    lastDeliveredAt: null,
    failing: true,
    waiting: 3,
    waitingSince: SINCE,
    delivered: 0,
    failed: 9,
    dead: 1,
  };
  const quiet = { ...channel, name: "pager", failing: false };
  const self = { ...EMPTY.self, topology: { takenAt: SINCE, refusedAt: DEADLINE } };
  expect(troublesOf(reportOf("healthy", [], { alerts: { channels: [quiet, channel] }, self }))).toMatchObject([
    { title: "Alerts do not arrive: slack", since: SINCE, reason: "3 messages wait, 1 were given up" },
    { title: "The topology file is broken", since: DEADLINE },
  ]);
  expect(troublesOf(reportOf("healthy", [], { alerts: { channels: [quiet] } }))).toEqual([]);
});

test("the worst comes first, and what is fine is no trouble", () => {
  const report = reportOf("unhealthy", [
    row(`region:${GCP.id}`, "conforms"),
    row("failover", "undecided"),
    answer("weur", "converging"),
    answer("oc", "deviates"),
    ...DOWN,
  ]);
  expect(troublesOf(report).map(({ verdict, title }) => `${verdict}: ${title}`)).toEqual([
    `deviates: Region ${AWS.id} does not serve users`,
    "deviates: DNS does not answer as the policy says at oc",
    "converging: DNS is changing at weur",
    "undecided: Not known: failover",
  ]);
  expect(troublesOf(reportOf("healthy", [row(`region:${GCP.id}`, "conforms")]))).toEqual([]);
});

test("a monitor that fell silent says so before everything that it saw last", () => {
  const regions = EMPTY.regions.map((region) => ({ ...region, userHealth: "unknown" as const }));
  const silent = reportOf("unknown", DOWN, { regions, self: { ...EMPTY.self, lastRoundAt: SINCE } });
  expect(troublesOf(silent)[0]).toMatchObject({ title: "The monitor does not look any more", since: SINCE });
  expect(standingWords(silent)).toBe("0 of 2 regions serve users, 2 unknown. Where DNS leads users is not known.");
  expect(troublesOf(EMPTY)).toEqual([]);
});

test.each([
  [DOWN, "unhealthy", `Region ${AWS.id} does not serve users`],
  [[], "healthy", "All regions serve users, and DNS sends users where the policy says"],
  [[answer("weur", "converging")], "healthy", "A change is under way, inside its deadline"],
  [[row("failover", "undecided")], "healthy", "Not enough is known"],
] as const)("case %#: the headline is what is as bad as the whole", (verdicts, health, want) => {
  const report = reportOf(health, verdicts, { incidents: verdicts.map(({ subject }) => opened(subject)) });
  expect(
    headline(
      report,
      troublesOf(report).filter(({ verdict }) => verdict === "deviates"),
    ),
  ).toBe(want);
});

test("a headline has two troubles at most, and a list eight", () => {
  const many = Array.from({ length: 12 }, (_, index) => row(`region:r${index}`, "deviates"));
  const report = reportOf("unhealthy", many, { incidents: many.map(({ subject }) => opened(subject)) });
  const troubles = troublesOf(report);
  expect(headline(report, troubles)).toBe(
    "Region r0 does not serve users. Region r1 does not serve users, and 10 more",
  );
  expect(troubleList(troubles, report).match(/<li class/g)?.length).toBe(8);
  expect(troubleList(troubles, report)).toContain("<li>4 more below</li>");
});

test("commands are told as such", () => {
  const report = reportOf("unhealthy", DOWN);
  expect(troubleList(troublesOf(report), report)).toContain("<code>monitor check</code>");
});
