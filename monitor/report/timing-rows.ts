// The timing settings beside what was measured of them, and tighter or wider values where enough was. A proposal is never below the
// longest that a change can have taken.
import type { TimingSample } from "../model/state.ts";
import { SECOND_MS } from "../time.ts";
import type { Topology } from "../topology/topology.ts";
import type { TimingRow, TimingSpread } from "./period-report-schema.ts";

/** Changes, of whatever many answers: all vantages see one change alike. */
export const CHANGES_MIN = 5;
/** Proposals are round numbers. */
const STEP_SECONDS = 5;

const SETTINGS = [
  { setting: "propagationSeconds", kind: "propagation" },
  { setting: "apiPropagationSeconds", kind: "edit" },
  { setting: "slackSeconds", kind: "caches" },
] as const;

/** In the order of the settings in a topology. */
export function makeTimingRows({ dns }: Topology, samples: readonly TimingSample[]): readonly TimingRow[] {
  return SETTINGS.map(({ setting, kind }): TimingRow => {
    const own = samples.filter((sample) => sample.kind === kind);
    const changes = new Set(own.map(({ cause, changedBy }) => `${cause} ${changedBy}`)).size;
    const longestMs = Math.max(0, ...own.map(({ atMostMs }) => atMostMs));
    return {
      setting,
      presentSeconds: dns.timing[setting],
      samples: own.length,
      changes,
      changesNeeded: CHANGES_MIN,
      took: spreadOf(own.map(({ tookMs }) => tookMs)),
      atMost: spreadOf(own.map(({ atMostMs }) => atMostMs)),
      proposedSeconds: changes < CHANGES_MIN ? null : Math.ceil(longestMs / SECOND_MS / STEP_SECONDS) * STEP_SECONDS,
    };
  });
}

/** By nearest rank; null: nothing was measured. */
function spreadOf(values: readonly number[]): TimingSpread {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
  return { p50Ms: at(0.5), p95Ms: at(0.95), maxMs: at(1) };
}
