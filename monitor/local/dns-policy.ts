// What the local DNS server says to one query: the evaluator's answer as Route 53 would give it, or the fault that is
// played. A zone here has address records only; SOA and NS, and so negative caching, are not served.
import { BlockList } from "node:net";
import { ANYONE, type Asker, type AnswerChoice } from "../policy/answer.ts";
import { MULTIVALUE_ANSWERS_MAX } from "../policy/constants.ts";
import { expectedAnswer } from "../policy/evaluator.ts";
import type { HealthView } from "../policy/health-check.ts";
import type { AddressType } from "../policy/record-set.ts";
import { unreachable } from "../problem.ts";
import { type TopologyZone, zoneOf } from "../topology/zone.ts";
import type { Topology, Vantage } from "../topology/topology.ts";
import type { ClientSubnet, DecodedQuery, Reply } from "../wire/dns-message.ts";
import type { DnsFault } from "../drill/faults.ts";

export type Query = Extract<DecodedQuery, { kind: "query" }>;

/** How the query came: the name server itself, or the resolver that users have. */
export type Door = "authoritative" | "recursive";

export interface Authority {
  readonly zone: TopologyZone;
  readonly vantages: readonly Vantage[];
}

export interface AuthorityState {
  readonly fault: Exclude<DnsFault, "refuse">;
  /** Under `stuck`, the health of the moment in which it got stuck. */
  readonly health: HealthView;
  /** From 0 to 1, and never 1: which of several legal answers it is. */
  readonly chance: number;
}

export function authorityOf(topology: Topology): Authority {
  return { zone: zoneOf(topology), vantages: topology.probe.vantages };
}

export function replyTo(query: Query, door: Door, authority: Authority, state: AuthorityState): Reply {
  const blank = blankReply(query, door);
  switch (state.fault) {
    case "servfail":
      return { ...blank, rcode: "SERVFAIL", authoritative: false };
    case "nxdomain":
      return { ...blank, rcode: "NXDOMAIN" };
    case "truncated":
      return { ...blank, truncated: true };
    case "empty":
      return blank;
    case "other-name": {
      const name = `other.${authority.zone.name}`;
      const reply = replyByPolicy(query, blank, authority, state);
      return { ...reply, name, answers: reply.answers.map((answer) => ({ ...answer, name })) };
    }
    case "open":
    case "stuck":
      return replyByPolicy(query, blank, authority, state);
    default:
      return unreachable(state.fault);
  }
}

/** When the server cannot answer yet. */
export function servfailTo(query: Query, door: Door): Reply {
  return { ...blankReply(query, door), rcode: "SERVFAIL", authoritative: false };
}

function replyByPolicy(query: Query, blank: Reply, { zone, vantages }: Authority, state: AuthorityState): Reply {
  if (!isWithin(query.name, zone.name)) return { ...blank, rcode: "REFUSED", authoritative: false };
  const known = zone.recordSets.some((record) => isWithin(record.name, query.name));
  if (!known && query.name !== zone.name) return { ...blank, rcode: "NXDOMAIN" };
  const type = recordType(query.type);
  if (type === null) return blank;
  const asker = askerOf(query.clientSubnet, vantages);
  const { acceptable } = expectedAnswer(zone, { name: query.name, type, asker }, state.health);
  const choice = drawn(acceptable, zone, state.chance);
  return choice === null ? blank : { ...blank, answers: recordsOf(choice, query.name, type, state.chance) };
}

/** Weighted records by their weights; of any other several, which stand for what is not known of the asker, the first. */
function drawn(choices: readonly AnswerChoice[], zone: TopologyZone, chance: number): AnswerChoice | null {
  const weights = choices.map(({ setIdentifier }) => weightOf(zone, setIdentifier));
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  let left = chance * all;
  const at = weights.findIndex((weight) => {
    left -= weight;
    return left < 0;
  });
  return choices[Math.max(0, at)] ?? null;
}

function weightOf({ recordSets }: TopologyZone, setIdentifier: string | null): number {
  const routing = recordSets.find((record) => record.setIdentifier === setIdentifier)?.routing;
  return routing?.routing === "weighted" ? routing.weight : 0;
}

/** Of more values than an answer holds, as many as fit from a place on that chance has chosen. */
function recordsOf(choice: AnswerChoice, name: string, type: AddressType, chance: number): Reply["answers"] {
  const { kind, values, ttlSeconds } = choice;
  const from = kind === "subset" && values.length > MULTIVALUE_ANSWERS_MAX ? Math.floor(chance * values.length) : 0;
  const most = kind === "subset" ? MULTIVALUE_ANSWERS_MAX : values.length;
  return [...values.slice(from), ...values.slice(0, from)]
    .slice(0, most)
    .map((address) => ({ name, type, ttlSeconds, address }));
}

/** The whole prefix that was sent is what the answer is for. */
function blankReply(query: Query, door: Door): Reply {
  return {
    id: query.id,
    name: query.name,
    type: query.type,
    rcode: "NOERROR",
    authoritative: door === "authoritative",
    truncated: false,
    recursionDesired: query.recursionDesired,
    answers: [],
    clientSubnet: query.clientSubnet === null ? null : { ...query.clientSubnet, scope: query.clientSubnet.prefix },
  };
}

/** The vantage in whose subnet the asker is; anyone else is taken for the first one. */
function askerOf(subnet: ClientSubnet | null, vantages: readonly Vantage[]): Asker {
  const vantage = vantages.find((one) => subnet !== null && contains(one.clientSubnet, subnet.address)) ?? vantages[0];
  return {
    ...ANYONE,
    clientSubnet: subnet === null ? null : `${subnet.address}/${subnet.prefix}`,
    latencyOrder: vantage?.latencyOrder ?? [],
    location: vantage?.location ?? null,
    coordinates: vantage?.coordinates ?? null,
  };
}

function contains(cidr: string | null, address: string): boolean {
  const [network, prefix] = cidr?.split("/") ?? [];
  if (network === undefined || prefix === undefined) return false;
  const list = new BlockList();
  list.addSubnet(network, Number(prefix), familyOf(network));
  return list.check(address, familyOf(address));
}

function familyOf(address: string): "ipv4" | "ipv6" {
  return address.includes(":") ? "ipv6" : "ipv4";
}

function recordType(type: string): AddressType | null {
  return type === "A" || type === "AAAA" ? type : null;
}

function isWithin(name: string, parent: string): boolean {
  return name === parent || name.endsWith(`.${parent}`);
}
