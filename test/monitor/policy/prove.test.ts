// Which failures break which promise, on trees that the Route 53 reference names; each row with the rule that does it.
import { describe, expect, test } from "vitest";
import { type Proof, proveZone } from "../../../monitor/policy/prove.ts";
import type { CidrCollection, RecordSet, Routing } from "../../../monitor/policy/record-set.ts";
import type { HealthCheck } from "../../../monitor/policy/health-check.ts";
import {
  alias,
  endpointCheck,
  leaf,
  PRIMARY,
  SECONDARY,
  smallZone,
  UNCHECKED,
  weight,
  WWW,
} from "../../support/small-zone.ts";

const SIMPLE: Routing = { routing: "simple" };
const DEAF = { evaluateTargetHealth: false };

function latency(id: string, awsRegion: string, over: object = {}): RecordSet {
  return alias(id, { routing: "latency", awsRegion }, { name: `${id}.example.com`, ...over });
}

function branch(name: string, ids: string, over: Partial<RecordSet> = {}): readonly RecordSet[] {
  return ids.split("").map((id) => leaf(id, weight(1), { name: `${name}.example.com`, ...over }));
}

function place(id: string, continent: string | null, country: string | null, over: Partial<RecordSet> = {}): RecordSet {
  return leaf(id, { routing: "geolocation", continent, country, subdivision: null }, over);
}

function network(id: string, location: string): RecordSet {
  return leaf(id, { routing: "ip-based", collectionId: "nets", location });
}

const NETS: readonly CidrCollection[] = [
  { id: "nets", locations: [{ name: "office", blocks: ["10.1.0.0/16", "10.2.0.0/16"] }] },
];

const ELB = alias(
  "us",
  { routing: "latency", awsRegion: "us-east-1" },
  { name: "lb.elb.amazonaws.com", hostedZoneId: "ZELB" },
);
const TWO_LEVELS = [
  { ...ELB, name: "use1.example.com", setIdentifier: null, routing: SIMPLE },
  leaf("gcp", weight(1), { name: "euw1.example.com" }),
  alias("us", { routing: "latency", awsRegion: "us-east-1" }, { name: "use1.example.com" }),
  alias("eu", { routing: "latency", awsRegion: "eu-west-3" }, { name: "euw1.example.com" }),
];
const STUBBORN = TWO_LEVELS.map((record) =>
  record.setIdentifier === "eu" ? alias("eu", record.routing, { name: "euw1.example.com", ...DEAF }) : record,
);

/** "users | a + b | answered | rule". */
function told(proof: Proof | null, property: string): readonly string[] {
  const cuts = proof?.properties.find((one) => one.property === property)?.cuts ?? [];
  return cuts.map(({ askers, down, answered, rule }) =>
    [askers.join(" or "), down.join(" + "), answered.join(", "), rule].join(" | "),
  );
}

interface Row {
  readonly rule: string;
  readonly records: readonly RecordSet[];
  readonly checks?: readonly HealthCheck[];
  readonly stranding?: readonly string[];
  readonly answers?: readonly string[];
  readonly open?: readonly string[];
  readonly blind?: readonly string[];
}

