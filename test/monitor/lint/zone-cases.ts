// Of every rule about a hosted zone a case that breaks it, and the nearest one that does not.
import { edited, TOPOLOGY } from "./manifests.ts";
import type { SourceText } from "../../../monitor/lint/manifest.ts";
import { alias, check, type DraftZone, NAME, pair, PRIMARY, record, SECONDARY, SOUND, zoneWith } from "./zones.ts";

export interface ZoneCase {
  readonly rule: string;
  readonly name?: string;
  readonly bad: DraftZone;
  /** Where the rule speaks, and nowhere else. */
  readonly at: readonly string[];
  readonly says: string;
  readonly severity?: string;
  readonly good: DraftZone;
  /** Beside both zones. */
  readonly beside?: readonly SourceText[];
}

const LEAF = "aws.example.com.";
const weighted = (id: string, fields: object) =>
  record("192.0.2.10", { Name: LEAF, SetIdentifier: id, Weight: 1, ...fields });
const seen = (status: string, regions: readonly string[] = ["us-east-1", "eu-west-1"]) =>
  regions.map((Region) => ({ Region, StatusReport: { Status: status } }));
const OK = "Success: HTTP Status Code 200, OK";
const DOWN = "Failure: HTTP Status Code 503, Service Unavailable";
const TIMEOUT = "Failure: Connection timed out. The endpoint or the internet connection is down";
const REGIONS = ["eu-west-1", "us-east-1", "us-west-1", "us-west-2"];
const seenBy = (aws: object, gcp: object = seen(OK)): DraftZone => zoneWith({ rest: { observations: { aws, gcp } } });
const checks = (fields: Readonly<Record<string, unknown>>): DraftZone =>
  zoneWith({ checks: [check("aws", { IPAddress: "192.0.2.10", ...fields }), ...SOUND.checks.slice(1)] });
const onlyCheck = (fields: Readonly<Record<string, unknown>>): DraftZone => ({
  records: [],
  checks: [{ Id: "c", HealthCheckConfig: fields }],
  rest: {},
});
const firstRecord = (fields: Readonly<Record<string, unknown>>): DraftZone =>
  zoneWith({ records: [record("192.0.2.10", { ...PRIMARY, ...fields }), ...SOUND.records.slice(1)] });
const treeOf = (evaluate: boolean, leaves: readonly Readonly<Record<string, unknown>>[]): DraftZone =>
  zoneWith({
    records: [
      alias(LEAF, { SetIdentifier: "aws", Failover: "PRIMARY" }, evaluate),
      record("192.0.2.20", SECONDARY),
      ...leaves,
    ],
  });

const LATENCY = pair({ Region: "us-east-1" }, { Region: "eu-west-3" });
const CLOUDS = edited(TOPOLOGY, [
  ["region: us-east-1,", "region: us-east-1, cloud: aws,"],
  ["region: europe-west1,", "region: europe-west1, cloud: gcp,"],
]);
const topology = (text: string): SourceText => ({ file: "topology.yaml", text });
const GATEWAY: SourceText = {
  file: "gateway.yaml",
  text: `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: demo, namespace: demo }
spec: { servers: [{ hosts: ["demo.example.com", "a.example.com", "b.example.com"], port: { number: 443 } }] }
`,
};
const COREDNS = (plugin: string): SourceText => ({
  file: "coredns.yaml",
  text: `apiVersion: v1
kind: ConfigMap
metadata: { name: coredns, namespace: kube-system }
data:
  Corefile: |
    .:53 {
      ${plugin}
    }
`,
});

