// Any text that holds hosted zones, whoever wrote it: the API's own forms hold one, Terraform's may hold several.
import type { Parsed } from "../problem.ts";
import { parseZoneDocument, type ZoneDocument, zoneForm } from "./document.ts";
import { isTerraform, parseTerraform } from "./terraform.ts";

export function holdsZone(text: string): boolean {
  return isTerraform(text) || zoneForm(text) !== null;
}

/** At least one document, or every problem with its line. */
export function parseZoneDocuments(file: string, text: string): Parsed<readonly ZoneDocument[]> {
  if (isTerraform(text)) return parseTerraform(file, text);
  const parsed = parseZoneDocument(file, text);
  return parsed.ok ? { ok: true, value: [parsed.value] } : parsed;
}
