// A snapshot of no more than one name's answer depends on: small enough to travel as a setting, and it tells nobody what else the
// zone holds.
import { isWithin } from "../policy/name-lookup.ts";
import { checksBehind, recordsBehind } from "../policy/reach.ts";
import { normalName, type RecordSet } from "../policy/record-set.ts";
import { zoneFromAws } from "./from-aws.ts";
import { snapshotZone } from "./snapshot-zone.ts";
import type { Snapshot } from "./snapshot.ts";

/** Answers for `name` as the whole snapshot does; null: the zone has no address for it. */
export function narrowSnapshot(snapshot: Snapshot, name: string): Snapshot | null {
  const { zone } = zoneFromAws(snapshotZone(snapshot));
  const types = ["A", "AAAA"] as const;
  const behind = new Set(types.flatMap((type) => recordsBehind(zone, name, type)));
  if (behind.size === 0) return null;
  const checks = new Set(types.flatMap((type) => checksBehind(zone, name, type)).map(({ id }) => id));
  const named = new Set([...behind].flatMap(({ healthCheckId }) => healthCheckId ?? []));
  const collections = new Set(
    [...behind].flatMap(({ routing }) => (routing.routing === "ip-based" ? routing.collectionId : [])),
  );
  return {
    ...snapshot,
    nameServers: [],
    resourceRecordSets: snapshot.resourceRecordSets.filter((_, index) => {
      const record = zone.recordSets[index];
      return record !== undefined && (behind.has(record) || delegates(record, normalName(name), zone.name));
    }),
    healthChecks: snapshot.healthChecks.filter(({ Id }) => checks.has(Id)),
    missingHealthChecks: snapshot.missingHealthChecks.filter((id) => named.has(id)),
    observations: {},
    cloudWatchStatus: {},
    cidrCollections: snapshot.cidrCollections.filter(({ Id }) => collections.has(Id)),
    protections: [],
  };
}

/** Where a name between the zone and this one is others' to answer. */
function delegates({ type, name }: RecordSet, asked: string, zone: string): boolean {
  return type === "NS" && name !== zone && isWithin(asked, name);
}