export const ATTACHED_CASES: readonly ZoneCase[] = [
  {
    rule: "R53-SELF-REF",
    bad: checks({ IPAddress: "", FullyQualifiedDomainName: "Demo.Example.com." }),
    at: ["record 0"],
    says: "health check aws resolves demo.example.com, the name of this record",
    good: checks({ FullyQualifiedDomainName: "demo.example.com" }),
  },
  {
    rule: "R53-SELF-REF",
    name: "through an alias above the record",
    bad: {
      ...treeOf(true, [weighted("a", { HealthCheckId: "aws" })]),
      checks: [check("aws", { FullyQualifiedDomainName: "demo.example.com" }), ...SOUND.checks.slice(1)],
    },
    at: ["record 2"],
    says: "which leads to this record",
    good: {
      ...treeOf(true, [weighted("a", { HealthCheckId: "aws" })]),
      checks: [check("aws", { FullyQualifiedDomainName: "origin.example.com" }), ...SOUND.checks.slice(1)],
    },
  },
  {
    rule: "R53-SELF-REF",
    name: "by a child of a calculated check",
    bad: zoneWith({
      records: [record("192.0.2.10", { ...PRIMARY, HealthCheckId: "sum" }), ...SOUND.records.slice(1)],
      checks: [
        ...SOUND.checks,
        check("child", { FullyQualifiedDomainName: "demo.example.com" }),
        { Id: "sum", HealthCheckConfig: { Type: "CALCULATED", HealthThreshold: 1, ChildHealthChecks: ["child"] } },
      ],
    }),
    at: ["record 0"],
    says: "health check sum resolves demo.example.com",
    good: zoneWith({ checks: [...SOUND.checks, check("child", { FullyQualifiedDomainName: "demo.example.com" })] }),
  },
  {
    rule: "R53-PRIMARY-ALWAYS-HEALTHY",
    bad: treeOf(false, []),
    at: ["record 0"],
    says: "without EvaluateTargetHealth and without a health check",
    good: treeOf(true, []),
  },
  {
    rule: "R53-ALIAS-NO-ETH",
    bad: pair(
      { Region: "us-east-1" },
      alias("elb.example.net.", { Region: "eu-west-3", ResourceRecords: undefined }, false),
    ),
    at: ["record 1"],
    says: "elb.example.net is answered whatever its health",
    severity: "warning",
    good: pair({ Region: "us-east-1" }, alias("elb.example.net.", { Region: "eu-west-3", ResourceRecords: undefined })),
  },
  {
    rule: "R53-ALIAS-NO-ETH",
    name: "where there is no health check either",
    bad: zoneWith({
      records: [...LATENCY.records, alias("x.example.net.", { SetIdentifier: "x", Region: "sa-east-1" }, false)],
    }),
    at: ["record 2"],
    says: "and there is no health check",
    severity: "error",
    good: zoneWith({ records: [...LATENCY.records, alias("x.example.net.", { Name: "x.example.com." }, false)] }),
  },
  {
    rule: "R53-LEAF-NO-HC",
    bad: pair({ Weight: 1 }, { Weight: 1, HealthCheckId: undefined }),
    at: ["record 1"],
    says: "no health check, beside aws, which has one",
    good: pair({ Weight: 1, HealthCheckId: undefined }, { Weight: 1, HealthCheckId: undefined }),
  },
  {
    rule: "R53-LEAF-NO-HC",
    name: "under an alias that evaluates its health",
    bad: treeOf(true, [weighted("a", {})]),
    at: ["record 2"],
    says: "that branch is always healthy",
    good: treeOf(true, [weighted("a", { HealthCheckId: "aws" })]),
  },
  {
    rule: "R53-SECONDARY-NO-HC",
    bad: zoneWith({
      records: [record("192.0.2.10", PRIMARY), record("192.0.2.20", { ...SECONDARY, HealthCheckId: undefined })],
    }),
    at: ["record 1"],
    says: "neither a health check nor an alias",
    good: zoneWith({
      records: [record("192.0.2.10", PRIMARY), alias("elb.example.net.", { ...SECONDARY, HealthCheckId: undefined })],
    }),
  },
  {
    rule: "R53-SHARED-HC",
    bad: zoneWith({
      records: [record("192.0.2.10", PRIMARY), record("192.0.2.10", { ...SECONDARY, HealthCheckId: "aws" })],
    }),
    at: ["record 1"],
    says: "health check aws is that of aws as well",
    good: pair({ Weight: 1, HealthCheckId: "aws" }, { Weight: 1, HealthCheckId: "aws" }),
  },
  {
    rule: "R53-HC-DELETED",
    bad: zoneWith({ checks: SOUND.checks.slice(1), rest: { missingHealthChecks: ["aws"] } }),
    at: ["record 0"],
    says: "health check aws does not exist",
    good: zoneWith({ checks: SOUND.checks.slice(1), rest: { notes: ["health check aws: AccessDenied"] } }),
  },
  {
    rule: "R53-HC-WRONG-ENDPOINT",
    bad: checks({ IPAddress: "192.0.2.99" }),
    at: ["record 0"],
    says: "looks at 192.0.2.99, the record answers 192.0.2.10",
    good: checks({}),
  },
  {
    rule: "R53-HC-WRONG-ENDPOINT",
    name: "by a name that the zone has",
    bad: {
      ...checks({ IPAddress: undefined }),
      records: [...SOUND.records, record("192.0.2.20", { Name: LEAF })],
    },
    at: ["record 0"],
    says: "looks at 192.0.2.20 by the name aws.example.com",
    good: {
      ...checks({ IPAddress: undefined }),
      records: [...SOUND.records, record("192.0.2.10", { Name: LEAF })],
    },
  },
  {
    rule: "R53-HC-WRONG-ENDPOINT",
    name: "by what the checkers resolved",
    bad: {
      ...checks({ IPAddress: undefined }),
      rest: { observations: { aws: seen(`${OK}. Resolved IP: 192.0.2.20`) } },
    },
    at: ["record 0"],
    says: "looks at 192.0.2.20",
    good: {
      ...checks({ IPAddress: undefined }),
      rest: { observations: { aws: seen(`${OK}. Resolved IP: 192.0.2.10`) } },
    },
  },
];

