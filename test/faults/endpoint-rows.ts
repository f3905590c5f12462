// What every endpoint fault must look like, written by hand: one row a fault, asserted on real sockets in Node
// (`matrix.test.ts`) and in workerd (`worker/faults.test.ts`), and printed into `docs/faults.md`.
import type { FailureCause } from "../../monitor/model/observation.ts";
import type { VerdictKind } from "../../monitor/model/verdict.ts";
import type { Health } from "../../monitor/policy/health-check.ts";
import type { Fault, RegionFault } from "../contract/fault-addresses.ts";

export interface EndpointRow {
  readonly fault: string;
  /** The test server that has it; `blackhole` behind an https address is a handshake that is never answered. */
  readonly server: Fault | RegionFault;
  readonly scheme: "http" | "https";
  readonly does: string;
  /** Null: the look does not fail. */
  readonly node: FailureCause | null;
  readonly worker: FailureCause | null;
  /** What our vantages say for Route 53; in a Worker only where it differs. */
  readonly route53: Health;
  readonly route53Worker?: "unknown";
  readonly usersGet: string;
  readonly region: VerdictKind;
  readonly claim: VerdictKind;
  /** Number of a note of the page. */
  readonly note?: 1 | 2 | 3;
}

const WELL = { region: "conforms", claim: "conforms" } as const;
const DEAD = { region: "deviates", claim: "undecided" } as const;

function same(cause: FailureCause | null): {
  readonly node: FailureCause | null;
  readonly worker: FailureCause | null;
} {
  return { node: cause, worker: cause };
}

const CONNECTING: readonly EndpointRow[] = [
  {
    fault: "open",
    server: "region-open",
    scheme: "http",
    does: "serves as it should",
    ...same(null),
    route53: "healthy",
    usersGet: "the service",
    ...WELL,
  },
  {
    fault: "refuse",
    server: "refuse",
    scheme: "http",
    does: "nobody listens",
    ...same("refused"),
    route53: "unhealthy",
    usersGet: "no connection",
    ...DEAD,
  },
  {
    fault: "unanswered",
    server: "unanswered",
    scheme: "http",
    does: "no SYN is answered, as behind a firewall that swallows packets",
    ...same("timeout"),
    route53: "unhealthy",
    usersGet: "a long wait, then no connection",
    ...DEAD,
  },
  {
    fault: "blackhole",
    server: "blackhole",
    scheme: "http",
    does: "accepts, reads the request, stays silent",
    ...same("timeout"),
    route53: "unhealthy",
    usersGet: "a long wait, then nothing",
    ...DEAD,
  },
  {
    fault: "reset",
    server: "reset",
    scheme: "http",
    does: "resets the connection when the request has come",
    node: "reset",
    worker: "connection-lost",
    route53: "unhealthy",
    usersGet: "a lost connection",
    ...DEAD,
  },
  {
    fault: "hangup",
    server: "hangup",
    scheme: "http",
    does: "closes the connection in order, without a reply",
    ...same("connection-lost"),
    route53: "unhealthy",
    usersGet: "an empty reply",
    ...DEAD,
  },
];

const REPLYING: readonly EndpointRow[] = [
  {
    fault: "slow",
    server: "region-slow",
    scheme: "http",
    does: "replies late, and inside the limit",
    ...same(null),
    route53: "healthy",
    usersGet: "the service, slowly",
    ...WELL,
  },
  {
    fault: "garbage",
    server: "garbage",
    scheme: "http",
    does: "sends bytes that are no HTTP",
    node: "malformed",
    worker: "connection-lost",
    route53: "unhealthy",
    usersGet: "an error of their browser",
    ...DEAD,
  },
  {
    fault: "slow-drip headers",
    server: "header-drip",
    scheme: "http",
    does: "sends one header after another, never the last",
    ...same("timeout"),
    route53: "unhealthy",
    usersGet: "a long wait, then nothing",
    ...DEAD,
    note: 1,
  },
  {
    fault: "oversized headers",
    server: "huge-headers",
    scheme: "http",
    does: "sends 512 KiB of headers",
    node: "too-large",
    worker: "connection-lost",
    route53: "unhealthy",
    usersGet: "an error of their browser",
    ...DEAD,
    note: 1,
  },
  {
    fault: "stall",
    server: "stall",
    scheme: "http",
    does: "sends status line and headers, then nothing",
    ...same("timeout"),
    route53: "healthy",
    usersGet: "a page that never comes",
    ...DEAD,
  },
  {
    fault: "truncate",
    server: "truncate",
    scheme: "http",
    does: "closes before the announced end of the body",
    node: "truncated",
    worker: "connection-lost",
    route53: "healthy",
    usersGet: "half a page",
    ...DEAD,
  },
  {
    fault: "huge",
    server: "huge",
    scheme: "http",
    does: "sends a body without an end, as fast as it is read",
    ...same("too-large"),
    route53: "healthy",
    usersGet: "a page that never ends",
    ...DEAD,
  },
  {
    fault: "slow-drip body",
    server: "body-drip",
    scheme: "http",
    does: "sends a body byte by byte, without an end",
    ...same("timeout"),
    route53: "healthy",
    usersGet: "a page that never ends",
    ...DEAD,
  },
  {
    fault: "http-503",
    server: "http-503",
    scheme: "http",
    does: "answers 503",
    ...same("http-status"),
    route53: "unhealthy",
    usersGet: "an error page",
    ...DEAD,
  },
  {
    fault: "redirect",
    server: "redirect",
    scheme: "http",
    does: "answers 302 to somewhere else",
    ...same("redirected"),
    route53: "healthy",
    usersGet: "somebody else's page, or none",
    ...DEAD,
  },
  {
    fault: "redirect-loop",
    server: "redirect-loop",
    scheme: "http",
    does: "answers 302 to itself; asked once a look, never followed",
    ...same("redirected"),
    route53: "healthy",
    usersGet: '"too many redirects"',
    ...DEAD,
  },
];

