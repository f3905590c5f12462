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

/** `refuse`: nobody listens. `unanswered`: no SYN is answered. `tls-…`: behind TLS, or instead of it. */
export type Fault =
  | ReplyFault
  | "refuse"
  | "unanswered"
  | "tls-trusted"
  | "tls-untrusted"
  | "tls-plain"
  | "tls-reset"
  | "tls-hangup";

export interface FaultAddresses {
  readonly ports: Readonly<Record<Fault, number>>;
  /** `GET /closed/<fault>` answers "closed" once that server has no connection; `GET /request/<fault>`: its latest request. */
  readonly controlUrl: string;
  /** PEM of the authority behind `tls-trusted`, whose certificate is for `localhost` and 127.0.0.1. */
  readonly authority: string;
}

/** Handed into workerd by `support/fault-server-setup.ts`. */
declare module "vitest" {
  interface ProvidedContext {
    faults: FaultAddresses;
  }
}
