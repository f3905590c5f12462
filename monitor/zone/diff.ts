// The zone that the topology asks for against the zone that is there: which health checks and record sets are missing, differ
// or are too many, as a plan in the order in which it can be carried out. Names that the topology does not speak of are
// nobody's business here, and neither are the other types of records at those that it does speak of.
import { DEFAULT_NEGATIVE_TTL_SECONDS, negativeTtlSeconds } from "./negative-ttl.ts";
import { type CheckStep, idAfterStep, type KnownChecks, planChecks } from "./check-plan.ts";
import { differences, type FieldDifference } from "./field-difference.ts";
import { groupAt } from "../policy/name-lookup.ts";
import { ttlSecondsBehind } from "../policy/reach.ts";
import type { CidrCollection, RecordSet, RecordType, Routing, Zone } from "../policy/record-set.ts";
import { awsRecordSet, type AwsIds, PENDING_IDS } from "./to-aws.ts";
import type { AwsRecordSet } from "./aws-shapes.ts";

/** A zone as it was read. */
export interface FoundZone {
  readonly zone: Zone;
  /** As the API gave them, one for each of `zone.recordSets`: a DELETE must repeat every value. */
  readonly recordSets: readonly AwsRecordSet[];
  readonly checks: KnownChecks;
}

export interface RecordStep {
  readonly kind: "create" | "update" | "delete";
  /** "A demo.example.com aws-us-east-1". */
  readonly subject: string;
  readonly fields: readonly FieldDifference[];
}

/** How long caches may hold what was true before, once all of Route 53's servers know the change. */
export interface CacheHold {
  readonly name: string;
  readonly type: RecordType;
  readonly seconds: number;
  /** "old-answer": the TTL of what is there now. "no-such-record": nothing is there, and caches remember that. */
  readonly because: "old-answer" | "no-such-record";
}

export interface ZonePlan {
  readonly checks: readonly CheckStep[];
  readonly records: readonly RecordStep[];
  /** Of the one CIDR collection, by location. */
  readonly blocks: readonly FieldDifference[];
  readonly holds: readonly CacheHold[];
  /** What ChangeResourceRecordSets takes; empty where no record set changes. */
  readonly changes: readonly ZoneChange[];
}

export interface ZoneChange {
  readonly Action: "CREATE" | "UPSERT" | "DELETE";
  readonly ResourceRecordSet: AwsRecordSet;
}

/** `wanted` names its health checks by region; `newCheckId` gives the id of a check that is still to be made. */
export function planZone(
  wanted: Zone,
  found: FoundZone,
  newCheckId: (id: string) => string = PENDING_IDS.checkId,
  newCollectionId: (id: string) => string = PENDING_IDS.collectionId,
): ZonePlan {
  const checks = planChecks(wanted, found.zone, found.checks);
  const idAfter = new Map(checks.map((step) => [step.id, idAfterStep(step, newCheckId)]));
  const zoneId = found.zone.id ?? "";
  const collection = collectionOf(wanted, found.zone);
  const wantedIds: AwsIds = {
    zoneId,
    checkId: (id) => idAfter.get(id) ?? id,
    collectionId: (id) => collection?.id ?? newCollectionId(id),
  };
  const names = new Set(wanted.recordSets.map(({ name }) => name));
  const there = found.zone.recordSets.flatMap((record, index) => {
    const raw = found.recordSets[index] ?? awsRecordSet(record, { zoneId, checkId: (id) => id });
    return names.has(record.name) && ADDRESS_TYPES.has(record.type) ? [{ record, raw }] : [];
  });
  const planned = [
    ...there.filter(({ record }) => !wanted.recordSets.some((other) => sameKey(record, other))).map(removed),
    ...wanted.recordSets.flatMap((record) => {
      const other = there.find((candidate) => sameKey(record, candidate.record)) ?? null;
      return recordSteps(record, other, wantedIds, zoneId);
    }),
  ];
  return {
    checks,
    records: planned.map(({ step }) => step),
    blocks: blockDifferences(wanted, collection),
    holds: holdsOf(planned, found.zone),
    // No two routing policies may stand at one name and type, not even inside of a batch; and an alias needs its target.
    changes: planned.flatMap(({ changes }) => changes).toSorted((a, b) => rank(a) - rank(b)),
  };
}

