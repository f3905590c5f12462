// What `monitor policy replay` was asked for: which history, under which policy it was recorded, and under which other one it is
// evaluated again.
import { parseArgs } from "node:util";
import { REQUEST_INTERVALS_SECONDS } from "../policy/constants.ts";
import { TTL_MAX_SECONDS } from "../topology/policy-schema.ts";
import type { DnsPolicy, Topology } from "../topology/topology.ts";
import { type Instant, DAY_MS, HOUR_MS, MINUTE_MS, parseIso, SECOND_MS } from "../time.ts";
import type { HistorySource, HistoryWindow } from "./history-source.ts";
import type { Refusal } from "./refusal.ts";
import { loadTopology, TOPOLOGY_FILE } from "./topology-file.ts";

export interface ReplayAsk {
  readonly source: HistorySource;
  readonly window: HistoryWindow;
  readonly recorded: Topology;
  readonly other: Topology;
  /** "interval 10 and threshold 2"; else the other topology's file. */
  readonly words: string;
  readonly falseWithinMs: number;
  /** Null: the history is not kept. */
  readonly save: string | null;
  readonly output: "json" | "text";
}

const one = { type: "string" } as const;
const flag = { type: "boolean" } as const;
const OPTIONS = {
  url: one,
  store: one,
  history: { type: "string", multiple: true },
  from: one,
  to: one,
  topology: one,
  under: one,
  interval: one,
  threshold: one,
  ttl: one,
  routing: one,
  propagation: one,
  "false-within": one,
  save: one,
  json: flag,
  help: { ...flag, short: "h" },
} as const;

type Values = ReturnType<typeof parseValues>["values"];

function parseValues(argv: readonly string[]) {
  return parseArgs({ args: [...argv], options: OPTIONS });
}

const DEFAULT_URL = "http://127.0.0.1:8787";
const DEFAULT_AGO = "24h";
/** The default of `--false-within`: about what the last cache needs. */
const FALSE_WITHIN_SECONDS = 60;
const THRESHOLD_MAX = 10;
const INTERVALS: ReadonlySet<number> = new Set(REQUEST_INTERVALS_SECONDS);
const LOCAL_INTERVAL_MAX = 300;
/** Those that need nothing but the regions. */
const ROUTINGS = ["failover", "latency", "multivalue", "simple"] as const;

