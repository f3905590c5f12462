// Each routing policy rule by rule. The numbers are the sections of the Route 53 reference that the design names.
import { describe, expect, test } from "vitest";
import type { Asker } from "../../../monitor/policy/answer.ts";
import type { Health, HealthView } from "../../../monitor/policy/health-check.ts";
import type { RecordSet } from "../../../monitor/policy/record-set.ts";
import {
  alias,
  askIn,
  H,
  leaf,
  PRIMARY,
  SECONDARY,
  smallZone,
  told,
  U,
  UNCHECKED,
  weight,
} from "../../support/small-zone.ts";

interface Row {
  readonly rule: string;
  readonly records: readonly RecordSet[];
  readonly health?: HealthView;
  readonly asker?: Partial<Asker>;
  readonly want: readonly string[];
}

function check({ records, health = {}, asker = {}, want }: Row): void {
  expect(told(askIn(smallZone(records), health, asker))).toEqual(want);
}

describe("2.2 failover, the whole truth table", () => {
  const pair = [leaf("p", PRIMARY), leaf("s", SECONDARY)];
  const lonely = [leaf("p", PRIMARY), leaf("s", SECONDARY, UNCHECKED)];
  const lb = (evaluateTargetHealth: boolean) =>
    alias("p", PRIMARY, { name: "lb.elb.amazonaws.com", hostedZoneId: "ZELB", evaluateTargetHealth });
  const target = (health: Health): HealthView => ({ "target:lb.elb.amazonaws.com": health });
  const rows: readonly Row[] = [
    { rule: "H, H: the primary", records: pair, want: ["p=p"] },
    { rule: "H, U: the primary", records: pair, health: { s: U }, want: ["p=p"] },
    { rule: "U, H: the secondary", records: pair, health: { p: U }, want: ["s=s"] },
    { rule: "U, U: the primary, by the last resort", records: pair, health: { p: U, s: U }, want: ["p=p!"] },
    { rule: "U, none: the secondary, even if it is dead", records: lonely, health: { p: U }, want: ["s=s"] },
    { rule: "H, none: the primary", records: lonely, want: ["p=p"] },
    {
      rule: "none (an alias without target health or check), any: the primary, always",
      records: [lb(false), leaf("s", SECONDARY)],
      health: target(U),
      want: ["p=@lb.elb.amazonaws.com"],
    },
    {
      rule: "none (no alias, which the API refuses), any: the primary, always",
      records: [leaf("p", PRIMARY, UNCHECKED), leaf("s", SECONDARY)],
      want: ["p=p"],
    },
    {
      rule: "none, none: the primary, always",
      records: [leaf("p", PRIMARY, UNCHECKED), leaf("s", SECONDARY, UNCHECKED)],
      want: ["p=p"],
    },
    {
      rule: "alias with target health H: the primary",
      records: [lb(true), leaf("s", SECONDARY)],
      health: target(H),
      want: ["p=@lb.elb.amazonaws.com"],
    },
    {
      rule: "alias with target health U: the secondary",
      records: [lb(true), leaf("s", SECONDARY)],
      health: target(U),
      want: ["s=s"],
    },
    {
      rule: "alias with target health that nobody sees: both",
      records: [lb(true), leaf("s", SECONDARY)],
      want: ["p=@lb.elb.amazonaws.com", "s=s"],
    },
    {
      rule: "alias with target health U, secondary U: the primary, by the last resort",
      records: [lb(true), leaf("s", SECONDARY)],
      health: { ...target(U), s: U },
      want: ["p=@lb.elb.amazonaws.com!"],
    },
    { rule: "unknown, H: both", records: pair, health: { p: "unknown" }, want: ["p=p", "s=s"] },
    {
      rule: "U, unknown: the secondary, or the last resort",
      records: pair,
      health: { p: U, s: "unknown" },
      want: ["s=s", "p=p!"],
    },
    { rule: "unknown, U: the primary either way", records: pair, health: { p: "unknown", s: U }, want: ["p=p"] },
    { rule: "a secondary alone answers", records: [leaf("s", SECONDARY)], want: ["s=s"] },
    { rule: "a primary alone answers when it is ill", records: [leaf("p", PRIMARY)], health: { p: U }, want: ["p=p!"] },
    {
      rule: "a primary of several: healthy while one of them is",
      records: [
        alias("p", PRIMARY, { name: "group.example.com" }),
        leaf("s", SECONDARY),
        ...["a", "b"].map((id) => leaf(id, weight(1), { name: "group.example.com" })),
      ],
      health: { a: U },
      want: ["p/b=b"],
    },
  ];
  test.each(rows)("$rule", check);
});

