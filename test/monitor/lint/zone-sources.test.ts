// The same trap in every form that a zone is written in, and what is said of zones that are only partly there.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lintSources, sourceKind } from "../../../monitor/lint/lint.ts";
import type { Finding } from "../../../monitor/model/finding.ts";
import { plan, references, type Resource, state } from "../../support/terraform-show.ts";
import { AT, edited, TOPOLOGY } from "./manifests.ts";
import { check, NAME, PRIMARY, record, SECONDARY, SOUND, zoneText, zoneWith } from "./zones.ts";

function lint(texts: Readonly<Record<string, string>>): readonly Finding[] {
  const sources = Object.entries(texts).map(([file, text]) => ({ file, text }));
  return lintSources(sources, { variables: {} }, AT);
}

function idsIn(texts: Readonly<Record<string, string>>): readonly string[] {
  return lint(texts)
    .filter(({ severity }) => severity !== "note")
    .map(({ id, place }) => `${place.file}:${place.line} ${id}`);
}

/** The original wording: "Target: https://demo.multicloud.example.com/healthz", for the record demo.multicloud.example.com. */
const POC = { Type: "HTTPS", FullyQualifiedDomainName: "demo.example.com", ResourcePath: "/healthz" };
const POC_ZONE = zoneWith({ checks: [{ Id: "aws", HealthCheckConfig: POC }, ...SOUND.checks.slice(1)] });

const KNOWN_ZONE: Resource = { type: "aws_route53_zone", name: "main", values: { name: "example.com", zone_id: "Z1" } };
const LATER_ZONE: Resource = { ...KNOWN_ZONE, values: { name: "example.com" }, unknown: { zone_id: true, id: true } };

function failover(
  role: "PRIMARY" | "SECONDARY",
  values: Readonly<Record<string, unknown>>,
  more: Partial<Resource> = {},
): Resource {
  return {
    type: "aws_route53_record",
    name: role.toLowerCase(),
    values: {
      name: "demo",
      type: "A",
      zone_id: "Z1",
      ttl: 60,
      set_identifier: role,
      records: ["192.0.2.10"],
      failover_routing_policy: [{ type: role }],
      ...values,
    },
    ...more,
  };
}

function checkResource(
  name: string,
  values: Readonly<Record<string, unknown>>,
  more: Partial<Resource> = {},
): Resource {
  const common = { type: "HTTPS_STR_MATCH", search_string: "ok", fqdn: "demo.example.com", port: 443 };
  return { type: "aws_route53_health_check", name, values: { ...common, ...values }, ...more };
}

/** A pair whose primary has a check that is still to be made. */
function planned(
  checkValues: Readonly<Record<string, unknown>>,
  unknown: Readonly<Record<string, unknown>> = {},
): string {
  const health_check_id = references("aws_route53_health_check.aws.id", "aws_route53_health_check.aws");
  const zone_id = references("aws_route53_zone.main.zone_id", "aws_route53_zone.main");
  const later = { unknown: { zone_id: true, health_check_id: true }, expressions: { zone_id, health_check_id } };
  return plan({
    resources: [
      LATER_ZONE,
      failover("PRIMARY", { zone_id: undefined }, later),
      failover(
        "SECONDARY",
        { zone_id: undefined, records: ["192.0.2.20"] },
        { unknown: { zone_id: true }, expressions: { zone_id } },
      ),
      checkResource("aws", checkValues, { unknown: { id: true, ...unknown } }),
    ],
  });
}

