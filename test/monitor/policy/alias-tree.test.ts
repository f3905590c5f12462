// Trees of aliases, CNAMEs and wildcards. The numbers are the sections of the Route 53 reference that the design names.
import { describe, expect, test } from "vitest";
import type { HealthView } from "../../../monitor/policy/health-check.ts";
import { DESCENT_MAX } from "../../../monitor/policy/constants.ts";
import { checksBehind, recordsBehind, ttlSecondsBehind } from "../../../monitor/policy/reach.ts";
import type { AliasTarget, RecordSet, Routing } from "../../../monitor/policy/record-set.ts";
import {
  alias,
  askIn,
  leaf,
  PRIMARY,
  SECONDARY,
  smallZone,
  told,
  U,
  UNCHECKED,
  weight,
  WWW,
} from "../../support/small-zone.ts";

interface Row {
  readonly rule: string;
  readonly records: readonly RecordSet[];
  readonly health?: HealthView;
  readonly want: readonly string[];
}

const SIMPLE: Routing = { routing: "simple" };
const NEAR = { latencyOrder: ["us-east-1", "eu-west-3"] };

function latency(id: string, awsRegion: string, over: Partial<AliasTarget> = {}): RecordSet {
  return alias(id, { routing: "latency", awsRegion }, { name: `${id}.example.com`, ...over });
}

function branch(name: string, ids: string, over: Partial<RecordSet> = {}): readonly RecordSet[] {
  return ids.split("").map((id) => leaf(id, weight(1), { name: `${name}.example.com`, ...over }));
}

function lone(name: string, target: RecordSet["target"], type: RecordSet["type"] = "A"): RecordSet {
  return { name, type, setIdentifier: null, routing: SIMPLE, target, healthCheckId: null };
}

function values(...list: readonly string[]): RecordSet["target"] {
  return { kind: "values", values: list, ttlSeconds: 300 };
}

function aliasTo(name: string, over: Partial<AliasTarget> = {}): AliasTarget {
  return { kind: "alias", name, hostedZoneId: null, evaluateTargetHealth: true, ...over };
}

