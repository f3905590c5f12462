// The hosted zones among the sources, each as the rules about Route 53 look at it: the evaluator's records and health checks with
// their places, and how much of the zone is there, because what a part of it lacks may stand elsewhere.
import type { Place } from "../model/finding.ts";
import type { HealthCheck } from "../policy/health-check.ts";
import { staysInZone } from "../policy/name-lookup.ts";
import type { RecordSet, RecordType, Zone } from "../policy/record-set.ts";
import type { Path } from "../topology/path.ts";
import { publishedZone } from "../topology/published-zone.ts";
import type { Topology } from "../topology/topology.ts";
import { regionOfSet, zoneOf } from "../topology/zone.ts";
import type { Placed, ZoneDocument } from "../zone/document.ts";
import { type Oddity, ownZoneId, zoneFromAws } from "../zone/from-aws.ts";
import { snapshotZone } from "../zone/snapshot-zone.ts";
import type { Snapshot } from "../zone/snapshot.ts";
import type { Sighting } from "./rule.ts";

/** Something of a zone that a finding can point at. */
interface Pointed {
  readonly place: Place;
  readonly subject: string;
  /** What its owner calls it; null: nothing else than the subject. */
  readonly address: string | null;
  /** Fields of the API whose values nobody knows yet: no rule may take them for missing. */
  readonly unknown: ReadonlySet<string>;
}

export interface ZoneRecord extends Pointed {
  readonly record: RecordSet;
}

export interface ZoneCheck extends Pointed {
  readonly check: HealthCheck;
}

/** The records of one name and type. */
export interface RecordGroup {
  readonly name: string;
  readonly type: RecordType;
  readonly members: readonly ZoneRecord[];
  readonly first: ZoneRecord;
  /** The first member's: Route 53 lets no two stand at one name and type. */
  readonly routing: RecordSet["routing"]["routing"];
}

export interface ZoneView {
  readonly file: string;
  readonly origin: "topology" | ZoneDocument["form"];
  /** "part": a batch, or the records of one Terraform module. */
  readonly extent: "whole" | "part";
  readonly zone: Zone;
  /** One for each of `zone.recordSets`, in its order. */
  readonly records: readonly ZoneRecord[];
  /** One for each of `zone.healthChecks`, in its order. */
  readonly checks: readonly ZoneCheck[];
  /** In the order of their first records. */
  readonly groups: readonly RecordGroup[];
  /** By type and name, "A demo.example.com". */
  readonly groupByKey: ReadonlyMap<string, RecordGroup>;
  readonly checkById: ReadonlyMap<string, ZoneCheck>;
  /** Keys as in `groupByKey` of what aliases of this zone lead to that evaluate its health. */
  readonly evaluated: ReadonlySet<string>;
  readonly snapshot: Snapshot | null;
  /** Are the zone's health checks all here, so that one which is not does not exist? */
  readonly allChecks: boolean;
  readonly oddities: readonly { readonly at: Pointed; readonly message: string }[];
}

const NOTHING: ReadonlySet<string> = new Set();

/** `placeOf` gives the place of what is at a path of the topology, or around it. */
export function topologyZoneView(topology: Topology, placeOf: (path: Path) => Place): ZoneView {
  const published = publishedZone(topology, "addresses");
  const zone = published.kind === "zone" ? published.zone : zoneOf(topology);
  const regionPath = (id: string | null): Path => {
    const index = topology.regions.findIndex((region) => region.id === id);
    return index < 0 ? ["dns", "policy"] : ["regions", index, "endpoint"];
  };
  const records = zone.recordSets.map((record): ZoneRecord => ({
    record,
    place: placeOf(regionPath(regionOfSet(record.setIdentifier))),
    subject: recordSubject(record),
    address: null,
    unknown: NOTHING,
  }));
  const checks = zone.healthChecks.map((check): ZoneCheck => ({
    check,
    place: placeOf(regionPath(check.id)),
    subject: checkSubject(check.id),
    address: null,
    unknown: NOTHING,
  }));
  return viewOf({
    file: placeOf([]).file,
    origin: "topology",
    extent: "whole",
    zone,
    records,
    checks,
    snapshot: null,
    allChecks: true,
    oddities: [],
  });
}

/** Files that hold health checks alone are for the zones of their folder, or for all where the folder has none. */
export function documentZoneViews(documents: readonly ZoneDocument[]): readonly ZoneView[] {
  const lists = documents.filter(({ form }) => form === "health-checks" || form === "health-check-requests");
  const zones = documents.filter((document) => !lists.includes(document));
  const views = zones.map((document) => documentView(document, listsFor(document, lists)));
  const unused = lists.filter((list) => !zones.some((zone) => listsFor(zone, lists).includes(list)));
  return [...views, ...unused.map((list) => documentView(list, []))];
}

function listsFor(zone: ZoneDocument, lists: readonly ZoneDocument[]): readonly ZoneDocument[] {
  if (zone.form === "snapshot" || zone.form === "terraform") return [];
  const near = lists.filter((list) => folderOf(list.file) === folderOf(zone.file));
  return near.length > 0 ? near : lists;
}

function folderOf(file: string): string {
  return file.slice(0, file.lastIndexOf("/") + 1);
}

