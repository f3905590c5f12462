// Does the endpoint of a region lead to that region? The service says on `GET /` where it runs; a claim of another region
// means that an endpoint, an override or a load balancer points the wrong way.
import type { Claim } from "../model/observation.ts";
import type { Verdict } from "../model/verdict.ts";
import type { Region } from "../topology/topology.ts";
import { shortenStored, storedBytes } from "../topology/stored-text.ts";
import { formatDuration, type Instant, MINUTE_MS, parseIso } from "../time.ts";
import { claimSubject } from "./verdict.ts";

/** A claim this far from our clock comes from a cache, or from a node whose clock is wrong. */
export const CLAIM_SKEW_MAX_MS = 5 * MINUTE_MS;
/** Bytes of all its texts together, as they are stored with every look: the longest name that there is, and room for usual ones. */
export const CLAIM_BYTES_MAX = 512;
/** Bytes of what a verdict quotes of claims. */
export const PROBLEMS_BYTES_MAX = 300;

/** Null: not the JSON object of `GET /`, or one that is too long for names. `cluster` and `version` may be missing, for services older than them. */
export function parseClaim(body: string): Claim | null {
  const value = parseJson(body);
  if (typeof value !== "object" || value === null) return null;
  const fields: Readonly<Record<string, unknown>> = { ...value };
  const { region, hostname, podIP, time, cluster, version } = fields;
  if (typeof region !== "string" || typeof hostname !== "string" || typeof podIP !== "string") return null;
  const at = typeof time === "string" ? parseIso(time) : null;
  if (at === null) return null;
  const claim = { region, hostname, podIP, time: at, cluster: textOrNull(cluster), version: textOrNull(version) };
  const texts = [region, hostname, podIP, claim.cluster ?? "", claim.version ?? ""];
  return storedBytes(texts.join("")) > CLAIM_BYTES_MAX ? null : claim;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
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
  const [verdict, words] =
    problems.length > 0
      ? (["deviates", problems.join("; ")] as const)
      : (["conforms", `claims region "${first.region}" from ${first.hostname}`] as const);
  return { subject, verdict, reason: shortenStored(words, PROBLEMS_BYTES_MAX) };
}
