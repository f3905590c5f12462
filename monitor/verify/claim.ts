// Does the endpoint of a region lead to that region? The service says on `GET /` where it runs; a claim of another region
// means that an endpoint, an override or a load balancer points the wrong way.
import type { Claim, Verdict } from "../model.ts";
import type { Region } from "../topology/topology.ts";
import { formatDuration, type Instant, MINUTE_MS, parseIso } from "../time.ts";
import { claimSubject } from "./verdict.ts";

/** A claim this far from our clock comes from a cache, or from a node whose clock is wrong. */
export const CLAIM_SKEW_MAX_MS = 5 * MINUTE_MS;
/** Names are shorter (a DNS name has 253 characters); a claim is kept, and quoted in reasons. */
const CLAIM_TEXT_MAX = 300;

/** Null: not the JSON object of `GET /`, or one with a text that is no name. `cluster` and `version` may be missing, for services older than them. */
export function parseClaim(body: string): Claim | null {
  const value = parseJson(body);
  if (typeof value !== "object" || value === null) return null;
  const fields: Readonly<Record<string, unknown>> = { ...value };
  const { region, hostname, podIP, time, cluster, version } = fields;
  if (!isName(region) || !isName(hostname) || !isName(podIP) || typeof time !== "string") return null;
  const at = parseIso(time);
  return at === null
    ? null
    : { region, hostname, podIP, time: at, cluster: textOrNull(cluster), version: textOrNull(version) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isName(value: unknown): value is string {
  return typeof value === "string" && value.length <= CLAIM_TEXT_MAX;
}

function textOrNull(value: unknown): string | null {
  return isName(value) ? value : null;
}

/** Null: the claim is what it should be. */
export function claimProblem(region: Region, claim: Claim, at: Instant): string | null {
  if (claim.region !== region.region) return `claims region "${claim.region}", expected "${region.region}"`;
  if (claim.cluster !== null && claim.cluster !== region.cluster.context) {
    return `claims cluster "${claim.cluster}", expected "${region.cluster.context}"`;
  }
  const skew = Math.abs(at - claim.time);
  return skew > CLAIM_SKEW_MAX_MS ? `its clock is ${formatDuration(skew)} away from ours` : null;
}

/** The claims that the vantages read in the latest round. */
export function judgeClaim(region: Region, claims: readonly Claim[], at: Instant): Verdict {
  const subject = claimSubject(region.id);
  const [first] = claims;
  if (first === undefined) return { subject, verdict: "undecided", reason: "no claim was read in the latest round" };
  const problems = [
    ...new Set(claims.map((claim) => claimProblem(region, claim, at)).filter((problem) => problem !== null)),
  ];
  if (problems.length > 0) return { subject, verdict: "deviates", reason: problems.join("; ") };
  return { subject, verdict: "conforms", reason: `claims region "${first.region}" from ${first.hostname}` };
}
