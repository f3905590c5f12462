// Terraform's plans and states as hosted zones: blocks, modules, count and for_each, and what is known only after apply.
import { describe, expect, test } from "vitest";
import type { ZoneDocument } from "../../../monitor/zone/document.ts";
import { isTerraform, parseTerraform } from "../../../monitor/zone/terraform.ts";
import { plan, references, type Resource, state } from "../../support/terraform-show.ts";

const ZONE: Resource = {
  type: "aws_route53_zone",
  name: "main",
  values: { name: "example.com" },
  unknown: { zone_id: true, id: true },
};
const ZONE_ID = references("aws_route53_zone.main.zone_id", "aws_route53_zone.main");
const KNOWN_ZONE: Resource = { ...ZONE, values: { name: "example.com", zone_id: "Z1", id: "Z1" } };

function record(values: Readonly<Record<string, unknown>>, more: Partial<Resource> = {}): Resource {
  return {
    type: "aws_route53_record",
    name: "demo",
    values: {
      name: "demo",
      type: "A",
      zone_id: "Z1",
      ttl: 60,
      records: ["192.0.2.10"],
      health_check_id: "",
      ...values,
    },
    ...more,
  };
}

function check(name: string, values: Readonly<Record<string, unknown>>, more: Partial<Resource> = {}): Resource {
  return { type: "aws_route53_health_check", name, values: { type: "HTTPS", port: 443, ...values }, ...more };
}

function read(text: string): readonly ZoneDocument[] {
  const parsed = parseTerraform("plan.json", text);
  if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join("\n"));
  return parsed.value;
}

function only(text: string): ZoneDocument {
  const [document, ...others] = read(text);
  if (document === undefined || others.length > 0) throw new Error("expected one zone");
  return document;
}

describe("what is taken for Terraform's", () => {
  test.each([
    ["a plan", plan({ resources: [] }), true],
    ["a state", state({ resources: [] }), true],
    ["an empty state", '{"format_version":"1.0"}', true],
    ["another's format", '{"format_version":"1.0","rows":[]}', false],
    ["a state file as Terraform keeps it", '{"version":4,"terraform_version":"1.9.5","resources":[]}', false],
    ["YAML", "format_version: 1", false],
    ["half a plan", plan({ resources: [] }).slice(0, 40), false],
  ])("%s: %s", (_, text, is) => {
    expect(isTerraform(text)).toBe(is);
  });
});

describe("each routing block is the API's field", () => {
  test.each([
    [{ failover_routing_policy: [{ type: "PRIMARY" }] }, { Failover: "PRIMARY" }],
    [{ latency_routing_policy: [{ region: "eu-west-3" }] }, { Region: "eu-west-3" }],
    [{ weighted_routing_policy: [{ weight: 0 }] }, { Weight: 0 }],
    [
      { geolocation_routing_policy: [{ continent: "", country: "US", subdivision: "CA" }] },
      { GeoLocation: { CountryCode: "US", SubdivisionCode: "CA" } },
    ],
    [
      {
        geoproximity_routing_policy: [
          { aws_region: "", bias: 10, local_zone_group: "", coordinates: [{ latitude: "49.22", longitude: "-74.01" }] },
        ],
      },
      { GeoProximityLocation: { Bias: 10, Coordinates: { Latitude: "49.22", Longitude: "-74.01" } } },
    ],
    [
      { cidr_routing_policy: [{ collection_id: "c", location_name: "office" }] },
      { CidrRoutingConfig: { CollectionId: "c", LocationName: "office" } },
    ],
    [{ multivalue_answer_routing_policy: true }, { MultiValueAnswer: true }],
  ])("%j", (block, field) => {
    const { recordSets } = only(state({ resources: [KNOWN_ZONE, record({ set_identifier: "a", ...block })] }));
    expect(recordSets[0]?.value).toEqual({
      Name: "demo.example.com",
      Type: "A",
      SetIdentifier: "a",
      TTL: 60,
      ResourceRecords: [{ Value: "192.0.2.10" }],
      ...field,
    });
  });

  test("an alias has neither TTL nor values", () => {
    const alias = [{ name: "x.example.net", zone_id: "Z9", evaluate_target_health: true }];
    const { recordSets } = only(state({ resources: [KNOWN_ZONE, record({ alias, ttl: 0, records: null })] }));
    expect(recordSets[0]?.value).toEqual({
      Name: "demo.example.com",
      Type: "A",
      AliasTarget: { HostedZoneId: "Z9", DNSName: "x.example.net", EvaluateTargetHealth: true },
    });
  });
});

