// What `--from` may say of a client, told apart by its form.
import { parseAddress } from "../topology/address.ts";
import type { ClientWords } from "../steering/explain.ts";

/** Null: none of the forms. */
export function clientWords(text: string): ClientWords | null {
  if (/^[A-Za-z]{2}$/.test(text)) return { country: text.toUpperCase() };
  if (/^[A-Za-z]{3}$/.test(text)) return { colo: text.toUpperCase() };
  if (parseAddress(text) !== null) return { ip: text };
  const [, latitude, longitude] = /^(-?[\d.]+)\s*,\s*(-?[\d.]+)$/.exec(text) ?? [];
  return latitude === undefined || longitude === undefined ? null : { latitude, longitude };
}
