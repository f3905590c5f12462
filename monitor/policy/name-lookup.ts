// Which record sets speak for a name and type: the exact name, or the wildcard of its closest encloser (RFC 4592), and a
// CNAME where there is no address record. Whose answer it then is, routing and health decide elsewhere.
import { normalName, type AliasTarget, type RecordSet, type RecordType, type Zone } from "./record-set.ts";

/** The record sets of one name and type, in an order that does not depend on the zone's. */
export function groupAt(zone: Zone, name: string, type: RecordType): readonly RecordSet[] {
  return zone.recordSets
    .filter((record) => record.name === name && record.type === type)
    .toSorted((a, b) => compareText(a.setIdentifier ?? "", b.setIdentifier ?? ""));
}

/** What a question for `name` finds: its records of the type, else its CNAME; null: the zone has neither. */
export function askedGroup(zone: Zone, name: string, type: RecordType): readonly RecordSet[] | null {
  const owner = ownerOf(zone, normalName(name));
  if (owner === null) return null;
  const exact = groupAt(zone, owner, type);
  if (exact.length > 0) return exact;
  const cname = groupAt(zone, owner, "CNAME");
  return cname.length > 0 ? cname : null;
}

/** The name in the zone that answers for `name`: itself, or the wildcard under its closest encloser; null: there is none. */
function ownerOf(zone: Zone, name: string): string | null {
  if (exists(zone, name)) return name;
  const labels = name.split(".");
  for (let cut = 1; cut < labels.length; cut += 1) {
    const encloser = labels.slice(cut).join(".");
    if (!exists(zone, encloser)) continue;
    const wildcard = `*.${encloser}`;
    return zone.recordSets.some((record) => record.name === wildcard) ? wildcard : null;
  }
  return null;
}

/** A name exists when it has a record of any type, or a name below it has. */
function exists(zone: Zone, name: string): boolean {
  return zone.recordSets.some((record) => record.name === name || record.name.endsWith(`.${name}`));
}

/** The nearest name strictly below the zone's own whose NS records hand `name` to other servers; null: none does. */
export function delegationOf(zone: Zone, name: string): string | null {
  const asked = normalName(name);
  const cuts = zone.recordSets.filter(
    (record) => record.type === "NS" && record.name !== zone.name && isWithin(asked, record.name),
  );
  return cuts.map((record) => record.name).toSorted((a, b) => a.length - b.length)[0] ?? null;
}

export function isWithin(name: string, parent: string): boolean {
  return name === parent || name.endsWith(`.${parent}`);
}

/** Does the alias lead to records of this zone? */
export function staysInZone(zone: Zone, alias: AliasTarget): boolean {
  return alias.hostedZoneId === null || alias.hostedZoneId === zone.id;
}

export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
