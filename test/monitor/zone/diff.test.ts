// The plan between a topology and a zone: carried out it leads there, it touches nobody else's records, and it says what users
// see meanwhile.
import { describe, expect, test } from "vitest";
import { publishedZone, type ZoneForm, ZONE_FORMS } from "../../../monitor/topology/published-zone.ts";
import type { DnsPolicy, Topology } from "../../../monitor/topology/topology.ts";
import type { TopologyZone } from "../../../monitor/topology/zone.ts";
import type { AwsHealthCheck, AwsRecordSet } from "../../../monitor/zone/aws-shapes.ts";
import { type FoundZone, isSettled, planZone, type ZonePlan } from "../../../monitor/zone/diff.ts";
import { zoneFromAws } from "../../../monitor/zone/from-aws.ts";
import { type AwsIds, awsHealthCheckConfig, awsRecordSet } from "../../../monitor/zone/to-aws.ts";
import { topologyOfClusters } from "../../render/topologies.ts";
import { AWS, EXAMPLE, GCP, LATENCY } from "../../support/example-topology.ts";
import { applyBatch } from "../../support/zone-api.ts";

const ZONE_ID = "Z0123456789EXAMPLE";
const IDS: AwsIds = { zoneId: ZONE_ID, checkId: (id) => `check-of-${id}` };
const HOST = "demo.multicloud.example.com.";

const SOA: AwsRecordSet = {
  Name: "multicloud.example.com.",
  Type: "SOA",
  TTL: 900,
  ResourceRecords: [{ Value: "ns-1.awsdns-01.org. hostmaster.example.com. 1 7200 900 1209600 300" }],
};
const OTHERS: readonly AwsRecordSet[] = [
  SOA,
  { Name: HOST, Type: "TXT", TTL: 300, ResourceRecords: [{ Value: '"owner"' }] },
  { Name: "other.multicloud.example.com.", Type: "A", TTL: 300, ResourceRecords: [{ Value: "203.0.113.99" }] },
];

function wantedOf(topology: Topology, form: ZoneForm = "addresses"): TopologyZone {
  const published = publishedZone(topology, form);
  if (published.kind === "impossible") throw new Error(published.why);
  return published.zone;
}

function withRouting(policy: DnsPolicy, topology: Topology = EXAMPLE): Topology {
  return { ...topology, dns: { ...topology.dns, policy } };
}

function foundOf(
  recordSets: readonly AwsRecordSet[],
  healthChecks: readonly AwsHealthCheck[],
  checks: Partial<FoundZone["checks"]> = {},
): FoundZone {
  const name = "multicloud.example.com.";
  const { zone } = zoneFromAws({ id: ZONE_ID, name, recordSets, healthChecks, cidrCollections: [] });
  return { zone, recordSets, checks: { missing: [], linked: [], ...checks } };
}

function recordsOf(wanted: TopologyZone): readonly AwsRecordSet[] {
  return wanted.recordSets.map((record) => awsRecordSet(record, IDS));
}

function checksOf({ healthChecks }: TopologyZone): readonly AwsHealthCheck[] {
  return healthChecks.map((check) => ({
    Id: IDS.checkId(check.id),
    HealthCheckConfig: awsHealthCheckConfig(check, IDS),
  }));
}

/** The zone after a person carried out the plan. */
function carriedOut(plan: ZonePlan, found: FoundZone, wanted: TopologyZone): FoundZone {
  const kept = plan.checks.flatMap((step) => ("foundId" in step && step.kind !== "replace" ? [step] : []));
  const byId = new Map(kept.map(({ id, foundId }) => [id, foundId] as const));
  const checks = wanted.healthChecks.map((check) => ({
    Id: byId.get(check.id) ?? IDS.checkId(check.id),
    HealthCheckConfig: awsHealthCheckConfig(check, IDS),
  }));
  return foundOf(applyBatch(found.recordSets, plan.changes), checks);
}

