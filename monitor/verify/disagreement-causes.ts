// Why Route 53 and we can see a region differently, one row a cause: each looks at one region's sight alone and says what it found,
// or nothing. The likeliest stands first. Sources: the Route 53 Developer Guide, as each row names it.
import { HEALTHY_SHARE, SEARCH_WINDOW_BYTES } from "../policy/constants.ts";
import { type CheckerLook, type RegionSight, theirHealth } from "./sight.ts";

export interface Cause {
  readonly id: string;
  /** What was found, with the values seen. */
  readonly words: string;
  readonly fix: string;
  /** `passing`: waiting is enough, until the deadline of DNS. */
  readonly lasts: "lasting" | "passing";
}

export interface CauseRule {
  readonly id: string;
  readonly lasts: Cause["lasts"];
  readonly fix: string;
  readonly source: string;
  /** Null: this is not it. */
  readonly find: (sight: RegionSight) => string | null;
}

const DETERMINE = "Developer Guide, How Amazon Route 53 determines whether a health check is healthy";
const VALUES = "Developer Guide, Values that you specify when you create or update health checks";

const HEAD_WORDS = /(handshake|ssl|tls)/i;
const TIMEOUT_WORDS = /(timed out|timeout)/i;

export const CAUSE_RULES: readonly CauseRule[] = [
  {
    id: "PINNED",
    lasts: "lasting",
    fix: "Undo it when the drill is over: neither disabled nor inverted.",
    source: "API Reference, UpdateHealthCheck",
    find: ({ theirs }) => {
      if (theirs === null || !(theirs.settings.disabled || theirs.settings.inverted)) return null;
      const { disabled, inverted } = theirs.settings;
      if (!disabled) return "the health check is inverted: its word is the opposite of what the checkers see";
      return `the health check is disabled${inverted ? " and inverted" : ""}: pinned ${inverted ? "unhealthy" : "healthy"}, whatever the checkers see`;
    },
  },
  {
    id: "SELF-REFERENCE",
    lasts: "lasting",
    fix: "Let the check look at the region's own address or name, never at the name that it steers.",
    source: VALUES,
    find: ({ theirs, otherAddresses }) => {
      const strayed = (theirs?.looks ?? []).flatMap(({ resolvedIp }) =>
        Object.entries(otherAddresses).flatMap(([region, addresses]) =>
          resolvedIp !== null && addresses.includes(resolvedIp) ? [{ region, resolvedIp }] : [],
        ),
      );
      const [first] = strayed;
      if (first === undefined) return null;
      return `${strayed.length} of the checkers were led to ${first.resolvedIp}, which is ${first.region}: the check follows the name that it steers`;
    },
  },
  {
    id: "CERTIFICATE",
    lasts: "lasting",
    fix: "Renew or correct the certificate; Route 53 will not notice it, so watch it from here.",
    source: DETERMINE,
    find: (sight) => {
      const failed = lookedWith(sight, "tls");
      if (failed.length === 0 || theirHealth(sight) !== "healthy" || sight.ours.user === "healthy") return null;
      return `users fail in TLS at ${failed.join(", ")}, and Route 53's checkers do not validate certificates`;
    },
  },
  {
    id: "REDIRECT",
    lasts: "lasting",
    fix: "Let the health path answer 200 itself.",
    source: DETERMINE,
    find: (sight) => {
      const failed = lookedWith(sight, "redirected");
      if (failed.length === 0 || theirHealth(sight) !== "healthy") return null;
      return `the health path redirects at ${failed.join(", ")}: any 2xx or 3xx is healthy for Route 53, and it never follows`;
    },
  },
  {
    id: "SNI",
    lasts: "lasting",
    fix: "Turn EnableSNI on.",
    source: VALUES,
    find: (sight) => {
      const { theirs } = sight;
      if (theirs === null || theirs.settings.enableSni || theirs.settings.host === null) return null;
      const failed = failedWith(sight, HEAD_WORDS);
      return failed.length === 0 || !servesUs(sight)
        ? null
        : `${countWords(failed, theirs.looks)} checkers fail in the TLS handshake, and the check sends no server name`;
    },
  },
  {
    id: "TLS-VERSION",
    lasts: "lasting",
    fix: "Let the endpoint speak TLS 1.2 as well, and serve a certificate for the name that the check sends.",
    source: "API Reference, HealthCheckConfig, Type",
    find: (sight) => {
      const { theirs } = sight;
      if (theirs === null || (!theirs.settings.enableSni && theirs.settings.host !== null)) return null;
      const failed = failedWith(sight, HEAD_WORDS);
      return failed.length === 0 || !servesUs(sight)
        ? null
        : `${countWords(failed, theirs.looks)} checkers fail in the TLS handshake where we do not: they speak TLS 1.0 to 1.2`;
    },
  },
  {
    id: "BODY-WINDOW",
    lasts: "lasting",
    fix: `Put the searched text within the first ${SEARCH_WINDOW_BYTES} bytes, plain or in gzip or deflate.`,
    source: DETERMINE,
    find: (sight) => {
      const { theirs } = sight;
      if (theirs === null || !theirs.settings.type.endsWith("_STR_MATCH") || !servesUs(sight)) return null;
      const failed = failing(sight).filter(
        ({ words }) => !HEAD_WORDS.test(words) && !TIMEOUT_WORDS.test(words) && !/HTTP Status Code [45]/.test(words),
      );
      return failed.length === 0
        ? null
        : `${countWords(failed, theirs.looks)} checkers do not find the searched text in the first ${SEARCH_WINDOW_BYTES} bytes: "${failed[0]?.words ?? ""}"`;
    },
  },
  {
    id: "FIREWALL",
    lasts: "lasting",
    fix: "Admit ROUTE53_HEALTHCHECKS of ip-ranges.json: those of every chosen region, and the global ones.",
    source: "Developer Guide, Configuring router and firewall rules",
    find: (sight) => {
      const { theirs } = sight;
      const timedOut = failedWith(sight, TIMEOUT_WORDS);
      if (theirs === null || timedOut.length === 0 || !servesUs(sight)) return null;
      const closed = regionsOf(timedOut).filter((region) =>
        theirs.looks.every((look) => look.region !== region || !look.passed),
      );
      if (closed.length === 0) return null;
      const open = regionsOf(theirs.looks.filter(({ passed }) => passed));
      const others = open.length === 0 ? "no region gets through" : `those in ${open.join(", ")} get through`;
      return `checkers in ${closed.join(", ")} time out, ${others}, and we are served: a firewall that does not know them`;
    },
  },
  {
    id: "HOST-HEADER",
    lasts: "lasting",
    fix: "Serve the name that the check sends as Host, or give the check the name that the gateway knows.",
    source: VALUES,
    find: (sight) => {
      const { theirs } = sight;
      const refused = failedWith(sight, /HTTP Status Code 4/);
      if (theirs === null || refused.length === 0 || !servesUs(sight)) return null;
      const host = theirs.settings.host ?? theirs.settings.ipAddress ?? "an address";
      return `${countWords(refused, theirs.looks)} checkers are refused, "${refused[0]?.words ?? ""}", where we are served: the check sends Host ${host}`;
    },
  },
  {
    id: "EIGHTEEN-PERCENT",
    lasts: "lasting",
    fix: "Expect it: Route 53 fails over only when nearly nobody gets through. Watch users' health beside it.",
    source: DETERMINE,
    find: (sight) => {
      const { theirs, ours } = sight;
      if (theirs === null || theirs.looks.length === 0 || ours.user !== "unhealthy") return null;
      const passed = theirs.looks.filter((look) => look.passed).length;
      const share = passed / theirs.looks.length;
      if (share <= HEALTHY_SHARE || share > 0.5) return null;
      return `${passed} of ${theirs.looks.length} checkers get through, and more than ${HEALTHY_SHARE * 100} % suffice for healthy`;
    },
  },
  {
    id: "THRESHOLD",
    lasts: "passing",
    fix: "Wait: the check's threshold is not reached.",
    source: DETERMINE,
    find: (sight) => {
      const { theirs } = sight;
      if (theirs === null || theirs.verdict === null || theirs.looks.length === 0) return null;
      const latest = theirHealth({ ...sight, theirs: { ...theirs, verdict: null } });
      if (latest === theirs.verdict || pinned(sight)) return null;
      return `the checkers' latest looks say ${latest}, and ${theirs.settings.failureThreshold} in a row are needed before Route 53 does`;
    },
  },
  {
    id: "TTL",
    lasts: "passing",
    fix: "Wait until the deadline; a shorter TTL would make it earlier the next time.",
    source: "API Reference, ResourceRecordSet, TTL",
    find: ({ dns }) => {
      const moved = dns.some(({ view, verdict }) => view === "authoritative" && verdict === "conforms");
      const late = dns.filter(({ view, verdict }) => view === "recursive" && verdict === "converging");
      if (!moved || late.length === 0) return null;
      return `the name servers have moved, and resolvers still hold the old answer for its TTL, seen at ${placesOf(late)}`;
    },
  },
  {
    id: "RESOLVER",
    lasts: "lasting",
    fix: "Look at that resolver: it keeps answers for longer than their TTL, or serves stale ones.",
    source: "RFC 8767",
    find: ({ dns }) => {
      const servers = dns.filter(({ view }) => view === "authoritative");
      const late = dns.filter(({ view, verdict }) => view === "recursive" && verdict === "deviates");
      if (late.length === 0 || servers.length === 0 || servers.some(({ verdict }) => verdict !== "conforms"))
        return null;
      return `the name servers answer by the policy, and ${[...new Set(late.map(({ server }) => server))].join(", ")} does not any more: past TTL and slack`;
    },
  },
  {
    id: "PROPAGATION",
    lasts: "passing",
    fix: "Wait until the deadline.",
    source: "Developer Guide, How Amazon Route 53 averts failover problems",
    find: ({ dns }) => {
      const late = dns.filter(({ view, verdict }) => view === "authoritative" && verdict === "converging");
      return late.length === 0
        ? null
        : `name servers are still within the time that a change may take, seen at ${placesOf(late)}`;
    },
  },
];

function failing({ theirs }: RegionSight): readonly CheckerLook[] {
  return (theirs?.looks ?? []).filter(({ passed }) => !passed);
}

function failedWith(sight: RegionSight, words: RegExp): readonly CheckerLook[] {
  return failing(sight).filter((look) => words.test(look.words));
}

/** Vantages whose look failed in that way. */
function lookedWith({ ours }: RegionSight, cause: string): readonly string[] {
  return ours.looks.filter((look) => look.cause === cause).map(({ vantage }) => vantage);
}

function servesUs({ ours }: RegionSight): boolean {
  return ours.user === "healthy" || ours.route53 === "healthy";
}

function pinned({ theirs }: RegionSight): boolean {
  return theirs !== null && (theirs.settings.disabled || theirs.settings.inverted);
}

function regionsOf(looks: readonly CheckerLook[]): readonly string[] {
  return [...new Set(looks.map(({ region }) => region))].toSorted();
}

function countWords(some: readonly CheckerLook[], all: readonly CheckerLook[]): string {
  return some.length === all.length ? `all ${all.length}` : `${some.length} of ${all.length}`;
}

function placesOf(seen: RegionSight["dns"]): string {
  return [...new Set(seen.map(({ vantage }) => vantage))].join(", ");
}
