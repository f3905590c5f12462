// Every routing policy of Route 53 in a topology: what is accepted, what is wrong and where, which records follow, and that the
// judge knows each of their answers.
import { describe, expect, test } from "vitest";
import { ANYONE, type Asker, permits } from "../../../monitor/policy/answer.ts";
import { expectedAnswer } from "../../../monitor/policy/evaluator.ts";
import type { HealthView } from "../../../monitor/policy/health-check.ts";
import { regionOfSet, zoneOf } from "../../../monitor/topology/zone.ts";
import { edited, problemLines, topologyOf } from "../../support/topology-text.ts";

const POLICY = "routing: failover, primary: east, secondary: west";
const PLACES = [
  ["region: us-east-1", "region: us-east-1\n    awsRegion: us-east-1"],
  ["region: us-west-2", "region: us-west-2\n    coordinates: { latitude: 45.5, longitude: -122.67 }"],
] as const;

const WEIGHTED = "routing: weighted, weights: { east: 3, west: 0 }";
const GEOLOCATION = 'routing: geolocation, locations: { east: [NA, "*"], west: [US-CA, "country:NA", BE] }';
const GEOPROXIMITY = "routing: geoproximity, biases: { west: -20 }";
const IP_BASED = 'routing: ip-based, blocks: { west: [198.51.100.0/24, "2001:db8::/48"] }, default: east';

function withPolicy(policy: string, ...more: readonly (readonly [string, string])[]): string {
  return edited([POLICY, policy], ...more);
}

describe("accepted, with these records", () => {
  test.each([
    {
      name: "weighted",
      text: withPolicy(WEIGHTED),
      records: ["east { weighted, weight 3 }", "west { weighted, weight 0 }"],
    },
    {
      name: "weighted with a region that has no weight and so no record",
      text: withPolicy("routing: weighted, weights: { east: 255 }"),
      records: ["east { weighted, weight 255 }"],
    },
    {
      name: "geolocation, one record a place",
      text: withPolicy(GEOLOCATION),
      records: [
        "east/NA { geolocation, continent NA, country null, subdivision null }",
        "east/* { geolocation, continent null, country *, subdivision null }",
        "west/US-CA { geolocation, continent null, country US, subdivision CA }",
        "west/country:NA { geolocation, continent null, country NA, subdivision null }",
        "west/BE { geolocation, continent null, country BE, subdivision null }",
      ],
    },
    {
      name: "geoproximity by AWS region and by coordinates",
      text: withPolicy(GEOPROXIMITY, ...PLACES),
      records: [
        "east { geoproximity, location (aws-region us-east-1), bias 0 }",
        "west { geoproximity, location (coordinates 45.5 -122.67), bias -20 }",
      ],
    },
    {
      name: "geoproximity without biases",
      text: withPolicy("routing: geoproximity", ...PLACES),
      records: [
        "east { geoproximity, location (aws-region us-east-1), bias 0 }",
        "west { geoproximity, location (coordinates 45.5 -122.67), bias 0 }",
      ],
    },
    {
      name: "multivalue",
      text: withPolicy("routing: multivalue"),
      records: ["east { multivalue }", "west { multivalue }"],
    },
    {
      name: "IP-based",
      text: withPolicy(IP_BASED),
      records: [
        "east/* { ip-based, collectionId topology, location * }",
        "west { ip-based, collectionId topology, location west }",
      ],
    },
  ])("$name", ({ text, records }) => {
    expect(problemLines(text)).toEqual([]);
    const zone = zoneOf(topologyOf(text));
    const told = zone.recordSets.map(({ setIdentifier, routing: { routing, ...rest }, healthCheckId }) => {
      expect(healthCheckId).toBe(regionOfSet(setIdentifier));
      const fields = Object.entries(rest).map(([key, value]) =>
        typeof value === "object" && value !== null
          ? `${key} (${Object.values(value as object).join(" ")})`
          : `${key} ${String(value)}`,
      );
      return `${setIdentifier ?? "-"} { ${[routing, ...fields].join(", ")} }`;
    });
    expect(told).toEqual(records);
  });

  test("an IP-based policy's blocks as one collection, with names that Route 53 takes", () => {
    const long = "a-region-with-a-long-name";
    const text = edited(
      [POLICY, `routing: ip-based, blocks: { ${long}: [203.0.113.0/24], west: [198.51.100.0/24] }, default: west`],
      ["id: east", `id: ${long}`],
    );
    const { cidrCollections, recordSets } = zoneOf(topologyOf(text));
    const names = cidrCollections.flatMap(({ locations }) => locations.map(({ name }) => name));
    expect(names).toEqual([expect.stringMatching(/^a-region-wi-[0-9a-f]{4}$/), "west"]);
    const named = recordSets.map(({ routing }) => (routing.routing === "ip-based" ? routing.location : ""));
    expect(named).toEqual([names[0], "west", "*"]);
  });
});

