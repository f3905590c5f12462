// Every reason for which a drill does not start, with its sentence; each alone, in an otherwise steady world.
import { describe, expect, test } from "vitest";
import { blockedBy } from "../../../monitor/drill/blocked-window.ts";
import { courseMaxMs } from "../../../monitor/drill/plan.ts";
import {
  type Refusal,
  REFUSALS,
  refusalsOf,
  type Situation,
  type SteadyStatus,
} from "../../../monitor/drill/preconditions.ts";
import type { DrillPlan } from "../../../monitor/drill/script.ts";
import { DAY_MS, formatDuration, parseIso, toIso } from "../../../monitor/time.ts";
import { EXAMPLE } from "../../support/example-topology.ts";
import { editedDrill, planOf, SMALLEST_DRILL } from "../../support/drill-text.ts";

/** A Saturday. */
const AT = parseIso("2026-11-28T12:00:00.000Z") ?? NaN;
const REAL = editedDrill(["expect:", "  real:\n    - { lever: service-drain, region: primary }\nexpect:"]);
const PLAN = planOf(REAL);
const before = (seconds: number): string => toIso(AT - seconds * 1000);
const region = (id: string): SteadyStatus["regions"][number] => ({
  id,
  health: "healthy",
  since: before(600),
  userHealth: "healthy",
  userSince: before(600),
});
const UP = { enam: { state: "up" }, weur: { state: "up" }, oc: { state: "up" } };
const ANSWER = {
  vantage: "enam",
  view: "authoritative",
  server: "192.0.2.53",
  ttlSeconds: 60,
  verdict: "conforms",
} as const;

const STATUS: SteadyStatus = {
  generatedAt: before(1),
  service: { host: EXAMPLE.service.host },
  regions: [region("aws-us-east-1"), region("gcp-europe-west1")],
  matrix: { "aws-us-east-1": UP, "gcp-europe-west1": UP },
  dns: [ANSWER],
  failover: { verdict: "conforms" },
  incidents: [],
  maintenance: [],
  self: { lastRoundAt: before(5) },
};

const STEADY: Situation = {
  status: STATUS,
  topologyFingerprint: PLAN.topologyFingerprint,
  runningDrill: null,
  openJournals: [],
  approvals: [],
  leverRefusals: [],
};

const seen = (status: Partial<SteadyStatus>): Situation => ({ ...STEADY, status: { ...STATUS, ...status } });
const sick = (index: number, change: Partial<SteadyStatus["regions"][number]>): Situation =>
  seen({ regions: STATUS.regions.map((one, at) => (at === index ? { ...one, ...change } : one)) });

interface Case {
  readonly id: Refusal["id"];
  readonly plan?: DrillPlan;
  readonly situation?: Situation;
  readonly message: string;
}

