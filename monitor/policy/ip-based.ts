// Which IP-based records fit a client subnet: the location of the longest block that holds it, then shorter ones, then the
// default "*" (Developer Guide, "IP-based routing"). What follows an ill longest match is not written there: we walk on, by
// the general rule of choosing again by the same criteria.
import { type Block, blockKey, parseBlock, shortened } from "./cidr.ts";
import type { RecordSet, Zone } from "./record-set.ts";

const DEFAULT_LOCATION = "*";

type LocationWalk = readonly (readonly RecordSet[])[];

interface IpBasedWalks {
  readonly walks: readonly LocationWalk[];
  /** False: the subnet is not known, so there is a walk for every block that it may be in. */
  readonly known: boolean;
}

/** Locations by block. All records of a group name one collection; a collection that is not there has no blocks. */
type BlockBook = ReadonlyMap<string, { readonly block: Block; readonly location: string }>;

export function ipBasedWalks(zone: Zone, group: readonly RecordSet[], clientSubnet: string | null): IpBasedWalks {
  const book = blockBook(zone, group);
  const asked = clientSubnet === null ? null : parseBlock(clientSubnet);
  const walk = (locations: readonly string[]): LocationWalk =>
    [...locations, DEFAULT_LOCATION]
      .map((location) => group.filter((record) => locationOf(record) === location))
      .filter((records) => records.length > 0);
  if (asked !== null) return { walks: [walk(locationsAround(book, asked))], known: true };
  const around = [...book.values()].map(({ block }) => locationsAround(book, block));
  const distinct = new Map([...around, []].map((locations) => [locations.join("\n"), locations]));
  return { walks: [...distinct.values()].map(walk), known: false };
}

/** A block matches a query whose prefix is at least as long as its own. */
function locationsAround(book: BlockBook, asked: Block): readonly string[] {
  const found = new Set<string>();
  for (let prefix = asked.prefix; prefix >= 0; prefix -= 1) {
    const entry = book.get(blockKey(shortened(asked, prefix)));
    if (entry !== undefined) found.add(entry.location);
  }
  return [...found];
}

function blockBook(zone: Zone, group: readonly RecordSet[]): BlockBook {
  const ids = new Set(group.map(({ routing }) => (routing.routing === "ip-based" ? routing.collectionId : null)));
  const wanted = new Set(group.map(locationOf));
  const book = new Map<string, { block: Block; location: string }>();
  for (const collection of zone.cidrCollections) {
    if (!ids.has(collection.id)) continue;
    for (const { name, blocks } of collection.locations) {
      if (!wanted.has(name)) continue;
      for (const text of blocks) {
        const block = parseBlock(text);
        if (block !== null) book.set(blockKey(block), { block, location: name });
      }
    }
  }
  return book;
}

function locationOf({ routing }: RecordSet): string {
  return routing.routing === "ip-based" ? routing.location : "";
}