describe("2.3 latency", () => {
  const at = (id: string, awsRegion: string) => leaf(id, { routing: "latency", awsRegion });
  const pair = [at("us", "us-east-1"), at("eu", "eu-west-3")];
  const near = { latencyOrder: ["eu-west-3", "us-east-1", "cn-north-1"] };
  const china = { country: "CN", continent: "AS", subdivision: null };
  const chinese = [at("us", "us-east-1"), at("cn", "cn-north-1")];
  const rows: readonly Row[] = [
    { rule: "the first by latency", records: pair, asker: near, want: ["eu=eu"] },
    { rule: "the next best when it is ill", records: pair, asker: near, health: { eu: U }, want: ["us=us"] },
    {
      rule: "all ill: the first, by the last resort",
      records: pair,
      asker: near,
      health: { eu: U, us: U },
      want: ["eu=eu!"],
    },
    { rule: "order not calibrated: any healthy one", records: pair, want: ["eu=eu", "us=us"] },
    { rule: "not calibrated, one ill: the other", records: pair, health: { eu: U }, want: ["us=us"] },
    { rule: "not calibrated, all ill: any", records: pair, health: { eu: U, us: U }, want: ["eu=eu!", "us=us!"] },
    {
      rule: "a record of cn-north-1 comes first inside China",
      records: chinese,
      asker: { ...near, location: china },
      want: ["cn=cn"],
    },
    {
      rule: "also where no order is known",
      records: chinese,
      asker: { location: china },
      want: ["cn=cn"],
    },
    {
      rule: "outside China it has no privilege",
      records: chinese,
      asker: { ...near, location: { country: "JP", continent: "AS", subdivision: null } },
      want: ["us=us"],
    },
  ];
  test.each(rows)("$rule", check);
});

describe("2.4 weighted", () => {
  const group = (...weights: readonly (readonly [string, number])[]) =>
    weights.map(([id, value]) => leaf(id, weight(value)));
  const unchecked = (...weights: readonly (readonly [string, number])[]) =>
    weights.map(([id, value]) => leaf(id, weight(value), UNCHECKED));
  const rows: readonly Row[] = [
    { rule: "every record with a weight can answer", records: group(["a", 1], ["b", 255]), want: ["a=a", "b=b"] },
    { rule: "an ill one is left out", records: group(["a", 1], ["b", 255]), health: { a: U }, want: ["b=b"] },
    { rule: "without checks, zero is never answered", records: unchecked(["a", 3], ["z", 0]), want: ["a=a"] },
    { rule: "without checks, all zero: each", records: unchecked(["y", 0], ["z", 0]), want: ["y=y", "z=z"] },
    {
      rule: "with checks, zero waits while another is healthy",
      records: group(["a", 3], ["b", 3], ["z", 0]),
      health: { a: U },
      want: ["b=b"],
    },
    {
      rule: "with checks, zero answers when all others are ill",
      records: group(["a", 3], ["z", 0]),
      health: { a: U },
      want: ["z=z"],
    },
    {
      rule: "with checks, all zero: each healthy one",
      records: group(["x", 0], ["y", 0], ["z", 0]),
      health: { y: U },
      want: ["x=x", "z=z"],
    },
    {
      rule: "all ill: only those with a weight again",
      records: group(["a", 3], ["z", 0]),
      health: { a: U, z: U },
      want: ["a=a!"],
    },
    {
      rule: "all ill and all zero: each",
      records: group(["y", 0], ["z", 0]),
      health: { y: U, z: U },
      want: ["y=y!", "z=z!"],
    },
    {
      rule: "an unknown one with a weight opens the way to zero",
      records: group(["a", 3], ["z", 0]),
      health: { a: "unknown" },
      want: ["a=a", "z=z"],
    },
  ];
  test.each(rows)("$rule", check);
});