export const ROUTING_CASES: readonly ZoneCase[] = [
  {
    rule: "R53-FAILOVER-PAIR",
    bad: zoneWith({ records: SOUND.records.slice(0, 1) }),
    at: ["record 0"],
    says: "there is no SECONDARY of demo.example.com",
    good: SOUND,
  },
  {
    rule: "R53-TTL-HIGH",
    bad: firstRecord({ TTL: 61 }),
    at: ["record 0"],
    says: "the TTL is 61 s",
    good: firstRecord({ TTL: 60 }),
  },
  {
    rule: "R53-WEIGHT-TTL-MIX",
    bad: pair({ Weight: 1, TTL: 30 }, { Weight: 2 }),
    at: ["record 0"],
    says: "TTLs of 30 and 60 s",
    good: pair({ Region: "us-east-1", TTL: 30 }, { Region: "eu-west-3" }),
  },
  {
    rule: "R53-LAT-SINGLE",
    bad: zoneWith({ records: LATENCY.records.slice(0, 1) }),
    at: ["record 0"],
    says: "the only latency record",
    good: LATENCY,
  },
  {
    rule: "R53-LAT-REGION-UNKNOWN",
    bad: pair({ Region: "us-east-1" }, { Region: "EU" }),
    at: ["record 1"],
    says: 'expected an AWS region, found "EU"',
    good: LATENCY,
  },
  {
    rule: "R53-GEO-NO-DEFAULT",
    bad: pair({ GeoLocation: { ContinentCode: "EU" } }, { GeoLocation: { CountryCode: "US" } }),
    at: ["record 0"],
    says: "no record of demo.example.com is for everybody else",
    good: pair({ GeoLocation: { ContinentCode: "EU" } }, { GeoLocation: { CountryCode: "*" } }),
  },
  {
    rule: "R53-GEO-NO-DEFAULT",
    name: "of IP-based records",
    bad: pair(
      { CidrRoutingConfig: { CollectionId: "c", LocationName: "office" } },
      { CidrRoutingConfig: { CollectionId: "c", LocationName: "home" } },
    ),
    at: ["record 0"],
    says: "for everybody else",
    good: pair(
      { CidrRoutingConfig: { CollectionId: "c", LocationName: "office" } },
      { CidrRoutingConfig: { CollectionId: "c", LocationName: "*" } },
    ),
  },
  {
    rule: "R53-STATIC-ELB-IP",
    bad: checks({ IPAddress: undefined, FullyQualifiedDomainName: "demo-1.us-east-1.elb.amazonaws.com" }),
    at: ["record 0"],
    says: "it answers 192.0.2.10, and its health check looks at demo-1.us-east-1.elb.amazonaws.com",
    good: checks({ IPAddress: undefined, FullyQualifiedDomainName: "demo-1.elb.us-east-1.amazonaws.com" }),
  },
  {
    rule: "R53-AAAA-GAP",
    bad: zoneWith({ records: [...SOUND.records, record("2001:db8::10", {}, "AAAA")] }),
    at: ["record 2"],
    says: "IPv6 users get a simple record, 1 without a health check, IPv4 users 2 failover records",
    severity: "warning",
    good: zoneWith({
      records: [...SOUND.records, record("2001:db8::10", PRIMARY, "AAAA"), record("2001:db8::20", SECONDARY, "AAAA")],
    }),
  },
  {
    rule: "R53-AAAA-GAP",
    name: "of a region without IPv6",
    bad: zoneWith({
      records: [
        ...LATENCY.records,
        record("2001:db8::10", { SetIdentifier: "aws", Region: "us-east-1", HealthCheckId: "aws" }, "AAAA"),
      ],
    }),
    at: ["record 2"],
    says: "IPv6 users get 1 latency records, IPv4 users 2 latency records",
    severity: "note",
    good: LATENCY,
  },
  {
    rule: "R53-AAAA-GAP",
    name: "of a health check that only looks by IPv4",
    bad: {
      ...checks({ IPAddress: undefined }),
      records: [...SOUND.records, record("2001:db8::10", PRIMARY, "AAAA"), record("2001:db8::20", SECONDARY, "AAAA")],
    },
    at: ["record 2"],
    says: "looked at by IPv4 alone",
    good: checks({ IPAddress: undefined }),
  },
  {
    rule: "R53-EXTDNS-TXT",
    bad: zoneWith({
      records: [
        ...SOUND.records,
        record('"heritage=external-dns,external-dns/owner=a"', { ...PRIMARY, HealthCheckId: undefined }, "TXT"),
        record('"heritage=external-dns,external-dns/owner=b"', SECONDARY, "TXT"),
      ],
    }),
    at: ["record 2"],
    says: "no health check, made by external-dns",
    good: zoneWith({ records: [...SOUND.records, record('"heritage=external-dns"', {}, "TXT")] }),
  },
];

