// What every way of asking shares: from the query to the bytes, and from the bytes to the `DnsReply` that a round stores.
import type { DnsReply } from "../model/observation.ts";
import type { DnsQuery } from "../run/world.ts";
import { tenths } from "./tenths.ts";
import { type Asked, decodeReply, encodeQuery } from "./dns-message.ts";

export interface Ask {
  readonly asked: Asked;
  readonly bytes: Uint8Array;
}

/** `id` is chance from outside over TCP and UDP, and 0 over HTTPS, where it would spoil caches (RFC 8484 section 4.1). */
export function makeAsk(query: DnsQuery, view: "authoritative" | "recursive", id: number): Ask {
  const asked = { id, name: query.name, type: query.type };
  const recursionDesired = view === "recursive" ? "yes" : "no";
  return { asked, bytes: encodeQuery({ ...asked, clientSubnet: query.clientSubnet, recursionDesired }) };
}

/** A truncated reply is a failure here: over UDP the caller asks again by TCP before it comes to this. */
export function readAnswer(bytes: Uint8Array, asked: Asked, elapsedMs: number): DnsReply {
  const decoded = decodeReply(bytes, asked);
  if (decoded.kind === "malformed") return { kind: "failed", failure: { cause: "malformed", detail: decoded.detail } };
  const { rcode, authoritative, truncated, addresses, ttlSeconds, scope } = decoded;
  if (truncated) return { kind: "failed", failure: { cause: "truncated", detail: "The reply says that it is cut." } };
  return { kind: "reply", rcode, authoritative, addresses, ttlSeconds, scope, elapsedMs: tenths(elapsedMs) };
}
