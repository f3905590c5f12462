// Before and after a failure, and by when users have followed; the times are compared with the deadlines that the judge uses.
import { describe, expect, test } from "vitest";
import { ANYONE } from "../../../monitor/policy/answer.ts";
import { authoritativeBy, recursiveBy } from "../../../monitor/policy/deadline.ts";
import type { HealthCheck } from "../../../monitor/policy/health-check.ts";
import type { RecordSet } from "../../../monitor/policy/record-set.ts";
import { followTime, whatIf } from "../../../monitor/policy/what-if.ts";
import {
  alias,
  endpointCheck,
  healthIn,
  leaf,
  PRIMARY,
  SECONDARY,
  smallZone,
  U,
  UNCHECKED,
  weight,
  WWW,
} from "../../support/small-zone.ts";

const TIMING = { propagationMs: 60_000, slackMs: 10_000, lookMaxMs: null };
const PAIR = [leaf("p", PRIMARY), leaf("s", SECONDARY)];

interface Row {
  readonly name: string;
  readonly records: readonly RecordSet[];
  readonly down: readonly string[];
  readonly want: object;
}

test.each<Row>([
  {
    name: "a primary that dies",
    records: PAIR,
    down: ["p"],
    want: { changes: true, stranded: [], failsOpen: false, empty: false },
  },
  {
    name: "a standby that dies",
    records: PAIR,
    down: ["s"],
    want: { changes: false, stranded: [], failsOpen: false, empty: false },
  },
  {
    name: "both",
    records: PAIR,
    down: ["p", "s"],
    want: { changes: false, stranded: [], failsOpen: true, empty: false },
  },
  {
    name: "a primary beside a standby that nobody watches",
    records: [leaf("p", PRIMARY), leaf("s", SECONDARY, UNCHECKED)],
    down: ["p"],
    want: { changes: true, stranded: [], failsOpen: false, empty: false },
  },
  {
    name: "a branch whose health is not evaluated",
    records: [
      alias("p", PRIMARY, { name: "in.example.com", evaluateTargetHealth: false }),
      leaf("s", SECONDARY),
      leaf("a", weight(1), { name: "in.example.com" }),
    ],
    down: ["a"],
    want: { changes: false, stranded: ["p/a"], failsOpen: true, empty: false },
  },
  {
    name: "what stands before an alias to nothing",
    records: [leaf("p", PRIMARY), alias("s", SECONDARY, { name: "gone.example.com", evaluateTargetHealth: false })],
    down: ["p"],
    want: { changes: true, stranded: [], failsOpen: false, empty: true },
  },
])("$name: $want", ({ records, down, want }) => {
  const zone = smallZone(records);
  const after = healthIn(zone, Object.fromEntries(down.map((id) => [id, U])));
  expect(whatIf(zone, { name: WWW, type: "A", asker: ANYONE }, healthIn(zone), after)).toMatchObject(want);
});

test("what is not known to be dead strands nobody", () => {
  const zone = smallZone(["a", "b", "c"].map((id) => leaf(id, weight(1))));
  const after = healthIn(zone, { a: U, b: "unknown" });
  const change = whatIf(zone, { name: WWW, type: "A", asker: ANYONE }, healthIn(zone), after);
  expect(change).toMatchObject({ changes: true, stranded: [], failsOpen: false });
  expect(change.after.acceptable.map(({ setIdentifier }) => setIdentifier)).toEqual(["b", "c"]);
});

describe("the time to follow", () => {
  const fast = endpointCheck("fast", { requestIntervalSeconds: 10 });
  const slow = endpointCheck("slow", { type: "HTTPS_STR_MATCH", searchString: "ok" });
  const tcp = endpointCheck("tcp", { type: "TCP", failureThreshold: 1 });
  const alarm: HealthCheck = {
    id: "alarm",
    type: "CLOUDWATCH_METRIC",
    alarm: null,
    evaluation: { periods: 2, periodSeconds: 60 },
    insufficientData: "Healthy",
    disabled: false,
    inverted: false,
  };
  const sum: HealthCheck = {
    id: "sum",
    type: "CALCULATED",
    children: ["fast", "slow"],
    healthThreshold: 1,
    disabled: false,
    inverted: false,
  };
  const control: HealthCheck = {
    id: "control",
    type: "RECOVERY_CONTROL",
    routingControlArn: "",
    disabled: false,
    inverted: false,
  };
  const checks = [fast, slow, tcp, alarm, sum, control];

  test.each([
    { check: fast, min: 20_000, max: 48_000, by: 108_000, rule: "(3 − 1) × 10 s to 3 × (10 s + 6 s)" },
    { check: slow, min: 60_000, max: 114_000, by: 174_000, rule: "(3 − 1) × 30 s to 3 × (30 s + 8 s)" },
    { check: tcp, min: 0, max: 40_000, by: 100_000, rule: "(1 − 1) × 30 s to 1 × (30 s + 10 s)" },
    { check: alarm, min: null, max: 120_000, by: 180_000, rule: "at most 2 × 60 s" },
    { check: sum, min: null, max: 114_000, by: 174_000, rule: "at most 1 m 54 s" },
    { check: control, min: null, max: null, by: null, rule: "a RECOVERY_CONTROL check names no bound" },
  ])("of $check.id is what the judge grants: $by ms, plus TTL and slack", ({ check, min, max, by, rule }) => {
    const time = followTime([{ kind: "check", check }], TIMING, checks, 60);
    expect(time.detections).toEqual([{ id: check.id, minMs: min, maxMs: max, rule }]);
    expect(time.authoritativeByMs).toBe(by);
    expect(time.authoritativeByMs).toBe(authoritativeBy(0, check, TIMING, checks));
    expect(time.cachesByMs).toBe(recursiveBy(0, check, TIMING, checks, 60));
    expect(time.cachesByMs).toBe(by === null ? null : by + 70_000);
  });

  test("of several failures is the slowest one's", () => {
    const time = followTime(
      [fast, slow, tcp].map((check) => ({ kind: "check", check })),
      TIMING,
      checks,
      60,
    );
    expect(time.authoritativeByMs).toBe(174_000);
    expect(time.authoritativeRule).toBe("3 × (30 s + 8 s) detection + 1 m propagation");
    expect(time.cachesRule).toBe("3 × (30 s + 8 s) detection + 1 m propagation + 60 s TTL + 10 s slack");
  });

  test("is not known when one of them is not", () => {
    const lb = {
      kind: "unreadable",
      id: "lb.example.net",
      why: "the load balancer's own health checks decide",
    } as const;
    const time = followTime([{ kind: "check", check: fast }, lb], TIMING, checks, 60);
    expect(time).toMatchObject({ authoritativeByMs: null, cachesByMs: null });
    expect(time.detections[1]).toEqual({ id: lb.id, minMs: null, maxMs: null, rule: lb.why });
  });
});
