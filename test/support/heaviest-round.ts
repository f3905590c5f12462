// The round that makes the largest state there is for a topology, however hostile services and name servers are: every look
// fails with as many words as are kept, beside the longest claim there may be, and every name server answers with as many
// addresses as are kept, none of which is anybody's.
import { CLOSED_MAX } from "../../monitor/incident/book.ts";
import type { DnsObservation, VantageOutcome } from "../../monitor/model/observation.ts";
import type { MaintenanceWindow } from "../../monitor/model/planned.ts";
import type { MonitorState, TimingSample } from "../../monitor/model/state.ts";
import { foldRound } from "../../monitor/run/fold.ts";
import type { RoundRow } from "../../monitor/run/row.ts";
import { EMPTY_STATE } from "../../monitor/run/state.ts";
import type { Topology } from "../../monitor/topology/topology.ts";
import { WORDS_MAX } from "../../monitor/report/plain-words.ts";
import { CLAIM_BYTES_MAX } from "../../monitor/verify/claim.ts";
import { recordTypes } from "../../monitor/topology/topology.ts";
import { NAMED_MAX, TURNS_MAX } from "../../monitor/verify/trail.ts";
import type { Trail, Turn } from "../../monitor/model/trail.ts";
import { regionSubject } from "../../monitor/verify/verdict.ts";
import { NO_TIMING, SAMPLES_MAX } from "../../monitor/verify/timing.ts";

/** Six bytes a character, as many as are kept. */
const DETAIL = "\u0001".repeat(WORDS_MAX);
const NAME = "\u0001".repeat(Math.floor(CLAIM_BYTES_MAX / 6 / 5));
const AT = 1_767_225_600_000;
const ROUNDS = 4;

/** Of all regions, under the longest id. */
const MAINTENANCE: MaintenanceWindow = {
  id: "m".repeat(80),
  title: "t",
  regions: [],
  from: 0,
  until: 2 * AT,
  by: null,
  kind: "once",
};

export function heaviestRound(topology: Topology): { readonly state: MonitorState; readonly row: RoundRow } {
  const outcomes = topology.probe.vantages.map(({ id }) => outcomeOf(topology, id));
  let state = EMPTY_STATE;
  let row: RoundRow | null = null;
  // Until everything has an opinion, an incident and a deadline.
  for (let round = 0; round < ROUNDS; round += 1) {
    const slot = AT + round * topology.probe.intervalSeconds * 1000;
    ({ state, row } = foldRound(topology, { ...state, maintenance: [MAINTENANCE] }, outcomes, slot, slot));
  }
  if (row === null) throw new Error("no round");
  const longest = state.incidents.open.toSorted((a, b) => b.reason.length - a.reason.length)[0];
  const closed = longest === undefined ? [] : Array.from({ length: CLOSED_MAX }, () => ({ ...longest, closedAt: AT }));
  const timing = { ...(state.timing ?? NO_TIMING), samples: samplesOf(topology) };
  return { state: { ...state, incidents: { ...state.incidents, closed }, timing, trail: trailOf(topology) }, row };
}

/** Turned as often as is kept, each time to the longest ids there are. */
function trailOf({ regions }: Topology): Trail {
  const ids = regions.map(({ id }) => id).toSorted((a, b) => b.length - a.length);
  const named = [...ids.slice(0, NAMED_MAX), `+${Math.max(0, ids.length - NAMED_MAX)}`].join(" ");
  const turn = (value: string): Turn => [AT, value];
  return {
    from: AT,
    lanes: {
      ...Object.fromEntries(ids.map((id) => [regionSubject(id), [turn("unhealthy")]])),
      policy: [turn(named)],
      monitor: [turn("looking")],
      dns: Array.from({ length: TURNS_MAX + 1 }, () => turn(`converging ${named}`)),
    },
  };
}

/** As many as are kept, of the longest ids. */
function samplesOf({ regions, probe }: Topology): readonly TimingSample[] {
  const longest = (ids: readonly string[]): string => ids.toSorted((a, b) => b.length - a.length)[0] ?? "";
  const sample: TimingSample = {
    kind: "propagation",
    cause: longest(regions.map(({ id }) => id)),
    vantage: longest(probe.vantages.map(({ id }) => id)),
    changedBy: AT,
    movedAfter: AT,
    movedBy: AT,
    tookMs: 3_600_000,
    atMostMs: 3_600_000,
  };
  return Array.from({ length: SAMPLES_MAX }, () => sample);
}

function outcomeOf(topology: Topology, vantage: string): VantageOutcome {
  const names = { hostname: NAME, podIP: NAME, cluster: NAME, version: NAME };
  const claim = { ...names, region: `${NAME.slice(vantage.length)}${vantage}`, time: AT };
  const observations = topology.regions.map((region) => ({
    region: region.id,
    vantage,
    at: AT,
    status: 200,
    phases: { dns: 1234.5, connect: 1234.5, tls: 1234.5, ttfb: 1234.5, transfer: 1234.5 },
    totalMs: 12_345.6,
    failure: { cause: "claim-unreadable", phase: "transfer", detail: DETAIL } as const,
    claim,
  }));
  return { kind: "reported", report: { vantage, colo: "local-XXX", observations, dns: answersTo(topology, vantage) } };
}

function answersTo(topology: Topology, vantage: string): readonly DnsObservation[] {
  const { nameServers, resolvers } = topology.dns;
  const asked = [
    ...nameServers.map((server) => ({ server, view: "authoritative" as const })),
    ...resolvers.map((server) => ({ server, view: "recursive" as const })),
  ];
  const addresses = Array.from({ length: 100 * topology.regions.length }, (_, at) => 100 + (at % 900));
  const reply = {
    kind: "reply",
    rcode: "NOERROR",
    authoritative: true,
    ttlSeconds: 172_800,
    scope: 24,
    elapsedMs: 1234.5,
  } as const;
  return asked.flatMap(({ server, view }) =>
    recordTypes(topology).map((type) => ({
      name: topology.service.host,
      type,
      vantage,
      view,
      server,
      at: AT,
      reply: { ...reply, addresses: addresses.map((at) => foreign(type, at)) },
    })),
  );
}

/** As long as addresses are. */
function foreign(type: string, at: number): string {
  return type === "A"
    ? `203.213.${100 + Math.floor(at / 100)}.${100 + (at % 100)}`
    : `2001:1db8:1111:1111:1111:1111:1111:1${at}`;
}
