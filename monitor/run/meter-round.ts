// One round onto the meters: what its looks took, where resolvers led users, how late it began, and which stage of a failover it
// saw reached. Only of rounds that are stored, so that no meter shows more than a restart would find.
import { isOurs } from "../health/votes.ts";
import type { DnsObservation, VantageOutcome } from "../model/observation.ts";
import type { MonitorState } from "../model/state.ts";
import { countLook, type LookMeter, type Meters } from "../report/meters.ts";
import type { Instant } from "../time.ts";
import { regionsAt, type Topology } from "../topology/topology.ts";
import { stepFailoverTimes } from "../verify/failover-times.ts";
import { reportsOf } from "./outcome.ts";

export interface MeteredRound {
  readonly slot: Instant;
  readonly beganAt: Instant;
  readonly at: Instant;
  /** As they were believed. */
  readonly outcomes: readonly VantageOutcome[];
  /** The one that the round made. */
  readonly state: MonitorState;
}

/** Regions and vantages that the topology has no more are forgotten. */
export function meterRound(topology: Topology, before: Meters, round: MeteredRound): Meters {
  const led = ledBy(topology, round.outcomes);
  return {
    version: 1,
    lagMs: Math.max(0, round.beganAt - round.slot),
    looks: meterLooks(topology, before, round.outcomes),
    led: cellsOf(topology, (region, vantage) =>
      countIf(before.led[region]?.[vantage], led.get(vantage), (regions) => regions.includes(region)),
    ),
    astray: rowOf(topology, (vantage) =>
      countIf(before.astray[vantage], led.get(vantage), (regions) => regions.length === 0),
    ),
    failovers: stepFailoverTimes(before.failovers, topology, round.state, round.at),
  };
}

/** A counter begins at 0 with the first question, or the first increase would not be seen as one. */
function countIf(
  was: number | undefined,
  led: readonly string[] | undefined,
  holds: (regions: readonly string[]) => boolean,
): number | undefined {
  return led === undefined ? was : (was ?? 0) + (holds(led) ? 1 : 0);
}

function meterLooks(topology: Topology, before: Meters, outcomes: readonly VantageOutcome[]): Meters["looks"] {
  const seen = new Map(
    reportsOf(outcomes)
      .flatMap((report) => report.observations)
      .map((look) => [`${look.region} ${look.vantage}`, look]),
  );
  return cellsOf(topology, (region, vantage): LookMeter | undefined => {
    const was = before.looks[region]?.[vantage];
    const look = seen.get(`${region} ${vantage}`);
    return look === undefined ? was : countLook(was, look);
  });
}

/** By vantage id: the regions to which resolvers led there, with whichever type of address; absent: it asked none. */
function ledBy(topology: Topology, outcomes: readonly VantageOutcome[]): ReadonlyMap<string, readonly string[]> {
  const asked = reportsOf(outcomes).map(({ vantage, dns }) => ({
    vantage,
    answers: dns.filter((seen) => seen.view === "recursive" && !isOurFailure(seen)),
  }));
  return new Map(
    asked
      .filter(({ answers }) => answers.length > 0)
      .map(({ vantage, answers }) => [vantage, regionsAt(topology, answers.flatMap(addressesOf))] as const),
  );
}

function addressesOf({ reply }: DnsObservation): readonly string[] {
  return reply.kind === "reply" ? reply.addresses : [];
}

/** Such a question says nothing of where users are led. */
function isOurFailure({ reply }: DnsObservation): boolean {
  return reply.kind === "failed" && isOurs(reply);
}

function cellsOf<T>(
  topology: Topology,
  cell: (region: string, vantage: string) => T | undefined,
): Readonly<Record<string, Readonly<Record<string, T>>>> {
  const rows = topology.regions.map(({ id }) => [id, rowOf(topology, (vantage) => cell(id, vantage))] as const);
  return Object.fromEntries(rows.filter(([, row]) => Object.keys(row).length > 0));
}

function rowOf<T>({ probe }: Topology, cell: (vantage: string) => T | undefined): Readonly<Record<string, T>> {
  return Object.fromEntries(
    probe.vantages.flatMap(({ id }) => {
      const value = cell(id);
      return value === undefined ? [] : [[id, value] as const];
    }),
  );
}
