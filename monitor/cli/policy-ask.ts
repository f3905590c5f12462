// The flags that all policy commands share, as one question: which zone, which name and types, who asks, and which health.
import { parseArgs } from "node:util";
import type { AddressType } from "../policy/record-set.ts";
import { normalName } from "../policy/record-set.ts";
import { SECOND_MS } from "../time.ts";
import { readAskers } from "./policy-asker.ts";
import { type HealthRead, type HealthSource, readHealth } from "./policy-health.ts";
import { type LabelledAsker, loadPolicySource, type PolicySource, routedRoots } from "./policy-source.ts";
import type { Refusal } from "./refusal.ts";
import { TOPOLOGY_FILE } from "./topology-file.ts";

export interface PolicyAsk {
  readonly source: PolicySource;
  readonly name: string;
  readonly types: readonly AddressType[];
  readonly askers: readonly LabelledAsker[];
  /** Whether the flags say who asks. */
  readonly askersAre: "given" | "unsaid";
  readonly health: HealthRead;
  /** As given with --down. */
  readonly down: readonly string[];
  readonly properties: readonly string[];
  readonly output: "json" | "text";
}

const one = { type: "string" } as const;
const list = { type: "string", multiple: true } as const;
const flag = { type: "boolean" } as const;
const OPTIONS = {
  topology: one,
  zone: list,
  "zone-id": one,
  name: one,
  type: one,
  from: one,
  ip: one,
  country: one,
  continent: one,
  subdivision: one,
  latitude: one,
  longitude: one,
  "aws-region-order": one,
  down: list,
  unknown: list,
  health: one,
  propagation: one,
  slack: one,
  property: list,
  json: flag,
  help: { ...flag, short: "h" },
} as const;

const ASKER_FLAGS = [
  "from",
  "ip",
  "country",
  "continent",
  "subdivision",
  "latitude",
  "longitude",
  "aws-region-order",
] as const;
const NOT_PROVE = ["answer", "explain", "what-if"];
/** Flags that only some commands read; given to another one they would be a promise that nobody keeps. */
const ONLY_FOR: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(ASKER_FLAGS.map((name) => [name, NOT_PROVE])),
  down: NOT_PROVE,
  unknown: NOT_PROVE,
  health: NOT_PROVE,
  propagation: ["what-if"],
  slack: ["what-if"],
  property: ["prove"],
};

type Values = ReturnType<typeof parseValues>["values"];

function parseValues(argv: readonly string[]) {
  return parseArgs({ args: withNegatives(argv), options: OPTIONS });
}

/** Degrees may begin with a minus, which `parseArgs` takes for a flag unless it is joined to its own. */
function withNegatives(argv: readonly string[]): string[] {
  const joined: string[] = [];
  for (const word of argv) {
    const last = joined.at(-1) ?? "";
    const isDegrees = ["--latitude", "--longitude"].includes(last) && /^-\d/.test(word);
    if (isDegrees) joined.splice(-1, 1, `${last}=${word}`);
    else joined.push(word);
  }
  return joined;
}

export function readAsk(command: string, argv: readonly string[]): PolicyAsk | Refusal {
  try {
    const { values } = parseValues(argv);
    if (values.help === true) return { refusal: "help" };
    const stranger = Object.keys(values).find((name) => ONLY_FOR[name]?.includes(command) === false);
    if (stranger !== undefined) return { refusal: `expected no --${stranger} with policy ${command}` };
    return ask(values);
  } catch (thrown) {
    return { refusal: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

function ask(values: Values): PolicyAsk | Refusal {
  if (values.zone !== undefined && values.topology !== undefined)
    return { refusal: "expected --topology or --zone, found both" };
  const { type } = values;
  if (type !== undefined && type !== "A" && type !== "AAAA")
    return { refusal: `--type: expected A or AAAA, found "${type}"` };
  const { health: from = "all healthy" } = values;
  if (!isHealthSource(from)) return { refusal: `--health: expected snapshot or new, found "${from}"` };
  const loaded = loadPolicySource({
    topology: values.topology ?? TOPOLOGY_FILE,
    zones: values.zone ?? [],
    zoneId: values["zone-id"] ?? null,
  });
  if ("refusal" in loaded) return loaded;
  const source = withTiming(loaded, values);
  if ("refusal" in source) return source;
  const name = values.name === undefined ? source.name : normalName(values.name);
  if (name === null) return manyNames(source);
  const askers = readAskers(source, values);
  if ("refusal" in askers) return askers;
  const down = split(values.down);
  const health = readHealth(source, { down, unknown: split(values.unknown), from });
  if ("refusal" in health) return health;
  const types: readonly AddressType[] = type === undefined ? source.types(name) : [type];
  const output = values.json === true ? "json" : "text";
  const askersAre = ASKER_FLAGS.some((asked) => values[asked] !== undefined) ? "given" : "unsaid";
  return { source, name, types, askers, askersAre, health, down, properties: split(values.property), output };
}

function isHealthSource(text: string): text is HealthSource {
  return text === "all healthy" || text === "snapshot" || text === "new";
}

function split(words: readonly string[] | undefined): readonly string[] {
  return (words ?? []).flatMap((word) => word.split(",")).filter((word) => word !== "");
}

function withTiming(source: PolicySource, { propagation, slack }: Values): PolicySource | Refusal {
  const propagationMs = milliseconds(propagation, source.timing.propagationMs);
  const slackMs = milliseconds(slack, source.timing.slackMs);
  if (propagationMs === null) return { refusal: `--propagation: expected seconds, found "${propagation ?? ""}"` };
  if (slackMs === null) return { refusal: `--slack: expected seconds, found "${slack ?? ""}"` };
  return { ...source, timing: { ...source.timing, propagationMs, slackMs } };
}

function milliseconds(text: string | undefined, unsaid: number): number | null {
  if (text === undefined) return unsaid;
  return /^\d{1,6}$/.test(text) ? Number(text) * SECOND_MS : null;
}

const NAMES_TOLD_MAX = 8;

function manyNames({ zone }: PolicySource): Refusal {
  const roots = routedRoots(zone);
  if (roots.length === 0) return { refusal: "--name: expected a name to ask for: the zone routes none" };
  const told = [...roots.slice(0, NAMES_TOLD_MAX), ...(roots.length > NAMES_TOLD_MAX ? ["…"] : [])];
  return { refusal: `--name: expected one of the names that the zone routes: ${told.join(", ")}` };
}