const CASES: readonly Case[] = [
  {
    id: "local-only",
    plan: planOf(SMALLEST_DRILL),
    message: "gone has no fault for a real topology: rehearse it with `monitor up`",
  },
  {
    id: "other-topology",
    situation: { ...STEADY, topologyFingerprint: "0123456789abcdef" },
    message:
      "the monitor watches by another topology than this one: give the drill the same file, and its --snapshot where the monitor has one",
  },
  {
    id: "monitor-unread",
    situation: { ...STEADY, status: null },
    message: "the monitor's status cannot be read, so nobody knows whether all is well",
  },
  {
    id: "monitor-silent",
    situation: seen({ self: { lastRoundAt: before(120) } }),
    message: "the monitor's last round was 2 m ago, expected at most 1 m 12 s",
  },
  {
    id: "monitor-silent",
    situation: seen({ self: { lastRoundAt: null } }),
    message: "the monitor's last round was never, expected at most 1 m 12 s",
  },
  ...[5.001, -5.001].map((seconds): Case => ({
    id: "clocks",
    situation: seen({ generatedAt: before(seconds) }),
    message: `the monitor's status is of ${before(seconds)}, and here it is ${toIso(AT)}: expected clocks at most 5 s apart, or times that both tell could not be compared`,
  })),
  {
    id: "other-service",
    situation: seen({ service: { host: "shop.example.com" } }),
    message: "the monitor watches shop.example.com, the drill is for demo.multicloud.example.com",
  },
  {
    id: "not-steady",
    situation: seen({ regions: [region("gcp-europe-west1")] }),
    message: "the monitor does not know the region aws-us-east-1",
  },
  {
    id: "not-steady",
    situation: sick(0, { userHealth: "unknown", userSince: null }),
    message: "aws-us-east-1 is unknown for users, expected healthy",
  },
  {
    id: "not-steady",
    situation: sick(0, { health: "unhealthy" }),
    message: "aws-us-east-1 is unhealthy by Route 53's rules, expected healthy",
  },
  {
    id: "not-steady",
    situation: sick(1, { userSince: before(8) }),
    message: "gcp-europe-west1 is healthy for users for 8 s only, expected 42.5 s",
  },
  {
    id: "standby-not-healthy",
    situation: seen({ matrix: { "aws-us-east-1": UP, "gcp-europe-west1": { ...UP, weur: { state: "down" } } } }),
    message: "gcp-europe-west1 is to bear the load and is not up from weur, expected up from every vantage",
  },
  {
    id: "nothing-remains",
    plan: { ...PLAN, faulted: ["aws-us-east-1", "gcp-europe-west1"] },
    message:
      "no region would remain: aws-us-east-1, gcp-europe-west1 are all to be broken, which is allowed in the local world alone",
  },
  {
    id: "incident",
    situation: seen({ incidents: [{ subject: "claim:aws-us-east-1" }] }),
    message: "an incident is open: claim:aws-us-east-1",
  },
  {
    id: "incident",
    situation: seen({ incidents: [{ subject: "failover", closedAt: before(7) }] }),
    message: "an incident ended 7 s ago: failover, expected 42.5 s without one",
  },
  {
    id: "maintenance",
    situation: seen({
      maintenance: [
        { id: "m1", regions: ["aws-us-east-1"], from: toIso(AT + 1000), until: toIso(AT + 60_000) },
        { id: "m2", regions: ["gcp-europe-west1"], from: toIso(AT + DAY_MS), until: toIso(AT + DAY_MS + 1) },
        { id: "m3", regions: ["gone"], from: toIso(AT), until: toIso(AT + 1) },
      ],
    }),
    message: `aws-us-east-1 is in maintenance (m1) from ${toIso(AT + 1000)} until ${toIso(AT + 60_000)}, and this drill may last ${formatDuration(courseMaxMs(PLAN))}`,
  },
  {
    id: "other-drill",
    situation: { ...STEADY, runningDrill: "20261128T115500Z-brown-out" },
    message: "the drill 20261128T115500Z-brown-out is under way, and it was not started with this state folder",
  },
  {
    id: "other-drill",
    situation: {
      ...STEADY,
      runningDrill: "20261128T115500Z-brown-out",
      openJournals: ["20261128T115500Z-brown-out"],
    },
    message:
      "the drill 20261128T115500Z-brown-out is under way; if it broke off, `monitor drill restore` puts back what it left",
  },
  {
    id: "journal-open",
    situation: { ...STEADY, openJournals: ["20261127T090000Z-gone"] },
    message: "the drill 20261127T090000Z-gone left something behind: run `monitor drill restore` first",
  },
  {
    id: "blocked-window",
    plan: { ...PLAN, blockedWindows: [{ days: ["sat", "sun"], fromUtc: "00:00", toUtc: "24:00" }] },
    message:
      "drills are blocked from 2026-11-28T00:00:00.000Z to 2026-11-29T00:00:00.000Z, and this one may last 10 m 50 s",
  },
  {
    id: "dns-deviates",
    situation: seen({ failover: { verdict: "undecided" } }),
    message: "failover is undecided, expected that it conforms",
  },
  {
    id: "dns-deviates",
    situation: seen({ dns: [ANSWER, { ...ANSWER, vantage: "oc", view: "recursive", verdict: "converging" }] }),
    message: "DNS from oc (recursive) is converging, expected that it conforms",
  },
  { id: "dns-deviates", situation: seen({ dns: [] }), message: "no answer of DNS is known, expected that it conforms" },
  {
    id: "ttl",
    situation: seen({ dns: [{ ...ANSWER, ttlSeconds: 300 }] }),
    message: "192.0.2.53 gives a TTL of 300 s, expected 60 s as in the topology",
  },
  {
    id: "approval",
    plan: { ...PLAN, approvals: ["service owner", "on call"] },
    situation: { ...STEADY, approvals: ["on call"] },
    message: 'service owner has not approved: give --approve "service owner"',
  },
  {
    id: "lever",
    situation: { ...STEADY, leverRefusals: ["the health check is shared by another record"] },
    message: "the health check is shared by another record",
  },
];

describe("a drill", () => {
  test("starts in a steady world", () => {
    expect(refusalsOf(PLAN, STEADY, AT)).toEqual([]);
  });

  test.each(CASES)("is refused, $id: $message", ({ id, plan = PLAN, situation = STEADY, message }) => {
    expect(refusalsOf(plan, situation, AT)).toEqual([{ id, message }]);
  });

  test("has a case for every refusal there is", () => {
    expect(new Set(CASES.map(({ id }) => id))).toEqual(new Set(REFUSALS));
  });

  test("is told everything at once, in one order", () => {
    const situation = { ...seen({ incidents: [{ subject: "failover" }], dns: [] }), openJournals: ["x"], status: null };
    const worst = { ...PLAN, approvals: ["anna"] };
    expect(refusalsOf(worst, situation, AT).map(({ id }) => id)).toEqual([
      "monitor-unread",
      "journal-open",
      "approval",
    ]);
    const ids = refusalsOf(worst, { ...situation, status: { ...STATUS, dns: [], regions: [] } }, AT).map(
      ({ id }) => id,
    );
    expect(ids).toEqual(ids.toSorted((a, b) => REFUSALS.indexOf(a) - REFUSALS.indexOf(b)));
  });

  test("of the local world may leave nothing healthy", () => {
    const plan = {
      ...planOf(SMALLEST_DRILL, { ...EXAMPLE, local: true }),
      faulted: ["aws-us-east-1", "gcp-europe-west1"],
    };
    expect(refusalsOf(plan, { ...STEADY, topologyFingerprint: null }, AT)).toEqual([]);
  });
});

describe("a blocked window", () => {
  const night = { days: ["fri"], fromUtc: "22:00", toUtc: "06:00" } as const;
  test.each([
    { name: "ends on the next day", from: "2026-11-28T05:59:00Z", minutes: 1, blocked: true },
    { name: "is over at its end", from: "2026-11-28T06:00:00Z", minutes: 1, blocked: false },
    { name: "counts when the drill would run into it", from: "2026-11-27T21:55:00Z", minutes: 10, blocked: true },
    { name: "does not count before", from: "2026-11-27T21:00:00Z", minutes: 10, blocked: false },
    { name: "has its days", from: "2026-11-26T23:00:00Z", minutes: 10, blocked: false },
  ])("$name", ({ from, minutes, blocked }) => {
    const at = parseIso(from) ?? NaN;
    expect(blockedBy([night], at, at + minutes * 60_000) !== null).toBe(blocked);
  });
});
