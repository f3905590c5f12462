// What dns.policy may hold, one mapping for each of Route 53's routing policies: one entry for each region, by the region's
// id. A region without an entry has no record: it is watched, and gets no users.
import * as z from "zod/mini";
import { BIAS_MAX, CIDR_PREFIX_MAX, WEIGHT_MAX } from "../policy/constants.ts";
import { parseBlock } from "./address.ts";
import { byRegion, list, mapping, text, wholeNumber } from "./form.ts";
import { DNS_LABEL } from "./name.ts";
import { PLACE, PLACE_WORDS } from "./place.ts";

/** Two days, the longest that Route 53's guide recommends for any record. */
export const TTL_MAX_SECONDS = 172_800;
export const PLACES_MAX = 300;
/** Of one region; a collection of Route 53 holds 1000 unless AWS raises it. */
export const BLOCKS_MAX = 1000;

const ttlSeconds = z._default(wholeNumber([1, TTL_MAX_SECONDS], "seconds"), 60);
const regionId = text(
  DNS_LABEL,
  "the id of a region of at most 63 lower case letters, digits and hyphens, with no hyphen at either end",
);

const block = text(
  isCollectionBlock,
  `a CIDR block with its host bits zero, at most /${CIDR_PREFIX_MAX.ipv4} for IPv4 and /${CIDR_PREFIX_MAX.ipv6} for IPv6, such as 198.51.100.0/24`,
);

export const POLICY = z.discriminatedUnion(
  "routing",
  [
    mapping({ routing: z.literal("simple"), ttlSeconds }),
    mapping({ routing: z.literal("failover"), primary: regionId, secondary: regionId, ttlSeconds }),
    mapping({ routing: z.literal("latency"), ttlSeconds }),
    mapping({
      routing: z.literal("weighted"),
      weights: byRegion(wholeNumber([0, WEIGHT_MAX], ""), "weights"),
      ttlSeconds,
    }),
    mapping({
      routing: z.literal("geolocation"),
      locations: byRegion(list(text(PLACE, PLACE_WORDS), [1, PLACES_MAX], "places"), "lists of places"),
      ttlSeconds,
    }),
    mapping({
      routing: z.literal("geoproximity"),
      biases: z._default(z.record(z.string(), wholeNumber([-BIAS_MAX, BIAS_MAX], ""), "biases by region id"), {}),
      ttlSeconds,
    }),
    mapping({ routing: z.literal("multivalue"), ttlSeconds }),
    mapping({
      routing: z.literal("ip-based"),
      blocks: byRegion(list(block, [1, BLOCKS_MAX], "CIDR blocks"), "lists of CIDR blocks"),
      default: regionId,
      ttlSeconds,
    }),
  ],
  {
    error: (issue) =>
      issue.code === "invalid_union"
        ? "simple, failover, latency, weighted, geolocation, geoproximity, multivalue or ip-based"
        : "a mapping with the key routing",
  },
);

function isCollectionBlock(value: string): boolean {
  const parsed = parseBlock(value);
  const most = parsed?.bytes.length === 4 ? CIDR_PREFIX_MAX.ipv4 : CIDR_PREFIX_MAX.ipv6;
  return parsed !== null && parsed.length >= 1 && parsed.length <= most;
}