const TURNED: DnsPolicy = { routing: "failover", primary: GCP.id, secondary: AWS.id, ttlSeconds: 60 };
const REGIONS_SWAPPED = {
  ...EXAMPLE,
  regions: [
    { ...AWS, awsRegion: GCP.awsRegion },
    { ...GCP, awsRegion: AWS.awsRegion },
  ],
};
const ZONES: readonly { readonly name: string; readonly topology: Topology }[] = [
  { name: "failover", topology: EXAMPLE },
  { name: "failover the other way", topology: withRouting(TURNED) },
  { name: "latency", topology: withRouting(LATENCY) },
  { name: "latency with the regions swapped", topology: withRouting(LATENCY, REGIONS_SWAPPED) },
  { name: "simple", topology: withRouting({ routing: "simple", ttlSeconds: 300 }) },
  { name: "four clusters", topology: withRouting(LATENCY, topologyOfClusters(4)) },
  {
    name: "weighted",
    topology: withRouting({ routing: "weighted", weights: { [AWS.id]: 1, [GCP.id]: 9 }, ttlSeconds: 60 }),
  },
  {
    name: "geolocation",
    topology: withRouting({
      routing: "geolocation",
      locations: { [AWS.id]: ["*", "NA"], [GCP.id]: ["EU"] },
      ttlSeconds: 60,
    }),
  },
  { name: "geoproximity", topology: withRouting({ routing: "geoproximity", biases: { [GCP.id]: 9 }, ttlSeconds: 60 }) },
  { name: "multivalue", topology: withRouting({ routing: "multivalue", ttlSeconds: 60 }) },
  { name: "a slower check", topology: slowerBy({ intervalSeconds: 10 }) },
  { name: "another path", topology: slowerBy({ path: "/ready" }) },
];

function slowerBy(settings: Partial<Topology["dns"]["healthCheck"]>): Topology {
  return { ...EXAMPLE, dns: { ...EXAMPLE.dns, healthCheck: { ...EXAMPLE.dns.healthCheck, ...settings } } };
}

const STANDS = ZONES.flatMap(({ name, topology }) =>
  ZONE_FORMS.filter((form) => publishedZone(topology, form).kind === "zone").map((form) => ({
    name: `${name} as ${form}`,
    wanted: wantedOf(topology, form),
  })),
);

describe.each(STANDS)("from $name", ({ wanted: standing }) => {
  const found = foundOf([...OTHERS, ...recordsOf(standing)], checksOf(standing));

  test("to itself nothing has to change", () => {
    const plan = planZone(standing, found, IDS.checkId);
    expect(isSettled(plan)).toBe(true);
    expect(plan.changes).toEqual([]);
    expect(plan.holds).toEqual([]);
  });

  test.each(STANDS)("to $name the plan is carried out in one batch, and then nothing has to change", ({ wanted }) => {
    const plan = planZone(wanted, found, IDS.checkId);
    const after = carriedOut(plan, found, wanted);
    expect(isSettled(planZone(wanted, after, IDS.checkId))).toBe(true);
    expect(after.recordSets).toEqual(expect.arrayContaining([...OTHERS]));
    expect(wanted === standing || !isSettled(plan)).toBe(true);
  });
});

test("from a zone without any of it everything is made, and caches may remember that nothing was there", () => {
  const wanted = wantedOf(EXAMPLE);
  const found = foundOf(OTHERS, []);
  const plan = planZone(wanted, found, IDS.checkId);
  expect(plan.checks.map(({ kind }) => kind)).toEqual(["create", "create"]);
  expect(new Set(plan.changes.map(({ Action }) => Action))).toEqual(new Set(["CREATE"]));
  expect(plan.holds).toContainEqual({
    name: "demo.multicloud.example.com",
    type: "A",
    seconds: 300,
    because: "no-such-record",
  });
  expect(isSettled(planZone(wanted, carriedOut(plan, found, wanted), IDS.checkId))).toBe(true);
});

test("without ids the batch holds placeholders", () => {
  const plan = planZone(wantedOf(EXAMPLE), foundOf([], []));
  expect(JSON.stringify(plan.changes)).toContain("ID-OF-THE-HEALTH-CHECK-FOR-aws-us-east-1");
});

interface Edit {
  readonly name: string;
  readonly record?: (record: AwsRecordSet) => AwsRecordSet | null;
  readonly check?: (check: AwsHealthCheck) => AwsHealthCheck | null;
  readonly more?: readonly AwsRecordSet[];
  readonly known?: Partial<FoundZone["checks"]>;
  /** "update A demo… aws-us-east-1: TTL 300 -> 60", and the same of checks. */
  readonly steps: readonly string[];
  readonly actions: readonly string[];
  readonly seconds: readonly number[];
}

const PRIMARY = "A demo.multicloud.example.com aws-us-east-1";
const isPrimary = ({ Failover }: AwsRecordSet): boolean => Failover === "PRIMARY";
const isAws = ({ Id }: AwsHealthCheck): boolean => Id === IDS.checkId(AWS.id);
const configured = (config: Partial<AwsHealthCheck["HealthCheckConfig"]>) => (check: AwsHealthCheck) =>
  isAws(check) ? { ...check, HealthCheckConfig: { ...check.HealthCheckConfig, ...config } } : check;

