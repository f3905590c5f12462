// Who asks, from the flags: a vantage of the topology, or what Route 53 could know of anyone: the network, the place, the order of
// latencies. What is not given is not known, and then counts every way.
import { type Asker, ANYONE, type AskerLocation } from "../policy/answer.ts";
import { parseBlock } from "../policy/cidr.ts";
import { continentOf, CONTINENTS } from "../policy/continents.ts";
import type { Coordinates } from "../policy/record-set.ts";
import { nearestWord } from "../topology/nearest.ts";
import type { LabelledAsker, PolicySource } from "./policy-source.ts";
import type { Refusal } from "./refusal.ts";

export interface AskerWish {
  readonly from?: string | undefined;
  readonly ip?: string | undefined;
  readonly country?: string | undefined;
  readonly continent?: string | undefined;
  readonly subdivision?: string | undefined;
  readonly latitude?: string | undefined;
  readonly longitude?: string | undefined;
  readonly "aws-region-order"?: string | undefined;
}

/** What Route 53's own test tool assumes of a resolver that sends an address (API Reference, TestDNSAnswer). */
const SUBNET_BITS = { ipv4: 24, ipv6: 64 } as const;

export function readAskers(source: PolicySource, wish: AskerWish): readonly LabelledAsker[] | Refusal {
  const vantages = source.vantages.filter(({ label }) => wish.from === undefined || label === wish.from);
  if (vantages.length === 0) return noVantage(source, wish.from ?? "");
  const parts = [subnetPart(wish.ip), placePart(wish), coordinatesPart(wish), orderPart(wish["aws-region-order"])];
  const refusal = parts.find((part) => part !== null && "refusal" in part);
  if (refusal !== undefined && refusal !== null && "refusal" in refusal) return refusal;
  const given = parts.flatMap((part) => (part === null || "refusal" in part ? [] : [part]));
  if (given.length === 0) return vantages;
  const [base] = wish.from === undefined ? [{ label: "", asker: ANYONE }] : vantages;
  const asker: Asker = { ...(base?.asker ?? ANYONE) };
  for (const { part } of given) Object.assign(asker, part);
  return [
    { label: [base?.label ?? "", ...given.map(({ label }) => label)].filter((word) => word !== "").join(", "), asker },
  ];
}

function noVantage({ kind, vantages }: PolicySource, from: string): Refusal {
  if (kind === "zone") return { refusal: `--from: expected no vantage beside --zone, found "${from}"` };
  const known = vantages.map(({ label }) => label);
  const near = nearestWord(from, known);
  const hint = near === null ? "" : `, did you mean "${near}"?`;
  return { refusal: `--from: expected a vantage of the topology (${known.join(", ")}), found "${from}"${hint}` };
}

type Part = { readonly label: string; readonly part: Partial<Asker> } | Refusal | null;

function subnetPart(ip: string | undefined): Part {
  if (ip === undefined) return null;
  const family = ip.includes(":") ? "ipv6" : "ipv4";
  const clientSubnet = ip.includes("/") ? ip : `${ip}/${SUBNET_BITS[family]}`;
  if (parseBlock(clientSubnet) === null)
    return { refusal: `--ip: expected an address or a network such as 203.0.113.0/24, found "${ip}"` };
  return { label: ip, part: { clientSubnet } };
}

function placePart({ country, continent, subdivision }: AskerWish): Part {
  if (country === undefined && continent === undefined)
    return subdivision === undefined ? null : { refusal: "--subdivision: expected --country beside it, found none" };
  const code = (country ?? "").toUpperCase();
  if (country !== undefined && !/^[A-Z]{2}$/.test(code))
    return { refusal: `--country: expected a code of two letters such as BE, found "${country}"` };
  if (subdivision !== undefined && country === undefined)
    return { refusal: "--subdivision: expected --country beside it, found none" };
  const around = continent?.toUpperCase() ?? continentOf(code);
  if (around === null) return { refusal: `--country: expected --continent beside ${code}, which is not known here` };
  if (!CONTINENTS.some((known) => known === around))
    return { refusal: `--continent: expected one of ${CONTINENTS.join(", ")}, found "${continent ?? ""}"` };
  const location: AskerLocation = { continent: around, country: code, subdivision: subdivision?.toUpperCase() ?? null };
  return {
    label: [around, code, location.subdivision ?? ""].filter((word) => word !== "").join("-"),
    part: { location },
  };
}

function coordinatesPart({ latitude, longitude }: AskerWish): Part {
  if (latitude === undefined && longitude === undefined) return null;
  const north = degrees(latitude, 90);
  const east = degrees(longitude, 180);
  if (north === null) return { refusal: `--latitude: expected degrees from -90 to 90, found "${latitude ?? ""}"` };
  if (east === null) return { refusal: `--longitude: expected degrees from -180 to 180, found "${longitude ?? ""}"` };
  const coordinates: Coordinates = { latitude: north, longitude: east };
  return { label: `${north}, ${east}`, part: { coordinates } };
}

function degrees(text: string | undefined, most: number): number | null {
  if (text === undefined || !/^[+-]?\d+(\.\d+)?$/.test(text)) return null;
  const value = Number(text);
  return Math.abs(value) <= most ? value : null;
}

function orderPart(order: string | undefined): Part {
  if (order === undefined) return null;
  const latencyOrder = order.split(",").map((region) => region.trim().toLowerCase());
  if (!latencyOrder.every((region) => /^[a-z]+(-[a-z]+)+-\d$/.test(region)))
    return { refusal: `--aws-region-order: expected AWS regions such as us-east-1,eu-west-3, found "${order}"` };
  return { label: latencyOrder.join(" < "), part: { latencyOrder } };
}