function documentView(document: ZoneDocument, lists: readonly ZoneDocument[]): ZoneView {
  const { file, form, snapshot, recordSets } = document;
  const healthChecks = [...document.healthChecks, ...lists.flatMap((list) => list.healthChecks)];
  const { zone, oddities } = zoneFromAws({
    id: document.zoneId ?? ownZoneId(recordSets.map(({ value }) => value)),
    name: document.zoneName,
    recordSets: recordSets.map(({ value }) => value),
    healthChecks: healthChecks.map(({ value }) => value),
    cidrCollections: snapshot === null ? [] : snapshotZone(snapshot).cidrCollections,
  });
  const records = zone.recordSets.flatMap((record, index): readonly ZoneRecord[] => {
    const from = recordSets[index];
    return from === undefined ? [] : [{ record, subject: recordSubject(record), ...pointed(from) }];
  });
  const checks = zone.healthChecks.flatMap((check, index): readonly ZoneCheck[] => {
    const from = healthChecks[index];
    return from === undefined ? [] : [{ check, subject: checkSubject(check.id), ...pointed(from) }];
  });
  return viewOf({
    file,
    origin: form,
    extent: form === "snapshot" || form === "record-sets" ? "whole" : "part",
    zone,
    records,
    checks,
    snapshot,
    // A batch names checks that are still to be made.
    allChecks: form === "record-sets" && lists.some((list) => list.form === "health-checks"),
    oddities: oddities.flatMap((oddity) => pointedOddity(oddity, records, checks)),
  });
}

function pointed({ place, address, unknown }: Placed<unknown>): Omit<Pointed, "subject"> {
  return { place, address: address ?? null, unknown: unknown ?? NOTHING };
}

/** Of something that is not known yet, nobody can say that it is odd. */
function pointedOddity(
  { of, index, message }: Oddity,
  records: readonly ZoneRecord[],
  checks: readonly ZoneCheck[],
): ZoneView["oddities"] {
  const at = (of === "record-set" ? records : checks)[index];
  return at === undefined || at.unknown.size > 0 ? [] : [{ at, message }];
}

function viewOf(parts: Omit<ZoneView, "groups" | "groupByKey" | "checkById" | "evaluated">): ZoneView {
  const members = new Map<string, ZoneRecord[]>();
  for (const one of parts.records) {
    const key = groupKey(one.record.type, one.record.name);
    const group = members.get(key);
    if (group === undefined) members.set(key, [one]);
    else group.push(one);
  }
  const groupByKey = new Map(
    [...members].flatMap(([key, group]): readonly [string, RecordGroup][] => {
      const [first] = group;
      if (first === undefined) return [];
      const { name, type, routing } = first.record;
      return [[key, { name, type, members: group, routing: routing.routing, first }]];
    }),
  );
  return {
    ...parts,
    groups: [...groupByKey.values()],
    groupByKey,
    checkById: new Map(parts.checks.map((one) => [one.check.id, one])),
    evaluated: new Set(
      parts.records.flatMap((one) => {
        const { target, type } = one.record;
        const inside = target.kind === "alias" && staysInZone(parts.zone, target) && evaluatesTarget(one);
        return inside ? [groupKey(type, target.name)] : [];
      }),
    ),
  };
}

export function groupKey(type: RecordType, name: string): string {
  return `${type} ${name}`;
}

/** "A demo.example.com aws-us-east-1", the same whatever the zone was written in, so that one waiver fits all. */
export function recordSubject({ type, name, setIdentifier }: RecordSet): string {
  return `${type} ${name}${setIdentifier === null ? "" : ` ${setIdentifier}`}`;
}

function checkSubject(id: string): string {
  return `health check ${id.replace(/^ID-OF-THE-HEALTH-CHECK-FOR-/, "")}`;
}

export function zoneSighting(
  { place, subject, address }: Pointed,
  message: string,
  severity?: Sighting["severity"],
): Sighting {
  const told = address === null ? message : `${message} (${address})`;
  return { place, subject, message: told, ...(severity === undefined ? {} : { severity }) };
}

/** The check that a record names, where it is here. */
export function checkOf(view: ZoneView, { record }: ZoneRecord): ZoneCheck | null {
  return record.healthCheckId === null ? null : (view.checkById.get(record.healthCheckId) ?? null);
}

/** Does Route 53 look at anything before it answers with this record? A value that is not known yet counts as yes. */
export function isWatched({ record, unknown }: ZoneRecord): boolean {
  if (record.healthCheckId !== null || unknown.has("HealthCheckId")) return true;
  return evaluatesTarget({ record, unknown });
}

export function evaluatesTarget({ record: { target }, unknown }: Pick<ZoneRecord, "record" | "unknown">): boolean {
  if (unknown.has("AliasTarget") || unknown.has("EvaluateTargetHealth")) return true;
  return target.kind === "alias" && target.evaluateTargetHealth;
}

/** The group that an alias of this zone leads to; null: it is no such alias. */
export function aliasedGroup(view: ZoneView, { record }: ZoneRecord): RecordGroup | null {
  const { target, type } = record;
  if (target.kind !== "alias" || !staysInZone(view.zone, target)) return null;
  return groupOf(view, type, target.name);
}

export function groupOf(view: ZoneView, type: RecordType, name: string): RecordGroup | null {
  return view.groupByKey.get(groupKey(type, name)) ?? null;
}

/** In a part of a zone something that is missing may stand elsewhere: it is told, but fails nothing. */
export function absence(view: ZoneView, message: string): readonly [message: string, severity?: Sighting["severity"]] {
  return view.extent === "whole" ? [message] : [`${message} here, and this is a part of a zone`, "note"];
}
