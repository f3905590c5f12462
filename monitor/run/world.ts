// The four doors through which a round touches the world. Errors are values on every one of them: what the network did is
// data, so nothing here rejects. Node and the Worker each have their own World; contract tests hold them together.
import type { OutboxEntry } from "../model/alert.ts";
import type { DnsReply, Failure, Phase, Phases } from "../model/observation.ts";
import type { AddressType } from "../policy/record-set.ts";
import type { BucketWidth } from "../report/rollup.ts";
import type { Instant } from "../time.ts";

export interface Clock {
  now(): Instant;
  /** Milliseconds on a clock that never jumps; only differences mean something. */
  monotonicMs(): number;
  sleepUntil(at: Instant): Promise<void>;
  /** What the work gave, or null when `limitMs` went by first; its timer is cleared either way. */
  within<T>(work: Promise<T>, limitMs: number): Promise<T | null>;
}

export interface NetRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Body bytes to keep; a longer body ends the look with `too-large`. */
  readonly bytesMax: number;
  /** The whole exchange must have ended by this reading of `monotonicMs`. */
  readonly deadlineMs: number;
}

export type NetReply =
  | {
      readonly kind: "reply";
      readonly status: number;
      readonly body: string;
      readonly phases: Phases;
      readonly totalMs: number;
    }
  /** `status` where the status line came before the failure, or came to a look that takes any certificate; `phases` as far as they were reached. */
  | { readonly kind: "failed"; readonly failure: Failure; readonly status: number | null; readonly phases: Phases };

/** A message to somebody who is not watched: an alert, or a heartbeat. */
export interface SendRequest {
  readonly method: "GET" | "POST";
  /** A secret. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly deadlineMs: number;
}

export type SendReply =
  /** `retryAfter` as the receiver wrote it. */
  | { readonly kind: "reply"; readonly status: number; readonly retryAfter: string | null }
  | { readonly kind: "failed"; readonly failure: Failure };

/** Redirects are not followed, and the reply's body is not kept. */
export interface Sender {
  send(request: SendRequest): Promise<SendReply>;
}

export type DialReply =
  | { readonly kind: "open"; readonly connectMs: number }
  | { readonly kind: "failed"; readonly failure: Failure };

export interface DialTarget {
  readonly host: string;
  readonly port: number;
  /** "tls": the time includes the handshake, with the host's name and its certificate validated. */
  readonly secure: "tcp" | "tls";
}

export interface Net {
  /** The phases that `fetchOnce` can see; the others are dialled for. */
  readonly sees: readonly Phase[];
  /** One GET on a connection of the runtime's choosing; redirects are not followed. */
  fetchOnce(request: NetRequest): Promise<NetReply>;
  /** Opens a connection and closes it at once. `deadlineMs` is a reading of `monotonicMs`. */
  dial(target: DialTarget, deadlineMs: number): Promise<DialReply>;
}

/** Where a DNS question goes: TCP to a name server's address, or DNS over HTTPS. */
export type DnsServer =
  | { readonly kind: "authoritative"; readonly host: string; readonly port: number }
  | { readonly kind: "recursive"; readonly url: string };

export interface DnsQuery {
  readonly name: string;
  /** For "NS" the reply's addresses are names. */
  readonly type: AddressType | "NS";
  /** CIDR sent as EDNS client subnet; null: none is sent. */
  readonly clientSubnet: string | null;
  readonly deadlineMs: number;
}

export interface Dns {
  ask(query: DnsQuery, server: DnsServer): Promise<DnsReply>;
}

/** Minutes are not kept: as long as anybody asks for them, their rounds are still there. */
export type KeptWidth = Exclude<BucketWidth, "minute">;

export interface StoredRound {
  readonly slot: Instant;
  readonly row: string;
}

export type StoreResult<T> =
  | { readonly kind: "done"; readonly value: T }
  | { readonly kind: "failed"; readonly detail: string };

export interface Store {
  /** The latest committed state as text; null before the first round. */
  readState(): Promise<StoreResult<string | null>>;
  /** One transaction, with what people are to be told of the round; a second call for a slot changes nothing and gives false. */
  commitRound(
    slot: Instant,
    row: string,
    state: string,
    entries?: readonly OutboxEntry[],
  ): Promise<StoreResult<boolean>>;
  /** Rounds with `from` ≤ slot ≤ `to`, the oldest first. */
  readRounds(from: Instant, to: Instant): Promise<StoreResult<readonly StoredRound[]>>;
}

/** Hours and days that are over, counted: they outlive their rounds. Texts are those of `report/bucket-text.ts`. */
export interface BucketShelf {
  /** First instants of those kept with `from` ≤ first instant < `to`, the earliest first. */
  keptBuckets(width: KeptWidth, from: Instant, to: Instant): Promise<StoreResult<readonly Instant[]>>;
  /** Null: none is kept. */
  readBucket(width: KeptWidth, from: Instant): Promise<StoreResult<string | null>>;
  /** In the place of one that was kept before; the earliest ones make room. */
  keepBucket(width: KeptWidth, from: Instant, text: string): Promise<StoreResult<null>>;
}

export interface World {
  readonly clock: Clock;
  readonly net: Net;
  readonly dns: Dns;
  readonly store: Store;
}

/** What a vantage needs: it looks, and keeps nothing. */
export type LookingWorld = Omit<World, "store">;
