// What was measured of DNS's timing, in words for people: what a setting covers, and what would do.
import { formatDuration } from "../time.ts";
import type { TimingRow, TimingSpread } from "./period-report-schema.ts";

export const TIMING_HEADS = ["Setting", "Now", "Changes", "Answers", "p50", "p95", "Longest", "At most", "So"];

export function timingCells(row: TimingRow): readonly string[] {
  const { setting, presentSeconds, changes, samples, took, atMost } = row;
  return [
    setting,
    `${presentSeconds} s`,
    String(changes),
    String(samples),
    ...[took?.p50Ms, took?.p95Ms, took?.maxMs].map(durationWords),
    durationWords(atMost?.maxMs),
    proposalWords(row),
  ];
}

function durationWords(ms: NonNullable<TimingSpread>["maxMs"] | undefined): string {
  return ms === undefined ? "-" : formatDuration(ms);
}

/** Whether the setting may be tightened. */
export function proposalWords({ presentSeconds, proposedSeconds, changes, changesNeeded }: TimingRow): string {
  if (proposedSeconds === null) return `not enough changes: ${changes} of ${changesNeeded}`;
  if (proposedSeconds === presentSeconds) return "keep it";
  return proposedSeconds < presentSeconds ? `${proposedSeconds} s would do` : `raise it to ${proposedSeconds} s`;
}

export const TIMING_DEFINITION =
  "Timing: from the first look at a change to the first look at the answer that follows from it, detection included, of caches from the name servers on. At most: the longest that the part which is the setting can have taken, between our looks.";
