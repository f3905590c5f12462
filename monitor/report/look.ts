// What one look at one URL shows to a person: everything that a connection tells on its way, as a value that survives JSON and
// holds no secret. Nouns only; what the look is worth is decided in `look-verdict.ts` and `look-route53.ts`.
import type { Claim, Failure, Phases } from "../model/observation.ts";
import type { Instant } from "../time.ts";

export interface LookAddress {
  readonly address: string;
  readonly port: number;
}

export interface LookCertificate {
  /** One line: "demo.example.com" where there is a common name, the whole subject elsewhere. */
  readonly subject: string;
  readonly issuer: string;
  /** Subject alternative names, as they stand there. */
  readonly names: readonly string[];
  readonly notBefore: Instant;
  readonly notAfter: Instant;
  /** Whole days from the look to `notAfter`, rounded down; negative when it is over. */
  readonly daysLeft: number;
}

export interface LookTls {
  /** "TLSv1.3". */
  readonly protocol: string;
  readonly cipher: string;
  /** What the server chose by ALPN; null: nothing. */
  readonly alpn: string | null;
  /** The server's own first; with the root where the chain validates. */
  readonly chain: readonly LookCertificate[];
  /** Why the chain does not validate, a sentence each; empty: it does. */
  readonly problems: readonly string[];
}

/**
 * Where the text that was looked for lies: `within` is inside of what Route 53 searches. `unread`: the body broke off before all
 * of that had come, and the text was not in what had.
 */
export type SearchOutcome = "within" | "beyond" | "absent" | "unread";

export interface LookReply {
  readonly version: string;
  readonly status: number;
  /** Those that help at night, in the order of `HEADERS_SHOWN`; never cookies. */
  readonly headers: Readonly<Record<string, string>>;
  /** How far the reply's Date is ahead of our clock; null without one. */
  readonly skewMs: number | null;
}

export interface Look {
  readonly at: Instant;
  readonly method: "GET" | "HEAD";
  /** Without values that look like secrets. */
  readonly url: string;
  /** What the name resolved to or was pinned to, in the order in which it was tried. */
  readonly addresses: readonly string[];
  /** Addresses that did not connect before another one was tried. */
  readonly passedOver: readonly { readonly address: string; readonly detail: string }[];
  /** The far end; null where no connection stood. */
  readonly remote: LookAddress | null;
  readonly phases: Phases;
  /** From the start to the last byte, or to the failure; the phases add up to it. */
  readonly totalMs: number;
  /** Null: a whole reply came. A certificate that does not validate is no failure of the exchange: see `tls.problems`. */
  readonly failure: Failure | null;
  /** How long the phase under way had lasted; null without a failure. */
  readonly failedAfterMs: number | null;
  readonly tls: LookTls | null;
  readonly reply: LookReply | null;
  /** Of the body, as sent and as far as it came; null before a reply. */
  readonly bytes: number | null;
  readonly claim: Claim | null;
  /** Null: nothing was looked for, or there was no body to look in. */
  readonly search: SearchOutcome | null;
  /** Names of headers that were asked for and not sent, because the certificate does not validate or the host is another one. */
  readonly withheld: readonly string[];
}

/** In the order in which they are shown. */
export const HEADERS_SHOWN: readonly string[] = [
  "location",
  "x-region",
  "server",
  "via",
  "content-type",
  "content-length",
  "content-encoding",
  "cache-control",
  "age",
  "retry-after",
  "strict-transport-security",
  "alt-svc",
  "x-cache",
  "cf-ray",
  "x-amz-cf-pop",
  "x-envoy-upstream-service-time",
  "server-timing",
];
