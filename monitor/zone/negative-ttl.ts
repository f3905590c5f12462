// How long caches remember that a name is not there: the lesser of the SOA record's TTL and its last number (RFC 2308,
// section 5).
import { valuesOf, type Zone } from "../policy/record-set.ts";

/** Of a zone whose SOA nobody changed: 900 and 86,400 (Developer Guide, "The start of authority (SOA) record"). */
export const DEFAULT_NEGATIVE_TTL_SECONDS = 900;

/** Null: the zone shows no SOA record. */
export function negativeTtlSeconds({ name, recordSets }: Zone): number | null {
  const soa = recordSets.find((record) => record.type === "SOA" && record.name === name);
  const minimum = /\s(\d{1,10})\s*$/.exec(soa === undefined ? "" : (valuesOf(soa)[0] ?? ""))?.[1];
  if (soa?.target.kind !== "values" || minimum === undefined) return null;
  return Math.min(soa.target.ttlSeconds, Number(minimum));
}
