// Names and places of the servers that fail, as far as every runtime needs them: types only, and they survive JSON.

export const REPLY_FAULTS = [
  "ok",
  "slow",
  /** Accepts, reads, stays silent. */
  "blackhole",
  /** A reset instead of a reply. */
  "reset",
  /** An orderly end instead of a reply. */
  "hangup",
  /** A reset amid the body. */
  "reset-body",
  /** Headers, then nothing. */
  "stall",
  /** Less body than announced. */
  "truncate",
  /** A chunked body without its last chunk. */
  "truncate-chunked",
  /** A chunked body whose second length is none. */
  "garbage-chunked",
  /** No HTTP at all. */
  "garbage",
  /** A body without an end. */
  "huge",
  "huge-headers",
  /** One header after another, never the last. */
  "header-drip",
  /** One byte of body after another, never the last. */
  "body-drip",
  "redirect",
  "http-503",
  /** What Cloudflare's edge says in the name of an origin that refused. */
  "edge-521",
  /** What it says of a name that does not resolve. */
  "edge-530",
  /** The edge's status, but by the service itself. */
  "service-521",
] as const;

export type ReplyFault = (typeof REPLY_FAULTS)[number];

/** Servers that do as the service does, health page and claim, but for one thing each. */
export const REGION_FAULTS = [
  "region-open",
  /** The second region, and well: where the first should be, its claim is wrong. */
  "region-other",
  "region-slow",
  "wrong-cluster",
  /** Its claim is an hour old. */
  "stale-claim",
  /** `GET /` is a page for people. */
  "no-claim",
  /** No word of the region in the first 5,120 bytes of either body. */
  "late-region",
  /** A redirect to itself. */
  "redirect-loop",
] as const;

export type RegionFault = (typeof REGION_FAULTS)[number];

/** Behind TLS, or instead of it. */
export type TlsFault =
  | "tls-trusted"
  /** Speaks nothing newer. */
  | "tls-1.2"
  | "tls-untrusted"
  | "tls-expired"
  | "tls-wrong-name"
  | "tls-plain"
  | "tls-reset"
  | "tls-hangup";

/** `refuse`: nobody listens. `unanswered`: no SYN is answered. */
export type Fault = ReplyFault | TlsFault | "refuse" | "unanswered";

export interface FaultAddresses {
  readonly ports: Readonly<Record<Fault | RegionFault, number>>;
  /** `GET /closed/<fault>` answers "closed" once that server has no connection; `GET /request/<fault>`: its latest request. */
  readonly controlUrl: string;
  /** PEM of the authority behind `tls-trusted` and `tls-1.2`, whose certificate is for `localhost` and 127.0.0.1. */
  readonly authority: string;
}

/** Handed into workerd by `support/fault-server-setup.ts`. */
declare module "vitest" {
  interface ProvidedContext {
    faults: FaultAddresses;
    /** The same once more, for tests that keep connections open for long. */
    busyFaults: FaultAddresses;
  }
}
