// The tree of decisions behind an answer.
import { expect, test } from "vitest";
import { ANYONE, permits } from "../../../monitor/policy/answer.ts";
import { explainAnswer } from "../../../monitor/policy/evaluator.ts";
import type { GroupExplanation } from "../../../monitor/policy/explanation.ts";
import type { HealthView } from "../../../monitor/policy/health-check.ts";
import type { RecordSet } from "../../../monitor/policy/record-set.ts";
import {
  alias,
  askIn,
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

function explain(records: readonly RecordSet[], health: HealthView = {}) {
  const zone = smallZone(records);
  return explainAnswer(zone, { name: WWW, type: "A", asker: ANYONE }, healthIn(zone, health));
}

/** "role: health, decision (why; why)" for each candidate, branches indented. */
function lines(group: GroupExplanation | null, indent = ""): readonly string[] {
  if (group === null) return [];
  const note = group.note === null ? "" : ` [${group.note}]`;
  const head = `${indent}${group.name} ${group.policy} ${group.health}, fail-open: ${group.failOpen}${note}`;
  const rows = group.candidates.flatMap((one) => [
    `${indent}- ${one.role}: ${one.health}, ${one.decision} (${one.why.join("; ")})`,
    ...lines(one.leadsTo, `${indent}  `),
  ]);
  return [head, ...rows];
}

const TREE = [
  alias("p", PRIMARY, { name: "group.example.com" }),
  leaf("s", SECONDARY, UNCHECKED),
  leaf("a", weight(1), { name: "group.example.com" }),
  leaf("b", weight(3), { name: "group.example.com" }),
];

test("each record says its health, why, and what was decided", () => {
  expect(lines(explain(TREE, { a: U }).group)).toEqual([
    "www.example.com failover healthy, fail-open: no",
    "- the primary p: healthy, answers (no health check; alias target group.example.com is healthy)",
    "  group.example.com weighted healthy, fail-open: no",
    "  - a (weight 1 of 4): unhealthy, passed over as unhealthy (health check a is unhealthy: at most 18 % of its checkers say healthy)",
    "  - b (weight 3 of 4): healthy, answers (health check b is healthy: more than 18 % of its checkers say healthy)",
    "- the secondary s: healthy, not needed (no health check)",
  ]);
});

test("a group without a healthy member says that it fails open", () => {
  expect(lines(explain([leaf("p", PRIMARY), leaf("s", SECONDARY)], { p: U, s: U }).group)).toEqual([
    "www.example.com failover unhealthy, fail-open: yes",
    "- the primary p: unhealthy, answers though unhealthy (health check p is unhealthy: at most 18 % of its checkers say healthy)",
    "- the secondary s: unhealthy, passed over as unhealthy (health check s is unhealthy: at most 18 % of its checkers say healthy)",
  ]);
});

test("what is not known leaves several decisions open, and the note says what it is", () => {
  const latency = ["us-east-1", "eu-west-3"].map((awsRegion) => leaf(awsRegion, { routing: "latency", awsRegion }));
  expect(lines(explain(latency, { "us-east-1": "unknown" }).group)).toEqual([
    "www.example.com latency healthy, fail-open: no [latency order not calibrated]",
    "- eu-west-3 (eu-west-3): healthy, may answer (health check eu-west-3 is healthy: more than 18 % of its checkers say healthy)",
    "- us-east-1 (us-east-1): unknown, may answer (nothing is known of health check us-east-1)",
  ]);
});

test("records that do not fit the asker are listed as such", () => {
  const place = { routing: "geolocation", continent: null, subdivision: null } as const;
  const zone = smallZone([leaf("be", { ...place, country: "BE" }), leaf("any", { ...place, country: "*" })]);
  const asker = { ...ANYONE, location: { continent: "NA", country: "US", subdivision: "NY" } };
  const { group } = explainAnswer(zone, { name: WWW, type: "A", asker }, healthIn(zone));
  expect(group?.candidates.map((one) => [one.role, one.decision])).toEqual([
    ["any (default)", "answers"],
    ["be (country BE)", "does not fit the asker"],
  ]);
});

test("multivalue records answer together", () => {
  const group = ["a", "b", "c"].map((id) => leaf(id, { routing: "multivalue" }));
  const decisions = (health: HealthView) => explain(group, health).group?.candidates.map((one) => one.decision);
  expect(decisions({})).toEqual(["answers", "answers", "answers"]);
  expect(decisions({ a: U })).toEqual(["passed over as unhealthy", "answers", "answers"]);
  expect(decisions({ a: "unknown" })).toEqual(["may answer", "answers", "answers"]);
  expect(decisions({ a: U, b: U, c: U })).toEqual(Array.from({ length: 3 }, () => "answers though unhealthy"));
});

test("an explanation is plain JSON, and has no group where the zone has no record", () => {
  const explanation = explain(TREE, { a: "unknown" });
  expect(JSON.parse(JSON.stringify(explanation))).toEqual(explanation);
  expect(explainAnswer(smallZone([]), { name: WWW, type: "A", asker: ANYONE }, {})).toMatchObject({
    group: null,
    exact: true,
  });
});

test.each([
  { name: "all of eight", count: 8, unknown: 0, reply: "abcdefgh", legal: true },
  { name: "seven of eight", count: 8, unknown: 0, reply: "abcdefg", legal: false },
  { name: "any eight of nine", count: 9, unknown: 0, reply: "bcdefghi", legal: true },
  { name: "nine of nine", count: 9, unknown: 0, reply: "abcdefghi", legal: false },
  { name: "seven of nine", count: 9, unknown: 0, reply: "bcdefgh", legal: false },
  { name: "a stranger among eight", count: 9, unknown: 0, reply: "bcdefghz", legal: false },
  { name: "without an unknown one", count: 3, unknown: 1, reply: "bc", legal: true },
  { name: "with an unknown one", count: 3, unknown: 1, reply: "abc", legal: true },
  { name: "without a healthy one", count: 3, unknown: 1, reply: "ab", legal: false },
  { name: "nothing at all", count: 3, unknown: 1, reply: "", legal: false },
])("a reply of $name is legal: $legal", ({ count, unknown, reply, legal }) => {
  const ids = "abcdefghi".slice(0, count).split("");
  const zone = smallZone(ids.map((id) => leaf(id, { routing: "multivalue" })));
  const view = Object.fromEntries(ids.slice(0, unknown).map((id) => [id, "unknown" as const]));
  const { acceptable } = askIn(zone, view);
  expect(acceptable.some((choice) => permits(choice, reply === "" ? [] : reply.split("")))).toBe(legal);
});
