// What external-dns would write, read back from the annotations by the shortest code that does what it does: the same record
// sets as in the change batches.
import { describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { renderExternalDns } from "../../../monitor/render/external-dns.ts";
import { publishedZone } from "../../../monitor/topology/published-zone.ts";
import type { DnsPolicy, Topology } from "../../../monitor/topology/topology.ts";
import type { AwsRecordSet } from "../../../monitor/zone/aws-shapes.ts";
import { type AwsIds, awsRecordSet } from "../../../monitor/zone/to-aws.ts";
import { topologyOfClusters } from "../../render/topologies.ts";
import { AWS, EXAMPLE, FAILOVER, GCP, LATENCY } from "../../support/example-topology.ts";

const IDS: AwsIds = { zoneId: "Z0123456789EXAMPLE", checkId: (id) => `check-of-${id}` };
const PREFIX = "external-dns.alpha.kubernetes.io/";

interface Service {
  readonly metadata: { readonly name: string; readonly annotations: Readonly<Record<string, string>> };
}

function servicesOf(topology: Topology): readonly Service[] {
  return renderExternalDns(topology, IDS).flatMap(({ text }) =>
    parseAllDocuments(text).flatMap((document) => (document.toJS() as Service | null) ?? []),
  );
}

/** One record set for each type of address among the targets. */
function written({ metadata }: Service): readonly AwsRecordSet[] {
  const of = (key: string): string | undefined => metadata.annotations[`${PREFIX}${key}`];
  const targets = (of("target") ?? "").split(",");
  return (["A", "AAAA"] as const).flatMap((Type) => {
    const values = targets.filter((target) => target.includes(":") === (Type === "AAAA"));
    if (values.length === 0) return [];
    const record = {
      Name: `${of("hostname")}.`,
      Type,
      TTL: Number(of("ttl")),
      ResourceRecords: values.map((Value) => ({ Value })),
      SetIdentifier: of("set-identifier"),
      HealthCheckId: of("aws-health-check-id"),
      ...policyOf(of),
    };
    return [JSON.parse(JSON.stringify(record)) as AwsRecordSet];
  });
}

function policyOf(of: (key: string) => string | undefined): Partial<Record<keyof AwsRecordSet, unknown>> {
  const [Latitude, Longitude] = of("aws-geoproximity-coordinates")?.split(",") ?? [];
  const bias = Number(of("aws-geoproximity-bias") ?? 0);
  const place = {
    ContinentCode: of("aws-geolocation-continent-code"),
    CountryCode: of("aws-geolocation-country-code"),
    SubdivisionCode: of("aws-geolocation-subdivision-code"),
  };
  return {
    Failover: of("aws-failover"),
    Region: of("aws-region"),
    Weight: of("aws-weight") === undefined ? undefined : Number(of("aws-weight")),
    MultiValueAnswer: of("aws-multi-value-answer") === "true" ? true : undefined,
    GeoLocation: Object.values(place).some((code) => code !== undefined) ? place : undefined,
    GeoProximityLocation:
      of("aws-geoproximity-bias") === undefined
        ? undefined
        : {
            AWSRegion: of("aws-geoproximity-region"),
            Coordinates: Latitude === undefined ? undefined : { Latitude, Longitude },
            Bias: bias === 0 ? undefined : bias,
          },
  };
}

const sorted = (records: readonly AwsRecordSet[]) =>
  records.toSorted((a, b) =>
    JSON.stringify([a.Name, a.SetIdentifier, a.Type]) < JSON.stringify([b.Name, b.SetIdentifier, b.Type]) ? -1 : 1,
  );

const PLACED = { ...GCP, coordinates: { latitude: 50.47, longitude: 3.82 } };
const POLICIES: readonly DnsPolicy[] = [
  FAILOVER,
  LATENCY,
  { routing: "weighted", weights: { [AWS.id]: 3, [GCP.id]: 0 }, ttlSeconds: 30 },
  { routing: "geolocation", locations: { [AWS.id]: ["NA", "*"], [GCP.id]: ["EU", "US-CA"] }, ttlSeconds: 60 },
  { routing: "geoproximity", biases: { [GCP.id]: 10 }, ttlSeconds: 60 },
  { routing: "multivalue", ttlSeconds: 60 },
];

function withRouting(policy: DnsPolicy, topology: Topology): Topology {
  return { ...topology, dns: { ...topology.dns, policy } };
}

test.each(
  POLICIES.flatMap((policy) => [
    { policy, clusters: "two clusters", topology: { ...EXAMPLE, regions: [AWS, PLACED] } },
    { policy, clusters: "four clusters", topology: topologyOfClusters(4) },
  ]),
)("$policy.routing with $clusters: the record sets of the change batch", ({ policy, topology }) => {
  const given = withRouting(policy, topology);
  const published = publishedZone(given, "addresses");
  if (published.kind === "impossible") throw new Error(published.why);
  const wanted = published.zone.recordSets.map((record) => awsRecordSet(record, IDS));
  expect(sorted(servicesOf(given).flatMap(written))).toEqual(sorted(wanted));
});

describe("every Service", () => {
  test.each(POLICIES)("of $routing has a name of its own in its cluster", (policy) => {
    for (const { text } of renderExternalDns(withRouting(policy, topologyOfClusters(4)), IDS)) {
      const names = parseAllDocuments(text).map((document) => (document.toJS() as Service).metadata.name);
      expect(new Set(names).size).toBe(names.length);
    }
  });
});

describe("what external-dns cannot write is said, and only the regional names are there", () => {
  test.each<{ policy: DnsPolicy; words: string }>([
    { policy: { routing: "simple", ttlSeconds: 300 }, words: "a simple record set has one owner" },
    {
      policy: { routing: "ip-based", blocks: { [GCP.id]: ["203.0.113.0/24"] }, default: AWS.id, ttlSeconds: 60 },
      words: "external-dns has no annotation for IP-based routing",
    },
  ])("$policy.routing", ({ policy, words }) => {
    const topology = withRouting(policy, EXAMPLE);
    expect(renderExternalDns(topology, IDS)[0]?.text).toContain(words);
    expect(servicesOf(topology).map(({ metadata }) => metadata.name)).toEqual(["dns-own", "dns-own"]);
  });

  test("latency with two addresses of one kind", () => {
    const wide = { ...AWS, endpoint: { ...AWS.endpoint, addresses: ["192.0.2.10", "192.0.2.11"] } };
    const topology = withRouting(LATENCY, { ...EXAMPLE, regions: [wide, GCP] });
    expect(renderExternalDns(topology, IDS)[0]?.text).toContain("a latency record holds one value");
  });
});
