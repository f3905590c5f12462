// The API's shapes in the evaluator's words: every routing policy, target and type of health check, and what is odd.
import { describe, expect, test } from "vitest";
import { CHECKER_REGIONS } from "../../../monitor/policy/constants.ts";
import type { AwsHealthCheckConfig, AwsRecordSet } from "../../../monitor/zone/aws-shapes.ts";
import { type AwsZone, zoneFromAws } from "../../../monitor/zone/from-aws.ts";

const BASE: AwsRecordSet = {
  Name: "Demo.Example.com.",
  Type: "A",
  SetIdentifier: "a",
  TTL: 60,
  ResourceRecords: [{ Value: "192.0.2.10" }],
};

const EMPTY: AwsZone = {
  id: "/hostedzone/Z1",
  name: "Example.com.",
  recordSets: [],
  healthChecks: [],
  cidrCollections: [],
};

function recordOf(record: Partial<AwsRecordSet>) {
  return zoneFromAws({ ...EMPTY, recordSets: [{ ...BASE, ...record }] }).zone.recordSets[0];
}

function checkOf(config: AwsHealthCheckConfig) {
  return zoneFromAws({ ...EMPTY, healthChecks: [{ Id: "c", HealthCheckConfig: config }] }).zone.healthChecks[0];
}

function odditiesOf(record: Partial<AwsRecordSet>): readonly string[] {
  return zoneFromAws({ ...EMPTY, recordSets: [{ ...BASE, ...record }] }).oddities.map(({ message }) => message);
}

describe("a record set", () => {
  test.each<[string, Partial<AwsRecordSet>, object]>([
    ["failover", { Failover: "SECONDARY" }, { routing: "failover", role: "SECONDARY" }],
    ["latency", { Region: "eu-west-3" }, { routing: "latency", awsRegion: "eu-west-3" }],
    ["weighted with zero", { Weight: 0 }, { routing: "weighted", weight: 0 }],
    ["multivalue", { MultiValueAnswer: true }, { routing: "multivalue" }],
    [
      "geolocation",
      { GeoLocation: { CountryCode: "US", SubdivisionCode: "CA" } },
      { routing: "geolocation", continent: null, country: "US", subdivision: "CA" },
    ],
    [
      "geoproximity by region",
      { GeoProximityLocation: { AWSRegion: "us-east-1", Bias: -10 } },
      { routing: "geoproximity", location: { kind: "aws-region", awsRegion: "us-east-1" }, bias: -10 },
    ],
    [
      "geoproximity by coordinates",
      { GeoProximityLocation: { Coordinates: { Latitude: "50.47", Longitude: "3.82" } } },
      { routing: "geoproximity", location: { kind: "coordinates", latitude: 50.47, longitude: 3.82 }, bias: 0 },
    ],
    [
      "geoproximity by Local Zone",
      { GeoProximityLocation: { LocalZoneGroup: "us-east-1-bue-1" } },
      { routing: "geoproximity", location: { kind: "local-zone-group", group: "us-east-1-bue-1" }, bias: 0 },
    ],
    [
      "by CIDR",
      { CidrRoutingConfig: { CollectionId: "k", LocationName: "*" } },
      { routing: "ip-based", collectionId: "k", location: "*" },
    ],
  ])("routes as it says: %s", (_, record, routing) => {
    expect(recordOf(record)?.routing).toEqual(routing);
    expect(odditiesOf(record)).toEqual([]);
  });

  test("has its name in lower case without the final dot, a wildcard's asterisk as such", () => {
    expect(recordOf({})?.name).toBe("demo.example.com");
    expect(recordOf({ Name: "\\052.example.com." })?.name).toBe("*.example.com");
  });

  test.each([
    ["this zone", "Z1", null],
    ["this zone with a path", "/hostedzone/Z1", null],
    ["another one", "Z35SXDOTRQ7X7K", "Z35SXDOTRQ7X7K"],
  ])("as an alias points into %s", (_, given, hostedZoneId) => {
    const AliasTarget = { HostedZoneId: given, DNSName: "LB.example.com.", EvaluateTargetHealth: true };
    const { SetIdentifier: _id, ResourceRecords: _values, TTL: _ttl, ...bare } = BASE;
    const { zone, oddities } = zoneFromAws({ ...EMPTY, recordSets: [{ ...bare, AliasTarget }] });
    expect(zone.recordSets[0]?.target).toEqual({
      kind: "alias",
      name: "lb.example.com",
      hostedZoneId,
      evaluateTargetHealth: true,
    });
    expect(oddities).toEqual([]);
  });

  test.each<[string, Partial<AwsRecordSet>, RegExp]>([
    ["two policies", { Weight: 1, Failover: "PRIMARY" }, /^expected one routing policy, found Weight and Failover$/],
    [
      "a set identifier without a policy",
      {},
      /^expected a routing policy beside SetIdentifier a, found none that is known here$/,
    ],
    [
      "neither values nor alias",
      { Weight: 1, ResourceRecords: [] },
      /^expected ResourceRecords or an AliasTarget, found neither$/,
    ],
    ["a field that is not known here", { Weight: 1, ["Quantum"]: 1 }, /^the key Quantum is not known here/],
  ])("is odd with %s", (_, record, message) => {
    expect(odditiesOf(record)).toEqual([expect.stringMatching(message)]);
  });
});

