// The phases of one look as bars under one another, each beginning where the one before ended. A phase that failed is drawn
// as far as it got; one that was not reached has no line.
import { type Line, piece } from "../local/text-line.ts";
import { type Phase, PHASES } from "../model/observation.ts";
import type { Look } from "../report/look.ts";
import { judgeLook } from "../report/look-verdict.ts";

const BAR_COLUMNS = 62;
const LABEL_COLUMNS = 10;
const TIME_COLUMNS = 11;

interface Bar {
  readonly phase: Phase;
  readonly startMs: number;
  readonly ms: number;
  readonly state: "over" | "bad" | "broken";
}

export function waterfallLines(look: Look): readonly Line[] {
  const totalMs = Math.max(look.totalMs, 0.1);
  const lines = barsOf(look).map((bar): Line => {
    const tone = bar.state === "over" ? "plain" : "bad";
    return [
      piece(`  ${bar.phase.padEnd(LABEL_COLUMNS - 2)}`, tone),
      piece(`${bar.ms.toFixed(1)} ms`.padStart(TIME_COLUMNS), tone),
      piece(`  ${drawn(bar, totalMs)}`, bar.state === "over" ? "good" : "bad"),
    ];
  });
  const total = `  ${"total".padEnd(LABEL_COLUMNS - 2)}${`${look.totalMs.toFixed(1)} ms`.padStart(TIME_COLUMNS)}`;
  return [...lines, [piece(total, "strong")]];
}

function barsOf(look: Look): readonly Bar[] {
  const failedIn = look.failure === null ? null : (look.failure.phase ?? null);
  const badPhase = judgeLook(look).phase;
  const bars: Bar[] = [];
  let startMs = 0;
  for (const phase of PHASES) {
    const over = look.phases[phase];
    const broken = phase === failedIn && over === undefined;
    const ms = over ?? (broken ? (look.failedAfterMs ?? 0) : null);
    if (ms === null) continue;
    bars.push({ phase, startMs, ms, state: broken ? "broken" : phase === badPhase ? "bad" : "over" });
    startMs += ms;
  }
  return bars;
}

/** A column at least, however short it was. */
function drawn({ startMs, ms, state }: Bar, totalMs: number): string {
  const columnOf = (at: number): number => Math.round((at / totalMs) * BAR_COLUMNS);
  const begins = Math.min(columnOf(startMs), BAR_COLUMNS - 1);
  const length = Math.max(1, Math.min(columnOf(startMs + ms), BAR_COLUMNS) - begins);
  return `${" ".repeat(begins)}${(state === "broken" ? "░" : "█").repeat(length)}${state === "over" ? "" : " ✗"}`;
}
