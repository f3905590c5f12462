// What `router` may hold: off, redirect or proxy, how it orders the regions, and how far it goes for a request that failed.
// `off` takes the other settings too, so that they can stay while the router is off.
import * as z from "zod/mini";
import { WEIGHT_MAX } from "../policy/constants.ts";
import { byRegion, list, mapping, oneOf, text, wholeNumber } from "./form.ts";
import { COOKIE_NAME, DNS_NAME } from "./name.ts";
import { PLACE, PLACE_WORDS } from "./place.ts";

export const ORDER_MAX = 100;
export const ROUTER_PLACES_MAX = 300;
/** Cloudflare's load balancer keeps its affinity cookie for 23 hours unless told otherwise; a week is its most. */
const AFFINITY_TTL_DEFAULT_SECONDS = 82_800;
const AFFINITY_TTL_MAX_SECONDS = 604_800;
/** Held in memory for each request that waits for its first answer. */
const BODY_BYTES_DEFAULT = 65_536;
const BODY_BYTES_MAX = 131_072;

const STEERING = z.discriminatedUnion(
  "by",
  [
    mapping({
      by: z.literal("failover"),
      order: z._default(list(text(/^.+$/, "the id of a region"), [0, ORDER_MAX], "region ids"), []),
    }),
    mapping({ by: z.literal("weighted"), weights: byRegion(wholeNumber([0, WEIGHT_MAX], ""), "weights") }),
    mapping({
      by: z.literal("geo"),
      places: byRegion(list(text(PLACE, PLACE_WORDS), [1, ROUTER_PLACES_MAX], "places"), "lists of places"),
    }),
    mapping({ by: z.literal("proximity") }),
    mapping({ by: z.literal("latency") }),
  ],
  {
    error: (issue) =>
      issue.code === "invalid_union" ? "failover, weighted, geo, proximity or latency" : "a mapping with the key by",
  },
);

const affinity = mapping({
  cookie: z._default(
    text(COOKIE_NAME, "the name of a cookie of at most 64 letters, digits, hyphens and underscores"),
    "region",
  ),
  ttlSeconds: z._default(wholeNumber([60, AFFINITY_TTL_MAX_SECONDS], "seconds"), AFFINITY_TTL_DEFAULT_SECONDS),
  drainSeconds: z._default(wholeNumber([0, 86_400], "seconds"), 300),
});

const budgetShare = z
  .number("a share from 0 to 1, such as 0.2")
  .check(z.refine((value) => value >= 0 && value <= 1, "a share from 0 to 1, such as 0.2"));

const retry = mapping({
  waitMs: z._default(z.nullable(wholeNumber([50, 60_000], "milliseconds")), null),
  bodyBytesMax: z._default(wholeNumber([0, BODY_BYTES_MAX], "bytes"), BODY_BYTES_DEFAULT),
  budgetShare: z._default(budgetShare, 0.2),
});

export const ROUTER = mapping({
  mode: z._default(oneOf(["off", "redirect", "proxy"], "what the router does"), "off"),
  host: z._default(
    z.nullable(text(DNS_NAME, "a DNS name in lower case without a final dot, such as edge.demo.example.com")),
    null,
  ),
  steering: z.prefault(STEERING, { by: "failover" }),
  affinity: z._default(z.nullable(affinity), null),
  retry: z.prefault(retry, {}),
});
