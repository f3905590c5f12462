// How levers reach what they move: one bundle, made once per process, in which tests put servers of their own. A lever's
// undo names what it needs of it (a port, a context, a variable) and holds no access itself.
import type { Clock } from "../run/world.ts";
import { findWorld, type WorldSearch } from "../local/world-client.ts";
import { makeNodeClock } from "../node/clock.ts";
import { makeFlapping, type Flapping } from "./flapping.ts";

export interface Reach {
  readonly clock: Clock;
  /** The local world on that port, or the only one. */
  readonly findWorld: (port: number | null) => Promise<WorldSearch>;
  /** Gates that this process opens and closes in turn. */
  readonly flapping: Flapping;
  /** Null: not set. */
  readonly variable: (name: string) => string | null;
}

export function makeReach(env: Readonly<Record<string, string | undefined>>): Reach {
  const clock = makeNodeClock();
  return {
    clock,
    findWorld,
    flapping: makeFlapping(clock),
    variable: (name) => {
      const value = env[name];
      return value === undefined || value === "" ? null : value;
    },
  };
}