describe("names are those of the zone", () => {
  test.each([
    [{ name: "demo" }, "demo.example.com"],
    [{ name: "demo.example.com" }, "demo.example.com"],
    [{ name: "Demo.Example.com." }, "Demo.Example.com"],
    [{ name: "" }, "example.com"],
    [{ name: "demo", fqdn: "demo.example.com" }, "demo.example.com"],
  ])("%j is %s", (values, name) => {
    const { recordSets } = only(
      plan({
        resources: [
          ZONE,
          record({ zone_id: undefined, ...values }, { unknown: { zone_id: true }, expressions: { zone_id: ZONE_ID } }),
        ],
      }),
    );
    expect(recordSets[0]?.value.Name).toBe(name);
  });

  test("a zone that is only read names its records too", () => {
    const data: Resource = { ...KNOWN_ZONE, mode: "data" };
    expect(only(state({ resources: [data, record({})] }))).toMatchObject({ zoneId: "Z1", zoneName: "example.com" });
  });

  test("records of several zones are several zones, and all have all health checks", () => {
    const other: Resource = { ...KNOWN_ZONE, name: "other", values: { name: "example.org", zone_id: "Z2", id: "Z2" } };
    const found = read(
      state({
        resources: [KNOWN_ZONE, other, record({}), record({ zone_id: "Z2" }, { name: "b" }), check("c", { id: "c1" })],
      }),
    );
    expect(
      found.map(({ zoneName, recordSets, healthChecks }) => [zoneName, recordSets.length, healthChecks.length]),
    ).toEqual([
      ["example.com", 1, 1],
      ["example.org", 1, 1],
    ]);
  });
});

describe("health checks have the API's words", () => {
  test.each([
    [
      {
        type: "HTTPS_STR_MATCH",
        fqdn: "a.example.com",
        port: 8443,
        resource_path: "/healthz",
        search_string: "ok",
        enable_sni: false,
        request_interval: 10,
        failure_threshold: 3,
        regions: ["us-east-1"],
        invert_healthcheck: true,
        disabled: false,
        ip_address: "",
      },
      {
        Type: "HTTPS_STR_MATCH",
        FullyQualifiedDomainName: "a.example.com",
        Port: 8443,
        ResourcePath: "/healthz",
        SearchString: "ok",
        EnableSNI: false,
        RequestInterval: 10,
        FailureThreshold: 3,
        Regions: ["us-east-1"],
        Inverted: true,
        Disabled: false,
      },
    ],
    [
      { type: "CALCULATED", port: 0, child_health_threshold: 0, child_healthchecks: ["a", "b"] },
      { Type: "CALCULATED", HealthThreshold: 0, ChildHealthChecks: ["a", "b"] },
    ],
    [
      {
        type: "CLOUDWATCH_METRIC",
        port: 0,
        cloudwatch_alarm_name: "n",
        cloudwatch_alarm_region: "us-east-1",
        insufficient_data_health_status: "Healthy",
      },
      {
        Type: "CLOUDWATCH_METRIC",
        AlarmIdentifier: { Name: "n", Region: "us-east-1" },
        InsufficientDataHealthStatus: "Healthy",
      },
    ],
  ])("%j", (values, config) => {
    const { healthChecks } = only(state({ resources: [check("c", { id: "c1", ...values })] }));
    expect(healthChecks[0]?.value).toEqual({ Id: "c1", HealthCheckConfig: config });
  });
});

