// The shipped topology's zone as Route 53 would show it, and snapshot files of it.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseTopology } from "../../monitor/topology/parse.ts";
import { publishedZone } from "../../monitor/topology/published-zone.ts";
import type { AwsHealthCheck, AwsRecordSet } from "../../monitor/zone/aws-shapes.ts";
import { type AwsIds, awsHealthCheckConfig, awsRecordSet } from "../../monitor/zone/to-aws.ts";
import { ROOT } from "../support/source-files.ts";

export const IDS: AwsIds = { zoneId: "Z0123456789EXAMPLE", checkId: (id) => `check-of-${id}` };

interface Zone {
  readonly resourceRecordSets: readonly AwsRecordSet[];
  readonly healthChecks: readonly AwsHealthCheck[];
}

/** What the shipped topology asks for, as Route 53 would show it. */
export function shipped(form: "addresses" | "tree"): Zone {
  const parsed = parseTopology(readFileSync(join(ROOT, "manifests/topology.yaml"), "utf8"));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const published = publishedZone(parsed.value, form);
  if (published.kind === "impossible") throw new Error(published.why);
  return {
    resourceRecordSets: published.zone.recordSets.map((record) => awsRecordSet(record, IDS)),
    healthChecks: published.zone.healthChecks.map((check) => ({
      Id: IDS.checkId(check.id),
      HealthCheckConfig: awsHealthCheckConfig(check, IDS),
    })),
  };
}

/** The path of the file. */
export function snapshotFile(file: string, zone: object): string {
  const snapshot = {
    schemaVersion: 1,
    kind: "route53-snapshot",
    pulledAt: "2026-11-22T12:00:00.000Z",
    hostedZone: { Id: IDS.zoneId, Name: "multicloud.example.com." },
    ...zone,
  };
  writeFileSync(file, JSON.stringify(snapshot));
  return file;
}
