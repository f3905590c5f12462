// One thing again and again, on a grid of its own. Where one look is as good as the next, a turn that takes too long costs the
// turns it overlaps, never two at once; where turns are counted, a turn never waits for those before it.
import { setTimeout as sleep } from "node:timers/promises";

export interface Rhythm {
  readonly everyMs: number;
  /** The first turn comes after this, so that many who do the same do not do it at once. */
  readonly phaseMs: number;
}

/** Until `signal` aborts; the turn under way is waited for. `work` must not reject. */
export async function runEvery(
  { everyMs, phaseMs }: Rhythm,
  work: () => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const firstMs = performance.now() + phaseMs;
  for (let turn = 0; !signal.aborted; turn += 1) {
    await pause(firstMs + turn * everyMs - performance.now(), signal);
    if (signal.aborted) return;
    await work();
    turn = Math.max(turn, Math.floor((performance.now() - firstMs) / everyMs));
  }
}

export interface Crowd {
  readonly underWayMax: number;
  /** Told of every turn that is left out because as many are under way. */
  readonly leaveOut: () => void;
}

/** As `runEvery`, but a turn begins when it is time, whatever those before it are at. Those under way at the end are waited for. */
export async function runOnGrid(
  rhythm: Rhythm,
  { underWayMax, leaveOut }: Crowd,
  work: () => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const underWay = new Set<Promise<void>>();
  // Thrown where somebody waits: a rejection of a turn alone would end the process, and a drill's levers would stand.
  const broken: unknown[] = [];
  const begin = async (): Promise<void> => {
    if (broken.length > 0) throw broken[0];
    if (underWay.size >= underWayMax) return leaveOut();
    const turn: Promise<void> = work()
      .catch((thrown: unknown) => void broken.push(thrown))
      .finally(() => underWay.delete(turn));
    underWay.add(turn);
  };
  await runEvery(rhythm, begin, signal);
  await Promise.all(underWay);
  if (broken.length > 0) throw broken[0];
}

/** Ends early, without a fuss, when `signal` aborts. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms > 0) await sleep(ms, undefined, { signal }).catch(() => {});
}
