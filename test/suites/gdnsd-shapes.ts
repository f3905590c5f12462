// One policy said twice: as record sets for our evaluator, and as a resource of gdnsd, which somebody else wrote. Where gdnsd
// cannot say it, the shape is not here; the list of those is in `gdnsd.ts`.
import { ANYONE, type Asker } from "../../monitor/policy/answer.ts";
import type { AddressType, RecordSet, Routing } from "../../monitor/policy/record-set.ts";
import { alias, leaf, PRIMARY, SECONDARY, weight } from "../support/small-zone.ts";

export const ZONE = "multicloud.example.com";

export interface Shape {
  readonly name: string;
  readonly plugin: "simplefo" | "multifo" | "weighted" | "metafo" | "geoip";
  readonly type: AddressType;
  /** Addresses that it answers with: 2 to the power of it are its states. */
  readonly leaves: number;
  /** The body of gdnsd's resource. */
  readonly resource: (addresses: readonly string[]) => string;
  readonly records: (host: string, addresses: readonly string[]) => readonly RecordSet[];
}

export interface NamedAsker {
  readonly name: string;
  readonly asker: Asker;
}

const AWS_REGIONS = ["us-east-1", "eu-west-3", "ap-southeast-1"] as const;

/** Documentation ranges (RFC 5737); gdnsd's map below is these orders in its own words. */
export const ASKERS: readonly NamedAsker[] = [
  {
    name: "an American subnet",
    asker: { ...ANYONE, clientSubnet: "198.51.100.0/24", latencyOrder: ["us-east-1", "eu-west-3", "ap-southeast-1"] },
  },
  {
    name: "a European subnet",
    asker: { ...ANYONE, clientSubnet: "203.0.113.0/24", latencyOrder: ["eu-west-3", "ap-southeast-1", "us-east-1"] },
  },
  { name: "no subnet", asker: ANYONE },
];

/** For groups of three and of two. */
export const GEOIP_MAPS = `maps => {
  three => { datacenters => [ d0, d1, d2 ], nets => {
    198.51.100.0/24 => [ d0, d1, d2 ], 203.0.113.0/24 => [ d1, d2, d0 ] } }
  two => { datacenters => [ d0, d1 ], nets => { 198.51.100.0/24 => [ d0, d1 ], 203.0.113.0/24 => [ d1, d0 ] } } }`;

/** gdnsd gives a group up when less than half of it is up, unless it is told that a hundredth is enough; Route 53 never does. */
export const ANY_HEALTHY = "up_thresh => 0.01";

const MULTIVALUE: Routing = { routing: "multivalue" };
const WEIGHTS = [1, 1, 2] as const;

export const SHAPES: readonly Shape[] = [
  ...(["A", "AAAA"] as const).map((type): Shape => ({
    name: `failover by simplefo, ${type}`,
    plugin: "simplefo",
    type,
    leaves: 2,
    resource: ([primary = "", secondary = ""]) => `primary => ${quoted(primary)}, secondary => ${quoted(secondary)}`,
    records: (host, addresses) =>
      addresses.map((address, index) => placed(host, leaf(address, index === 0 ? PRIMARY : SECONDARY, { type }))),
  })),
  {
    name: "multivalue by multifo",
    plugin: "multifo",
    type: "A",
    leaves: 3,
    resource: listed,
    records: (host, addresses) => addresses.map((address) => placed(host, leaf(address, MULTIVALUE))),
  },
  {
    name: "weighted by weighted",
    plugin: "weighted",
    type: "A",
    leaves: 3,
    resource: weighed,
    records: (host, addresses) =>
      addresses.map((address, index) => placed(host, leaf(address, weight(WEIGHTS[index] ?? 1)))),
  },
  {
    name: "latency by geoip",
    plugin: "geoip",
    type: "A",
    leaves: 3,
    resource: (addresses) =>
      `map => three, dcmap => { ${addresses.map((address, index) => `d${index} => ${address}`).join(", ")} }`,
    records: (host, addresses) => addresses.map((address, index) => placed(host, leaf(address, latency(index)))),
  },
  {
    name: "latency aliases over multivalue groups by geoip over multifo",
    plugin: "geoip",
    type: "A",
    leaves: 4,
    resource: (addresses) => `map => two, dcmap => { ${pairs(addresses).map(branch).join(", ")} }`,
    records: (host, addresses) => tree(host, addresses, latency, () => MULTIVALUE),
  },
  {
    name: "latency aliases over failover pairs by geoip over simplefo",
    plugin: "geoip",
    type: "A",
    leaves: 4,
    resource: (addresses) =>
      `map => two, dcmap => { ${pairs(addresses)
        .map(
          ([first, second], index) =>
            `d${index} => { plugin => simplefo, primary => ${first}, secondary => ${second} }`,
        )
        .join(", ")} }`,
    records: (host, addresses) => tree(host, addresses, latency, role),
  },
  {
    name: "failover aliases over multivalue groups by metafo over multifo",
    plugin: "metafo",
    type: "A",
    leaves: 4,
    resource: (addresses) => `datacenters => [ d0, d1 ], dcmap => { ${pairs(addresses).map(branch).join(", ")} }`,
    records: (host, addresses) => tree(host, addresses, role, () => MULTIVALUE),
  },
  {
    name: "failover aliases over weighted groups by metafo over weighted",
    plugin: "metafo",
    type: "A",
    leaves: 4,
    resource: (addresses) =>
      `datacenters => [ d0, d1 ], dcmap => { ${pairs(addresses)
        .map((pair, index) => `d${index} => { plugin => weighted, ${ANY_HEALTHY}, ${weighed(pair)} }`)
        .join(", ")} }`,
    records: (host, addresses) => tree(host, addresses, role, (index) => weight(WEIGHTS[index] ?? 1)),
  },
];

function role(index: number): Routing {
  return index === 0 ? PRIMARY : SECONDARY;
}

function latency(index: number): Routing {
  return { routing: "latency", awsRegion: AWS_REGIONS[index] ?? "" };
}

/** Two branches of two, each an alias that evaluates its target's health. */
function tree(
  host: string,
  addresses: readonly string[],
  branches: (index: number) => Routing,
  leaves: (index: number) => Routing,
): readonly RecordSet[] {
  return pairs(addresses).flatMap((pair, index) => {
    const group = `b${index}-${host}`;
    const members = pair.map((address, at) => placed(group, leaf(address, leaves(at))));
    return [placed(host, alias(`b${index}`, branches(index), { name: group })), ...members];
  });
}

function placed(name: string, record: RecordSet): RecordSet {
  return { ...record, name };
}

function pairs([a = "", b = "", c = "", d = ""]: readonly string[]): readonly (readonly [string, string])[] {
  return [
    [a, b],
    [c, d],
  ];
}

function branch(pair: readonly string[], index: number): string {
  return `d${index} => { ${ANY_HEALTHY}, ${listed(pair)} }`;
}

function listed(addresses: readonly string[]): string {
  return addresses.map((address, index) => `a${index} => ${address}`).join(", ");
}

function weighed(addresses: readonly string[]): string {
  return addresses.map((address, index) => `a${index} => [ ${address}, ${WEIGHTS[index] ?? 1} ]`).join(", ");
}

function quoted(address: string): string {
  return address.includes(":") ? `"${address}"` : address;
}