/** `now` is where "24h" counts from. */
export function parseReplay(argv: readonly string[], now: Instant): ReplayAsk | Refusal {
  try {
    const { values } = parseValues(argv);
    if (values.help === true) return { refusal: "help" };
    return askOf(values, now);
  } catch (thrown) {
    return { refusal: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

function askOf(values: Values, now: Instant): ReplayAsk | Refusal {
  const source = sourceOf(values);
  if ("refusal" in source) return source;
  const window = windowOf(values, source, now);
  if ("refusal" in window) return window;
  const loaded = loadTopology(values.topology ?? TOPOLOGY_FILE);
  if (loaded.kind === "broken") return { refusal: "topology", lines: loaded.lines };
  const other = otherOf(loaded.topology, values);
  if ("refusal" in other) return other;
  const within = wholeNumber(values["false-within"] ?? String(FALSE_WITHIN_SECONDS), 0, 86_400);
  if (within === null)
    return { refusal: `--false-within: expected seconds, at most 86400, found "${values["false-within"] ?? ""}"` };
  return {
    source,
    window,
    recorded: loaded.topology,
    ...other,
    falseWithinMs: within * SECOND_MS,
    save: values.save ?? null,
    output: values.json === true ? "json" : "text",
  };
}

function sourceOf({ url, store, history }: Values): HistorySource | Refusal {
  const given = [url, store, history].filter((value) => value !== undefined);
  if (given.length > 1) return { refusal: "expected one of --url, --store and --history, found several" };
  if (store !== undefined) return { kind: "store", file: store };
  if (history !== undefined) return { kind: "files", files: history };
  const base = url ?? DEFAULT_URL;
  if (!URL.canParse(base) || !/^https?:$/.test(new URL(base).protocol))
    return { refusal: `--url: expected an http or https URL, found "${base}"` };
  return { kind: "url", url: base };
}

/** Saved pages are taken whole unless something is said. */
function windowOf({ from, to }: Values, source: HistorySource, now: Instant): HistoryWindow | Refusal {
  const whole = source.kind === "files";
  const start = from === undefined && whole ? 0 : instantOf(from ?? DEFAULT_AGO, now);
  const end = to === undefined ? (whole ? Infinity : now) : instantOf(to, now);
  const words = "expected an instant such as 2026-11-22T12:00:00Z, or a time ago such as 24h";
  if (start === null) return { refusal: `--from: ${words}, found "${from ?? ""}"` };
  if (end === null) return { refusal: `--to: ${words}, found "${to ?? ""}"` };
  return start > end ? { refusal: "--from: expected an instant before --to" } : { from: start, to: end };
}

const UNITS: Readonly<Record<string, number>> = { m: MINUTE_MS, h: HOUR_MS, d: DAY_MS };

function instantOf(text: string, now: Instant): Instant | null {
  const [, amount = "", unit = ""] = /^(\d{1,5})([mhd])$/.exec(text) ?? [];
  return amount === "" ? parseIso(text) : Math.max(0, now - Number(amount) * (UNITS[unit] ?? 0));
}

type Other = Pick<ReplayAsk, "other" | "words">;

function otherOf(recorded: Topology, values: Values): Other | Refusal {
  const base = values.under === undefined ? { topology: recorded } : under(values.under);
  if ("refusal" in base) return base;
  const { topology } = base;
  const { policy, healthCheck, timing } = topology.dns;
  const interval = setting(values.interval, healthCheck.intervalSeconds, 1, LOCAL_INTERVAL_MAX);
  const threshold = setting(values.threshold, healthCheck.failureThreshold, 1, THRESHOLD_MAX);
  const ttl = setting(values.ttl, policy.ttlSeconds, 0, TTL_MAX_SECONDS);
  const propagation = setting(values.propagation, timing.propagationSeconds, 0, 3600);
  if (interval === null || (values.interval !== undefined && !topology.local && !INTERVALS.has(interval)))
    return {
      refusal: `--interval: expected 10 or 30, the intervals that Route 53 has, found "${values.interval ?? ""}"`,
    };
  if (threshold === null)
    return { refusal: `--threshold: expected 1 to ${THRESHOLD_MAX}, found "${values.threshold ?? ""}"` };
  if (ttl === null)
    return { refusal: `--ttl: expected seconds, at most ${TTL_MAX_SECONDS}, found "${values.ttl ?? ""}"` };
  if (propagation === null)
    return { refusal: `--propagation: expected seconds, at most 3600, found "${values.propagation ?? ""}"` };
  const routed = values.routing === undefined ? policy : routingOf(topology, values.routing);
  if ("refusal" in routed) return routed;
  const words = wordsOf(values);
  if (words === "")
    return {
      refusal: "expected another policy: --interval, --threshold, --ttl, --routing, --propagation or --under FILE",
    };
  const dns = {
    ...topology.dns,
    policy: { ...routed, ttlSeconds: ttl },
    healthCheck: { ...healthCheck, intervalSeconds: interval, failureThreshold: threshold },
    timing: { ...timing, propagationSeconds: propagation },
  };
  return { other: { ...topology, dns }, words };
}

function under(file: string): { readonly topology: Topology } | Refusal {
  const loaded = loadTopology(file);
  return loaded.kind === "broken" ? { refusal: "topology", lines: loaded.lines } : { topology: loaded.topology };
}

/** Null: it is given, and no number between. */
function setting(text: string | undefined, unsaid: number, least: number, most: number): number | null {
  return text === undefined ? unsaid : wholeNumber(text, least, most);
}

function wholeNumber(text: string, least: number, most: number): number | null {
  const value = /^\d{1,6}$/.test(text) ? Number(text) : -1;
  return value >= least && value <= most ? value : null;
}

function routingOf(topology: Topology, name: string): DnsPolicy | Refusal {
  const { policy } = topology.dns;
  const routing = ROUTINGS.find((known) => known === name);
  const { ttlSeconds } = policy;
  if (routing === undefined)
    return {
      refusal: `--routing: expected ${ROUTINGS.join(", ")}; others need settings of their own, so describe them with --under FILE; found "${name}"`,
    };
  if (routing === policy.routing) return policy;
  if (routing !== "failover") {
    const without = topology.regions.find(({ awsRegion }) => routing === "latency" && awsRegion === null);
    return without === undefined
      ? { routing, ttlSeconds }
      : { refusal: `--routing latency: expected an awsRegion of ${without.id}, found none` };
  }
  const [primary, secondary, third] = topology.regions;
  if (primary === undefined || secondary === undefined || third !== undefined)
    return {
      refusal: "--routing failover: expected two regions, the first of which is the primary; else use --under FILE",
    };
  return { routing, primary: primary.id, secondary: secondary.id, ttlSeconds };
}

function wordsOf(values: Values): string {
  const told = [
    ...(values.under === undefined ? [] : [values.under]),
    ...(values.interval === undefined ? [] : [`interval ${values.interval}`]),
    ...(values.threshold === undefined ? [] : [`threshold ${values.threshold}`]),
    ...(values.ttl === undefined ? [] : [`TTL ${values.ttl}`]),
    ...(values.routing === undefined ? [] : [`routing ${values.routing}`]),
    ...(values.propagation === undefined ? [] : [`propagation ${values.propagation}`]),
  ];
  return told.length < 2 ? told.join("") : `${told.slice(0, -1).join(", ")} and ${told.at(-1) ?? ""}`;
}