describe("2.10 alias trees", () => {
  const tree = [latency("us", "us-east-1"), latency("eu", "eu-west-3"), ...branch("us", "ab"), ...branch("eu", "cd")];
  const stubborn = [latency("us", "us-east-1", { evaluateTargetHealth: false }), ...tree.slice(1)];
  const checkedAlias = [{ ...latency("us", "us-east-1"), healthCheckId: "gate" }, ...tree.slice(1)];
  const deaf = [...tree.slice(0, 2), ...branch("us", "a"), ...branch("us", "b", UNCHECKED), ...branch("eu", "cd")];
  test.each<Row>([
    { rule: "the best branch answers by its own policy", records: tree, want: ["us/a=a", "us/b=b"] },
    { rule: "an ill leaf is left out of its branch", records: tree, health: { a: U }, want: ["us/b=b"] },
    {
      rule: "a branch without a healthy leaf is backed out of",
      records: tree,
      health: { a: U, b: U },
      want: ["eu/c=c", "eu/d=d"],
    },
    {
      rule: "without target health it stays in the branch",
      records: stubborn,
      health: { a: U, b: U },
      want: ["us/a=a!", "us/b=b!"],
    },
    {
      rule: "a leaf without a check makes its branch healthy for ever",
      records: deaf,
      health: { a: U },
      want: ["us/b=b"],
    },
    {
      rule: "an ill check on the alias removes the branch, however well its leaves are",
      records: checkedAlias,
      health: { gate: U },
      want: ["eu/c=c", "eu/d=d"],
    },
    {
      rule: "all branches ill: the last resort at the top, then inside",
      records: tree,
      health: { a: U, b: U, c: U, d: U },
      want: ["us/a=a!", "us/b=b!"],
    },
    {
      rule: "all branches ill by the alias's check: the last resort picks the branch, health picks in it",
      records: checkedAlias,
      health: { gate: U, a: U, c: U, d: U },
      want: ["us/b=b!"],
    },
    {
      rule: "an unknown leaf of an otherwise ill branch: itself, or the next branch, never its ill neighbour",
      records: tree,
      health: { a: "unknown", b: U },
      want: ["us/a=a", "eu/c=c", "eu/d=d"],
    },
    {
      rule: "one check in both branches cannot be healthy in one and ill in the other",
      records: [
        alias("p", PRIMARY, { name: "us.example.com" }),
        alias("s", SECONDARY, { name: "eu.example.com" }),
        ...branch("us", "a", { healthCheckId: "one" }),
        ...branch("eu", "c", { healthCheckId: "one" }),
      ],
      health: { one: "unknown" },
      want: ["p/a=a"],
    },
    {
      rule: "an alias to a name without such a record has nothing to answer",
      records: [lone(WWW, aliasTo("gone.example.com"))],
      want: ["-"],
    },
    {
      rule: "with target health, an alias to nothing is ill",
      records: [alias("p", PRIMARY, { name: "gone.example.com" }), leaf("s", SECONDARY)],
      want: ["s=s"],
    },
    {
      rule: "an alias that names this zone's own id stays inside",
      records: [lone(WWW, aliasTo("in.example.com", { hostedZoneId: "ZOWN" })), lone("in.example.com", values("v"))],
      want: ["=v"],
    },
    {
      rule: "an alias that names another zone leads outside, even under our name",
      records: [lone(WWW, aliasTo("in.example.com", { hostedZoneId: "ZOTHER" })), lone("in.example.com", values("v"))],
      want: ["=@in.example.com"],
    },
    {
      rule: "aliases in a ring are given up",
      records: [lone(WWW, aliasTo("b.example.com")), lone("b.example.com", aliasTo(WWW))],
      want: ["-"],
    },
    {
      rule: "an alias in a ring is of unknown health",
      records: [
        alias("p", PRIMARY, { name: "b.example.com" }),
        leaf("s", SECONDARY),
        lone("b.example.com", aliasTo(WWW)),
      ],
      want: ["s=s", "-"],
    },
  ])("$rule", ({ records, health = {}, want }) => {
    expect(told(askIn(smallZone(records), health, NEAR))).toEqual(want);
  });

  const chain = (length: number) => [
    lone(WWW, aliasTo("n1.example.com")),
    ...Array.from({ length: length - 1 }, (_, index) =>
      lone(`n${index + 1}.example.com`, aliasTo(`n${index + 2}.example.com`)),
    ),
    lone(`n${length}.example.com`, values("end")),
  ];
  test(`a chain of ${DESCENT_MAX} aliases is followed, a longer one is given up with its reason`, () => {
    expect(told(askIn(smallZone(chain(DESCENT_MAX)), {}))).toEqual(["=end"]);
    const given = askIn(smallZone(chain(DESCENT_MAX + 1)), {});
    expect(given).toMatchObject({ kind: "no-answer" });
    expect(given.reason).toContain("leads in a ring or too deep");
  });

  test("a bush of aliases that doubles at each level ends, with every record legal that it reached", () => {
    const levels = Array.from({ length: 15 }, (_, level) => level);
    const bush = levels.flatMap((level) =>
      ["a", "b"]
        .map((id) => alias(id, weight(1), { name: `n${level + 1}.example.com`, evaluateTargetHealth: false }))
        .map((record) => ({ ...record, name: level === 0 ? WWW : `n${level}.example.com` })),
    );
    const answer = askIn(smallZone([...bush, lone("n15.example.com", values("end"))]), {});
    expect(answer.acceptable.length).toBeGreaterThan(0);
    expect(answer.mayBeEmpty).toBe(true);
  });

  test("the TTL is the target's; of a load balancer it is 60 s", () => {
    const inside = smallZone([lone(WWW, aliasTo("in.example.com")), lone("in.example.com", values("v"))]);
    expect(askIn(inside, {}).expected?.ttlSeconds).toBe(300);
    const lb = aliasTo("lb.elb.amazonaws.com", { hostedZoneId: "ZELB" });
    expect(askIn(smallZone([lone(WWW, lb)]), {}).expected?.ttlSeconds).toBe(60);
  });

  test("a reason tells the way down", () => {
    expect(askIn(smallZone(tree), { a: U, b: U, c: U }, NEAR).reason).toBe(
      "eu (eu-west-3), which is healthy (us (us-east-1) unhealthy); d (weight 1 of 2), which is healthy (c (weight 1 of 2) unhealthy)",
    );
  });

  test("everything behind a name is reached: records, checks and the longest TTL", () => {
    const zone = smallZone([...checkedAlias, lone("other.example.com", values("v"))]);
    expect(recordsBehind(zone, WWW, "A").map((record) => record.setIdentifier)).toEqual([
      "eu",
      "us",
      "c",
      "d",
      "a",
      "b",
    ]);
    expect(checksBehind(zone, WWW, "A").map((check) => check.id)).toEqual(["gate", "a", "b", "c", "d"]);
    expect(ttlSecondsBehind(zone, WWW, "A")).toBe(60);
    expect(ttlSecondsBehind(zone, "none.example.com", "A")).toBe(0);
    const outside = smallZone([lone(WWW, aliasTo("lb.elb.amazonaws.com", { hostedZoneId: "ZELB" }))]);
    expect(ttlSecondsBehind(outside, WWW, "A")).toBe(60);
  });
});

