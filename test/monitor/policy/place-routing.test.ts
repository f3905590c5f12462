// The policies that go by where the asker is. The numbers are the sections of the Route 53 reference that the design names.
import { describe, expect, test } from "vitest";
import type { Asker } from "../../../monitor/policy/answer.ts";
import type { HealthView } from "../../../monitor/policy/health-check.ts";
import type { CidrCollection, GeoproximityLocation, RecordSet, Routing } from "../../../monitor/policy/record-set.ts";
import { askIn, leaf, smallZone, told, U } from "../../support/small-zone.ts";

interface Row {
  readonly rule: string;
  readonly records: readonly RecordSet[];
  readonly health?: HealthView;
  readonly asker?: Partial<Asker>;
  readonly want: readonly string[];
}

function check({ records, health = {}, asker = {}, want }: Row): void {
  expect(told(askIn(smallZone(records, [], [BLOCKS]), health, asker))).toEqual(want);
}

const BLOCKS: CidrCollection = {
  id: "blocks",
  locations: [
    { name: "office", blocks: ["10.0.0.0/8", "2001:db8::/32"] },
    { name: "lab", blocks: ["10.1.0.0/16"] },
  ],
};

describe("2.6 geolocation", () => {
  const geo = (id: string, place: Partial<Extract<Routing, { routing: "geolocation" }>>) =>
    leaf(id, { routing: "geolocation", continent: null, country: null, subdivision: null, ...place });
  const [ca, us, na, any] = [
    geo("ca", { country: "US", subdivision: "CA" }),
    geo("us", { country: "US" }),
    geo("na", { continent: "NA" }),
    geo("any", { country: "*" }),
  ] as const;
  const all = [ca, us, na, any];
  const at = (continent: string, country: string, subdivision: string | null = "none"): Partial<Asker> => ({
    location: { continent, country, subdivision },
  });
  const rows: readonly Row[] = [
    { rule: "the state first", records: all, asker: at("NA", "US", "CA"), want: ["ca=ca"] },
    { rule: "then the country", records: all, asker: at("NA", "US", "NY"), want: ["us=us"] },
    { rule: "then the continent", records: all, asker: at("NA", "MX"), want: ["na=na"] },
    { rule: "then the default", records: all, asker: at("EU", "BE"), want: ["any=any"] },
    {
      rule: "ill: outward to the country",
      records: all,
      asker: at("NA", "US", "CA"),
      health: { ca: U },
      want: ["us=us"],
    },
    {
      rule: "ill: outward to the continent",
      records: all,
      asker: at("NA", "US", "CA"),
      health: { ca: U, us: U },
      want: ["na=na"],
    },
    {
      rule: "ill: outward to the default",
      records: all,
      asker: at("NA", "US"),
      health: { us: U, na: U },
      want: ["any=any"],
    },
    {
      rule: "all on the walk ill: the most specific, by the last resort",
      records: all,
      asker: at("NA", "MX"),
      health: { na: U, any: U },
      want: ["na=na!"],
    },
    { rule: "nothing fits and there is no default: no answer", records: [us, na], asker: at("EU", "BE"), want: ["-"] },
    { rule: "codes compare without case", records: all, asker: at("na", "us", "ca"), want: ["ca=ca"] },
    {
      rule: "state not known: the state's record or the country's",
      records: all,
      asker: at("NA", "US", null),
      want: ["ca=ca", "us=us"],
    },
    { rule: "place not known: whatever some place gets", records: [us, na], want: ["us=us", "na=na", "-"] },
    {
      rule: "place not known: an ill default still answers those whom nothing else fits",
      records: [us, any],
      health: { any: U },
      want: ["us=us", "any=any!"],
    },
  ];
  test.each(rows)("$rule", check);

  test("no answer is apart from no such record", () => {
    const zone = smallZone([us]);
    const nothing = askIn(zone, {}, at("EU", "BE"));
    expect(nothing).toMatchObject({ kind: "no-answer", acceptable: [], mayBeEmpty: true });
    expect(nothing.reason).toBe("no record of www.example.com fits this asker");
    expect(askIn(zone, {}, {}, "other.example.com")).toMatchObject({ kind: "no-such-record", mayBeEmpty: false });
  });
});

