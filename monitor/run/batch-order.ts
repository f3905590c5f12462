// Whether a monitor takes what a private vantage sends: it must be about this topology, about a slot of this grid, and new enough
// to say something of now. Each refusal has a word for machines and a sentence that says what was expected and found.
import type { ObservationBatch, VantageReport } from "../model/observation.ts";
import { unreachable } from "../problem.ts";
import { formatDuration, type Instant, SECOND_MS, toIso } from "../time.ts";
import { looksFingerprint } from "../topology/fingerprint.ts";
import { DNS_NAME } from "../topology/name.ts";
import { privateVantages, recordTypes, type Topology } from "../topology/topology.ts";
import { freshnessFor } from "../verify/standing.ts";
import { serverNames, unfoundServer } from "./name-servers.ts";

/** Whoever's clock is further from ours looks in other slots than it says. */
export const CLOCK_SKEW_MS_MAX = 10 * SECOND_MS;

/** Older slots than an opinion lives are of no use, so there are never more than these; more only where a grid has just changed. */
export const HELD_MAX = 4;

export const BATCH_REFUSALS = [
  "unknown-vantage",
  "other-topology",
  "unknown-region",
  "foreign-question",
  "twice",
  "off-grid",
  "future",
  "outside-slot",
  "stale",
  "late",
  "conflict",
  "too-many",
] as const;
export type BatchRefusal = (typeof BATCH_REFUSALS)[number];

export interface HeldBatch {
  readonly slot: Instant;
  /** Of the body, so that the same batch that comes again is known. */
  readonly digest: string;
  readonly report: VantageReport;
}

export type BatchAnswer =
  /** It is stored, and the next round takes it. */
  | { readonly kind: "held"; readonly everySeconds: number }
  /** This very batch came before; it is as it was. */
  | { readonly kind: "known"; readonly everySeconds: number }
  | {
      readonly kind: "refused";
      readonly refusal: BatchRefusal;
      readonly detail: string;
      /** Where to stand on the grid now; absent where the vantage is none of ours. */
      readonly everySeconds?: number;
    };

/** In the place of a colo: whatever it says of itself, a private vantage is a place of its own. */
export function privateColo(vantage: string): string {
  return `private-${vantage}`;
}

/** Null: it may be held. `lastSlot`: of the vantage's latest report that a round took; null: none did. `held`: what waits. */
export function refuseBatch(
  topology: Topology,
  batch: ObservationBatch,
  digest: string,
  { held, lastSlot }: { readonly held: readonly HeldBatch[]; readonly lastSlot: Instant | null },
  at: Instant,
): Extract<BatchAnswer, { kind: "refused" | "known" }> | null {
  const { vantage, slot } = batch;
  const everySeconds = topology.probe.intervalSeconds;
  if (!privateVantages(topology).some(({ id }) => id === vantage))
    return {
      kind: "refused",
      refusal: "unknown-vantage",
      detail: `no private vantage "${vantage}" is in the topology`,
    };
  const same = held.find((one) => one.slot === slot);
  if (same?.digest === digest) return { kind: "known", everySeconds };
  const found =
    contentRefusal(topology, batch) ??
    slotRefusal(topology, batch, at) ??
    (same === undefined ? lateRefusal(slot, lastSlot) : (["conflict", conflictWords(slot)] as const));
  return found === null ? null : { kind: "refused", refusal: found[0], detail: found[1], everySeconds };
}

type Found = readonly [refusal: BatchRefusal, detail: string] | null;

function contentRefusal(topology: Topology, { vantage, looks, observations, dns }: ObservationBatch): Found {
  const own = looksFingerprint(topology, vantage);
  if (looks !== own)
    return [
      "other-topology",
      `looks: expected ${own}, found ${looks}: regions, DNS or pace of the topology differ here; give the vantage the file that the monitor has`,
    ];
  const ids = topology.regions.map(({ id }) => id);
  const stranger = observations.find(({ region }) => !ids.includes(region));
  if (stranger !== undefined)
    return ["unknown-region", `observations: expected regions among ${ids.join(", ")}, found "${stranger.region}"`];
  const foreign = dns.map((seen) => foreignWords(topology, seen)).find((one) => one !== null);
  if (foreign !== undefined) return ["foreign-question", `dns: ${foreign}`];
  const keys = [...observations.map(({ region }) => region), ...dns.map(({ type, view }) => `${type} ${view}`)];
  const double = keys.find((key, index) => keys.indexOf(key) !== index);
  return double === undefined ? null : ["twice", `expected each region and each question once, found ${double} twice`];
}