const EDITS: readonly Edit[] = [
  {
    name: "a TTL that is too long: users wait for the old one",
    record: (record) => (isPrimary(record) ? { ...record, TTL: 300 } : record),
    steps: [`update ${PRIMARY}: TTL 300 -> 60`],
    actions: ["UPSERT"],
    seconds: [300],
  },
  {
    name: "another address",
    record: (record) =>
      isPrimary(record) ? { ...record, ResourceRecords: [{ Value: "192.0.2.99" }, { Value: "192.0.2.98" }] } : record,
    steps: [
      `update ${PRIMARY}: ResourceRecords [{"Value":"192.0.2.98"}, {"Value":"192.0.2.99"}] -> [{"Value":"192.0.2.10"}]`,
    ],
    actions: ["UPSERT"],
    seconds: [60],
  },
  {
    name: "a record that is gone, but not its check",
    record: (record) => (record.Failover === "SECONDARY" ? null : record),
    // Its check is still there, and is known by its settings.
    steps: ["create A demo.multicloud.example.com gcp-europe-west1"],
    actions: ["CREATE"],
    seconds: [60],
  },
  {
    name: "IPv6 that the topology does not know",
    more: [{ Name: HOST, Type: "AAAA", TTL: 3600, ResourceRecords: [{ Value: "2001:db8::1" }] }],
    steps: ["delete AAAA demo.multicloud.example.com"],
    actions: ["DELETE"],
    seconds: [3600],
  },
  {
    name: "a record of another set identifier, in the API's own spelling",
    more: [
      {
        Name: "Demo.multicloud.example.com.",
        Type: "A",
        SetIdentifier: "old",
        Region: "eu-west-1",
        TTL: 120,
        ResourceRecords: [{ Value: "203.0.113.7" }],
        HealthCheckId: "someone-elses",
      },
    ],
    steps: ["delete A demo.multicloud.example.com old"],
    actions: ["DELETE"],
    seconds: [120],
  },
  {
    name: "a threshold, which can be changed in place",
    check: configured({ FailureThreshold: 5 }),
    steps: ["update aws-us-east-1: FailureThreshold 5 -> 3"],
    actions: [],
    seconds: [],
  },
  {
    name: "what a drill left behind",
    check: configured({ Disabled: true, Inverted: true }),
    steps: ["update aws-us-east-1: Disabled true -> nothing, Inverted true -> nothing"],
    actions: [],
    seconds: [],
  },
  {
    name: "another address of a check by address",
    check: configured({ IPAddress: "192.0.2.99" }),
    steps: ['update aws-us-east-1: IPAddress "192.0.2.99" -> "192.0.2.10"'],
    actions: [],
    seconds: [],
  },
  {
    name: "a check by name, which never becomes one by address",
    check: (check) => {
      const { IPAddress: _, ...config } = check.HealthCheckConfig;
      return isAws(check) ? { ...check, HealthCheckConfig: config } : check;
    },
    steps: [
      `update ${PRIMARY}: HealthCheckId "check-of-aws-us-east-1" -> "new-aws-us-east-1"`,
      'replace aws-us-east-1: IPAddress nothing -> "192.0.2.10"',
    ],
    actions: ["UPSERT"],
    seconds: [60],
  },
  {
    name: "a threshold of a check that an AWS service made",
    check: configured({ FailureThreshold: 5 }),
    known: { linked: [IDS.checkId(AWS.id)] },
    steps: [
      `update ${PRIMARY}: HealthCheckId "check-of-aws-us-east-1" -> "new-aws-us-east-1"`,
      "replace aws-us-east-1: FailureThreshold 5 -> 3",
    ],
    actions: ["UPSERT"],
    seconds: [60],
  },
  {
    name: "an interval, which is for ever",
    check: configured({ RequestInterval: 10 }),
    steps: [
      `update ${PRIMARY}: HealthCheckId "check-of-aws-us-east-1" -> "new-aws-us-east-1"`,
      "replace aws-us-east-1: RequestInterval 10 -> 30",
    ],
    actions: ["UPSERT"],
    seconds: [60],
  },
  {
    name: "latency graphs, which decide nothing",
    check: configured({ MeasureLatency: true }),
    steps: [],
    actions: [],
    seconds: [],
  },
  {
    name: "a check that somebody deleted",
    check: (check) => (isAws(check) ? null : check),
    known: { missing: [IDS.checkId(AWS.id)] },
    steps: [`update ${PRIMARY}: HealthCheckId "check-of-aws-us-east-1" -> "new-aws-us-east-1"`, "create aws-us-east-1"],
    actions: ["UPSERT"],
    seconds: [60],
  },
  {
    name: "a check that could not be read, which may be right",
    check: (check) => (isAws(check) ? null : check),
    steps: ["unread aws-us-east-1"],
    actions: [],
    seconds: [],
  },
];

