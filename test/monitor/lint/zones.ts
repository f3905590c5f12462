// A hosted zone without a fault, to be broken one field at a time, as the text of a snapshot with one record or check a line.
import { lintSources } from "../../../monitor/lint/lint.ts";
import type { SourceText } from "../../../monitor/lint/manifest.ts";
import type { Finding } from "../../../monitor/model/finding.ts";
import { AT } from "./manifests.ts";

type Fields = Readonly<Record<string, unknown>>;

export interface DraftZone {
  readonly records: readonly Fields[];
  readonly checks: readonly Fields[];
  /** Beside these in the snapshot. */
  readonly rest: Fields;
}

export const NAME = "demo.example.com.";

export function record(address: string, fields: Fields, type = "A"): Fields {
  return { Name: NAME, Type: type, TTL: 60, ResourceRecords: [{ Value: address }], ...fields };
}

export function alias(target: string, fields: Fields, evaluate = true): Fields {
  const AliasTarget = { HostedZoneId: "Z1", DNSName: target, EvaluateTargetHealth: evaluate };
  return { Name: NAME, Type: "A", AliasTarget, ...fields };
}

export function check(id: string, fields: Fields): Fields {
  const config = { Type: "HTTPS_STR_MATCH", SearchString: "ok", FullyQualifiedDomainName: `${id}.example.com` };
  return { Id: id, HealthCheckConfig: { ...config, ...fields } };
}

export const PRIMARY = { SetIdentifier: "aws", Failover: "PRIMARY", HealthCheckId: "aws" };
export const SECONDARY = { SetIdentifier: "gcp", Failover: "SECONDARY", HealthCheckId: "gcp" };

/** A failover pair, each with a check by address. */
export const SOUND: DraftZone = {
  records: [record("192.0.2.10", PRIMARY), record("192.0.2.20", SECONDARY)],
  checks: [check("aws", { IPAddress: "192.0.2.10" }), check("gcp", { IPAddress: "192.0.2.20" })],
  rest: {},
};

export function zoneWith(parts: Partial<DraftZone>): DraftZone {
  return { ...SOUND, ...parts };
}

/** Of a pair of other routing with the same checks. */
export function pair(first: Fields, second: Fields): DraftZone {
  return zoneWith({
    records: [
      record("192.0.2.10", { SetIdentifier: "aws", HealthCheckId: "aws", ...first }),
      record("192.0.2.20", { SetIdentifier: "gcp", HealthCheckId: "gcp", ...second }),
    ],
  });
}

const RECORDS_LINE = 3;

export function zoneText({ records, checks, rest }: DraftZone): string {
  const head = `"schemaVersion": 1, "kind": "route53-snapshot", "pulledAt": "2026-11-22T12:00:00.000Z"`;
  const zone = `"hostedZone": { "Id": "Z1", "Name": "example.com." }`;
  const lines = (items: readonly Fields[]): string => items.map((item) => JSON.stringify(item)).join(",\n");
  const others = Object.entries(rest).map(([key, value]) => `,\n${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  return `{ ${head}, ${zone},
"resourceRecordSets": [
${lines(records)}
], "healthChecks": [
${lines(checks)}
]${others.join("")} }
`;
}

/** The line of "record 0" or "check 1" in the text; "zone" is its first. */
export function lineOf(at: string, { records }: DraftZone): number {
  const [what, index = "0"] = at.split(" ");
  if (what === "zone") return 1;
  return RECORDS_LINE + Number(index) + (what === "check" ? Math.max(records.length, 1) + 1 : 0);
}

export function lintZone(zone: DraftZone, others: readonly SourceText[] = []): readonly Finding[] {
  return lintSources([...others, { file: "zone.json", text: zoneText(zone) }], { variables: {} }, AT);
}

/** The sound pair with other settings of its first health check. */
export const checks = (fields: Readonly<Record<string, unknown>>): DraftZone =>
  zoneWith({ checks: [check("aws", { IPAddress: "192.0.2.10", ...fields }), ...SOUND.checks.slice(1)] });

export const firstRecord = (fields: Readonly<Record<string, unknown>>): DraftZone =>
  zoneWith({ records: [record("192.0.2.10", { ...PRIMARY, ...fields }), ...SOUND.records.slice(1)] });

/** Checkers of these regions that all say the same. */
export const seen = (status: string, regions: readonly string[] = ["us-east-1", "eu-west-1"]) =>
  regions.map((Region) => ({ Region, StatusReport: { Status: status } }));

export const OK = "Success: HTTP Status Code 200, OK";
export const DOWN = "Failure: HTTP Status Code 503, Service Unavailable";
export const REGIONS = ["eu-west-1", "us-east-1", "us-west-1", "us-west-2"];

export const LATENCY = pair({ Region: "us-east-1" }, { Region: "eu-west-3" });

export const LEAF = "aws.example.com.";
