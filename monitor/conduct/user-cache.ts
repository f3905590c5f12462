// What one user's machine remembers of a name: an answer as long as its TTL, and no failure at all. A drill's users go where
// this sends them, so the time until they are served again holds what caches cost.
import type { DnsReply, FailureCause } from "../model/observation.ts";
import { type Instant, SECOND_MS } from "../time.ts";

/** An answer lives no longer than this, whatever its TTL: stub resolvers have bounds of their own. */
const LIFE_MS_MAX = 86_400_000;

export type CachedName =
  | { readonly kind: "answer"; readonly addresses: readonly string[]; readonly until: Instant }
  | { readonly kind: "failed"; readonly cause: FailureCause };

/** Null: it must be asked for. */
export function cachedAt(cached: CachedName | null, at: Instant): CachedName | null {
  return cached !== null && cached.kind === "answer" && at < cached.until ? cached : null;
}

/** `at`: when the reply was there. */
export function cacheReply(reply: DnsReply, at: Instant): CachedName {
  if (reply.kind === "failed") return { kind: "failed", cause: reply.failure.cause };
  if (reply.addresses.length === 0) return { kind: "failed", cause: "name-not-resolved" };
  const lifeMs = Math.min((reply.ttlSeconds ?? 0) * SECOND_MS, LIFE_MS_MAX);
  return { kind: "answer", addresses: reply.addresses, until: at + lifeMs };
}
