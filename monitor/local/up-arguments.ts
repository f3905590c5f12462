// What `monitor up` understands on its command line, with every bound in one place.
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import type { Parsed, Problem } from "../problem.ts";
import { callableUrl } from "../topology/alert-schema.ts";
import type { WorldPlan } from "./assembly.ts";
import { parseDuration } from "./duration.ts";
import { errorText } from "./listening.ts";
import { isFreeId, LOCAL_REGIONS_MAX } from "./topology.ts";

const PORT_DEFAULT = 8787;
const REGIONS_DEFAULT = 2;
const INTERVAL_DEFAULT_SECONDS = 2;
const INTERVAL_MIN_SECONDS = 0.2;
const INTERVAL_MAX_SECONDS = 60;

const ROUTER_MODES = ["off", "redirect", "proxy"] as const;

export const UP_USAGE = `monitor up [--policy failover|latency] [--regions n] [--port ${PORT_DEFAULT}] [--for 60s] [--interval SECONDS]
  [--router off|redirect|proxy] [--alert-url URL] [--private ID]

Runs the whole system on this machine: n regions of the real service, a DNS server that answers by policy, and the
monitor. Ctrl-C stops it and leaves nothing behind.

  --policy failover|latency   how DNS picks a region (default failover)
  --regions n                 1 to ${LOCAL_REGIONS_MAX} (default ${REGIONS_DEFAULT}); failover needs 2
  --router MODE               also route requests: redirect or proxy (default off); the URL is shown
  --port N                    of the status page (default ${PORT_DEFAULT}); 0: the system chooses
  --for TIME                  stop by itself: 500ms, 60s, 2m
  --interval SECONDS          between two rounds, ${INTERVAL_MIN_SECONDS} to ${INTERVAL_MAX_SECONDS} (default ${INTERVAL_DEFAULT_SECONDS}); the other times follow
  --alert-url URL             tell this receiver of incidents; \`monitor alert listen\` is one that prints what arrives
  --private ID                a private vantage too: \`monitor vantage ID\` in another terminal looks and reports
  --bundle DIR                a Worker bundled before, by \`wrangler deploy --dry-run --outdir DIR\`
  --help                      this text
`;

export interface UpSettings {
  readonly plan: WorldPlan;
  /** Null: until a signal. */
  readonly forMs: number | null;
}

/** Null: help was asked for. */
export function parseUp(argv: readonly string[]): Parsed<UpSettings | null> {
  const given = readOptions(argv);
  if (!given.ok) return given;
  const { values } = given;
  if (values.help === true) return { ok: true, value: null };
  const problems: Problem[] = [];
  const number = (
    option: "port" | "regions" | "interval",
    fallback: number,
    [low, high]: readonly [number, number],
  ): number => {
    const text = values[option] ?? String(fallback);
    const form = option === "interval" ? /^\d{1,3}(\.\d{1,3})?$/ : /^\d{1,5}$/;
    const value = form.test(text) ? Number(text) : Number.NaN;
    if (!(value >= low && value <= high))
      problems.push({ message: `--${option}: expected a number from ${low} to ${high}, found "${text}"` });
    return value;
  };
  const policy =
    values.policy === undefined || values.policy === "failover"
      ? "failover"
      : values.policy === "latency"
        ? "latency"
        : null;
  if (policy === null) problems.push({ message: `--policy: expected failover or latency, found "${values.policy}"` });
  const router = ROUTER_MODES.find((mode) => mode === (values.router ?? "off"));
  if (router === undefined)
    problems.push({ message: `--router: expected off, redirect or proxy, found "${values.router}"` });
  const regions = number("regions", REGIONS_DEFAULT, [1, LOCAL_REGIONS_MAX]);
  if (policy === "failover" && regions === 1) problems.push({ message: "--regions: failover needs at least 2" });
  const plan: WorldPlan = {
    policy: policy ?? "failover",
    router: router ?? "off",
    regions,
    port: number("port", PORT_DEFAULT, [0, 65_535]),
    intervalSeconds: number("interval", INTERVAL_DEFAULT_SECONDS, [INTERVAL_MIN_SECONDS, INTERVAL_MAX_SECONDS]),
    alertUrl: values["alert-url"] ?? null,
    privateVantage: values.private ?? null,
    bundleDir: values.bundle === undefined ? null : resolve(values.bundle),
  };
  if (plan.alertUrl !== null && callableUrl(plan.alertUrl) === null)
    problems.push({
      message: `--alert-url: expected an http or https URL without user, password and fragment, found something else`,
    });
  if (plan.privateVantage !== null && !isFreeId(plan.privateVantage))
    problems.push({
      message: `--private: expected small letters, digits and hyphens, and no vantage that is there already, found "${plan.privateVantage}"`,
    });
  const duration = values.for === undefined ? null : parseDuration(values.for);
  if (duration !== null && !duration.ok)
    problems.push(...duration.problems.map(({ message }) => ({ message: `--for: ${message}` })));
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, value: { plan, forMs: duration?.ok === true ? duration.value : null } };
}

type Options = {
  readonly [
    option in "policy" | "router" | "regions" | "port" | "for" | "interval" | "bundle" | "alert-url" | "private"
  ]?: string;
} & {
  readonly help?: boolean;
};

function readOptions(
  argv: readonly string[],
): { ok: true; values: Options } | { ok: false; problems: readonly Problem[] } {
  try {
    const text = { type: "string" } as const;
    const options = {
      policy: text,
      router: text,
      regions: text,
      port: text,
      for: text,
      interval: text,
      bundle: text,
      "alert-url": text,
      private: text,
      help: { type: "boolean", short: "h" },
    } as const;
    return { ok: true, values: parseArgs({ args: [...argv], options }).values };
  } catch (error) {
    return { ok: false, problems: [{ message: errorText(error) }] };
  }
}