/** A CNAME stands for both kinds of address, and beside nothing else. */
const ADDRESS_TYPES: ReadonlySet<RecordType> = new Set<RecordType>(["A", "AAAA", "CNAME"]);

/** Nothing to do. */
export function isSettled({ checks, records, blocks }: ZonePlan): boolean {
  return records.length === 0 && blocks.length === 0 && checks.every(({ kind }) => kind === "same");
}

/** The one that the records at the wanted names have already; null: there is none. */
function collectionOf(wanted: Zone, found: Zone): CidrCollection | null {
  const names = new Set(wanted.recordSets.map(({ name }) => name));
  const used = found.recordSets.find((record) => names.has(record.name) && record.routing.routing === "ip-based");
  const id = used?.routing.routing === "ip-based" ? used.routing.collectionId : null;
  return found.cidrCollections.find((one) => one.id === id) ?? null;
}

function blockDifferences(wanted: Zone, found: CidrCollection | null): readonly FieldDifference[] {
  const [collection] = wanted.cidrCollections;
  return collection === undefined ? [] : differences(blocksByLocation(collection), blocksByLocation(found));
}

function blocksByLocation(collection: CidrCollection | null): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries((collection?.locations ?? []).map(({ name, blocks }) => [name, blocks]));
}

interface FoundRecord {
  readonly record: RecordSet;
  readonly raw: AwsRecordSet;
}

interface PlannedRecord {
  readonly record: RecordSet;
  readonly step: RecordStep;
  readonly changes: readonly ZoneChange[];
}

function removed({ record, raw }: FoundRecord): PlannedRecord {
  const step = { kind: "delete" as const, subject: subjectOf(record), fields: [] };
  return { record, step, changes: [{ Action: "DELETE", ResourceRecordSet: raw }] };
}

function recordSteps(
  record: RecordSet,
  other: FoundRecord | null,
  wantedIds: AwsIds,
  zoneId: string,
): readonly PlannedRecord[] {
  const subject = subjectOf(record);
  const wanted = awsRecordSet(record, wantedIds);
  const create: ZoneChange = { Action: "CREATE", ResourceRecordSet: wanted };
  if (other === null) return [{ record, step: { kind: "create", subject, fields: [] }, changes: [create] }];
  const fields = differences(wanted, awsRecordSet(other.record, { zoneId, checkId: (id) => id }));
  if (fields.length === 0) return [];
  const changes: readonly ZoneChange[] = keepsItsPlace(record.routing, other.record.routing)
    ? [{ Action: "UPSERT", ResourceRecordSet: wanted }]
    : [{ Action: "DELETE", ResourceRecordSet: other.raw }, create];
  return [{ record, step: { kind: "update", subject, fields }, changes }];
}

/**
 * Whether an UPSERT can make one of the other. What must be distinct within a group (role, AWS region, place) cannot be swapped
 * between two records one after the other.
 */
function keepsItsPlace(wanted: Routing, found: Routing): boolean {
  if (wanted.routing !== found.routing) return false;
  switch (wanted.routing) {
    case "simple":
    case "weighted":
    case "multivalue":
      return true;
    default:
      return JSON.stringify(wanted) === JSON.stringify(found);
  }
}

/** By name and type, in the order of the plan. */
function holdsOf(planned: readonly PlannedRecord[], found: Zone): readonly CacheHold[] {
  const subjects = new Map(planned.map(({ record: { name, type } }) => [`${type} ${name}`, { name, type }]));
  return [...subjects.values()].map(({ name, type }): CacheHold => {
    const isThere = groupAt(found, name, type).length > 0;
    const seconds = isThere ? ttlSecondsBehind(found, name, type) : negativeTtlSeconds(found);
    return {
      name,
      type,
      seconds: seconds ?? DEFAULT_NEGATIVE_TTL_SECONDS,
      because: isThere ? "old-answer" : "no-such-record",
    };
  });
}

function rank({ Action, ResourceRecordSet: record }: ZoneChange): number {
  const alias = record.AliasTarget !== undefined;
  return Action === "DELETE" ? (alias ? 0 : 1) : alias ? 3 : 2;
}

function sameKey(a: RecordSet, b: RecordSet): boolean {
  return a.name === b.name && a.type === b.type && a.setIdentifier === b.setIdentifier;
}

function subjectOf({ type, name, setIdentifier }: RecordSet): string {
  return `${type} ${name}${setIdentifier === null ? "" : ` ${setIdentifier}`}`;
}