describe("refused", () => {
  test.each([
    {
      name: "a weight over 255 and one below zero",
      text: withPolicy("routing: weighted, weights: { east: 256, west: -1 }"),
      problems: [
        "13:49: dns.policy.weights.east: expected a whole number from 0 to 255, found 256",
        "13:60: dns.policy.weights.west: expected a whole number from 0 to 255, found -1",
      ],
    },
    {
      name: "weights of nobody",
      text: withPolicy("routing: weighted, weights: {}"),
      problems: ["13:41: dns.policy.weights: expected weights of one region at least, by region id, found a mapping"],
    },
    {
      name: "a list of weights",
      text: withPolicy("routing: weighted, weights: [1, 2]"),
      problems: ["13:41: dns.policy.weights: expected weights of one region at least, by region id, found a list of 2"],
    },
    {
      name: "the weight of a region that is not there, beside one that is wrong by itself",
      text: withPolicy("routing: weighted, weights: { eats: 1, west: 1.5 }"),
      problems: [
        "13:43: dns.policy.weights.eats: unknown key `eats`, did you mean `east`? Known here: east, west",
        "13:58: dns.policy.weights.west: expected a whole number from 0 to 255, found 1.5",
      ],
    },
    {
      name: "a TTL over a minute",
      text: withPolicy("routing: weighted, weights: { east: 1 }, ttlSeconds: 61"),
      problems: [
        "13:66: dns.policy.ttlSeconds: expected at most 60 seconds, because users keep the answer of a region that failed for that long, found 61",
      ],
    },
    {
      name: "a place of no code, and one that two regions claim",
      text: withPolicy('routing: geolocation, locations: { east: [Europe, "*"], west: ["*", BE, "country:BE"] }'),
      problems: [
        '13:55: dns.policy.locations.east[0]: expected a place: a continent (AF, AN, AS, EU, NA, OC, SA), a country such as BE, one of its subdivisions such as US-CA, or * for everywhere else; country:NA where the code is a continent\'s too, found "Europe"',
        '13:76: dns.policy.locations.west[0]: expected a place that no other record answers (dns.policy.locations.east[1] has it already), found "*"',
        '13:85: dns.policy.locations.west[2]: expected a place that no other record answers (dns.policy.locations.west[1] has it already), found "country:BE"',
      ],
    },
    {
      name: "a region without any place",
      text: withPolicy("routing: geolocation, locations: { east: [] }"),
      problems: ["13:54: dns.policy.locations.east: expected a list of 1 to 300 places, found an empty list"],
    },
    {
      name: "geoproximity of regions that are nowhere",
      text: withPolicy("routing: geoproximity, biases: { north: 1, west: 100 }", PLACES[0]),
      problems: [
        "8:5: regions[1].coordinates: missing: expected coordinates, or the AWS region that it is in, because the routing is geoproximity",
        "14:46: dns.policy.biases.north: unknown key `north`, known here: east, west",
        "14:62: dns.policy.biases.west: expected a whole number from -99 to 99, found 100",
      ],
    },
    {
      name: "coordinates off the earth, and finer than Route 53 takes",
      text: edited(["region: us-east-1", "region: us-east-1\n    coordinates: { latitude: 90.5, longitude: 3.821 }"]),
      problems: [
        "5:30: regions[0].coordinates.latitude: expected a number of degrees from -90 to 90 with at most two decimals, found 90.5",
        "5:47: regions[0].coordinates.longitude: expected a number of degrees from -180 to 180 with at most two decimals, found 3.821",
      ],
    },
    {
      name: "blocks that are too small, not blocks, or claimed twice",
      text: withPolicy(
        'routing: ip-based, blocks: { east: [198.51.100.0/25, 0.0.0.0/0, "2001:db8::/48"], west: ["2001:0DB8:0::/48", 203.0.113.1/24] }, default: wets',
      ),
      problems: [
        '13:49: dns.policy.blocks.east[0]: expected a CIDR block with its host bits zero, at most /24 for IPv4 and /48 for IPv6, such as 198.51.100.0/24, found "198.51.100.0/25"',
        '13:66: dns.policy.blocks.east[1]: expected a CIDR block with its host bits zero, at most /24 for IPv4 and /48 for IPv6, such as 198.51.100.0/24, found "0.0.0.0/0"',
        '13:102: dns.policy.blocks.west[0]: expected a CIDR block that stands nowhere else (dns.policy.blocks.east[2] has it already), found "2001:0DB8:0::/48"',
        '13:122: dns.policy.blocks.west[1]: expected a CIDR block with its host bits zero, at most /24 for IPv4 and /48 for IPv6, such as 198.51.100.0/24, found "203.0.113.1/24"',
        '13:150: dns.policy.default: expected the id of a region (east, west), found "wets", did you mean west?',
      ],
    },
    {
      name: "IP-based routing that leaves everybody else without an answer",
      text: withPolicy("routing: ip-based, blocks: { east: [198.51.100.0/24] }"),
      problems: [
        "13:11: dns.policy.default: missing: expected the id of a region of at most 63 lower case letters, digits and hyphens, with no hyphen at either end",
      ],
    },
    {
      name: "a vantage at no place",
      text: `${withPolicy("routing: multivalue")}probe: { vantages: [{ id: a, hint: weur, location: { continent: XX, country: be } }] }\n`,
      problems: [
        '14:65: probe.vantages[0].location.continent: expected a continent\'s code (AF, AN, AS, EU, NA, OC, SA), found "XX"',
        '14:78: probe.vantages[0].location.country: expected a country\'s code such as BE, found "be"',
      ],
    },
  ])("$name", ({ text, problems }) => {
    expect(problemLines(text)).toEqual(problems);
  });
});

