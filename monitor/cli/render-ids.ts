// Route 53's own ids as flags: they exist only once the objects do, so the rendered files hold placeholders until a person
// gives them.
import type { Topology } from "../topology/topology.ts";
import { plainId } from "../zone/from-aws.ts";
import { type AwsIds, PENDING_IDS } from "../zone/to-aws.ts";
import type { Refusal } from "./refusal.ts";

/** As on the command line. */
export interface GivenIds {
  readonly zoneId: string | null;
  /** "REGION=ID". */
  readonly checkIds: readonly string[];
  readonly collectionId: string | null;
}

const CHECK_ID = /^([^=]+)=([A-Za-z0-9-]{1,64})$/;
const COLLECTION_ID = /^[A-Za-z0-9-]{1,64}$/;
const ZONE_ID = /^[A-Za-z0-9]{1,32}$/;

/** As the API gives it, with or without its path. */
export function readZoneId(given: string): string | Refusal {
  const id = plainId(given);
  if (ZONE_ID.test(id)) return id;
  return { refusal: `--zone-id: expected the id of a hosted zone such as Z0123456789EXAMPLE, found "${given}"` };
}

export function readIds(given: GivenIds, topology: Topology): AwsIds | Refusal {
  const zoneId = given.zoneId === null ? PENDING_IDS.zoneId : readZoneId(given.zoneId);
  if (typeof zoneId !== "string") return zoneId;
  if (given.collectionId !== null && !COLLECTION_ID.test(given.collectionId))
    return { refusal: `--collection-id: expected the id of a CIDR collection, found "${given.collectionId}"` };
  const known = new Map<string, string>();
  for (const text of given.checkIds) {
    const [, region, id] = CHECK_ID.exec(text) ?? [];
    if (region === undefined || id === undefined)
      return { refusal: `--check-id: expected REGION=ID with an id of Route 53, found "${text}"` };
    const regions = topology.regions.map((one) => one.id);
    if (!regions.includes(region))
      return { refusal: `--check-id: expected a region of the topology (${regions.join(", ")}), found "${region}"` };
    if (known.has(region)) return { refusal: `--check-id: expected each region once, found ${region} again` };
    known.set(region, id);
  }
  return {
    zoneId,
    checkId: (region) => known.get(region) ?? PENDING_IDS.checkId(region),
    collectionId: (id) => given.collectionId ?? PENDING_IDS.collectionId(id),
  };
}