describe("2.7 geoproximity", () => {
  const near = (id: string, location: GeoproximityLocation, bias = 0) =>
    leaf(id, { routing: "geoproximity", location, bias });
  const region = (awsRegion: string): GeoproximityLocation => ({ kind: "aws-region", awsRegion });
  const paris = near("paris", region("eu-west-3"));
  const dublin = near("dublin", region("eu-west-1"));
  const virginia = (bias: number) => near("virginia", region("us-east-1"), bias);
  const brussels: Partial<Asker> = { coordinates: { latitude: 50.85, longitude: 4.35 } };
  const rows: readonly Row[] = [
    { rule: "the nearest", records: [paris, dublin], asker: brussels, want: ["paris=paris"] },
    {
      rule: "the next nearest when it is ill",
      records: [paris, dublin],
      asker: brussels,
      health: { paris: U },
      want: ["dublin=dublin"],
    },
    {
      rule: "all ill: the nearest, by the last resort",
      records: [paris, dublin],
      asker: brussels,
      health: { paris: U, dublin: U },
      want: ["paris=paris!"],
    },
    {
      rule: "a positive bias draws from far away",
      records: [paris, virginia(99)],
      asker: brussels,
      want: ["virginia=virginia"],
    },
    { rule: "a small one does not", records: [paris, virginia(50)], asker: brussels, want: ["paris=paris"] },
    {
      rule: "a negative bias pushes away",
      records: [near("paris", region("eu-west-3"), -90), dublin],
      asker: brussels,
      want: ["dublin=dublin"],
    },
    {
      rule: "coordinates serve as well as a region",
      records: [near("here", { kind: "coordinates", latitude: 50.4, longitude: 3.8 }), dublin],
      asker: brussels,
      want: ["here=here"],
    },
    {
      rule: "distances that we cannot tell apart are equal",
      records: [paris, near("here", { kind: "coordinates", latitude: 49.6, longitude: 6.1 })],
      asker: brussels,
      want: ["here=here", "paris=paris"],
    },
    {
      rule: "a Local Zone is anywhere, as far as we know",
      records: [dublin, near("zone", { kind: "local-zone-group", group: "eu-central-1-ham-1" })],
      asker: brussels,
      want: ["zone=zone", "dublin=dublin"],
    },
    {
      rule: "place not known: every record is the nearest to somebody",
      records: [paris, dublin],
      want: ["dublin=dublin", "paris=paris"],
    },
  ];
  test.each(rows)("$rule", check);
});

describe("2.8 IP-based", () => {
  const ip = (id: string, location: string) => leaf(id, { routing: "ip-based", collectionId: "blocks", location });
  const all = [ip("office", "office"), ip("lab", "lab"), ip("any", "*")];
  const from = (clientSubnet: string): Partial<Asker> => ({ clientSubnet });
  const rows: readonly Row[] = [
    { rule: "the block that holds the subnet", records: all, asker: from("10.2.3.0/24"), want: ["office=office"] },
    { rule: "the longest of several", records: all, asker: from("10.1.3.0/24"), want: ["lab=lab"] },
    { rule: "a block as long as the subnet matches", records: all, asker: from("10.1.0.0/16"), want: ["lab=lab"] },
    {
      rule: "a subnet shorter than the block does not",
      records: all,
      asker: from("10.1.0.0/15"),
      want: ["office=office"],
    },
    { rule: "shorter than all: the default", records: all, asker: from("10.0.0.0/7"), want: ["any=any"] },
    { rule: "in no block: the default", records: all, asker: from("192.0.2.0/24"), want: ["any=any"] },
    { rule: "IPv6 blocks", records: all, asker: from("2001:db8:1::/48"), want: ["office=office"] },
    {
      rule: "ill: the next longest, then the default",
      records: all,
      asker: from("10.1.3.0/24"),
      health: { lab: U, office: U },
      want: ["any=any"],
    },
    {
      rule: "in no block and no default: no answer",
      records: all.slice(0, 2),
      asker: from("192.0.2.0/24"),
      want: ["-"],
    },
    {
      rule: "subnet not known: whatever some subnet gets",
      records: all.slice(0, 2),
      want: ["office=office", "lab=lab", "-"],
    },
  ];
  test.each(rows)("$rule", check);
});
