// Rounds as `monitor watch` makes them, from this machine, with real looks and real questions: the judge under test, over a
// name server that is not ours.
import type { VerdictKind } from "../../monitor/model/verdict.ts";
import type { MonitorState } from "../../monitor/model/state.ts";
import { makeNodeWorld } from "../../monitor/node/world.ts";
import { makeStatus } from "../../monitor/report/status.ts";
import type { StatusReport } from "../../monitor/report/status-schema.ts";
import { runRound } from "../../monitor/run/round.ts";
import { EMPTY_STATE } from "../../monitor/run/state.ts";
import { runVantage } from "../../monitor/run/vantage.ts";
import { SECOND_MS } from "../../monitor/time.ts";
import type { Topology } from "../../monitor/topology/topology.ts";
import { makeMemoryStore } from "../support/memory-store.ts";

/** Twice the longest deadline of `LIVE_TIMES`. */
const ROUNDS_MAX = 45;

export interface LiveRounds {
  readonly topology: Topology;
  /** As after the latest round. */
  status(): StatusReport;
  /** One round more, a second after the last one. */
  look(): Promise<StatusReport>;
}

export function makeRounds(topology: Topology, transport: "tcp" | "udp"): LiveRounds {
  const world = { ...makeNodeWorld({ transport }), store: makeMemoryStore() };
  let state: MonitorState = EMPTY_STATE;
  let slot = world.clock.now();
  const status = (): StatusReport => makeStatus(topology, state, world.clock.now());
  return {
    topology,
    status,
    look: async () => {
      await world.clock.sleepUntil(slot + SECOND_MS);
      slot = world.clock.now();
      const { state: next } = await runRound(
        topology,
        slot,
        state,
        (job) => runVantage(job, { colo: `of-${job.vantage.id}`, nameServers: new Map() }, world),
        world,
      );
      state = next;
      return status();
    },
  };
}

/** Rounds until `isReached`; each report on the way is handed to `watch`, which may throw. Gives how many it took. */
export async function lookUntil(
  what: string,
  rounds: LiveRounds,
  isReached: (report: StatusReport) => boolean,
  watch: (report: StatusReport) => void,
): Promise<number> {
  let last = "no report";
  for (let round = 1; round <= ROUNDS_MAX; round += 1) {
    const report = await rounds.look();
    watch(report);
    if (isReached(report)) return round;
    last = wordsOf(report);
  }
  throw new Error(`${what}: not within ${ROUNDS_MAX} rounds; the last: ${last}`);
}

/** "aws healthy, gcp unhealthy; enam conforms 127.0.10.1; …". */
export function wordsOf({ regions, dns }: StatusReport): string {
  const health = regions.map((region) => `${region.id} ${region.health}`).join(", ");
  return [
    health,
    ...dns.map((one) => `${one.vantage} ${one.verdict} ${one.answer.join(" ")}, expected ${one.reason}`),
  ].join("; ");
}

export function verdictsOf({ dns }: StatusReport): readonly VerdictKind[] {
  return dns.map(({ verdict }) => verdict);
}
