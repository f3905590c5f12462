// `monitor vantage`: this machine as a private vantage of a monitor that runs elsewhere, until it is asked to stop.
import { setTimeout as sleep } from "node:timers/promises";
import { catchStopSignals } from "../local/stop-signal.ts";
import { makeNodeWorld } from "../node/world.ts";
import { toIso } from "../time.ts";
import type { BatchCounts } from "../watch/batch-queue.ts";
import { runPrivate } from "../watch/run-private.ts";
import { EXIT, type ExitCode } from "./envelope.ts";
import { refuse } from "./refusal.ts";
import { parseVantage, VANTAGE_USAGE, type VantageSettings } from "./vantage-arguments.ts";

export async function runVantageCommand(argv: readonly string[]): Promise<ExitCode> {
  const settings = await parseVantage(argv, process.env, Date.now());
  if ("refusal" in settings) return refuse(settings, VANTAGE_USAGE);
  const stop = catchStopSignals(["SIGINT", "SIGTERM", "SIGHUP"]);
  const ended = new AbortController();
  try {
    return await watch(settings, stop.asked, ended);
  } finally {
    ended.abort();
    stop.release();
  }
}

async function watch({ plan, forMs }: VantageSettings, asked: AbortSignal, ended: AbortController): Promise<ExitCode> {
  const world = makeNodeWorld();
  const tell = (lines: readonly string[]): void => {
    for (const line of lines) process.stderr.write(`${toIso(world.clock.now())} ${line}\n`);
  };
  const stop = AbortSignal.any([asked, ended.signal]);
  if (forMs !== null)
    void sleep(forMs, undefined, { signal: stop }).then(
      () => ended.abort(),
      () => {},
    );
  const { probe } = plan.source.topology();
  tell([`${plan.vantage} looks every ${probe.intervalSeconds} s and reports to ${plan.monitor.origin}`]);
  const counts = await runPrivate(plan, tell, stop, world);
  tell([countWords(counts)]);
  const bounded = plan.roundsMax !== null || forMs !== null;
  return bounded && !asked.aborted && counts.refused + counts.givenUp + counts.waiting > 0
    ? EXIT.undecided
    : EXIT.conforms;
}

/** "of 12 slots 10 arrived, 1 was refused, 1 was too old, 0 never left". */
function countWords({ delivered, refused, givenUp, waiting }: BatchCounts): string {
  const slots = delivered + refused + givenUp + waiting;
  return `slots looked in: ${slots}; arrived: ${delivered}, refused: ${refused}, too old to bring: ${givenUp}, left behind: ${waiting}`;
}
