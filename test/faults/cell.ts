// One cell of the matrix: rounds of the real monitor over two regions, of which the first has an endpoint fault, from two
// vantages, of which one has a DNS fault as well. Only the time of day is moved by hand, so that deadlines pass at once;
// time limits, sockets and messages are real.
import type { MonitorState } from "../../monitor/model/state.ts";
import { EMPTY_STATE } from "../../monitor/run/state.ts";
import { runRound } from "../../monitor/run/round.ts";
import { runVantage } from "../../monitor/run/vantage.ts";
import type { Clock, DnsServer, LookingWorld, Store } from "../../monitor/run/world.ts";
import { SECOND_MS, slotAt } from "../../monitor/time.ts";
import type { Topology } from "../../monitor/topology/topology.ts";
import type { DnsAddresses } from "../contract/dns-addresses.ts";
import type { FaultAddresses } from "../contract/fault-addresses.ts";
import { AWS, EXAMPLE, GCP } from "../support/example-topology.ts";
import type { DnsRow } from "./dns-rows.ts";
import type { EndpointRow } from "./endpoint-rows.ts";

/** The vantage that has the DNS fault too, and the one for which DNS is well. */
export const NEAR = "near";
export const FAR = "far";
export const VANTAGES = 2;
export const FIRST = AWS.id;
export const SECOND = GCP.id;

export const INTERVAL_SECONDS = 10;
export const FAILURE_THRESHOLD = 2;
export const PROPAGATION_SECONDS = 1;
export const TTL_SECONDS = 1;
export const SLACK_SECONDS = 1;
/** What hangs takes all of it, and a busy machine must not reach it with anything else. */
export const TIMEOUT_MS = 2500;
/** The first round, the one that makes opinions, the one after it, and one beyond every deadline. */
export const ROUNDS = 4;

export interface Servers {
  readonly faults: FaultAddresses;
  readonly dns: DnsAddresses;
}

export interface Cell {
  readonly endpoint: EndpointRow;
  readonly dns: DnsRow;
}

export interface CellRun {
  /** After each round. */
  readonly states: readonly MonitorState[];
  readonly saved: readonly string[];
}

export function topologyOf(cell: Cell, { faults, dns }: Servers): Topology {
  const { endpoint } = cell;
  const host = endpoint.scheme === "https" ? "localhost" : "127.0.0.1";
  const url = `${endpoint.scheme}://${host}:${faults.ports[endpoint.server]}`;
  const closed = cell.dns.mode === "closed";
  const resolver = closed ? `http://127.0.0.1:${dns.closedPort}/dns-query` : dns.dohUrl;
  const [one, other] = EXAMPLE.probe.vantages;
  if (one === undefined || other === undefined) throw new Error("the example has vantages");
  return {
    ...EXAMPLE,
    local: true,
    service: { ...EXAMPLE.service, host: `${cell.dns.mode}.${rightRegion(endpoint)}.example.com` },
    regions: [
      { ...AWS, endpoint: { ...AWS.endpoint, url } },
      { ...GCP, endpoint: { ...GCP.endpoint, url: `http://127.0.0.1:${faults.ports["region-other"]}` } },
    ],
    dns: {
      ...EXAMPLE.dns,
      zone: "example.com",
      policy: { routing: "failover", primary: FIRST, secondary: SECOND, ttlSeconds: TTL_SECONDS },
      healthCheck: { path: "/healthz", intervalSeconds: INTERVAL_SECONDS, failureThreshold: FAILURE_THRESHOLD },
      timing: {
        propagationSeconds: PROPAGATION_SECONDS,
        apiPropagationSeconds: PROPAGATION_SECONDS,
        slackSeconds: SLACK_SECONDS,
      },
      nameServers: [`127.0.0.1:${closed ? dns.closedPort : dns.port}`],
      resolvers: [resolver],
    },
    probe: {
      ...EXAMPLE.probe,
      intervalSeconds: INTERVAL_SECONDS,
      timeoutMs: TIMEOUT_MS,
      vantages: [
        { ...one, id: NEAR },
        { ...other, id: FAR },
      ],
    },
  };
}

/** The second label of the question, by which a server that is well knows what Route 53 would answer. */
function rightRegion(endpoint: EndpointRow): "first" | "second" {
  return endpoint.route53 === "healthy" ? "first" : "second";
}

/** `rounds` on consecutive slots. */
export async function runCell(
  cell: Cell,
  servers: Servers,
  world: LookingWorld,
  store: Store,
  rounds: number,
): Promise<CellRun> {
  const topology = topologyOf(cell, servers);
  const states: MonitorState[] = [];
  const saved: string[] = [];
  const start = slotAt(world.clock.now(), INTERVAL_SECONDS * SECOND_MS);
  let state = EMPTY_STATE;
  for (let round = 0; round < rounds; round += 1) {
    const slot = start + round * INTERVAL_SECONDS * SECOND_MS;
    const clock: Clock = { ...world.clock, now: () => slot };
    const near: LookingWorld = { ...world, clock };
    const far: LookingWorld = { ...near, dns: wellDns(world.dns, servers.dns) };
    const done = await runRound(
      topology,
      slot,
      state,
      (job) => {
        const place = { colo: job.vantage.id, nameServers: new Map() };
        return runVantage(job, place, job.vantage.id === NEAR ? near : far);
      },
      { clock, store },
    );
    state = done.state;
    states.push(state);
    saved.push(done.saved.kind);
  }
  return { states, saved };
}

/** As with anycast: the same addresses, and behind them another machine, which is well. */
function wellDns(dns: LookingWorld["dns"], { well }: DnsAddresses): LookingWorld["dns"] {
  const behind = (server: DnsServer): DnsServer =>
    server.kind === "authoritative"
      ? { kind: "authoritative", host: "127.0.0.1", port: well.port }
      : { kind: "recursive", url: well.dohUrl };
  return { ask: (query, server) => dns.ask(query, behind(server)) };
}