describe("what breaks a promise, and by which rule", () => {
  test.each<Row>([
    { rule: "2.2 failover with both checked keeps all", records: [leaf("p", PRIMARY), leaf("s", SECONDARY)] },
    {
      rule: "2.2 a secondary without a check is answered for ever: nobody sees it dead",
      records: [leaf("p", PRIMARY), leaf("s", SECONDARY, UNCHECKED)],
      blind: ["s: no health check"],
    },
    {
      rule: "2.2 an alias primary without target health never fails over",
      records: [alias("p", PRIMARY, { name: "in.example.com", ...DEAF }), leaf("s", SECONDARY), ...branch("in", "a")],
      stranding: ["anywhere | a | p/a | alias `p` keeps its branch because target health is not evaluated"],
      open: ["anywhere | a | p/a | alias `p` keeps its branch because target health is not evaluated"],
    },
    { rule: "5.8 the two-level tree keeps all", records: TWO_LEVELS },
    {
      rule: "5.8 without target health on eu, losing gcp alone strands who is nearest to it",
      records: STUBBORN,
      stranding: [
        "nearest to eu-west-3 | gcp | eu/gcp | alias `eu` keeps its branch because target health is not evaluated",
      ],
      open: [
        "nearest to eu-west-3 | gcp | eu/gcp | alias `eu` keeps its branch because target health is not evaluated",
      ],
    },
    {
      rule: "2.10 a branch is lost only with all of its leaves",
      records: [
        latency("us", "us-east-1"),
        latency("eu", "eu-west-3", DEAF),
        ...branch("us", "ab"),
        ...branch("eu", "cd"),
      ],
      stranding: [
        "nearest to eu-west-3 | c + d | eu/c, eu/d | alias `eu` keeps its branch because target health is not evaluated",
      ],
      open: [
        "nearest to eu-west-3 | c + d | eu/c, eu/d | alias `eu` keeps its branch because target health is not evaluated",
      ],
    },
    {
      rule: "2.10 a leaf without a check makes its branch healthy for ever, and its dead neighbour is left out",
      records: [
        latency("us", "us-east-1"),
        latency("eu", "eu-west-3"),
        ...branch("us", "a"),
        ...branch("eu", "c"),
        ...branch("eu", "d", UNCHECKED),
      ],
      blind: ["eu/d: no health check"],
    },
    {
      rule: "2.10 a check on the alias holds a living branch unhealthy",
      records: [
        { ...latency("us", "us-east-1"), healthCheckId: "gate" },
        leaf("eu", { routing: "latency", awsRegion: "eu-west-3" }),
        ...branch("us", "a"),
      ],
      open: [
        "nearest to eu-west-3 | eu + gate | eu | `us` is held unhealthy though something behind it lives: health check gate is unhealthy: at most 18 % of its checkers say healthy, alias target us.example.com is healthy",
        "nearest to us-east-1 | eu + gate | us/a | `us` is held unhealthy though something behind it lives: health check gate is unhealthy: at most 18 % of its checkers say healthy, alias target us.example.com is healthy, and nothing else that fits the asker is healthy",
      ],
      stranding: [
        "nearest to eu-west-3 | eu + gate | eu | `us` is held unhealthy though something behind it lives: health check gate is unhealthy: at most 18 % of its checkers say healthy, alias target us.example.com is healthy",
      ],
    },
    {
      rule: "2.4 weights that all have checks keep all, zero or not",
      records: [leaf("a", weight(0)), leaf("b", weight(3))],
    },
    { rule: "2.5 multivalue keeps all", records: ["a", "b", "c"].map((id) => leaf(id, { routing: "multivalue" })) },
    {
      rule: "2.6 without a default, other places get no answer, and a continent has nothing to fall back on",
      records: [place("be", null, "BE"), place("eu", "EU", null), place("us", null, "US")],
      answers: ["anywhere else |  |  | no record of www.example.com fits this asker"],
      stranding: [
        "in EU | eu | eu | no other record of www.example.com fits the asker, so `eu` answers though unhealthy",
        "in US | us | us | no other record of www.example.com fits the asker, so `us` answers though unhealthy",
        "in BE | be + eu | be | no other record of www.example.com fits the asker, so `be` answers though unhealthy",
      ],
      open: [
        "in EU | eu | eu | no other record of www.example.com fits the asker, so `eu` answers though unhealthy",
        "in US | us | us | no other record of www.example.com fits the asker, so `us` answers though unhealthy",
        "in BE | be + eu | be | no other record of www.example.com fits the asker, so `be` answers though unhealthy",
      ],
    },
    {
      rule: "2.8 a network falls back on the default location, which has nothing to fall back on",
      records: [network("office", "office"), network("rest", "*")],
      stranding: [
        "of no listed network | rest | rest | no other record of www.example.com fits the asker, so `rest` answers though unhealthy",
      ],
      open: [
        "of no listed network | rest | rest | no other record of www.example.com fits the asker, so `rest` answers though unhealthy",
      ],
    },
    {
      rule: "a CNAME brings no health back",
      records: [
        {
          ...leaf("p", PRIMARY, { type: "CNAME", ...UNCHECKED }),
          target: { kind: "values", values: ["in.example.com"], ttlSeconds: 60 },
        },
        {
          ...leaf("s", SECONDARY, { type: "CNAME" }),
          target: { kind: "values", values: ["s.example.net"], ttlSeconds: 60 },
        },
        leaf("a", weight(1), { name: "in.example.com" }),
      ],
      stranding: ["anywhere | a | p/a | CNAME `p` keeps its branch because no health comes back through a CNAME"],
      open: ["anywhere | a | p/a | CNAME `p` keeps its branch because no health comes back through a CNAME"],
    },
    {
      rule: "1.10 a calculated check that needs both of two loses its leaf with either",
      records: [
        alias("p", PRIMARY, { name: "in.example.com", ...DEAF }),
        leaf("s", SECONDARY),
        leaf("a", weight(1), { name: "in.example.com", healthCheckId: "both" }),
      ],
      checks: [
        { id: "both", type: "CALCULATED", children: ["x", "y"], healthThreshold: 2, disabled: false, inverted: false },
        endpointCheck("x"),
        endpointCheck("y"),
      ],
      stranding: ["x", "y"].map(
        (id) => `anywhere | ${id} | p/a | alias \`p\` keeps its branch because target health is not evaluated`,
      ),
      open: ["x", "y"].map(
        (id) => `anywhere | ${id} | p/a | alias \`p\` keeps its branch because target health is not evaluated`,
      ),
    },
    {
      rule: "1.9 a disabled check sees nothing dead, an inverted one fails when its endpoint is well",
      records: [leaf("p", PRIMARY), leaf("s", SECONDARY)],
      checks: [endpointCheck("p", { disabled: true }), endpointCheck("s", { inverted: true })],
      blind: ["p: its health check p is healthy whatever happens"],
    },
    {
      rule: "an alias to nothing leaves users without an answer once it is all there is",
      records: [leaf("p", PRIMARY), alias("s", SECONDARY, { name: "gone.example.com", ...DEAF })],
      answers: [
        "anywhere | p |  | the secondary s, which is healthy (the primary p unhealthy); alias to gone.example.com, which has no A record",
      ],
    },
  ])("$rule", ({ records, checks = [], stranding = [], answers = [], open = [], blind = [] }) => {
    const proof = proveZone(smallZone(records, checks, NETS), WWW, "A");
    expect(told(proof, "no-stranding")).toEqual(stranding);
    expect(told(proof, "always-answers")).toEqual(answers);
    expect(told(proof, "fail-open-only-when-all-down")).toEqual(open);
    expect(proof?.blind.map((one) => `${one.leaf}: ${one.why}`)).toEqual(blind);
    const verdicts = proof?.properties.map(({ verdict }) => verdict);
    expect(verdicts).toEqual([stranding, answers, open].map((cuts) => (cuts.length === 0 ? "proven" : "failed")));
  });
});

