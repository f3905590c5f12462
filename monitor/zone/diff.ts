// The zone that the topology asks for against the zone that is there: which health checks and record sets are missing, differ
// or are too many, as a plan in the order in which it can be carried out. Names that the topology does not speak of are
// nobody's business here.
import type { HealthCheck } from "../policy/health-check.ts";
import { compareText } from "../policy/name-lookup.ts";
import type { RecordSet, Zone } from "../policy/record-set.ts";
import { awsHealthCheckConfig, awsRecordSet, type AwsIds, pendingCheckId } from "./to-aws.ts";
import type { AwsHealthCheckConfig, AwsRecordSet } from "./aws-shapes.ts";

/** "TTL: wanted 60, found 300"; texts are JSON. */
export interface FieldDifference {
  readonly field: string;
  readonly wanted: string;
  readonly found: string;
}

export type CheckStep =
  | { readonly kind: "same"; readonly id: string; readonly foundId: string }
  | { readonly kind: "create"; readonly id: string; readonly config: AwsHealthCheckConfig }
  | {
      readonly kind: "update";
      readonly id: string;
      readonly foundId: string;
      readonly config: AwsHealthCheckConfig;
      readonly fields: readonly FieldDifference[];
    }
  /** What differs cannot be changed in a health check that exists. */
  | {
      readonly kind: "replace";
      readonly id: string;
      readonly foundId: string;
      readonly config: AwsHealthCheckConfig;
      readonly fields: readonly FieldDifference[];
    };

export interface RecordStep {
  readonly kind: "create" | "update" | "delete";
  /** "A demo.example.com aws-us-east-1". */
  readonly subject: string;
  readonly fields: readonly FieldDifference[];
}

export interface ZonePlan {
  readonly checks: readonly CheckStep[];
  readonly records: readonly RecordStep[];
  /** What ChangeResourceRecordSets takes; empty where no record set changes. */
  readonly changes: readonly ZoneChange[];
}

export interface ZoneChange {
  readonly Action: "CREATE" | "UPSERT" | "DELETE";
  readonly ResourceRecordSet: AwsRecordSet;
}

/** The API refuses to change these (API Reference, UpdateHealthCheck). */
const FIXED_FIELDS: ReadonlySet<string> = new Set(["Type", "RequestInterval", "MeasureLatency"]);

/** `wanted` names its health checks by region; `found` by Route 53's ids. */
export function planZone(wanted: Zone, found: Zone): ZonePlan {
  const pairs = checkPairs(wanted, found);
  const checks = wanted.healthChecks.map((check) => checkStep(check, pairs.get(check.id) ?? null));
  const idAfter = new Map(checks.map((step) => [step.id, idAfterStep(step)]));
  const wantedIds: AwsIds = { zoneId: found.id ?? "", checkId: (id) => idAfter.get(id) ?? id };
  const foundIds: AwsIds = { zoneId: found.id ?? "", checkId: (id) => id };
  const names = new Set(wanted.recordSets.map((record) => `${record.type} ${record.name}`));
  const there = found.recordSets.filter((record) => names.has(`${record.type} ${record.name}`));
  const steps = [
    ...there
      .filter((record) => !wanted.recordSets.some((other) => sameKey(record, other)))
      .map((record) => removed(awsRecordSet(record, foundIds), record)),
    ...wanted.recordSets.flatMap((record) => {
      const other = there.find((candidate) => sameKey(record, candidate)) ?? null;
      return recordSteps(record, other, wantedIds, foundIds);
    }),
  ];
  return {
    checks,
    records: steps.map(({ step }) => step),
    // Deletions first: no two routing policies may stand at one name and type, not even inside of a batch.
    changes: steps.flatMap(({ changes }) => changes).toSorted((a, b) => rank(a) - rank(b)),
  };
}

/** Nothing to do. */
export function isSettled({ checks, records }: ZonePlan): boolean {
  return records.length === 0 && checks.every(({ kind }) => kind === "same");
}