test.each(EDITS)("$name", ({ record, check, more = [], known = {}, steps, actions, seconds }) => {
  const wanted = wantedOf(EXAMPLE);
  const records = recordsOf(wanted).map((one) => (record === undefined ? one : record(one)));
  const checks = checksOf(wanted).map((one) => (check === undefined ? one : check(one)));
  const found = foundOf(
    [...OTHERS, ...more, ...records.filter((one) => one !== null)],
    checks.filter((one) => one !== null),
    known,
  );
  const plan = planZone(wanted, found, (id) => `new-${id}`);
  const fields = (step: ZonePlan["checks"][number] | ZonePlan["records"][number]): string =>
    "fields" in step && step.fields.length > 0
      ? `: ${step.fields.map((one) => `${one.field} ${one.found} -> ${one.wanted}`).join(", ")}`
      : "";
  const told = [
    ...plan.records.map((step) => `${step.kind} ${step.subject}${fields(step)}`),
    ...plan.checks.filter(({ kind }) => kind !== "same").map((step) => `${step.kind} ${step.id}${fields(step)}`),
  ];
  expect(told).toEqual(steps);
  expect(plan.changes.map(({ Action }) => Action)).toEqual(actions);
  expect(plan.holds.map((hold) => hold.seconds)).toEqual(seconds);
  expect(isSettled(plan)).toBe(steps.length === 0);
  for (const { Action, ResourceRecordSet } of plan.changes)
    if (Action === "DELETE") expect(found.recordSets).toContain(ResourceRecordSet);
});

describe("IP-based records and their collection", () => {
  const blocks = ["198.51.100.0/24", "203.0.113.0/24"];
  const topology = withRouting({ routing: "ip-based", blocks: { [GCP.id]: blocks }, default: AWS.id, ttlSeconds: 60 });
  const wanted = wantedOf(topology);
  const found = (there: readonly string[]): FoundZone => {
    const recordSets = wanted.recordSets.map((record) => awsRecordSet(record, { ...IDS, collectionId: () => "C1" }));
    const read = foundOf(recordSets, checksOf(wanted));
    const cidrCollections = [{ id: "C1", locations: [{ name: GCP.id, blocks: there }] }];
    return { ...read, zone: { ...read.zone, cidrCollections } };
  };

  test("are settled with the same blocks in any order", () => {
    expect(isSettled(planZone(wanted, found(blocks.toReversed()), IDS.checkId))).toBe(true);
  });

  test("differ by their blocks alone", () => {
    const plan = planZone(wanted, found(["198.51.100.0/24"]), IDS.checkId);
    expect(plan.changes).toEqual([]);
    expect(plan.blocks).toEqual([
      { field: GCP.id, wanted: '["198.51.100.0/24", "203.0.113.0/24"]', found: '["198.51.100.0/24"]' },
    ]);
    expect(isSettled(plan)).toBe(false);
  });

  test("name a collection that is still to be made", () => {
    const plan = planZone(wanted, foundOf(OTHERS, []), IDS.checkId, () => "NEW");
    expect(JSON.stringify(plan.changes)).toContain('"CollectionId":"NEW"');
    expect(JSON.stringify(planZone(wanted, foundOf(OTHERS, [])).changes)).toContain("ID-OF-THE-CIDR-COLLECTION");
  });
});

test("a CNAME at the service's name makes room", () => {
  const wanted = wantedOf(EXAMPLE);
  const cname = { Name: HOST, Type: "CNAME" as const, TTL: 600, ResourceRecords: [{ Value: "lb.example.net" }] };
  const found = foundOf([SOA, cname], checksOf(wanted));
  const plan = planZone(wanted, found, IDS.checkId);
  expect(plan.changes[0]).toEqual({ Action: "DELETE", ResourceRecordSet: cname });
  expect(() => applyBatch(found.recordSets, plan.changes)).not.toThrow();
});

describe("how long caches remember that nothing is there", () => {
  test.each([
    { name: "the SOA's last number where it is less than its TTL", soa: [SOA], seconds: 300 },
    { name: "the SOA's TTL where that is less", soa: [{ ...SOA, TTL: 60 }], seconds: 60 },
    { name: "Route 53's own numbers where no SOA is shown", soa: [], seconds: 900 },
    {
      name: "Route 53's own where the SOA says nothing",
      soa: [{ ...SOA, ResourceRecords: [{ Value: "?" }] }],
      seconds: 900,
    },
  ])("$name", ({ soa, seconds }) => {
    const { holds } = planZone(wantedOf(EXAMPLE), foundOf(soa, []), IDS.checkId);
    expect(new Set(holds.map((hold) => hold.seconds))).toEqual(new Set([seconds]));
  });
});