describe("a health check that resolves the very name it decides is found in", () => {
  test("a topology, which is refused for it as well", () => {
    const topology = edited(TOPOLOGY, [["https://a.example.com", "https://demo.example.com"]]);
    expect(idsIn({ "topology.yaml": topology })).toEqual([
      "topology.yaml:4 R53-SELF-REF",
      "topology.yaml:4 TOPO-INVALID",
    ]);
  });

  test("a snapshot", () => {
    expect(idsIn({ "zone.json": zoneText(POC_ZONE) })).toEqual(["zone.json:3 R53-SELF-REF"]);
  });

  test("a change batch beside the requests for its health checks", () => {
    const changes = POC_ZONE.records.map((one) => ({
      Action: "UPSERT",
      ResourceRecordSet: { ...one, HealthCheckId: `ID-OF-THE-HEALTH-CHECK-FOR-${String(one["SetIdentifier"])}` },
    }));
    const requests = ["aws", "gcp"].map((region) => ({
      CallerReference: `multicloud-probe-0123456789abcdef-${region}`,
      HealthCheckConfig: POC,
    }));
    const texts = {
      "failover/change-batch.json": JSON.stringify({ Changes: changes }),
      "failover/health-checks.json": JSON.stringify(requests),
    };
    expect(idsIn(texts)).toEqual([
      "failover/change-batch.json:1 R53-SELF-REF",
      "failover/change-batch.json:1 R53-SELF-REF",
    ]);
    const elsewhere = { ...texts, "latency/health-checks.json": "[]", "failover/health-checks.json": "[]" };
    expect(idsIn(elsewhere)).toEqual([]);
  });

  test("the lists that the AWS command line prints", () => {
    const records = JSON.stringify({ ResourceRecordSets: POC_ZONE.records });
    expect(idsIn({ "r.json": records, "c.json": JSON.stringify({ HealthChecks: POC_ZONE.checks }) })).toEqual([
      "r.json:1 R53-SELF-REF",
    ]);
  });

  test("Terraform's state, with the address of the resource", () => {
    const text = state({
      resources: [
        KNOWN_ZONE,
        failover("PRIMARY", { health_check_id: "h1" }),
        failover("SECONDARY", { records: ["192.0.2.20"] }),
        checkResource("aws", { id: "h1", ip_address: "" }),
      ],
    });
    expect(idsIn({ "state.json": text })).toEqual(["state.json:1 R53-SELF-REF"]);
    expect(lint({ "state.json": text })[0]).toMatchObject({
      subject: "A demo.example.com PRIMARY",
      message: expect.stringContaining("(aws_route53_record.primary)"),
    });
  });

  test("Terraform's plan, before anything of it is made", () => {
    expect(idsIn({ "plan.json": planned({}) })).toEqual(["plan.json:1 R53-SELF-REF"]);
  });
});

describe("what is known only after apply is not taken for missing", () => {
  test.each([
    ["the address of a check", planned({}, { ip_address: true })],
    ["the name of a check", planned({ fqdn: undefined }, { fqdn: true })],
    [
      "a health check that nobody names",
      plan({
        resources: [
          KNOWN_ZONE,
          failover("PRIMARY", {}, { unknown: { health_check_id: true } }),
          failover("SECONDARY", {}, { unknown: { health_check_id: true } }),
        ],
      }),
    ],
    [
      "whether an alias evaluates its target",
      plan({
        resources: [
          KNOWN_ZONE,
          failover(
            "PRIMARY",
            { records: null, ttl: null, alias: [{ name: "x.example.net", zone_id: "Z9" }] },
            { unknown: { alias: [{ evaluate_target_health: true }] } },
          ),
          failover("SECONDARY", {}),
        ],
      }),
    ],
    [
      "a TTL",
      plan({
        resources: [
          KNOWN_ZONE,
          failover("PRIMARY", { ttl: undefined, health_check_id: "h" }, { unknown: { ttl: true } }),
          failover("SECONDARY", {}),
        ],
      }),
    ],
  ])("%s", (_, text) => {
    expect(idsIn({ "plan.json": text })).toEqual([]);
  });
});

