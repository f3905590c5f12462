// Every number of Route 53 that AWS may change, with the page that states it and the date of that page's text. DG is the
// Developer Guide, API the API Reference. A number of ours is marked as such.
import { SECOND_MS } from "../time.ts";

/** More than this share of checkers must say healthy; it "might change in a future release" (DG "How Amazon Route 53 determines whether a health check is healthy", 2023). */
export const HEALTHY_SHARE = 0.18;

/** To connect, for HTTP and HTTPS (same page, 2023). */
export const HTTP_CONNECT_MAX_MS = 4 * SECOND_MS;
/** From connecting to the status line (same page, 2023). */
export const HTTP_STATUS_MAX_MS = 2 * SECOND_MS;
/** From the status line to the searched text (same page, 2023). */
export const HTTP_BODY_MAX_MS = 2 * SECOND_MS;
/** To connect, for TCP (same page, 2023). */
export const TCP_CONNECT_MAX_MS = 10 * SECOND_MS;

/** The searched text must lie wholly inside these first bytes of the body (DG "Values that you specify when you create or update health checks", 2023). */
export const SEARCH_WINDOW_BYTES = 5120;
/** Characters of a searched text (same page, 2023). */
export const SEARCH_STRING_MAX = 255;

/** Where Route 53's checkers are (API HealthCheckConfig, Regions, August 2026). */
export const CHECKER_REGIONS = [
  "us-east-1",
  "us-west-1",
  "us-west-2",
  "eu-west-1",
  "ap-southeast-1",
  "ap-southeast-2",
  "ap-northeast-1",
  "sa-east-1",
] as const;
/** The intervals that exist, in seconds (same place, August 2026). */
export const REQUEST_INTERVALS_SECONDS = [10, 30] as const;
/** Consecutive looks: least, default and most (same place, August 2026). */
export const FAILURE_THRESHOLD = { min: 1, usual: 3, max: 10 } as const;
/** Children of a calculated health check; the Developer Guide says 255 (API HealthCheckConfig, August 2026). */
export const CHILDREN_MAX = 256;

/** Values in one multivalue answer (API MultiValueAnswer, August 2026). */
export const MULTIVALUE_ANSWERS_MAX = 8;
/** Weights of weighted records (API Weight, August 2026). */
export const WEIGHT_MAX = 255;
/** Bias of geoproximity records, either way from zero (API GeoProximityLocation, August 2026). */
export const BIAS_MAX = 99;
/** Longest blocks of a CIDR collection (DG "IP-based routing", 2023). */
export const CIDR_PREFIX_MAX = { ipv4: 24, ipv6: 48 } as const;
/** An alias to a load balancer has this TTL (API TTL, August 2026); for other AWS targets it is our assumption. */
export const ALIAS_TTL_SECONDS = 60;
/** At most this for a record with a health check (API TTL, August 2026; Trusted Advisor C056F80cR3, June 2023). */
export const CHECKED_TTL_SECONDS_MAX = 60;
/** A record tagged with this region answers everyone inside China (DG "Values specific for latency records", 2023). */
export const CHINA_REGION = "cn-north-1";

/** Ours: alias and CNAME steps that are followed one after another; deeper ones are not followed. */
export const DESCENT_MAX = 16;
/** Ours: groups of records that one question may visit, all branches together. */
export const VISITS_MAX = 10_000;
/** Ours: unknown checks with several places in one tree, each outcome of which is tried: 2^8 walks. */
export const SHARED_UNKNOWN_MAX = 8;