const CLAIMING: readonly EndpointRow[] = [
  {
    fault: "wrong-region",
    server: "region-other",
    scheme: "http",
    does: "is well, and claims to be another region",
    ...same("wrong-region"),
    route53: "healthy",
    usersGet: "the service of another region",
    region: "deviates",
    claim: "deviates",
  },
  {
    fault: "wrong-cluster",
    server: "wrong-cluster",
    scheme: "http",
    does: "claims the right region and another cluster",
    ...same(null),
    route53: "healthy",
    usersGet: "the service",
    region: "conforms",
    claim: "deviates",
  },
  {
    fault: "stale-claim",
    server: "stale-claim",
    scheme: "http",
    does: "gives a claim that is an hour old: a cache, or a wrong clock",
    ...same(null),
    route53: "healthy",
    usersGet: "the service, or a copy of it",
    region: "conforms",
    claim: "deviates",
  },
  {
    fault: "no-claim",
    server: "no-claim",
    scheme: "http",
    does: "passes its health check, but `GET /` is not the service's claim",
    ...same("claim-unreadable"),
    route53: "healthy",
    usersGet: "something else than the service",
    ...DEAD,
  },
  {
    fault: "late-region",
    server: "late-region",
    scheme: "http",
    does: "has no word of its region in the first 5,120 bytes of a body",
    ...same(null),
    route53: "healthy",
    usersGet: "the service",
    ...WELL,
    note: 2,
  },
];

const SECURED: readonly EndpointRow[] = [
  {
    fault: "tls-1.2",
    server: "tls-1.2",
    scheme: "https",
    does: "speaks TLS 1.2 and nothing newer: no fault",
    ...same(null),
    route53: "healthy",
    usersGet: "the service",
    ...WELL,
  },
  {
    fault: "tls-expired",
    server: "tls-expired",
    scheme: "https",
    does: "shows an expired certificate",
    ...same("tls"),
    route53: "healthy",
    route53Worker: "unknown",
    usersGet: "a warning instead of a page",
    ...DEAD,
    note: 3,
  },
  {
    fault: "tls-wrong-name",
    server: "tls-wrong-name",
    scheme: "https",
    does: "shows a certificate for another name",
    ...same("tls"),
    route53: "healthy",
    route53Worker: "unknown",
    usersGet: "a warning instead of a page",
    ...DEAD,
    note: 3,
  },
  {
    fault: "tls-unknown-ca",
    server: "tls-untrusted",
    scheme: "https",
    does: "shows a certificate of an authority that nobody knows",
    ...same("tls"),
    route53: "healthy",
    route53Worker: "unknown",
    usersGet: "a warning instead of a page",
    ...DEAD,
    note: 3,
  },
  {
    fault: "tls-stall",
    server: "blackhole",
    scheme: "https",
    does: "never answers the handshake",
    ...same("timeout"),
    route53: "unhealthy",
    usersGet: "a long wait, then no connection",
    ...DEAD,
  },
];

export const ENDPOINT_ROWS: readonly EndpointRow[] = [...CONNECTING, ...REPLYING, ...CLAIMING, ...SECURED];
