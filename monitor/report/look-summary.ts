// Many looks in one table: each phase's spread, what failed and why, and who answered. A failed look counts as endless in the
// total, so that failures never make a percentile better.
import { type FailureCause, type Phase, PHASES } from "../model/observation.ts";
import type { Look } from "./look.ts";
import { judgeLook } from "./look-verdict.ts";

export interface Spread {
  /** Looks that got through this phase; for the total: all of them. */
  readonly looks: number;
  /** Null: endless, because so many looks failed. */
  readonly minMs: number | null;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly maxMs: number | null;
}

/** The most frequent first, then by name. */
export type Counts = readonly { readonly name: string; readonly looks: number }[];

export interface LooksSummary {
  readonly looks: number;
  readonly failed: number;
  /** Phases that no look got through are absent. */
  readonly phases: Readonly<Partial<Record<Phase, Spread>>>;
  readonly total: Spread;
  /** "timeout in ttfb". */
  readonly failures: Counts;
  readonly statuses: Counts;
  readonly remotes: Counts;
  /** Regions that the service claimed. */
  readonly regions: Counts;
}

export function summariseLooks(looks: readonly Look[]): LooksSummary {
  const verdicts = looks.map(judgeLook);
  const totals = looks.map((look, index) => (verdicts[index]?.verdict === "conforms" ? look.totalMs : Infinity));
  const phases = PHASES.flatMap((phase) => {
    const times = looks.flatMap((look) => look.phases[phase] ?? []);
    return times.length === 0 ? [] : [[phase, spreadOf(times)] as const];
  });
  return {
    looks: looks.length,
    failed: verdicts.filter(({ cause }) => cause !== null).length,
    phases: Object.fromEntries(phases),
    total: spreadOf(totals),
    failures: countNames(
      verdicts.flatMap(({ cause, phase }, index) => (cause === null ? [] : [failureName(cause, phase, looks[index])])),
    ),
    statuses: countNames(looks.flatMap((look) => (look.reply === null ? [] : [String(look.reply.status)]))),
    remotes: countNames(looks.flatMap((look) => look.remote?.address ?? [])),
    regions: countNames(looks.flatMap((look) => look.claim?.region ?? [])),
  };
}

function failureName(cause: FailureCause | "text-missing", phase: Phase | null, look: Look | undefined): string {
  if (cause === "http-status") return `status ${look?.reply?.status ?? "none"}`;
  return phase === null ? cause : `${cause} in ${phase}`;
}

/** Nearest rank: every figure is one that was seen. */
function spreadOf(times: readonly number[]): Spread {
  const sorted = times.toSorted((a, b) => a - b);
  const rank = (share: number): number | null => {
    const found = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
    return found === undefined || found === Infinity ? null : found;
  };
  return { looks: times.length, minMs: rank(0), p50Ms: rank(0.5), p95Ms: rank(0.95), maxMs: rank(1) };
}

function countNames(names: readonly string[]): Counts {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts]
    .map(([name, looks]) => ({ name, looks }))
    .toSorted((a, b) => b.looks - a.looks || (a.name < b.name ? -1 : 1));
}
