// What the local DNS server says to one query: the evaluator's answer as Route 53 would give it, or the fault that is
// played. A zone here has address records only; SOA and NS, and so negative caching, are not served.
import { BlockList } from "node:net";
import { ANYONE, type Asker, type AnswerChoice } from "../policy/answer.ts";
import { expectedAnswer } from "../policy/evaluator.ts";
import type { HealthView } from "../policy/health-check.ts";
import type { AddressType } from "../policy/record-set.ts";
import { unreachable } from "../problem.ts";
import { type TopologyZone, zoneOf } from "../topology/zone.ts";
import type { Topology, Vantage } from "../topology/topology.ts";
import type { ClientSubnet, DecodedQuery, Reply } from "../wire/dns-message.ts";
import type { DnsFault } from "./faults.ts";

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
      const reply = replyByPolicy(query, blank, authority, state.health);
      return { ...reply, name, answers: reply.answers.map((answer) => ({ ...answer, name })) };
    }
    case "open":
    case "stuck":
      return replyByPolicy(query, blank, authority, state.health);
    default:
      return unreachable(state.fault);
  }
}

/** When the server cannot answer yet. */
export function servfailTo(query: Query, door: Door): Reply {
  return { ...blankReply(query, door), rcode: "SERVFAIL", authoritative: false };
}

function replyByPolicy(query: Query, blank: Reply, { zone, vantages }: Authority, health: HealthView): Reply {
  if (!isWithin(query.name, zone.name)) return { ...blank, rcode: "REFUSED", authoritative: false };
  const known = zone.recordSets.some((record) => isWithin(record.name, query.name));
  if (!known && query.name !== zone.name) return { ...blank, rcode: "NXDOMAIN" };
  const type = recordType(query.type);
  if (type === null) return blank;
  const asker = askerOf(query.clientSubnet, vantages);
  const [choice] = expectedAnswer(zone, { name: query.name, type, asker }, health).acceptable;
  return choice === undefined ? blank : { ...blank, answers: recordsOf(choice, query.name, type) };
}

function recordsOf(choice: AnswerChoice, name: string, type: AddressType): Reply["answers"] {
  return choice.values.map((address) => ({ name, type, ttlSeconds: choice.ttlSeconds, address }));
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