export const CHECK_CASES: readonly ZoneCase[] = [
  {
    rule: "R53-HC-DISABLED",
    bad: checks({ Disabled: true }),
    at: ["check 0"],
    says: "pins it healthy",
    good: checks({ Disabled: false }),
  },
  {
    rule: "R53-HC-INVERTED",
    bad: checks({ Inverted: true }),
    at: ["check 0"],
    says: "healthy counts as unhealthy",
    good: checks({ Inverted: false }),
  },
  {
    rule: "R53-HC-SHALLOW",
    bad: checks({ Type: "HTTPS", SearchString: undefined }),
    at: ["check 0"],
    says: "any answer with a status from 200 to 399",
    good: SOUND,
  },
  {
    rule: "R53-HC-SHALLOW",
    name: "of a port",
    bad: checks({ Type: "TCP", Port: 443, SearchString: undefined }),
    at: ["check 0"],
    says: "it only connects to port 443",
    good: SOUND,
  },
  {
    rule: "R53-SNI-OFF",
    bad: checks({ EnableSNI: false }),
    at: ["check 0"],
    says: "aws.example.com is sent as Host but not as server name",
    good: checks({ Type: "HTTP_STR_MATCH", EnableSNI: false }),
  },
  {
    rule: "R53-FEW-REGIONS",
    bad: checks({ Regions: REGIONS }),
    at: ["check 0"],
    says: "from 4 of 8 regions: eu-west-1, us-east-1",
    good: checks({ Regions: [...REGIONS, "sa-east-1"] }),
  },
  {
    rule: "R53-PRIVATE-ENDPOINT",
    bad: checks({ IPAddress: "10.1.2.3" }),
    at: ["check 0"],
    says: "10.1.2.3 is a private address",
    good: checks({ IPAddress: "192.0.2.3" }),
  },
  {
    rule: "R53-PRIVATE-ENDPOINT",
    name: "of an internal load balancer",
    bad: onlyCheck({ Type: "TCP", Port: 443, FullyQualifiedDomainName: "internal-demo-1.us-east-1.elb.amazonaws.com" }),
    at: ["check 0"],
    says: "is an internal load balancer",
    good: onlyCheck({ Type: "TCP", Port: 443, FullyQualifiedDomainName: "demo-1.us-east-1.elb.amazonaws.com" }),
  },
  {
    rule: "R53-CALC-THRESHOLD",
    bad: onlyCheck({ Type: "CALCULATED", HealthThreshold: 2, ChildHealthChecks: ["a"] }),
    at: ["check 0"],
    says: "the threshold is 2 with 1 children: always unhealthy",
    good: onlyCheck({ Type: "CALCULATED", HealthThreshold: 2, ChildHealthChecks: ["a", "b"] }),
  },
  {
    rule: "R53-CALC-THRESHOLD",
    name: "of 0",
    bad: onlyCheck({ Type: "CALCULATED", HealthThreshold: 0, ChildHealthChecks: ["a"] }),
    at: ["check 0"],
    says: "always healthy",
    good: onlyCheck({ Type: "CALCULATED", HealthThreshold: 1, ChildHealthChecks: ["a"] }),
  },
  {
    rule: "R53-CW-INSUFFICIENT",
    bad: onlyCheck({ Type: "CLOUDWATCH_METRIC", InsufficientDataHealthStatus: "LastKnownStatus" }),
    at: ["check 0"],
    says: "without data it is LastKnownStatus",
    good: onlyCheck({ Type: "CLOUDWATCH_METRIC", InsufficientDataHealthStatus: "Unhealthy" }),
  },
];