describe("CNAME at the name", () => {
  const cname = (name: string, to: string) => lone(name, values(to), "CNAME");
  test.each<Row>([
    {
      rule: "it is followed inside the zone",
      records: [
        cname(WWW, "app.example.com."),
        leaf("p", PRIMARY, { name: "app.example.com" }),
        leaf("s", SECONDARY, { name: "app.example.com" }),
      ],
      health: { p: U },
      want: ["s=s"],
    },
    {
      rule: "outside the zone its name is the answer",
      records: [cname(WWW, "app.example.net")],
      want: ["=@app.example.net"],
    },
    { rule: "to a name without an address: no answer", records: [cname(WWW, "app.example.com")], want: ["-"] },
    { rule: "in a ring: no answer", records: [cname(WWW, "b.example.com"), cname("b.example.com", WWW)], want: ["-"] },
    {
      rule: "CNAMEs have routing policies too",
      records: ["p", "s"].map((id) =>
        leaf(id, id === "p" ? PRIMARY : SECONDARY, { type: "CNAME", target: values(`${id}.example.net`) }),
      ),
      health: { p: U },
      want: ["s=@s.example.net"],
    },
  ])("$rule", ({ records, health = {}, want }) => {
    expect(told(askIn(smallZone(records), health))).toEqual(want);
  });

  test("its TTL counts when it is the smaller one", () => {
    const zone = smallZone([
      { ...cname(WWW, "app.example.com"), target: { kind: "values", values: ["app.example.com"], ttlSeconds: 5 } },
      lone("app.example.com", values("v")),
    ]);
    expect(askIn(zone, {}).expected?.ttlSeconds).toBe(5);
    expect(ttlSecondsBehind(zone, WWW, "A")).toBe(300);
  });
});

describe("wildcards and names that are not the zone's", () => {
  const zone = smallZone([
    lone("*.example.com", values("wild")),
    lone("here.example.com", values("text"), "TXT"),
    lone("deep.below.example.com", values("deep")),
    lone("*.below.example.com", values("below")),
    lone("away.example.com", values("ns.example.net"), "NS"),
    lone("example.com", values("ns.example.net"), "NS"),
  ]);
  test.each([
    { rule: "any other name below", name: "any.example.com", want: ["=wild"] },
    { rule: "any depth below", name: "a.b.example.com", want: ["=wild"] },
    { rule: "a name with another type hides it", name: "here.example.com", want: ["none"] },
    { rule: "a name that only has names below hides it", name: "below.example.com", want: ["none"] },
    { rule: "the closest encloser's wildcard is the one", name: "x.below.example.com", want: ["=below"] },
    { rule: "a name below one without a wildcard gets nothing", name: "x.here.example.com", want: ["none"] },
    { rule: "the zone's own name is no name below", name: "example.com", want: ["none"] },
    { rule: "a delegated name is others' to answer", name: "x.away.example.com", want: ["none"] },
    { rule: "a name elsewhere", name: "www.example.org", want: ["none"] },
    { rule: "without regard to case and the final dot", name: "ANY.Example.com.", want: ["=wild"] },
  ])("$rule: $name", ({ name, want }) => {
    expect(told(askIn(zone, {}, {}, name))).toEqual(want);
  });

  test("the reason says whose the name is", () => {
    expect(askIn(zone, {}, {}, "x.away.example.com").reason).toBe(
      "away.example.com is delegated to other name servers",
    );
    expect(askIn(zone, {}, {}, "www.example.org").reason).toBe("www.example.org is not in the zone example.com");
  });
});
