// What `monitor drill` understands on its command line, with every bound in one place.
import { parseArgs } from "node:util";
import { errorText } from "../local/listening.ts";
import type { Refusal } from "./refusal.ts";
import { readZoneId } from "./render-ids.ts";

export const DRILL_VERBS = ["list", "plan", "simulate", "run", "restore", "report", "history"] as const;
export type DrillVerb = (typeof DRILL_VERBS)[number];

export const DRILL_FORMATS = ["text", "md", "json", "junit", "html"] as const;
export type DrillFormat = (typeof DRILL_FORMATS)[number];

const TRIALS_MAX = 1000;
const SEED_MAX = 1_000_000;
const APPROVALS_MAX = 16;
const REASON_CHARACTERS_MAX = 500;

export interface DrillArguments {
  readonly verb: DrillVerb;
  /** A drill's name or path, or the id of one that was run; null: not given. */
  readonly name: string | null;
  readonly url: string | null;
  readonly port: number | null;
  /** Null: the usual place. */
  readonly topology: string | null;
  /** A file of `zone pull`: the zone that the monitor judges by; null: the topology's own. */
  readonly snapshot: string | null;
  /** The hosted zone that levers change; null: the one public zone of the topology's name, or the snapshot's. */
  readonly zoneId: string | null;
  readonly consent: "plan only" | "yes";
  readonly mode: "real" | "simulated";
  readonly approvals: readonly string[];
  /** Why what a drill left counts as put back, although no lever did it; null: the levers do it. */
  readonly settle: string | null;
  readonly trials: number | null;
  readonly seed: number | null;
  readonly format: DrillFormat;
  readonly out: string | null;
  readonly output: "json" | "text";
}

const WHERE = ["url", "port", "topology", "snapshot"] as const;

/** Which options mean something with which verb; those that do not are refused, because a person believes that they did. */
const OF_VERB: Readonly<Record<DrillVerb, readonly string[]>> = {
  list: ["json"],
  plan: [...WHERE, "zone-id", "approve", "json"],
  simulate: [...WHERE, "trials", "seed", "json"],
  run: [...WHERE, "zone-id", "yes", "approve", "simulate-only", "seed", "format", "out", "json"],
  restore: ["url", "port", "settle", "json"],
  report: ["format", "out", "json"],
  history: ["json"],
};
const NAMED: ReadonlySet<DrillVerb> = new Set(["plan", "simulate", "run"]);

export function parseDrill(argv: readonly string[]): DrillArguments | Refusal {
  try {
    const { values, positionals } = parseArgs({ args: [...argv], allowPositionals: true, options: OPTIONS });
    if (values.help === true) return { refusal: "help" };
    const [first, ...rest] = positionals;
    if (first === undefined) return { refusal: `expected ${DRILL_VERBS.join(", ")} or the name of a drill` };
    const known = DRILL_VERBS.find((verb) => verb === first);
    const verb = known ?? "run";
    const names = known === undefined ? positionals : rest;
    const refusal = nameRefusal(verb, names) ?? optionRefusal(verb, Object.keys(values));
    return refusal ?? readValues(verb, names[0] ?? null, values);
  } catch (error) {
    return { refusal: errorText(error) };
  }
}

const text = { type: "string" } as const;
const flag = { type: "boolean" } as const;
const OPTIONS = {
  url: text,
  port: text,
  topology: text,
  snapshot: text,
  "zone-id": text,
  yes: flag,
  approve: { type: "string", multiple: true },
  settle: text,
  "simulate-only": flag,
  trials: text,
  seed: text,
  format: text,
  out: text,
  json: flag,
  help: { type: "boolean", short: "h" },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>["values"];

function nameRefusal(verb: DrillVerb, names: readonly string[]): Refusal | null {
  if (names.length > 1) return { refusal: `drill ${verb}: expected one name at most, found "${names.join(" ")}"` };
  if (NAMED.has(verb) && names.length === 0)
    return { refusal: `drill ${verb}: expected the name of a drill; \`monitor drill list\` lists them` };
  if ((verb === "list" || verb === "history") && names.length > 0)
    return { refusal: `drill ${verb}: expected no name, found "${names[0] ?? ""}"` };
  return null;
}

function optionRefusal(verb: DrillVerb, given: readonly string[]): Refusal | null {
  const stranger = given.find((option) => !OF_VERB[verb].includes(option));
  if (stranger === undefined) return null;
  const known = OF_VERB[verb].map((option) => `--${option}`).join(" ");
  return { refusal: `drill ${verb}: --${stranger} means nothing here; it knows ${known}` };
}

function readValues(verb: DrillVerb, name: string | null, values: Values): DrillArguments | Refusal {
  const refusals: Refusal[] = [];
  const number = (option: keyof typeof RANGES): number | null => {
    const given = values[option];
    if (given === undefined) return null;
    const [low, high] = RANGES[option];
    const value = /^\d{1,7}$/.test(given) ? Number(given) : Number.NaN;
    if (value >= low && value <= high) return value;
    refusals.push({ refusal: `--${option}: expected a number from ${low} to ${high}, found "${given}"` });
    return null;
  };
  const zoneId = values["zone-id"] === undefined ? null : readZoneId(values["zone-id"]);
  if (zoneId !== null && typeof zoneId !== "string") refusals.push(zoneId);
  const format = DRILL_FORMATS.find((one) => one === (values.format ?? "text"));
  const read: DrillArguments = {
    verb,
    name,
    url: values.url ?? null,
    port: number("port"),
    topology: values.topology ?? null,
    snapshot: values.snapshot ?? null,
    zoneId: typeof zoneId === "string" ? zoneId : null,
    consent: values.yes === true ? "yes" : "plan only",
    mode: values["simulate-only"] === true ? "simulated" : "real",
    approvals: values.approve ?? [],
    settle: values.settle?.trim() ?? null,
    trials: number("trials"),
    seed: number("seed"),
    format: format ?? "text",
    out: values.out ?? null,
    output: values.json === true ? "json" : "text",
  };
  if (format === undefined)
    refusals.push({ refusal: `--format: expected ${DRILL_FORMATS.join(", ")}, found "${values.format ?? ""}"` });
  return refusals[0] ?? combinationRefusal(read, values) ?? read;
}

const RANGES = { port: [1, 65_535], trials: [1, TRIALS_MAX], seed: [0, SEED_MAX] } as const;

function combinationRefusal(read: DrillArguments, { format }: Values): Refusal | null {
  const { url, port, topology, snapshot, zoneId, approvals, output, name, settle } = read;
  if (output === "json" && format !== undefined) return { refusal: "expected --json or --format, found both" };
  if (url !== null && !(URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)))
    return { refusal: `--url: expected an http or https URL, found "${url}"` };
  if (url !== null && port !== null) return { refusal: "expected --url or --port, found both" };
  if (snapshot !== null && zoneId !== null) return { refusal: "expected --snapshot or --zone-id, found both" };
  if ((snapshot !== null || zoneId !== null) && url === null && topology === null)
    return {
      refusal: `--${snapshot === null ? "zone-id" : "snapshot"}: expected --url or --topology beside it; a local world has a zone of its own`,
    };
  if (settle !== null && name === null)
    return {
      refusal: "--settle: expected the id of one drill before it; `monitor drill restore` names those left open",
    };
  if (settle !== null && (settle === "" || settle.length > REASON_CHARACTERS_MAX))
    return { refusal: `--settle: expected a reason of 1 to ${REASON_CHARACTERS_MAX} characters` };
  if (approvals.length > APPROVALS_MAX) return { refusal: `--approve: expected at most ${APPROVALS_MAX}` };
  return null;
}
