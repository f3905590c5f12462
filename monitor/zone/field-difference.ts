// Two objects of the API, field by field: what a person must see to know what a change changes.
import { compareText } from "../policy/name-lookup.ts";

/** "TTL: wanted 60, found 300"; texts are JSON, "nothing" where the field is missing. */
export interface FieldDifference {
  readonly field: string;
  readonly wanted: string;
  readonly found: string;
}

/** Lists compare as sets: in none of them the order means anything to Route 53. */
export function differences(wanted: object, found: object): readonly FieldDifference[] {
  const fields = [...new Set([...Object.keys(wanted), ...Object.keys(found)])].toSorted(compareText);
  return fields
    .map((field) => ({ field, wanted: shown(Reflect.get(wanted, field)), found: shown(Reflect.get(found, field)) }))
    .filter((one) => one.wanted !== one.found);
}

function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  if (!Array.isArray(value)) return JSON.stringify(value);
  return `[${value
    .map((item) => JSON.stringify(item))
    .toSorted(compareText)
    .join(", ")}]`;
}
