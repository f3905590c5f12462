// A topology whose rounds come more often for a while, as during a drill. It stays the same topology: only the pace differs,
// and whoever compares topologies must not see a change of policy in it.
import { SECOND_MS } from "../time.ts";
import type { Topology } from "./topology.ts";

/** The shorter of the two intervals that Route 53 has. */
const FASTEST_INTERVAL_SECONDS = 10;

/** Intervals in seconds that are allowed, the longest first; none: it cannot be quicker. */
export function pacesOf({ probe }: Topology): readonly number[] {
  const { intervalSeconds, timeoutMs } = probe;
  // Route 53's own checkers never look more often, and a timeout may take half of an interval at most.
  const least = Math.max(FASTEST_INTERVAL_SECONDS, (2 * timeoutMs) / SECOND_MS);
  const divisors: number[] = [];
  for (let parts = 2; intervalSeconds / parts >= least; parts += 1)
    if (Number.isInteger(intervalSeconds / parts)) divisors.push(intervalSeconds / parts);
  return divisors;
}

/** Every slot of the topology's own grid is one of the quicker grid, because the pace divides the interval. */
export function paceTopology(topology: Topology, everySeconds: number): Topology {
  const { probe } = topology;
  return {
    ...topology,
    probe: { ...probe, intervalSeconds: everySeconds, fileIntervalSeconds: probe.intervalSeconds },
  };
}

/** As the file says it. */
export function unpacedTopology(topology: Topology): Topology {
  const { fileIntervalSeconds, ...probe } = topology.probe;
  if (fileIntervalSeconds === undefined) return topology;
  return { ...topology, probe: { ...probe, intervalSeconds: fileIntervalSeconds } };
}
