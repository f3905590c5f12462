// What the first label of a question makes the test server do, and where it listens; survives JSON.

/** Both views know these. */
export const DNS_MODES = [
  "ok",
  "nxdomain",
  "servfail",
  "refused",
  /** The name without a record of the type. */
  "empty",
  /** The TC bit, and no records. */
  "truncated",
  /** A reply to a question that was not asked. */
  "other-name",
  "wrong-id",
  /** Bytes that are no DNS message. */
  "garbage",
  "silent",
  /** The connection ends without a reply, or amid it. */
  "hangup",
  "half",
  /** Nobody listens. */
  "closed-port",
] as const;
export type DnsMode = (typeof DNS_MODES)[number];

/** What HTTPS adds. */
export const DOH_MODES = ["http-500", "redirect", "wrong-type", "huge"] as const;
export type DohMode = (typeof DOH_MODES)[number];

/**
 * More that a server may do: `open` answers with the region of the second label ("first" or "second"), `stuck` with the
 * first whatever the label says, `subnet` answers with the client subnet it was sent, `recursion` with 192.0.2.1 when recursion
 * was desired and 192.0.2.2 when not, `aged` with an `Age` of 12 seconds, `drip` byte by byte, `cut-by-udp` whole by TCP
 * alone.
 */
export type OtherMode = "open" | "stuck" | "subnet" | "recursion" | "aged" | "drip" | "cut-by-udp";

export interface DnsDoors {
  /** UDP and TCP on 127.0.0.1. */
  readonly port: number;
  readonly dohUrl: string;
}

export interface DnsAddresses extends DnsDoors {
  readonly closedPort: number;
  /** Here every question is answered as `open` does. */
  readonly well: DnsDoors;
  /** Answers "closed" once no TCP connection is open. */
  readonly closedUrl: string;
}

/** Handed into workerd by `support/fault-server-setup.ts`. */
declare module "vitest" {
  interface ProvidedContext {
    dns: DnsAddresses;
    /** The same once more, for tests that keep connections open for long. */
    busyDns: DnsAddresses;
  }
}
