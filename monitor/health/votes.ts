// What one observation says, twice: would Route 53's checker have passed it, and would a user have been served? The two
// differ on purpose (certificates, redirects, half a body, the wrong region), and where they differ is worth knowing.
import type { Observation } from "../model/observation.ts";
import { statusPasses } from "../policy/health-check.ts";

/** A vote, or null where this look cannot tell. */
export type Vote = boolean | null;

/**
 * Route 53 takes the status line alone: 2xx and 3xx pass, the certificate is not validated and the body not read
 * (Developer Guide, "How Amazon Route 53 determines whether a health check is healthy").
 * A look that died in TLS after a good dial casts no vote: we validate certificates and cannot know what a checker,
 * which does not, would have seen. A connection that was lost is lost for a checker too.
 */
export function route53Vote(seen: Observation): Vote {
  if (seen.status !== null) return statusPasses(seen.status);
  if (seen.failure === null || isOurs(seen)) return null;
  return seen.failure.cause === "tls" && seen.phases.connect !== undefined ? null : false;
}

/** A user is served when nothing failed: certificate, 2xx, whole body, and the region that was asked. */
export function userVote(seen: Pick<Observation, "failure">): Vote {
  if (seen.failure === null) return true;
  return isOurs(seen) ? null : false;
}

/** Failures of the vantage itself, which say nothing of the region. */
export function isOurs(seen: Pick<Observation, "failure">): boolean {
  const cause = seen.failure?.cause;
  return cause === "not-started" || cause === "blocked" || cause === "internal";
}
