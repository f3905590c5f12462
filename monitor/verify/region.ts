// Is a region serving its users? And where Route 53 will think otherwise, the reason says so: such a region stays in DNS
// while users fail, or leaves it while they are served.
import type { Verdict } from "../model/verdict.ts";
import type { Health } from "../policy/health-check.ts";
import type { Region } from "../topology/topology.ts";
import { type Instant, toIso } from "../time.ts";
import { regionSubject } from "./verdict.ts";

export interface RegionStanding {
  readonly user: Health;
  readonly route53: Health;
  /** Since when `user` stands; null while unknown. */
  readonly since: Instant | null;
  /** What the latest failed looks saw, as "refused at enam, weur"; empty when none failed. */
  readonly failures: string;
}

export function judgeRegion(region: Region, standing: RegionStanding): Verdict {
  const subject = regionSubject(region.id);
  const since = standing.since === null ? "" : ` since ${toIso(standing.since)}`;
  switch (standing.user) {
    case "healthy": {
      const fading = standing.failures === "" ? "" : `; latest failed looks: ${standing.failures}`;
      return { subject, verdict: "conforms", reason: `serves users${since}${difference(standing)}${fading}` };
    }
    case "unhealthy":
      return {
        subject,
        verdict: "deviates",
        reason: `does not serve users${since}: ${standing.failures || "failed looks"}${difference(standing)}`,
      };
    case "unknown":
      return { subject, verdict: "undecided", reason: "not enough fresh looks for an opinion" };
  }
}

function difference({ user, route53 }: RegionStanding): string {
  if (route53 === "unknown" || route53 === user) return "";
  return route53 === "healthy"
    ? "; Route 53's rules still call it healthy, so DNS keeps sending users there"
    : "; Route 53's rules call it unhealthy, so DNS sends users elsewhere";
}
