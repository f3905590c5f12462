// A world in which one call goes wrong, the n-th: it fails as it may, or as its interface says it never does. Its time goes
// by only when everything waits, so that what never answers costs a test nothing.
import type { Clock, World } from "../../monitor/run/world.ts";
import { type FakeWorld, makeFakeWorld } from "./fake-world.ts";

export const BREAKS = ["fails", "throws", "rejects", "never answers"] as const;
export type Break = (typeof BREAKS)[number];

export interface BreakingWorld extends World {
  /** Doors in the order in which they were used: "fetchOnce", "dial", "ask", "commitRound", … */
  readonly calls: readonly string[];
  readonly set: (at: number) => void;
}

/** Calls count from 1; clocks are not among them, because they cannot fail. */
export function makeBreakingWorld(at: number | null, how: Break, inner: FakeWorld = makeFakeWorld()): BreakingWorld {
  const calls: string[] = [];
  const { clock, advance } = makeIdleClock();
  const door =
    <Args extends readonly unknown[], T>(name: string, failure: T, work: (...args: Args) => Promise<T>) =>
    (...args: Args): Promise<T> => {
      calls.push(name);
      return calls.length === at ? broken(how, failure) : work(...args);
    };
  const failure = { cause: "connection-lost", detail: "it broke" } as const;
  const failed = { kind: "failed", failure } as const;
  const unstored = { kind: "failed", detail: "it broke" } as const;
  const { net, dns, store } = inner;
  return {
    calls,
    set: advance,
    clock,
    net: {
      sees: net.sees,
      fetchOnce: door("fetchOnce", { ...failed, status: null, phases: {} }, net.fetchOnce),
      dial: door("dial", failed, net.dial),
    },
    dns: { ask: door("ask", failed, dns.ask) },
    store: {
      readState: door("readState", unstored, store.readState),
      commitRound: door("commitRound", unstored, store.commitRound),
      readRounds: door("readRounds", unstored, store.readRounds),
    },
  };
}

function broken<T>(how: Break, failure: T): Promise<T> {
  switch (how) {
    case "fails":
      return Promise.resolve(failure);
    case "throws":
      throw new Error("it broke");
    case "rejects":
      return Promise.reject(new Error("it broke"));
    case "never answers":
      return new Promise<never>(() => undefined);
  }
}

/** Limits are over as soon as nothing else happens, the nearest first. */
export function makeIdleClock(): { readonly clock: Clock; readonly advance: (at: number) => void } {
  let now = 0;
  const waiting = new Set<{ readonly until: number; readonly over: () => void }>();
  const whenIdle = (): void => {
    const [next] = [...waiting].toSorted((a, b) => a.until - b.until);
    if (next === undefined) return;
    waiting.delete(next);
    now = Math.max(now, next.until);
    next.over();
  };
  const within = <T>(work: Promise<T>, limitMs: number): Promise<T | null> =>
    new Promise((resolve, reject) => {
      const wait = { until: now + limitMs, over: () => resolve(null) };
      waiting.add(wait);
      setTimeout(whenIdle, 0);
      void work.then(resolve, reject).finally(() => waiting.delete(wait));
    });
  const clock: Clock = { now: () => now, monotonicMs: () => now, sleepUntil: () => Promise.resolve(), within };
  return {
    clock,
    advance: (at) => {
      now = at;
    },
  };
}