describe("what is known only after apply", () => {
  const later = { health_check_id: true, zone_id: true };
  const planned = (expressions: Readonly<Record<string, unknown>>, more: Partial<Resource> = {}): Resource =>
    record(
      { zone_id: undefined, health_check_id: undefined },
      { unknown: later, expressions: { zone_id: ZONE_ID, ...expressions }, ...more },
    );
  const idsOf = (text: string): readonly (string | undefined)[] =>
    read(text).flatMap(({ recordSets }) => recordSets.map(({ value }) => value.HealthCheckId));

  test("is the health check that the configuration names, by its address", () => {
    const health_check_id = references("aws_route53_health_check.aws.id", "aws_route53_health_check.aws");
    const text = plan({ resources: [ZONE, planned({ health_check_id }), check("aws", {}, { unknown: { id: true } })] });
    expect(idsOf(text)).toEqual(["aws_route53_health_check.aws"]);
    expect(only(text)).toMatchObject({
      zoneId: "aws_route53_zone.main",
      healthChecks: [{ value: { Id: "aws_route53_health_check.aws" } }],
    });
  });

  test.each([
    ["for_each", "aws", "gcp"],
    ["count", 0, 1],
  ])("is the check with the same index under %s", (_, first, second) => {
    const health_check_id = references("aws_route53_health_check.this", "each.key");
    const both = [first, second].flatMap((index): readonly Resource[] => [
      planned({ health_check_id }, { index }),
      check("this", {}, { index, unknown: { id: true } }),
    ]);
    expect(idsOf(plan({ resources: [ZONE, ...both] }))).toEqual(
      [first, second].map((index) => `aws_route53_health_check.this[${JSON.stringify(index)}]`),
    );
  });

  test("is looked for through variables into a module and outputs out of it", () => {
    const checks = {
      resources: [check("this", {}, { unknown: { id: true } })],
      outputs: { id: references("aws_route53_health_check.this.id", "aws_route53_health_check.this") },
    };
    const records = {
      resources: [
        record(
          { zone_id: "Z1", health_check_id: undefined },
          { unknown: { health_check_id: true }, expressions: { health_check_id: references("var.check") } },
        ),
      ],
      given: { check: references("module.checks.id", "module.checks") },
    };
    expect(idsOf(plan({ resources: [], modules: { checks, records } }))).toEqual([
      "module.checks.aws_route53_health_check.this",
    ]);
  });

  test("of a check that nobody can name is a check of its own, marked as unknown", () => {
    const { recordSets } = only(plan({ resources: [ZONE, planned({ health_check_id: references("var.check") })] }));
    expect(recordSets[0]?.value.HealthCheckId).toBe("(known after apply) aws_route53_record.demo");
    expect([...(recordSets[0]?.unknown ?? [])]).toEqual(["HealthCheckId"]);
  });

  test("of an alias is the record or the load balancer that the configuration names", () => {
    const leaf = record(
      { name: "aws", zone_id: undefined },
      { name: "leaf", unknown: { zone_id: true, fqdn: true }, expressions: { zone_id: ZONE_ID } },
    );
    const aliasTo = (name: object, index: number): Resource =>
      record(
        { zone_id: undefined, ttl: null, records: null, alias: [{ evaluate_target_health: true }] },
        {
          index,
          unknown: { zone_id: true, alias: [{ name: true, zone_id: true }] },
          expressions: { zone_id: ZONE_ID, alias: [{ name, zone_id: ZONE_ID }] },
        },
      );
    const names = [
      references("aws_route53_record.leaf.fqdn", "aws_route53_record.leaf"),
      references("aws_lb.main.dns_name", "aws_lb.main"),
    ].map((name) => {
      const { recordSets } = only(plan({ resources: [ZONE, leaf, aliasTo(name, 0)] }));
      return recordSets[1]?.value.AliasTarget;
    });
    expect(names).toEqual([
      { HostedZoneId: "aws_route53_zone.main", DNSName: "aws.example.com", EvaluateTargetHealth: true },
      { HostedZoneId: "aws_route53_zone.main", DNSName: "aws_lb.main.dns_name", EvaluateTargetHealth: true },
    ]);
  });

  test("of a name leaves the record out, and of an address marks it", () => {
    const nameless = record({ name: undefined }, { unknown: { name: true } });
    const addressless = record({ records: undefined }, { name: "b", unknown: { records: true } });
    const { recordSets } = only(plan({ resources: [KNOWN_ZONE, nameless, addressless] }));
    expect(recordSets.map(({ address, unknown }) => [address, [...(unknown ?? [])]])).toEqual([
      ["aws_route53_record.b", ["ResourceRecords"]],
    ]);
  });
});

test("every record and check has its line and column, in one line of JSON and in many", () => {
  const text = state({
    resources: [KNOWN_ZONE],
    modules: { eu: { resources: [record({}), check("c", { id: "c1" })] } },
  });
  const pretty = JSON.stringify(JSON.parse(text), null, 2);
  for (const written of [text, pretty]) {
    const { recordSets, healthChecks } = only(written);
    const lines = written.split("\n");
    for (const { place, address = "" } of [...recordSets, ...healthChecks]) {
      const rest = [lines[place.line - 1]?.slice(place.column - 1), ...lines.slice(place.line)].join("\n");
      expect(rest.replaceAll(/\s/g, "")).toMatch(`{"address":"${address}"`);
    }
  }
});

test("what is wrong is said with the resource and the line", () => {
  const text = state({ resources: [KNOWN_ZONE, record({ type: "AAAAA" }), check("c", { id: "c1", type: "GOPHER" })] });
  const parsed = parseTerraform("plan.json", text);
  expect(parsed.ok ? [] : parsed.problems.map(({ path, message }) => `${path ?? ""}: ${message}`)).toEqual([
    expect.stringMatching(
      /^aws_route53_health_check.c: HealthCheckConfig.Type: expected a type of health check.*found "GOPHER"$/,
    ),
    expect.stringMatching(/^aws_route53_record.demo: Type: expected a record type.*found "AAAAA"$/),
  ]);
});