/** A wanted check's counterpart is the one on the counterpart of its record set. */
function checkPairs(wanted: Zone, found: Zone): ReadonlyMap<string, HealthCheck> {
  const pairs = new Map<string, HealthCheck>();
  for (const record of wanted.recordSets) {
    const other = found.recordSets.find((candidate) => sameKey(record, candidate));
    const check = found.healthChecks.find(({ id }) => id === other?.healthCheckId);
    if (record.healthCheckId !== null && check !== undefined && !pairs.has(record.healthCheckId))
      pairs.set(record.healthCheckId, check);
  }
  return pairs;
}

function checkStep(check: HealthCheck, found: HealthCheck | null): CheckStep {
  const ids: AwsIds = { zoneId: "", checkId: (id) => id };
  const config = awsHealthCheckConfig(check, ids);
  if (found === null) return { kind: "create", id: check.id, config };
  const fields = differences(config, awsHealthCheckConfig(found, ids));
  if (fields.length === 0) return { kind: "same", id: check.id, foundId: found.id };
  const kind = fields.some(({ field }) => FIXED_FIELDS.has(field)) ? "replace" : "update";
  return { kind, id: check.id, foundId: found.id, config, fields };
}

function idAfterStep(step: CheckStep): string {
  return step.kind === "create" || step.kind === "replace" ? pendingCheckId(step.id) : step.foundId;
}

interface PlannedRecord {
  readonly step: RecordStep;
  readonly changes: readonly ZoneChange[];
}

function removed(record: AwsRecordSet, { name, type, setIdentifier }: RecordSet): PlannedRecord {
  const step = { kind: "delete" as const, subject: subjectOf(type, name, setIdentifier), fields: [] };
  return { step, changes: [{ Action: "DELETE", ResourceRecordSet: record }] };
}

function recordSteps(
  record: RecordSet,
  other: RecordSet | null,
  wantedIds: AwsIds,
  foundIds: AwsIds,
): readonly PlannedRecord[] {
  const subject = subjectOf(record.type, record.name, record.setIdentifier);
  const wanted = awsRecordSet(record, wantedIds);
  if (other === null)
    return [
      { step: { kind: "create", subject, fields: [] }, changes: [{ Action: "CREATE", ResourceRecordSet: wanted }] },
    ];
  const found = awsRecordSet(other, foundIds);
  const fields = differences(wanted, found);
  if (fields.length === 0) return [];
  const changes: readonly ZoneChange[] =
    record.routing.routing === other.routing.routing
      ? [{ Action: "UPSERT", ResourceRecordSet: wanted }]
      : [
          { Action: "DELETE", ResourceRecordSet: found },
          { Action: "CREATE", ResourceRecordSet: wanted },
        ];
  return [{ step: { kind: "update", subject, fields }, changes }];
}

function rank({ Action }: ZoneChange): number {
  return Action === "DELETE" ? 0 : 1;
}

function sameKey(a: RecordSet, b: RecordSet): boolean {
  return a.name === b.name && a.type === b.type && a.setIdentifier === b.setIdentifier;
}

function subjectOf(type: string, name: string, setIdentifier: string | null): string {
  return `${type} ${name}${setIdentifier === null ? "" : ` ${setIdentifier}`}`;
}

/** Lists whose order means nothing to Route 53 compare as sets. */
function differences(wanted: object, found: object): readonly FieldDifference[] {
  const fields = [...new Set([...Object.keys(wanted), ...Object.keys(found)])].toSorted(compareText);
  return fields
    .map((field) => ({ field, wanted: shown(Reflect.get(wanted, field)), found: shown(Reflect.get(found, field)) }))
    .filter((one) => one.wanted !== one.found);
}

function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  return JSON.stringify(
    Array.isArray(value)
      ? value
          .map((item) => JSON.stringify(item))
          .toSorted(compareText)
          .map((item): unknown => JSON.parse(item))
      : value,
  );
}