describe("settings that are known only after apply break no rule", () => {
  const ELB = "internal-demo-1.us-east-1.elb.amazonaws.com";
  test.each([
    ["alarm without data", { type: "CLOUDWATCH_METRIC" }, { insufficient_data_health_status: true }],
    ["internal load balancer", { fqdn: ELB }, { ip_address: true }],
    ["server name", { enable_sni: false }, { enable_sni: true }],
    ["regions", { regions: ["us-east-1"] }, { regions: true }],
    ["children", { type: "CALCULATED", child_health_threshold: 2 }, { child_healthchecks: true }],
    ["threshold", { type: "CALCULATED", child_healthchecks: ["a"] }, { child_health_threshold: true }],
  ])("%s of a health check", (_, values, unknown) => {
    const text = (later: Readonly<Record<string, unknown>>): string =>
      plan({
        resources: [checkResource("c", { search_string: "ok", ...values }, { unknown: { id: true, ...later } })],
      });
    expect(lint({ "plan.json": text({}) }).map(({ id }) => id)).toHaveLength(1);
    expect(lint({ "plan.json": text(unknown) })).toEqual([]);
  });

  test("several TTLs of weighted records are not guessed, nor a default of geolocation records", () => {
    const group = (block: Readonly<Record<string, unknown>>, later: Readonly<Record<string, unknown>>): string =>
      plan({
        resources: [
          KNOWN_ZONE,
          ...[60, 30].map((ttl) =>
            failover(
              "PRIMARY",
              { ttl, failover_routing_policy: [], set_identifier: String(ttl), ...block },
              { index: ttl, unknown: ttl === 30 ? later : {} },
            ),
          ),
        ],
      });
    const ids = (text: string): readonly string[] => lint({ "plan.json": text }).map(({ id }) => id);
    const weighted = { weighted_routing_policy: [{ weight: 1 }] };
    expect([ids(group(weighted, {})), ids(group(weighted, { ttl: true }))]).toEqual([["R53-WEIGHT-TTL-MIX"], []]);
    const located = { geolocation_routing_policy: [{ continent: "EU" }] };
    expect([ids(group(located, {})), ids(group(located, { geolocation_routing_policy: true }))]).toEqual([
      ["R53-GEO-NO-DEFAULT"],
      [],
    ]);
  });

  test.each([
    ["role", { failover_routing_policy: true }, "R53-FAILOVER-PAIR"],
    ["health check", { health_check_id: true }, "R53-SECONDARY-NO-HC"],
  ])("%s of a record", (_, unknown, rule) => {
    const text = (later: Readonly<Record<string, unknown>>): string =>
      plan({ resources: [KNOWN_ZONE, failover("SECONDARY", {}, { unknown: later })] });
    expect(lint({ "plan.json": text({}) }).map(({ id }) => id)).toContain(rule);
    expect(lint({ "plan.json": text(unknown) }).map(({ id }) => id)).not.toContain(rule);
  });

  test("whether a check of an AAAA record looks by address is not guessed", () => {
    const both = (later: Readonly<Record<string, unknown>>): string =>
      plan({
        resources: [
          KNOWN_ZONE,
          checkResource("c", { id: "h", fqdn: "a.example.com" }, { unknown: later }),
          ...["A", "AAAA"].map((type) =>
            failover(
              "PRIMARY",
              { type, health_check_id: "h", records: [type === "A" ? "192.0.2.10" : "2001:db8::10"] },
              { index: type },
            ),
          ),
        ],
      });
    const gaps = (text: string): number => lint({ "plan.json": text }).filter(({ id }) => id === "R53-AAAA-GAP").length;
    expect([gaps(both({})), gaps(both({ ip_address: true }))]).toEqual([1, 0]);
  });
});

describe("what a part of a zone lacks", () => {
  const half = JSON.stringify({ Changes: [{ Action: "UPSERT", ResourceRecordSet: record("192.0.2.10", PRIMARY) }] });

  test("is told as a note, because the rest may stand elsewhere", () => {
    expect(lint({ "batch.json": half }).map(({ id, severity, message }) => [id, severity, message])).toEqual([
      ["R53-FAILOVER-PAIR", "note", "there is no SECONDARY of demo.example.com here, and this is a part of a zone"],
    ]);
  });

  test("of health checks is no finding where none are listed, and one where they are", () => {
    const records = JSON.stringify({ ResourceRecordSets: SOUND.records });
    expect(idsIn({ "r.json": records })).toEqual([]);
    const one = JSON.stringify({ HealthChecks: SOUND.checks.slice(0, 1) });
    expect(idsIn({ "r.json": records, "c.json": one })).toEqual(["r.json:1 R53-HC-DELETED"]);
    expect(idsIn({ "batch.json": half, "c.json": JSON.stringify({ HealthChecks: [] }) })).toEqual([]);
  });
});

describe("waivers of the topology hold for zones", () => {
  const waiver = (fields: string): string =>
    edited(TOPOLOGY, [["dns:\n", `lint: { waivers: [ { id: R53-TTL-HIGH, reason: known, ${fields} } ] }\ndns:\n`]]);
  const zone = zoneText(
    zoneWith({
      records: [record("192.0.2.10", { ...PRIMARY, TTL: 300 }), record("192.0.2.20", { ...SECONDARY, TTL: 300 })],
    }),
  );
  const waivedIn = (topology: string): readonly (readonly [string, boolean])[] =>
    lint({ "topology.yaml": topology, "zone.json": zone })
      .filter(({ id }) => id === "R53-TTL-HIGH")
      .map(({ subject, waiver: held }) => [subject, held !== null]);

  test("until their day is over", () => {
    expect(waivedIn(waiver("until: 2026-11-22"))).toEqual([
      ["A demo.example.com aws", true],
      ["A demo.example.com gcp", true],
    ]);
    expect(waivedIn(waiver("until: 2026-11-21"))).toEqual([
      ["A demo.example.com aws", false],
      ["A demo.example.com gcp", false],
    ]);
  });

  test("of one record for that one, whatever it is written in", () => {
    expect(waivedIn(waiver('subject: "A demo.example.com gcp", until: 2027-01-01'))).toEqual([
      ["A demo.example.com aws", false],
      ["A demo.example.com gcp", true],
    ]);
  });
});