const EAST = "192.0.2.10";
const WEST = "198.51.100.20";
const UP: HealthView = { east: "healthy", west: "healthy" };
const EAST_DOWN: HealthView = { ...UP, east: "unhealthy" };
const CALIFORNIA: Asker = { ...ANYONE, location: { continent: "NA", country: "US", subdivision: "CA" } };
const ASIA: Asker = { ...ANYONE, location: { continent: "AS", country: "JP", subdivision: null } };
const NEW_YORK: Asker = { ...ANYONE, coordinates: { latitude: 40.71, longitude: -74.01 } };

describe("the judge permits", () => {
  test.each<{ name: string; text: string; asker: Asker; health: HealthView; replies: readonly string[][] }>([
    { name: "no weight of zero", text: withPolicy(WEIGHTED), asker: ANYONE, health: UP, replies: [[EAST]] },
    {
      name: "a weight of zero when all else is ill",
      text: withPolicy(WEIGHTED),
      asker: ANYONE,
      health: EAST_DOWN,
      replies: [[WEST]],
    },
    {
      name: "either of two weights",
      text: withPolicy("routing: weighted, weights: { east: 1, west: 1 }"),
      asker: ANYONE,
      health: UP,
      replies: [[EAST], [WEST]],
    },
    { name: "the state's region", text: withPolicy(GEOLOCATION), asker: CALIFORNIA, health: UP, replies: [[WEST]] },
    { name: "the default's region", text: withPolicy(GEOLOCATION), asker: ASIA, health: UP, replies: [[EAST]] },
    {
      name: "any region to who is nowhere",
      text: withPolicy(GEOLOCATION),
      asker: ANYONE,
      health: UP,
      replies: [[EAST], [WEST]],
    },
    {
      name: "the nearest",
      text: withPolicy(GEOPROXIMITY, ...PLACES),
      asker: NEW_YORK,
      health: UP,
      replies: [[EAST]],
    },
    {
      name: "the next nearest when the nearest is ill",
      text: withPolicy(GEOPROXIMITY, ...PLACES),
      asker: NEW_YORK,
      health: EAST_DOWN,
      replies: [[WEST]],
    },
    {
      name: "all healthy values at once",
      text: withPolicy("routing: multivalue"),
      asker: ANYONE,
      health: UP,
      replies: [[EAST, WEST]],
    },
    {
      name: "the network's region",
      text: withPolicy(IP_BASED),
      asker: { ...ANYONE, clientSubnet: "198.51.100.7/32" },
      health: UP,
      replies: [[WEST]],
    },
    {
      name: "the default region to other networks",
      text: withPolicy(IP_BASED),
      asker: { ...ANYONE, clientSubnet: "203.0.113.0/24" },
      health: UP,
      replies: [[EAST]],
    },
  ])("$name, and nothing else", ({ text, asker, health, replies }) => {
    const zone = zoneOf(topologyOf(text));
    const { acceptable } = expectedAnswer(zone, { name: "demo.example.com", type: "A", asker }, health);
    const all = [[EAST], [WEST], [EAST, WEST]];
    expect(all.filter((reply) => acceptable.some((choice) => permits(choice, reply)))).toEqual(replies);
  });
});
