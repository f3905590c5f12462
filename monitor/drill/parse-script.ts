// Makes a DrillScript of a file's text, or tells everything that is wrong with it at once.
import type { Parsed } from "../problem.ts";
import { parseFile } from "../topology/document.ts";
import type { SourceLimits } from "../topology/source.ts";
import type { DrillScript } from "./script.ts";
import { scriptBreaches } from "./script-rules.ts";
import { SCRIPT } from "./script-schema.ts";

/** Far more than the schema allows. */
export const SCRIPT_LIMITS: SourceLimits = { textMax: 64 * 1024, valuesMax: 2000 };

/** `${NAME}` means nothing here: a drill that depends on the environment is another drill each time. */
export function parseScript(text: string): Parsed<DrillScript> {
  return parseFile(text, null, { schema: SCRIPT, breaches: scriptBreaches, limits: SCRIPT_LIMITS });
}