export const SEEN_CASES: readonly ZoneCase[] = [
  {
    rule: "R53-FAIL-OPEN",
    bad: { ...LATENCY, rest: { observations: { aws: seen(DOWN), gcp: seen(DOWN) } } },
    at: ["record 0"],
    says: "all records of demo.example.com were unhealthy at 2026-11-22T12:00:00.000Z",
    good: { ...LATENCY, rest: { observations: { aws: seen(DOWN), gcp: seen(OK) } } },
  },
  {
    rule: "R53-BOTH-DOWN-PRIMARY",
    bad: zoneWith({ rest: { cloudWatchStatus: { aws: 0, gcp: 0 } } }),
    at: ["record 0"],
    says: "aws answered all the same",
    good: zoneWith({ rest: { cloudWatchStatus: { aws: 0, gcp: null } } }),
  },
  {
    rule: "R53-3XX-HEALTHY",
    bad: seenBy(seen("Success: HTTP Status Code 301, Moved Permanently")),
    at: ["check 0"],
    says: "2 of 2 checkers were answered 301",
    good: seenBy(seen("Failure: HTTP Status Code 301, Moved Permanently")),
  },
  {
    rule: "R53-FW-PARTIAL",
    bad: seenBy([...seen(TIMEOUT, ["us-west-1"]), ...seen(OK, ["us-east-1", "eu-west-1"])]),
    at: ["check 0"],
    says: "no checker in us-west-1 gets an answer, 2 of 3 do",
    severity: "warning",
    good: seenBy([...seen(DOWN, ["us-west-1"]), ...seen(OK, ["us-east-1", "eu-west-1"])]),
  },
  {
    rule: "R53-FW-PARTIAL",
    name: "one checker before it is unhealthy",
    bad: seenBy([...seen(TIMEOUT, REGIONS), ...seen(OK, ["sa-east-1"])]),
    at: ["check 0"],
    says: "one fewer, and it is unhealthy",
    severity: "error",
    good: seenBy([...seen(TIMEOUT, REGIONS), ...seen(DOWN, ["sa-east-1"])]),
  },
  {
    rule: "R53-FW-BLOCKED",
    bad: seenBy(seen(TIMEOUT)),
    at: ["check 0"],
    says: "all 2 checkers time out",
    good: seenBy([...seen(TIMEOUT), ...seen(DOWN)]),
  },
];