test("a check that is gone is blind and may be read either way", () => {
  const zone = { ...smallZone([leaf("p", PRIMARY), leaf("s", SECONDARY)]), healthChecks: [endpointCheck("s")] };
  const proof = proveZone(zone, WWW, "A");
  expect(proof?.blind).toEqual([{ leaf: "p", why: "its health check p does not exist" }]);
  // As far as anybody can see the primary lives.
  expect(told(proof, "fail-open-only-when-all-down")).toEqual([
    "anywhere | p (no such check) + s | p | `p` is held unhealthy though it lives: health check p does not exist or cannot be read, and nothing else that fits the asker is healthy",
  ]);
});

test("only what can change is counted among the states", () => {
  const zone = smallZone([leaf("p", PRIMARY), leaf("s", SECONDARY)], [endpointCheck("p", { disabled: true })]);
  expect(proveZone(zone, WWW, "A")).toMatchObject({
    inputs: [{ name: "s", leaves: ["s"] }],
    states: { count: 2, failuresMax: null },
  });
});

test("a zone without the record is none to prove", () => {
  expect(proveZone(smallZone([]), WWW, "A")).toBe(null);
  expect(proveZone(smallZone([leaf("p", PRIMARY)]), WWW, "AAAA")).toBe(null);
  const delegation = { ...leaf("ns", SIMPLE, UNCHECKED), type: "NS", setIdentifier: null } as const;
  expect(proveZone(smallZone([leaf("p", PRIMARY), delegation]), WWW, "A")).toBe(null);
});

