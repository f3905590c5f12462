// The round that makes the largest state there is for a topology, as far as a service that keeps to names can make it: every look
// fails with as many words as are kept, beside a claim of the longest names, and every name server answers with every address.
import { CLOSED_MAX } from "../../monitor/incident/book.ts";
import type { DnsObservation, MonitorState, TimingSample, VantageOutcome } from "../../monitor/model.ts";
import { foldRound } from "../../monitor/run/fold.ts";
import type { RoundRow } from "../../monitor/run/row.ts";
import { EMPTY_STATE } from "../../monitor/run/state.ts";
import type { Topology } from "../../monitor/topology/topology.ts";
import { recordTypes } from "../../monitor/topology/topology.ts";
import { NO_TIMING, SAMPLES_MAX } from "../../monitor/verify/timing.ts";

/** What a label of DNS may have, and an address of IPv6. */
const LABEL = "n".repeat(63);
const IPV6 = "2001:0db8:0000:0000:0000:0000:0000:0001";
const DETAIL = "d".repeat(200);
const AT = 1_767_225_600_000;
const ROUNDS = 4;

export function heaviestRound(topology: Topology): { readonly state: MonitorState; readonly row: RoundRow } {
  const outcomes = topology.probe.vantages.map(({ id }) => outcomeOf(topology, id));
  let state = EMPTY_STATE;
  let row: RoundRow | null = null;
  // Until everything has an opinion, an incident and a deadline.
  for (let round = 0; round < ROUNDS; round += 1) {
    const slot = AT + round * topology.probe.intervalSeconds * 1000;
    ({ state, row } = foldRound(topology, state, outcomes, slot, slot));
  }
  if (row === null) throw new Error("no round");
  const longest = state.incidents.open.toSorted((a, b) => b.reason.length - a.reason.length)[0];
  const closed = longest === undefined ? [] : Array.from({ length: CLOSED_MAX }, () => ({ ...longest, closedAt: AT }));
  const timing = { ...(state.timing ?? NO_TIMING), samples: samplesOf(topology) };
  return { state: { ...state, incidents: { ...state.incidents, closed }, timing }, row };
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
  const claim = { hostname: LABEL, podIP: IPV6, cluster: LABEL, version: LABEL, region: LABEL, time: AT };
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
  const addresses = topology.regions.flatMap((region) => region.endpoint.addresses).toSorted();
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
      reply: { ...reply, addresses: addresses.filter((one) => one.includes(":") === (type === "AAAA")) },
    })),
  );
}
