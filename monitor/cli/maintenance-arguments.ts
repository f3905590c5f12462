// The command line of `monitor maintenance`, made into a wish: everything that can be wrong with it without asking anybody.
import { parseArgs } from "node:util";
import * as z from "zod/mini";
import { parseDuration } from "../local/duration.ts";
import { MAINTENANCE_ORDER, type MaintenanceOrder, WINDOW_MS_MAX } from "../maintenance/order.ts";
import { type Instant, parseIso, toIso } from "../time.ts";
import type { Refusal } from "./refusal.ts";

export type MaintenanceWish = MaintenanceVerb & {
  readonly url: string | undefined;
  readonly port: string | undefined;
  readonly consent: "yes" | "show";
  readonly output: "json" | "text";
};

type MaintenanceVerb =
  | { readonly verb: "list" }
  | { readonly verb: "start" | "schedule"; readonly order: MaintenanceOrder }
  | { readonly verb: "end"; readonly id: string };

interface Values {
  readonly for?: string | undefined;
  readonly from?: string | undefined;
  readonly until?: string | undefined;
  readonly region?: string[] | undefined;
  readonly by?: string | undefined;
  readonly id?: string | undefined;
}

const one = { type: "string" } as const;
const flag = { type: "boolean" } as const;
const OPTIONS = {
  for: one,
  from: one,
  until: one,
  region: { type: "string", multiple: true },
  by: one,
  id: one,
  port: one,
  url: one,
  yes: flag,
  json: flag,
  help: { ...flag, short: "h" },
} as const;
const ORDERED = ["for", "from", "until", "region", "by", "id"] as const;

export function parseMaintenance(argv: readonly string[], at: Instant): MaintenanceWish | Refusal {
  try {
    const { values, positionals } = parseArgs({ args: [...argv], allowPositionals: true, options: OPTIONS });
    if (values.help === true) return { refusal: "help" };
    const [verb = "", ...rest] = positionals;
    const parsed = parseVerb(verb, rest, values, at);
    if ("refusal" in parsed) return parsed;
    return {
      ...parsed,
      url: values.url,
      port: values.port,
      consent: values.yes === true ? "yes" : "show",
      output: values.json === true ? "json" : "text",
    };
  } catch (thrown) {
    return { refusal: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

function parseVerb(verb: string, rest: readonly string[], values: Values, at: Instant): MaintenanceVerb | Refusal {
  const [first, ...more] = rest;
  switch (verb) {
    case "list":
      return first === undefined
        ? (strayOption(verb, values) ?? { verb })
        : { refusal: `list: found "${first}" too much` };
    case "end":
      if (first === undefined || more.length > 0) return { refusal: `end: expected one id, found ${foundWords(rest)}` };
      return strayOption(verb, values) ?? { verb, id: first };
    case "start":
    case "schedule": {
      if (first === undefined || more.length > 0)
        return { refusal: `${verb}: expected one title (in quotes), found ${foundWords(rest)}` };
      const order = parseOrder(verb, first, values, at);
      return "refusal" in order ? order : { verb, order };
    }
    default:
      return { refusal: `expected list, start, schedule or end, found ${verb === "" ? "nothing" : `"${verb}"`}` };
  }
}

function foundWords(words: readonly string[]): string {
  return words.length === 0 ? "none" : words.map((word) => `"${word}"`).join(" ");
}

function strayOption(verb: string, values: Values): Refusal | null {
  const stray = ORDERED.find((name) => values[name] !== undefined);
  return stray === undefined ? null : { refusal: `${verb}: --${stray} is for start and schedule` };
}

function parseOrder(
  verb: "start" | "schedule",
  title: string,
  values: Values,
  at: Instant,
): MaintenanceOrder | Refusal {
  const { from, until, region = [], by } = values;
  if (verb === "start" && (from !== undefined || until !== undefined))
    return { refusal: "start: it begins now and lasts --for a time; schedule takes --from and --until" };
  if (verb === "schedule" && from === undefined) return { refusal: "schedule: expected --from" };
  const begins = from === undefined ? at : parseIso(from);
  if (begins === null) return { refusal: timeWords("--from", from) };
  const ends = parseEnd(values, begins);
  if (typeof ends !== "number") return ends;
  if (ends <= begins) return { refusal: `--until: expected a time after ${toIso(begins)}, found ${toIso(ends)}` };
  const order = z.safeParse(MAINTENANCE_ORDER, {
    id: values.id ?? idOf(begins, title),
    title,
    regions: region,
    ...(from === undefined ? {} : { from: toIso(begins) }),
    until: toIso(ends),
    by: by ?? null,
  });
  if (order.success) return order.data;
  return {
    refusal: order.error.issues.map(({ path, message }) => `${path.join(".")}: expected ${message}`).join("\n"),
  };
}

function parseEnd({ for: length, until }: Values, begins: Instant): Instant | Refusal {
  if ((length === undefined) === (until === undefined))
    return { refusal: `expected --for or --until, found ${length === undefined ? "neither" : "both"}` };
  if (length === undefined) return parseIso(until ?? "") ?? { refusal: timeWords("--until", until) };
  const parsed = parseDuration(length, WINDOW_MS_MAX);
  if (parsed.ok) return begins + parsed.value;
  return { refusal: parsed.problems.map(({ message }) => `--for: ${message}`).join("\n") };
}

function timeWords(option: string, found: string | undefined): string {
  return `${option}: expected an ISO 8601 time with zone, such as 2026-11-29T02:00:00Z, found "${found ?? ""}"`;
}

/** "20261129T020000Z-new-kernel". */
function idOf(begins: Instant, title: string): string {
  const words = title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "");
  const start = `${toIso(begins).slice(0, 19).replaceAll(/[-:]/g, "")}Z`;
  return words === "" ? start : `${start}-${words.slice(0, 40)}`;
}
