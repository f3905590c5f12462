// How levers reach what they move: one bundle, made once per process, in which tests put servers of their own. A lever's
// undo names what it needs of it (a port, a context, a variable) and holds no access itself.
import type { Clock } from "../run/world.ts";
import type { WorldSearch } from "../local/world-client.ts";
import { makeNodeClock } from "../node/clock.ts";
import type { OpenedKube } from "../node/kube-api.ts";
import { makeFlapping, type Flapping } from "./flapping.ts";

export interface Reach {
  readonly clock: Clock;
  /** The local world on that port, or the only one. */
  readonly findWorld: (port: number | null) => Promise<WorldSearch>;
  /** Gates that this process opens and closes in turn. */
  readonly flapping: Flapping;
  /** A cluster, by a context of the kubeconfig. */
  readonly openKube: (context: string) => Promise<OpenedKube>;
  /** Null: not set. */
  readonly variable: (name: string) => string | null;
}

export function makeReach(env: Readonly<Record<string, string | undefined>>): Reach {
  const clock = makeNodeClock();
  return {
    clock,
    // The images have no local world.
    findWorld: async (port) => (await import("../local/world-client.ts")).findWorld(port),
    flapping: makeFlapping(clock),
    // Loaded only where a lever needs it: it takes longer than everything else of a command.
    openKube: async (context) => (await import("../node/kube-api.ts")).openKube(context, clock),
    variable: (name) => {
      const value = env[name];
      return value === undefined || value === "" ? null : value;
    },
  };
}