describe("a health check", () => {
  test("of an endpoint gets what Route 53 fills in", () => {
    expect(checkOf({ Type: "HTTPS", FullyQualifiedDomainName: "use1.example.com", ResourcePath: "healthz" })).toEqual({
      id: "c",
      type: "HTTPS",
      ipAddress: null,
      host: "use1.example.com",
      port: 443,
      path: "/healthz",
      searchString: null,
      requestIntervalSeconds: 30,
      failureThreshold: 3,
      enableSni: true,
      regions: CHECKER_REGIONS,
      measureLatency: false,
      disabled: false,
      inverted: false,
    });
  });

  test.each<[string, AwsHealthCheckConfig, object]>([
    [
      "TCP",
      { Type: "TCP", IPAddress: "192.0.2.10", Port: 7 },
      { type: "TCP", host: null, ipAddress: "192.0.2.10", port: 7, path: null },
    ],
    [
      "string match over HTTP",
      { Type: "HTTP_STR_MATCH", FullyQualifiedDomainName: "", SearchString: "us-east-1", Inverted: true },
      { type: "HTTP_STR_MATCH", host: null, port: 80, searchString: "us-east-1", enableSni: false, inverted: true },
    ],
    [
      "calculated",
      { Type: "CALCULATED", ChildHealthChecks: ["x", "y"], HealthThreshold: 2, Disabled: true },
      { type: "CALCULATED", children: ["x", "y"], healthThreshold: 2, disabled: true },
    ],
    [
      "an alarm",
      {
        Type: "CLOUDWATCH_METRIC",
        AlarmIdentifier: { Region: "us-east-1", Name: "n" },
        InsufficientDataHealthStatus: "Unhealthy",
      },
      { type: "CLOUDWATCH_METRIC", alarm: { region: "us-east-1", name: "n" }, insufficientData: "Unhealthy" },
    ],
    ["a routing control", { Type: "RECOVERY_CONTROL", RoutingControlArn: "arn:x" }, { routingControlArn: "arn:x" }],
  ])("keeps its own words: %s", (_, config, expected) => {
    expect(checkOf(config)).toMatchObject(expected);
  });
});

describe("a zone without a name of its own", () => {
  test.each([
    ["takes its SOA record's", ["demo.example.com.", "example.com."], ["A", "SOA"], "example.com"],
    ["takes what all names end in", ["a.demo.example.com.", "b.example.com."], ["A", "A"], "example.com"],
    ["has none without records", [], [], ""],
  ] as const)("%s", (_, names, types, name) => {
    const recordSets = names.map((Name, index): AwsRecordSet => ({ ...BASE, Name, Type: types[index] ?? "A" }));
    expect(zoneFromAws({ ...EMPTY, name: null, recordSets }).zone.name).toBe(name);
  });
});
