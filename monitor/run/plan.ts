// What each vantage has to do in one round. Pure: the slot and what was seen last decide in which order regions come and which
// name server is asked, so that a vantage with many regions reaches all of them, however many hang.
import { askerOf } from "../verify/standing.ts";
import type { DnsPath } from "../model/observation.ts";
import type { MonitorState } from "../model/state.ts";
import type { Asker } from "../policy/answer.ts";
import type { AddressType } from "../policy/record-set.ts";
import { type Instant, SECOND_MS } from "../time.ts";
import {
  privateVantages,
  publicVantages,
  recordTypes,
  type Region,
  type Topology,
  type Vantage,
} from "../topology/topology.ts";
import { splitUrl } from "../topology/url.ts";
import { assert } from "../problem.ts";

/** One look at one region. */
export interface ProbeJob {
  readonly region: Region;
  readonly vantage: string;
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  /** Full URLs of the health path and of the claim. */
  readonly healthUrl: string;
  readonly claimUrl: string;
  readonly phases: "dial" | "full";
}

/** One question to DNS. */
export interface DnsJob {
  readonly name: string;
  readonly type: AddressType;
  readonly view: DnsPath;
  readonly vantage: string;
  readonly asker: Asker;
  readonly zone: string;
  /** As in the topology; empty: look the name servers up through `resolvers`. */
  readonly nameServers: readonly string[];
  readonly resolvers: readonly string[];
  /** Which of several servers has its turn. */
  readonly turn: number;
}

/** A vantage's part of a round; plain JSON, because it crosses a network. */
export interface VantageJob {
  readonly vantage: Vantage;
  readonly slot: Instant;
  readonly timeoutMs: number;
  readonly probes: readonly ProbeJob[];
  readonly questions: readonly DnsJob[];
}

/** What was seen before; what hung last time comes last this time. */
export type Seen = Pick<MonitorState, "cells" | "health">;

const NOTHING_SEEN: Seen = { cells: {}, health: {} };

/** Of those who are sent to look; private vantages look by themselves. */
export function planRound(topology: Topology, slot: Instant, seen: Seen = NOTHING_SEEN): readonly VantageJob[] {
  const turn = turnOf(topology, slot);
  return publicVantages(topology).map((vantage, index) => jobOf(topology, vantage, slot, turn + index, seen));
}

/** What a private vantage does by itself in a slot; null: the topology has none of this id. */
export function planPrivate(
  topology: Topology,
  id: string,
  slot: Instant,
  seen: Seen = NOTHING_SEEN,
): VantageJob | null {
  const vantage = privateVantages(topology).find((one) => one.id === id);
  if (vantage === undefined) return null;
  return jobOf(topology, vantage, slot, turnOf(topology, slot) + topology.probe.vantages.indexOf(vantage), seen);
}

function turnOf({ probe }: Topology, slot: Instant): number {
  return Math.round(slot / (probe.intervalSeconds * SECOND_MS));
}

function jobOf(topology: Topology, vantage: Vantage, slot: Instant, turn: number, seen: Seen): VantageJob {
  return {
    vantage,
    slot,
    timeoutMs: topology.probe.timeoutMs,
    probes: rotate(topology.regions, turn)
      .toSorted((a, b) => lateness(seen, a.id, vantage.id) - lateness(seen, b.id, vantage.id))
      .map((region) => probeJob(topology, region, vantage)),
    questions: questionsFor(topology, vantage, turn),
  };
}

function rotate<T>(list: readonly T[], turn: number): readonly T[] {
  const start = list.length === 0 ? 0 : turn % list.length;
  return [...list.slice(start), ...list.slice(0, start)];
}

/**
 * A look that hangs costs a lane for the rest of the round. So first come those that do not, then those of which nothing is
 * known, and last those that hung when there was a lane for them; among equals the slot decides.
 */
function lateness({ cells, health }: Seen, region: string, vantage: string): number {
  const run = health[region]?.vantages[vantage]?.user.run ?? null;
  if (run === null) return 1;
  const cause = cells[region]?.[vantage]?.failure?.cause;
  return !run.passed && (cause === "timeout" || cause === "not-started") ? 2 : 0;
}

function probeJob(topology: Topology, region: Region, vantage: Vantage): ProbeJob {
  const parts = splitUrl(region.endpoint.url);
  assert(parts !== null, "the schema checks the endpoint's URL");
  const base = region.endpoint.url.replace(/\/$/, "");
  return {
    region,
    vantage: vantage.id,
    host: parts.host,
    port: parts.port,
    secure: parts.scheme === "https",
    healthUrl: `${base}${topology.dns.healthCheck.path}`,
    claimUrl: `${base}/`,
    phases: topology.probe.phases,
  };
}

function questionsFor(topology: Topology, vantage: Vantage, turn: number): readonly DnsJob[] {
  const { zone, nameServers, resolvers } = topology.dns;
  const views: readonly DnsPath[] = resolvers.length === 0 ? ["authoritative"] : ["authoritative", "recursive"];
  const asked = views.filter((view) => view === "recursive" || nameServers.length + resolvers.length > 0);
  return recordTypes(topology).flatMap((type) =>
    asked.map((view) => ({
      name: topology.service.host,
      type,
      view,
      vantage: vantage.id,
      asker: askerOf(vantage),
      zone,
      nameServers,
      resolvers,
      turn,
    })),
  );
}
