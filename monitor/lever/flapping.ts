// A fault that comes and goes: this process sets it and mends it in turn. When the process is gone nobody turns it any
// more, and restoring is what it is for every gate.
import type { Clock } from "../run/world.ts";
import type { Flap } from "../drill/lever-wish.ts";

/** Of one flapping; far more than a drill's expiry leaves time for. */
const TURNS_MAX = 10_000;

export interface Flapping {
  /** Begins with the fault, which is set already; a name that flaps already goes on. */
  start(name: string, flap: Flap, turn: (to: "down" | "up") => Promise<void>): void;
  isRunning(name: string): boolean;
  /** Resolves when no turn is under way any more. */
  stop(name: string): Promise<void>;
}

interface Running {
  readonly stop: () => void;
  readonly ended: Promise<void>;
}

export function makeFlapping(clock: Clock): Flapping {
  const running = new Map<string, Running>();
  return {
    start: (name, flap, turn) => {
      if (!running.has(name)) running.set(name, run(flap, turn, clock));
    },
    isRunning: (name) => running.has(name),
    stop: async (name) => {
      const one = running.get(name);
      one?.stop();
      await one?.ended;
      running.delete(name);
    },
  };
}

function run(flap: Flap, turn: (to: "down" | "up") => Promise<void>, clock: Clock): Running {
  let stop = (): void => {};
  const stopped = new Promise<"stopped">((resolve) => {
    stop = () => resolve("stopped");
  });
  const ended = (async () => {
    for (let turns = 0; turns < TURNS_MAX; turns += 1) {
      const isDown = turns % 2 === 0;
      if ((await clock.within(stopped, isDown ? flap.downMs : flap.upMs)) === "stopped") return;
      await turn(isDown ? "up" : "down");
    }
  })();
  return { stop, ended };
}
