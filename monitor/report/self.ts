// The monitor's own health: a monitor that has stopped looking must not go on saying that all is well.
import type { MonitorState } from "../model/state.ts";
import { formatDuration, type Instant, SECOND_MS, toIso } from "../time.ts";
import type { Topology } from "../topology/topology.ts";
import { checkOutbox } from "./self-outbox.ts";
import { plainWords } from "./plain-words.ts";

/** Missed rounds in a row until the monitor calls itself failed. */
const SILENT_ROUNDS_MAX = 3;

export interface SelfReport {
  /** "warn": it looks and stores, and a person should know something. */
  readonly status: "pass" | "warn" | "fail";
  /** One sentence for each thing that is wrong. */
  readonly problems: readonly string[];
  readonly lastRoundAt: string | null;
  readonly lastRoundAgeMs: number | null;
  readonly rounds: number;
  readonly missedSlots: number;
  /** Parts of it that have a name (draft-inadarei-api-health-check). Absent: there are none. */
  readonly checks?: Readonly<Record<string, readonly SelfCheck[]>>;
}

export interface SelfCheck {
  readonly status: "pass" | "warn" | "fail";
  readonly observedValue: number;
  readonly observedUnit: string;
  /** In words; absent where all is well. */
  readonly output?: string;
}

/** What happened to the monitor itself since it was started; null: nothing bad. */
export interface Trouble {
  /** Why the latest round was not stored. */
  readonly storage: string | null;
  /** Why the latest round did not end. */
  readonly round: string | null;
}

/** `startedAt`: the monitor gets as long for its first round as for any other. */
export function makeSelf(
  topology: Topology,
  state: MonitorState,
  trouble: Trouble,
  startedAt: Instant,
  at: Instant,
): SelfReport {
  const intervalMs = topology.probe.intervalSeconds * SECOND_MS;
  const outbox = checkOutbox(state.channels ?? [], at);
  const silentMs = at - (state.lastRoundAt ?? startedAt);
  const aheadMs = -silentMs;
  const problems = [
    ...(silentMs > SILENT_ROUNDS_MAX * intervalMs
      ? [`no round for ${formatDuration(silentMs)}, one is due every ${formatDuration(intervalMs)}`]
      : []),
    ...(aheadMs > SILENT_ROUNDS_MAX * intervalMs
      ? [`the latest round is dated ${formatDuration(aheadMs)} from now: the clock was set back`]
      : []),
    ...(outbox?.status === "fail" ? [outbox.output ?? ""] : []),
    ...(trouble.storage === null ? [] : [`the latest round was not stored: ${plainWords(trouble.storage, topology)}`]),
    ...(trouble.round === null ? [] : [`the latest round did not end: ${plainWords(trouble.round, topology)}`]),
  ];
  return {
    status: problems.length === 0 ? "pass" : "fail",
    problems,
    lastRoundAt: state.lastRoundAt === null ? null : toIso(state.lastRoundAt),
    lastRoundAgeMs: state.lastRoundAt === null ? null : at - state.lastRoundAt,
    rounds: state.rounds,
    missedSlots: state.missedSlots,
    ...(outbox === null ? {} : { checks: { "alerts:outbox": [outbox] } }),
  };
}
