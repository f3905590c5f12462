// The command line of `monitor mute`, made into a wish: everything that can be wrong with it without asking anybody.
import { parseArgs } from "node:util";
import * as z from "zod/mini";
import { MUTE_MS_MAX, MUTE_ORDER, type MuteOrder } from "../incident/mute-order.ts";
import { parseDuration } from "../local/duration.ts";
import { type Instant, toIso } from "../time.ts";
import type { Refusal } from "./refusal.ts";

export type MuteWish = MuteVerb & {
  readonly url: string | undefined;
  readonly port: string | undefined;
  readonly consent: "yes" | "show";
  readonly output: "json" | "text";
};

type MuteVerb =
  | { readonly verb: "list" }
  | { readonly verb: "start"; readonly order: MuteOrder }
  | { readonly verb: "end"; readonly id: string };

interface Values {
  readonly for?: string | undefined;
  readonly reason?: string | undefined;
  readonly by?: string | undefined;
  readonly id?: string | undefined;
}

const one = { type: "string" } as const;
const flag = { type: "boolean" } as const;
const OPTIONS = {
  for: one,
  reason: one,
  by: one,
  id: one,
  port: one,
  url: one,
  yes: flag,
  json: flag,
  help: { ...flag, short: "h" },
} as const;
const OF_START = ["for", "reason", "by", "id"] as const;

export function parseMute(argv: readonly string[], at: Instant): MuteWish | Refusal {
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

function parseVerb(verb: string, rest: readonly string[], values: Values, at: Instant): MuteVerb | Refusal {
  const [first, ...more] = rest;
  const stray = OF_START.find((name) => values[name] !== undefined);
  if ((verb === "list" || verb === "end") && stray !== undefined)
    return { refusal: `${verb}: --${stray} is for start` };
  switch (verb) {
    case "list":
      return first === undefined ? { verb } : { refusal: `list: found "${first}" too much` };
    case "end":
      if (first === undefined || more.length > 0)
        return { refusal: `end: expected one id, found ${rest.map((word) => `"${word}"`).join(" ") || "none"}` };
      return { verb, id: first };
    case "start": {
      const order = parseOrder(rest, values, at);
      return "refusal" in order ? order : { verb, order };
    }
    default:
      return { refusal: `expected list, start or end, found ${verb === "" ? "nothing" : `"${verb}"`}` };
  }
}

function parseOrder(subjects: readonly string[], values: Values, at: Instant): MuteOrder | Refusal {
  if (subjects.length === 0)
    return { refusal: "start: expected a subject, such as region:aws-us-east-1 or dns:*, found none" };
  if (values.for === undefined) return { refusal: "start: expected --for: no mute is endless" };
  if (values.reason === undefined)
    return { refusal: "start: expected --reason: whoever finds it muted must learn why" };
  const length = parseDuration(values.for, MUTE_MS_MAX);
  if (!length.ok) return { refusal: length.problems.map(({ message }) => `--for: ${message}`).join("\n") };
  const order = z.safeParse(MUTE_ORDER, {
    id: values.id ?? idOf(at, subjects[0] ?? ""),
    subjects,
    until: toIso(at + length.value),
    reason: values.reason,
    by: values.by ?? null,
  });
  if (order.success) return order.data;
  return {
    refusal: order.error.issues.map(({ path, message }) => `${path.join(".")}: expected ${message}`).join("\n"),
  };
}

/** "20261129T020000Z-region-aws-us-east-1". */
function idOf(at: Instant, subject: string): string {
  const words = subject
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "");
  const start = `${toIso(at).slice(0, 19).replaceAll(/[-:]/g, "")}Z`;
  return words === "" ? start : `${start}-${words.slice(0, 40)}`;
}
