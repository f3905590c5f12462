// Makes a Topology of the file's text, or tells everything that is wrong with it at once: what YAML, the schema and the
// rules each find, in the order of the file.
import type { Parsed } from "../problem.ts";
import { parseFile } from "./document.ts";
import { topologyBreaches } from "./rules.ts";
import { FILE } from "./schema.ts";
import { TOPOLOGY_LIMITS } from "./source.ts";
import type { Topology } from "./topology.ts";

/** `variables` are what `${NAME}` in a text stands for; see `parseFile` for the order and the places of problems. */
export function parseTopology(text: string, variables: Readonly<Record<string, string>> = {}): Parsed<Topology> {
  const parsed = parseFile(text, variables, { schema: FILE, breaches: topologyBreaches, limits: TOPOLOGY_LIMITS });
  if (!parsed.ok) return parsed;
  const { lint: _waivers, ...topology } = parsed.value;
  return { ok: true, value: topology };
}