/** Null: it is a question that the topology asks. */
function foreignWords(topology: Topology, seen: ObservationBatch["dns"][number]): string | null {
  const { name, type, view, server } = seen;
  const { zone, resolvers } = topology.dns;
  const types = recordTypes(topology);
  if (name !== topology.service.host) return `expected the name ${topology.service.host}, found "${name}"`;
  if (!types.includes(type)) return `expected type ${types.join(" or ")}, found ${type}`;
  if (view === "recursive" && resolvers.length === 0) return "expected no resolver's answer, because none is asked";
  const servers = serverNames(topology.dns, view);
  // Where name servers are looked up, nobody here knows how they are called.
  const named = servers.length === 0 ? DNS_NAME.test(server) : servers.includes(server);
  const unnamed = seen.reply.kind === "failed" && [view, unfoundServer(zone)].includes(server);
  const expected = servers.length === 0 ? "the name of a name server" : `a server among ${servers.join(", ")}`;
  return named || unnamed ? null : `expected ${expected}, found "${server}"`;
}

function slotRefusal(topology: Topology, { slot, observations, dns }: ObservationBatch, at: Instant): Found {
  const everyMs = topology.probe.intervalSeconds * SECOND_MS;
  if (slot % everyMs !== 0)
    return ["off-grid", `slot: expected a multiple of ${topology.probe.intervalSeconds} s, found ${toIso(slot)}`];
  if (slot > at + CLOCK_SKEW_MS_MAX)
    return ["future", `slot: expected one that has begun, found ${toIso(slot)}, in ${formatDuration(slot - at)}`];
  const usualMs = (topology.probe.fileIntervalSeconds ?? topology.probe.intervalSeconds) * SECOND_MS;
  const until = slot + usualMs + topology.probe.timeoutMs;
  const astray = [...observations, ...dns].find((seen) => seen.at < slot || seen.at > until);
  if (astray !== undefined)
    return [
      "outside-slot",
      `expected looks between ${toIso(slot)} and ${toIso(until)}, found one at ${toIso(astray.at)}: was the clock set?`,
    ];
  const { ageMaxMs } = freshnessFor(topology);
  if (at - slot <= ageMaxMs) return null;
  const age = formatDuration(at - slot);
  return ["stale", `slot: expected one of the last ${formatDuration(ageMaxMs)}, found ${toIso(slot)}, ${age} ago`];
}

/** Opinions are made of looks in their order. */
function lateRefusal(slot: Instant, lastSlot: Instant | null): Found {
  if (lastSlot === null || slot > lastSlot) return null;
  const what = slot === lastSlot ? "this slot" : `the later slot ${toIso(lastSlot)}`;
  return ["late", `slot: expected one after ${toIso(lastSlot)}, found ${toIso(slot)}: a round took ${what} already`];
}

function conflictWords(slot: Instant): string {
  return `slot: expected one batch for ${toIso(slot)}, found another one with other contents`;
}

export function reportOf({ vantage, observations, dns }: ObservationBatch): VantageReport {
  return {
    vantage,
    colo: privateColo(vantage),
    observations: observations.map((seen) => ({ ...seen, vantage })),
    dns: dns.map((seen) => ({ ...seen, vantage })),
  };
}

/** The HTTP status that says it best. */
export function statusOfRefusal(refusal: BatchRefusal): 404 | 409 | 422 | 429 {
  switch (refusal) {
    case "unknown-vantage":
      return 404;
    case "other-topology":
    case "stale":
    case "late":
    case "conflict":
      return 409;
    case "unknown-region":
    case "foreign-question":
    case "twice":
    case "off-grid":
    case "future":
    case "outside-slot":
      return 422;
    case "too-many":
      return 429;
    default:
      return unreachable(refusal);
  }
}