describe("2.5 multivalue", () => {
  const many = (count: number) =>
    "abcdefghij"
      .slice(0, count)
      .split("")
      .map((id) => leaf(id, { routing: "multivalue" }));
  const ill = (ids: string, health: Health = U): HealthView =>
    Object.fromEntries(ids.split("").map((id) => [id, health]));
  const rows: readonly Row[] = [
    { rule: "eight healthy ones: all of them", records: many(8), want: ["=a,b,c,d,e,f,g,h"] },
    { rule: "more than eight: any eight", records: many(9), want: ["=~a,b,c,d,e,f,g,h,i"] },
    { rule: "ill ones are left out", records: many(9), health: ill("ab"), want: ["=c,d,e,f,g,h,i"] },
    { rule: "all ill: up to eight ill ones", records: many(2), health: ill("ab"), want: ["=a,b!"] },
    {
      rule: "all ill and more than eight: any eight of them",
      records: many(9),
      health: ill("abcdefghi"),
      want: ["=~a,b,c,d,e,f,g,h,i!"],
    },
    {
      rule: "no check: always healthy",
      records: [leaf("a", { routing: "multivalue" }), leaf("b", { routing: "multivalue" }, UNCHECKED)],
      health: ill("a"),
      want: ["=b"],
    },
    { rule: "an unknown one may be in it or not", records: many(2), health: ill("a", "unknown"), want: ["=~a,b"] },
    {
      rule: "only unknown ones may all be ill",
      records: many(2),
      health: ill("ab", "unknown"),
      want: ["=~a,b", "=a,b!"],
    },
  ];
  test.each(rows)("$rule", check);
});

describe("2.9 simple", () => {
  const only = leaf(
    "x",
    { routing: "simple" },
    { setIdentifier: null, target: { kind: "values", values: ["b", "a"], ttlSeconds: 300 } },
  );
  test.each<Row>([
    { rule: "all values", records: [only], want: ["=a,b"] },
    { rule: "whatever its check says", records: [only], health: { x: U }, want: ["=a,b"] },
    { rule: "also when nobody knows", records: [only], health: { x: "unknown" }, want: ["=a,b"] },
  ])("$rule", check);

  test("a record whose check is not known leaves nothing unknown, since nobody asks", () => {
    expect(askIn(smallZone([only]), { x: "unknown" })).toMatchObject({ unknown: [], expected: { ttlSeconds: 300 } });
  });
});

test("2.11 a deleted health check may be either way, whatever a view says of it", () => {
  const zone = { ...smallZone([leaf("p", PRIMARY), leaf("s", SECONDARY)]), healthChecks: [] };
  const answer = askIn(zone, { p: H, s: H });
  expect(told(answer)).toEqual(["p=p", "s=s"]);
  expect(answer.unknown).toEqual(["p", "s"]);
});

describe("2.1 a record's health: its check and its target's health, where it has them", () => {
  const both = (over: Partial<RecordSet>) => [
    { ...alias("p", PRIMARY, { name: "lb.elb.amazonaws.com", hostedZoneId: "ZELB" }), ...over },
    leaf("s", SECONDARY),
  ];
  const lb = "p=@lb.elb.amazonaws.com";
  test.each([
    { check: H, target: H, want: [lb] },
    { check: H, target: U, want: ["s=s"] },
    { check: U, target: H, want: ["s=s"] },
    { check: U, target: U, want: ["s=s"] },
    { check: "unknown" as const, target: U, want: ["s=s"] },
    { check: "unknown" as const, target: H, want: [lb, "s=s"] },
  ])("check $check, target $target: $want", ({ check: own, target, want }) => {
    const records = both({ healthCheckId: "gate" });
    const health = { gate: own, "target:lb.elb.amazonaws.com": target };
    expect(told(askIn(smallZone(records), health))).toEqual(want);
  });
});

test("2.1 policies that the API would not mix leave every record legal", () => {
  expect(told(askIn(smallZone([leaf("p", PRIMARY), leaf("w", weight(1))]), {}))).toEqual(["p=p", "w=w"]);
});