export const INVENTORY_CASES: readonly ZoneCase[] = [
  {
    rule: "R53-HOST-MISMATCH",
    bad: SOUND,
    at: ["record 0", "record 1"],
    says: "sends the host aws.example.com, and no Gateway has it",
    good: zoneWith({
      checks: [
        check("aws", { IPAddress: "192.0.2.10", FullyQualifiedDomainName: "a.example.com" }),
        check("gcp", { IPAddress: "192.0.2.20", FullyQualifiedDomainName: "b.example.com" }),
      ],
    }),
    beside: [topology(TOPOLOGY), GATEWAY],
  },
  {
    rule: "R53-LAT-NONAWS",
    bad: LATENCY,
    at: ["record 1"],
    says: "gcp runs in gcp and is ranked as eu-west-3",
    good: SOUND,
    beside: [topology(CLOUDS)],
  },
  {
    rule: "R53-LAT-REGION-CLASH",
    bad: pair({ Region: "us-west-2" }, { Region: "us-east-1" }),
    at: ["record 1"],
    says: "gcp borrows us-east-1, where aws runs",
    good: LATENCY,
    beside: [topology(CLOUDS)],
  },
  {
    rule: "R53-EIP-LOST",
    bad: checks({ IPAddress: "192.0.2.99" }),
    at: ["record 0"],
    says: "looks at 192.0.2.99, which is no region's of the topology",
    good: SOUND,
    beside: [topology(TOPOLOGY)],
  },
];

export const WHOLE_CASES: readonly ZoneCase[] = [
  {
    rule: "R53-INVALID",
    bad: firstRecord({ Weight: 256 }),
    at: ["record 0"],
    says: "resourceRecordSets[0].Weight: expected a whole number from 0 to 255, found 256",
    good: SOUND,
  },
  {
    rule: "R53-NOT-UNDERSTOOD",
    bad: firstRecord({ Weight: 1 }),
    at: ["record 0"],
    says: "expected one routing policy, found Weight and Failover",
    good: SOUND,
  },
  {
    rule: "R53-NOT-UNDERSTOOD",
    name: "of a health check",
    bad: checks({ Quantum: 1 }),
    at: ["check 0"],
    says: "the key Quantum is not known here",
    good: SOUND,
  },
  {
    rule: "R53-READ-PARTLY",
    bad: zoneWith({ rest: { notes: ["protections: AccessDenied"] } }),
    at: ["zone"],
    says: "protections: AccessDenied",
    good: SOUND,
  },
  {
    rule: "R53-DUP-ZONE",
    bad: zoneWith({ rest: { sameName: ["Z2"] } }),
    at: ["zone"],
    says: "Z2 has the same name",
    good: zoneWith({ rest: { sameName: [] } }),
  },
  {
    rule: "R53-NS-MISMATCH",
    bad: zoneWith({
      records: [...SOUND.records, record("ns-9.example.net.", { Name: "example.com.", TTL: 172_800 }, "NS")],
      rest: { nameServers: ["ns-1.awsdns-01.org"] },
    }),
    at: ["record 2"],
    says: "expected the name servers ns-1.awsdns-01.org, found ns-9.example.net",
    good: zoneWith({
      records: [...SOUND.records, record("NS-1.awsdns-01.org.", { Name: "example.com.", TTL: 172_800 }, "NS")],
      rest: { nameServers: ["ns-1.awsdns-01.org"] },
    }),
  },
  {
    rule: "R53-PROTECTED",
    bad: zoneWith({ rest: { protections: [{ RecordName: NAME, RecordType: "A" }] } }),
    at: ["record 0"],
    says: "A demo.example.com is protected against changes",
    good: zoneWith({ rest: { protections: [{ RecordName: "other.example.com.", RecordType: "A" }] } }),
  },
];

/** Its place is in the manifest, not in the zone. */
export const SPLIT_DNS = {
  rule: "R53-SPLIT-DNS",
  bad: COREDNS("route53 example.com.:Z0123456789"),
  line: 5,
  good: COREDNS("forward . /etc/resolv.conf"),
} as const;

export const ZONE_CASES: readonly ZoneCase[] = [
  ATTACHED_CASES,
  ROUTING_CASES,
  CHECK_CASES,
  SEEN_CASES,
  INVENTORY_CASES,
  WHOLE_CASES,
].flat();