describe("a source is what its content says", () => {
  test.each([
    ["topology.yaml", TOPOLOGY, "topology"],
    ["a", zoneText(SOUND), "zone"],
    ["a", state({ resources: [] }), "zone"],
    ["a", JSON.stringify([{ CallerReference: "a", HealthCheckConfig: POC }]), "zone"],
    ["a", "apiVersion: v1\nkind: Namespace\n", "manifest"],
    ["a", "a: [", "manifest"],
    ["package.json", '{"name":"x","version":"1"}', null],
    ["values.yaml", "replicas: 2\n", null],
    ["list.json", "[]", null],
    ["plan.json", "", null],
  ])("%s: %s", (file, text, kind) => {
    expect(sourceKind({ file, text })).toBe(kind);
  });
});

describe("laws", () => {
  const TEXTS = [
    zoneText(POC_ZONE),
    planned({}),
    state({ resources: [KNOWN_ZONE, failover("PRIMARY", {}), checkResource("c", { id: "h" })] }),
  ];
  const STRANGERS = [null, true, 0, -1, "", "x", "*", [], {}, [[]], [null], { a: 1 }, 1e300];

  /** One value anywhere in a JSON document replaced by another. */
  function mutated(
    value: unknown,
    at: number,
    stranger: unknown,
  ): { readonly value: unknown; readonly passed: number } {
    if (at === 0) return { value: stranger, passed: 1 };
    let passed = 1;
    const visit = (inner: unknown): unknown => {
      if (passed > at) return inner;
      const result = mutated(inner, at - passed, stranger);
      passed += result.passed;
      return result.value;
    };
    if (Array.isArray(value)) return { value: value.map(visit), passed };
    if (typeof value !== "object" || value === null) return { value, passed };
    const entries = Object.entries(value).map(([key, inner]) => [key, visit(inner)] as const);
    return { value: Object.fromEntries(entries), passed };
  }

  const mutations = fc.array(
    fc.tuple(fc.nat(150), fc.oneof(fc.constantFrom(...STRANGERS), fc.jsonValue({ maxDepth: 2 }))),
    { maxLength: 3 },
  );

  test("no change of a zone's values makes lint throw, and every place is in the text", () => {
    fc.assert(
      fc.property(fc.constantFrom(...TEXTS), mutations, fc.boolean(), (text, changes, pretty) => {
        const value = changes.reduce<unknown>(
          (before, [at, stranger]) => mutated(before, at, stranger).value,
          JSON.parse(text),
        );
        const written = JSON.stringify(value, null, pretty ? 2 : 0);
        const lines = written.split("\n");
        for (const { place } of lint({ "topology.yaml": TOPOLOGY, "zone.json": written })) {
          if (place.file === "topology.yaml") continue;
          expect(place.line).toBeLessThanOrEqual(lines.length);
          expect(place.column).toBeLessThanOrEqual((lines[place.line - 1] ?? "").length);
        }
      }),
      { numRuns: 500 },
    );
  });

  test("no cut or mangled text makes lint throw", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...TEXTS),
        fc.nat(),
        fc.nat(20),
        fc.string({ maxLength: 6 }),
        (text, at, cut, put) => {
          const start = at % text.length;
          lint({ "zone.json": `${text.slice(0, start)}${put}${text.slice(start + cut)}` });
        },
      ),
      { numRuns: 300 },
    );
  });
});

test("names compare without case and final dot in every form", () => {
  const shouting = zoneWith({
    checks: [check("aws", { FullyQualifiedDomainName: NAME.toUpperCase() }), ...SOUND.checks.slice(1)],
  });
  expect(idsIn({ "zone.json": zoneText(shouting) })).toEqual(["zone.json:3 R53-SELF-REF"]);
});
