// Ids of Statuspage's form, made of names alone, so that they outlive every restart and are the same in every runtime.
import { textFingerprint } from "../topology/fingerprint.ts";

const ID_LENGTH = 12;

/** 12 digits and small letters. */
export function idOf(...parts: readonly string[]): string {
  return textFingerprint(parts.join("\n")).slice(0, ID_LENGTH);
}

/** The anchor of an incident on the page as well. */
export function incidentId({ id }: { readonly id: string }): string {
  return idOf("incident", id);
}
