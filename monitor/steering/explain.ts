// "Which region would the router choose, and why?": the same steering as for a request, for a client that is described in words,
// with the whole order.
import { continentOf } from "../policy/continents.ts";
import { parseBlock, shortened } from "../policy/cidr.ts";
import type { Parsed, Problem } from "../problem.ts";
import { type Instant, toIso } from "../time.ts";
import { parseAddress } from "../topology/address.ts";
import { publicVantages, type Topology } from "../topology/topology.ts";
import { type Client, steeringMapOf, UNKNOWN_CLIENT } from "./client.ts";
import type { RoutingSnapshot } from "./snapshot.ts";
import { type Candidate, failsOpen, NO_SUSPECTS, steer } from "./steer.ts";

export const CLIENT_PARAMETERS = [
  "country",
  "continent",
  "subdivision",
  "colo",
  "ip",
  "latitude",
  "longitude",
] as const;
export type ClientWords = { readonly [name in (typeof CLIENT_PARAMETERS)[number]]?: string | undefined };

export interface RouteExplanation {
  readonly mode: Topology["router"]["mode"];
  readonly steering: Topology["router"]["steering"]["by"];
  readonly client: Client;
  /** Of what is known of the regions; null: nothing is. */
  readonly knownAt: string | null;
  /** The first candidate. */
  readonly region: string;
  /** True: all are down, and the first is tried all the same. */
  readonly failOpen: boolean;
  /** In the order in which they are tried; breakers are each isolate's own and not in it. */
  readonly candidates: readonly Candidate[];
}

/** `chance` from 0 to 1 decides what weights leave to it. */
export function explainRoute(
  topology: Topology,
  snapshot: RoutingSnapshot,
  client: Client,
  chance: number,
): RouteExplanation {
  const { mode, steering } = topology.router;
  const candidates = steer(client, steeringMapOf(topology), snapshot, NO_SUSPECTS, steering, chance);
  return {
    mode,
    steering: steering.by,
    client,
    knownAt: snapshot.at === 0 ? null : toIso(snapshot.at satisfies Instant),
    region: candidates[0]?.region ?? "",
    failOpen: failsOpen(candidates),
    candidates,
  };
}

/** What Cloudflare would tell of the client. An address is only placed where a vantage of the topology has its subnet. */
export function parseClient(words: ClientWords, topology: Topology, colos: RoutingSnapshot["colos"]): Parsed<Client> {
  const problems = [...formProblems(words), ...degreeProblems(words), ...addressProblems(words.ip)];
  if (problems.length > 0) return { ok: false, problems };
  const base = words.ip === undefined ? UNKNOWN_CLIENT : clientAt(words.ip, topology, colos);
  const { country = base.country, subdivision = base.subdivision, colo = base.colo, latitude, longitude } = words;
  const continent = words.continent ?? (country === base.country ? base.continent : continentOf(country ?? ""));
  const coordinates =
    latitude === undefined || longitude === undefined
      ? base.coordinates
      : { latitude: Number(latitude), longitude: Number(longitude) };
  return { ok: true, value: { country, continent, subdivision, coordinates, colo } };
}

const FORMS: readonly (readonly [name: keyof ClientWords, form: RegExp, expected: string])[] = [
  ["country", /^[A-Z]{2}$/, "a country's code such as BE"],
  ["continent", /^(AF|AN|AS|EU|NA|OC|SA)$/, "a continent's code such as EU"],
  ["subdivision", /^[A-Z0-9]{1,3}$/, "a subdivision's code without its country, such as CA"],
  ["colo", /^[A-Z]{3}$/, "a data centre's code such as AMS"],
];

function formProblems(words: ClientWords): readonly Problem[] {
  return FORMS.flatMap(([name, form, expected]) => {
    const value = words[name];
    return value === undefined || form.test(value)
      ? []
      : [{ path: name, message: `expected ${expected}, found "${value}"` }];
  });
}

/** Degrees come in pairs. */
function degreeProblems(words: ClientWords): readonly Problem[] {
  const { latitude, longitude } = words;
  if ((latitude === undefined) !== (longitude === undefined)) {
    const missing = latitude === undefined ? "latitude" : "longitude";
    return [{ path: missing, message: "expected latitude and longitude together" }];
  }
  return (["latitude", "longitude"] as const).flatMap((name): readonly Problem[] => {
    const value = words[name];
    const most = name === "latitude" ? 90 : 180;
    const fits = value === undefined || (/^-?\d{1,3}([.]\d{1,6})?$/.test(value) && Math.abs(Number(value)) <= most);
    return fits ? [] : [{ path: name, message: `expected degrees from -${most} to ${most}, found "${value}"` }];
  });
}

function addressProblems(ip: string | undefined): readonly Problem[] {
  if (ip === undefined || parseAddress(ip) !== null) return [];
  return [{ path: "ip", message: `expected an IPv4 or IPv6 address, found "${ip}"` }];
}

function clientAt(ip: string, topology: Topology, colos: RoutingSnapshot["colos"]): Client {
  const vantage = publicVantages(topology).find(({ clientSubnet }) => clientSubnet !== null && holds(clientSubnet, ip));
  if (vantage === undefined) return UNKNOWN_CLIENT;
  const { location, coordinates, id } = vantage;
  const place = steeringMapOf(topology).vantages.find((one) => one.id === id)?.place ?? null;
  return {
    country: location?.country ?? null,
    continent: location?.continent ?? null,
    subdivision: location?.subdivision ?? null,
    coordinates: coordinates ?? place,
    colo: colos[id] ?? null,
  };
}

function holds(subnet: string, ip: string): boolean {
  const block = parseBlock(subnet);
  const address = parseBlock(`${ip}/${ip.includes(":") ? 128 : 32}`);
  if (block === null || address === null || block.family !== address.family) return false;
  return shortened(address, block.prefix).network === block.network;
}
