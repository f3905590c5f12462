// What ChangeResourceRecordSets does to a zone, and what it refuses (API Reference): the shortest code that can carry out a
// batch, so that a plan can be shown to lead where it says.
import type { AwsRecordSet } from "../../monitor/zone/aws-shapes.ts";
import type { ZoneChange } from "../../monitor/zone/diff.ts";

const POLICIES = [
  "Weight",
  "Region",
  "Failover",
  "GeoLocation",
  "GeoProximityLocation",
  "CidrRoutingConfig",
  "MultiValueAnswer",
] as const;

/** Throws what the API would answer: a batch is carried out whole or not at all. */
export function applyBatch(records: readonly AwsRecordSet[], changes: readonly ZoneChange[]): readonly AwsRecordSet[] {
  let zone = records;
  for (const { Action, ResourceRecordSet: record } of changes) {
    const there = zone.find((other) => keyOf(other) === keyOf(record));
    const others = zone.filter((other) => other !== there);
    if (Action === "CREATE" && there !== undefined) throw new Error(`${keyOf(record)} already exists`);
    if (Action === "DELETE") {
      if (JSON.stringify(there) !== JSON.stringify(record)) throw new Error(`${keyOf(record)} does not match`);
      zone = others;
    } else {
      refuseNeighbours(record, others);
      zone = [...others, record];
    }
  }
  return zone;
}

function refuseNeighbours(record: AwsRecordSet, others: readonly AwsRecordSet[]): void {
  const alias = record.AliasTarget;
  if (alias !== undefined && !others.some(({ Name, Type }) => Name === alias.DNSName && Type === record.Type))
    throw new Error(`${keyOf(record)}: the alias target ${alias.DNSName} is not there`);
  if (record.Failover === "PRIMARY" && alias === undefined && record.HealthCheckId === undefined)
    throw new Error(`${keyOf(record)}: a non-alias primary must have a health check`);
  for (const other of others) {
    if (other.Name !== record.Name) continue;
    if ((other.Type === "CNAME") !== (record.Type === "CNAME")) throw new Error(`${keyOf(record)} beside a CNAME`);
    if (other.Type !== record.Type) continue;
    if (policyOf(other) !== policyOf(record)) throw new Error(`${keyOf(record)}: two policies at one name and type`);
    for (const field of ["Failover", "Region"] as const)
      if (record[field] !== undefined && record[field] === other[field])
        throw new Error(`${keyOf(record)}: ${field} ${record[field]} twice`);
  }
}

function policyOf(record: AwsRecordSet): string {
  return POLICIES.filter((name) => record[name] !== undefined).join(" ");
}

function keyOf({ Name, Type, SetIdentifier = "" }: AwsRecordSet): string {
  return `${Type} ${Name} ${SetIdentifier}`.trimEnd();
}
