// Makes a Topology of the file's text, or tells everything that is wrong with it at once: what YAML, the schema and the
// rules each find, in the order of the file.
import type { Parsed } from "../problem.ts";
import { parseFile } from "./document.ts";
import { topologyBreaches } from "./rules.ts";
import { FILE } from "./schema.ts";
import { TOPOLOGY_LIMITS } from "./source.ts";
import type { Topology } from "./topology.ts";
import { standInForUnset } from "./unset-alerts.ts";

/** Whoever tells people needs the addresses and keys of `alerts`; for others their variables may be unset. */
export type AlertUse = "told" | "unread";

/** `variables` are what `${NAME}` in a text stands for; see `parseFile` for the order and the places of problems. */
export function parseTopology(
  text: string,
  variables: Readonly<Record<string, string>> = {},
  alertUse: AlertUse = "told",
): Parsed<Topology> {
  const kind = { schema: FILE, breaches: topologyBreaches, limits: TOPOLOGY_LIMITS };
  const parsed = parseFile(text, variables, alertUse === "told" ? kind : { ...kind, prepare: standInForUnset });
  if (!parsed.ok) return parsed;
  const { lint: _waivers, ...topology } = parsed.value;
  return { ok: true, value: topology };
}
