// Everything that `monitor verify` asks the world: all clusters side by side, each with its own deadline, so that one that is
// gone hides no other; and one look at each region's endpoint from here.
import { nodesOf } from "../clusters/judge-pods.ts";
import type { HostSight } from "../clusters/judge-host.ts";
import type { MemberSight } from "../clusters/judge-member.ts";
import { standingPods } from "../clusters/pods.ts";
import { type ClusterReading, objectsOf } from "../clusters/sight.ts";
import { entranceWishes, type Federation, hostWishes, memberWishes, nodeWish, PODS } from "../clusters/wish.ts";
import type { Observation } from "../model/observation.ts";
import { assert } from "../problem.ts";
import type { RegionBy } from "../render/manifest.ts";
import { runInLanes } from "../run/lanes.ts";
import { planRound } from "../run/plan.ts";
import { runProbe } from "../run/probe.ts";
import type { Clock, LookingWorld } from "../run/world.ts";
import type { Region, Topology } from "../topology/topology.ts";
import { makeKubeReader } from "./kube-reader.ts";
import { endingPlugins } from "./plugin-end.ts";

/** The others wait, and their time has not begun. */
export const CLUSTERS_AT_ONCE_MAX = 10;

export interface ReadingWish {
  readonly topology: Topology;
  /** Of these clusters. */
  readonly regions: readonly Region[];
  /** Null: none is looked at. */
  readonly host: { readonly context: string; readonly via: Federation } | null;
  readonly regionBy: RegionBy;
  readonly timeoutMs: number;
  readonly claims: "look" | "skip";
}

export interface Readings {
  /** In the topology's order. */
  readonly members: readonly MemberSight[];
  readonly host: HostSight | null;
}

export async function readClusters(wish: ReadingWish, world: LookingWorld): Promise<Readings> {
  const { topology, regions, regionBy, timeoutMs } = wish;
  const members = new Map<string, MemberSight>();
  let host: HostSight | null = null;
  const looks = regions.map((region) => async (): Promise<void> => {
    const look = wish.claims === "skip" ? null : lookAt(topology, region, world);
    const reading = await readMember(topology, region, regionBy, { clock: world.clock, timeoutMs });
    members.set(region.id, { region, reading, look: await look });
  });
  const atHost = async (): Promise<void> => {
    if (wish.host === null) return;
    const { context, via } = wish.host;
    const reader = makeKubeReader(context, world.clock, world.clock.monotonicMs() + timeoutMs);
    host = { context, reading: await reader.read(hostWishes(topology, via, regionBy)) };
  };
  await endingPlugins(() => runInLanes([atHost, ...looks], CLUSTERS_AT_ONCE_MAX));
  return { members: regions.flatMap(({ id }) => members.get(id) ?? []), host };
}

async function readMember(
  topology: Topology,
  { cluster }: Region,
  regionBy: RegionBy,
  { clock, timeoutMs }: { readonly clock: Clock; readonly timeoutMs: number },
): Promise<ClusterReading> {
  const reader = makeKubeReader(cluster.context, clock, clock.monotonicMs() + timeoutMs);
  const first = await reader.read(memberWishes(topology, regionBy));
  if (first.kind === "closed") return first;
  const nodes = nodesOf(standingPods(objectsOf(first.looks, PODS)));
  const second = await reader.read(nodes.map(nodeWish));
  return second.kind === "closed" ? first : { kind: "read", looks: { ...first.looks, ...second.looks } };
}

/** What `monitor discover` asks; in the topology's order. */
export async function readEntranceLooks(
  topology: Topology,
  regions: readonly Region[],
  timeoutMs: number,
  clock: Clock,
): Promise<readonly { readonly region: Region; readonly reading: ClusterReading }[]> {
  const readings = new Map<string, ClusterReading>();
  const tasks = regions.map(({ id, cluster }) => async (): Promise<void> => {
    const reader = makeKubeReader(cluster.context, clock, clock.monotonicMs() + timeoutMs);
    readings.set(id, await reader.read(entranceWishes(topology)));
  });
  await endingPlugins(() => runInLanes(tasks, CLUSTERS_AT_ONCE_MAX));
  return regions.flatMap((region) => {
    const reading = readings.get(region.id);
    return reading === undefined ? [] : [{ region, reading }];
  });
}

/** As `monitor check` would look, once. */
async function lookAt(topology: Topology, region: Region, world: LookingWorld): Promise<Observation> {
  const [job] = planRound({ ...topology, regions: [region] }, world.clock.now());
  const probe = job?.probes[0];
  assert(probe !== undefined, "a round of one region has one look");
  return runProbe(probe, world.clock.monotonicMs() + topology.probe.timeoutMs, world);
}
