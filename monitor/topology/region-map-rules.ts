// Rules of the routing policies that say something of each region by its id: the ids must be regions, and no two regions may
// ask for the same users.
import { parseBlock } from "./address.ts";
import { repeated, type Standing } from "./distinct.ts";
import type { Draft } from "./draft.ts";
import type { Path } from "./path.ts";
import { placeOf } from "./place.ts";
import type { DnsPolicy, Topology } from "./topology.ts";
import type { Breach } from "./wording.ts";

const POLICY: Path = ["dns", "policy"];

type Policy<R extends DnsPolicy["routing"]> = Draft<Extract<DnsPolicy, { readonly routing: R }>>;

export function weightedBreaches(draft: Draft<Topology>, { weights }: Policy<"weighted">): readonly Breach[] {
  return unknownRegions(draft, [...POLICY, "weights"], weights);
}

/** Route 53 takes one record for each place of a name and type. */
export function geolocationBreaches(draft: Draft<Topology>, { locations }: Policy<"geolocation">): readonly Breach[] {
  return placesBreaches(draft, [...POLICY, "locations"], locations, "a place that no other record answers");
}

/** "BE" and "country:BE" are one place. */
export function placesBreaches(
  draft: Draft<Topology>,
  path: Path,
  places: Lists | undefined,
  expected: string,
): readonly Breach[] {
  const standings = listed(path, places).map((standing) => ({
    path: standing.path,
    value: standing.value === undefined ? undefined : JSON.stringify(placeOf(standing.value)),
  }));
  return [...unknownRegions(draft, path, places), ...repeated(standings, expected)];
}

export function geoproximityBreaches(draft: Draft<Topology>, { biases }: Policy<"geoproximity">): readonly Breach[] {
  const placeless = placelessRegions(draft, "because the routing is geoproximity");
  return [...unknownRegions(draft, [...POLICY, "biases"], biases), ...placeless];
}

export function placelessRegions(draft: Draft<Topology>, because: string): readonly Breach[] {
  return (draft.regions ?? []).flatMap((region, index): Breach[] => {
    if (region === undefined || region.awsRegion !== null || region.coordinates !== undefined) return [];
    const expected = `coordinates, or the AWS region that it is in, ${because}`;
    return [{ path: ["regions", index, "coordinates"], expected }];
  });
}

/** As bytes, because one IPv6 block has many spellings. */
export function ipBasedBreaches(draft: Draft<Topology>, { blocks }: Policy<"ip-based">): readonly Breach[] {
  const standings = listed([...POLICY, "blocks"], blocks).map(({ path, value }) => {
    const block = parseBlock(value ?? "");
    return { path, value: block === null ? undefined : `${block.bytes.join(".")}/${block.length}` };
  });
  return [
    ...unknownRegions(draft, [...POLICY, "blocks"], blocks),
    ...repeated(standings, "a CIDR block that stands nowhere else"),
  ];
}

/** The ids of the regions; null while one of them is wrong by itself: it may be the one that is meant. */
export function knownRegions(draft: Draft<Topology>): readonly string[] | null {
  const ids = (draft.regions ?? []).map((region) => region?.id);
  const known = [...new Set(ids)].filter((id) => id !== undefined);
  return known.length === 0 || ids.includes(undefined) ? null : known;
}

export function unknownRegions(draft: Draft<Topology>, path: Path, entries: object | undefined): readonly Breach[] {
  const known = knownRegions(draft);
  if (known === null) return [];
  return Object.keys(entries ?? {})
    .filter((key) => !known.includes(key))
    .map((key) => ({ path: [...path, key], expected: "the id of a region", knownKeys: known }));
}

type Lists = Readonly<Record<string, readonly (string | undefined)[] | undefined>>;

function listed(path: Path, lists: Lists | undefined): readonly Standing[] {
  return Object.entries(lists ?? {}).flatMap(([id, items]) =>
    (items ?? []).map((value, index) => ({ path: [...path, id, index], value })),
  );
}