test("aliases in a ring prove nothing", () => {
  const ring = [
    alias("p", PRIMARY, { name: "b.example.com" }),
    leaf("s", SECONDARY),
    { ...alias("x", SIMPLE, { name: WWW }), name: "b.example.com", setIdentifier: null },
  ];
  const proof = proveZone(smallZone(ring), WWW, "A");
  expect(proof?.treeCut).toBe(true);
  expect(proof?.properties.map(({ verdict }) => verdict)).not.toContain("proven");
});

describe("many checks", () => {
  const regions = [
    "us-east-1",
    "us-west-2",
    "eu-west-1",
    "eu-west-3",
    "sa-east-1",
    "ap-south-1",
    "ap-east-1",
    "af-south-1",
  ];
  const ring = regions.flatMap((awsRegion, index) => [
    latency(`r${index}`, awsRegion),
    leaf("p", PRIMARY, { name: `r${index}.example.com`, healthCheckId: `c${index}` }),
    leaf("s", SECONDARY, { name: `r${index}.example.com`, healthCheckId: `c${(index + 1) % regions.length}` }),
  ]);

  test("sixteen in four branches are proven over all states", () => {
    const four = regions.slice(0, 4).map((awsRegion, index) => latency(`r${index}`, awsRegion));
    const leaves = ["abcd", "efgh", "ijkl", "mnop"].flatMap((ids, index) => branch(`r${index}`, ids));
    const proof = proveZone(smallZone([...four, ...leaves]), WWW, "A");
    expect(proof).toMatchObject({ states: { count: 65_536, failuresMax: null }, treeCut: false });
    expect(proof?.properties.map(({ verdict }) => verdict)).toEqual(["proven", "proven", "proven"]);
    expect(proof?.failsOpen.map(({ down }) => down.length)).toEqual(Array.from({ length: 5 }, () => 16));
  });

  test("a check in two branches fails in both at once", () => {
    const proof = proveZone(smallZone(ring), WWW, "A");
    expect(proof?.inputs).toHaveLength(8);
    expect(proof?.properties.map(({ verdict }) => verdict)).toEqual(["proven", "proven", "proven"]);
  });

  test("forty are searched whole where that is cheap", () => {
    const forty = Array.from({ length: 40 }, (_, index) => leaf(`w${index}`, weight(1)));
    expect(proveZone(smallZone(forty), WWW, "A")?.states).toEqual({ count: 2 ** 40, failuresMax: null });
  });

  test("where it is not, the failures are bounded, and what is not broken is not proven", () => {
    const all = Array.from({ length: 24 }, (_, index) => `c${index}`);
    const sum: HealthCheck = {
      id: "sum",
      type: "CALCULATED",
      children: all,
      healthThreshold: 12,
      disabled: false,
      inverted: false,
    };
    const zone = smallZone(
      [
        alias("p", PRIMARY, { name: "in.example.com", ...DEAF }),
        leaf("s", SECONDARY),
        leaf("a", weight(1), { name: "in.example.com", healthCheckId: "sum" }),
      ],
      [sum, ...all.map((id) => endpointCheck(id))],
    );
    const proof = proveZone(zone, WWW, "A");
    expect(proof?.states).toEqual({ count: 15_276, failuresMax: 4 });
    expect(proof?.properties.map(({ verdict }) => verdict)).toEqual([
      "not-disproven",
      "not-disproven",
      "not-disproven",
    ]);
  });
});
