// Folds observations into opinions, one per region and vantage, and remembers since when things stand as they do. Both
// views of health (`views.ts`) are read from here.
import type { HealthBook, Observation, RegionHealth, VantageHealth } from "../model.ts";
import { type HealthCheck, NO_OPINION, type Opinion, stepOpinion } from "../policy/health-check.ts";
import { route53Vote, userVote } from "./votes.ts";

export const EMPTY_REGION: RegionHealth = { vantages: {}, changedAt: null, route53Since: null, userSince: null };

/** The rule is the region's own health check: its threshold counts for both opinions. */
export function stepHealth(book: HealthBook, seen: Observation, colo: string, rule: HealthCheck): HealthBook {
  const region = book[seen.region] ?? EMPTY_REGION;
  const before = region.vantages[seen.vantage] ?? { colo, route53: NO_OPINION, user: NO_OPINION, lastAt: seen.at };
  const scheme = rule.type === "HTTPS" ? "https" : "http";
  const route53 = step(before.route53, route53Vote(seen, scheme), rule.failureThreshold, seen);
  const after: VantageHealth = {
    colo,
    route53,
    user: step(before.user, userVote(seen), rule.failureThreshold, seen),
    lastAt: seen.at,
  };
  const turned = route53.run !== null && before.route53.run?.passed !== route53.run.passed;
  return {
    ...book,
    [seen.region]: {
      ...region,
      vantages: { ...region.vantages, [seen.vantage]: after },
      changedAt: turned ? Math.max(region.changedAt ?? seen.at, seen.at) : region.changedAt,
    },
  };
}

function step(opinion: Opinion, vote: boolean | null, threshold: number, seen: Observation): Opinion {
  return vote === null ? opinion : stepOpinion(opinion, vote, threshold, seen.at);
}

/** Forgets regions and vantages that the topology no longer names, so that their last opinion does not vote for ever. */
export function pruneHealth(book: HealthBook, regions: ReadonlySet<string>, vantages: ReadonlySet<string>): HealthBook {
  const kept = Object.entries(book).filter(([id]) => regions.has(id));
  return Object.fromEntries(
    kept.map(([id, region]) => {
      const voices = Object.entries(region.vantages).filter(([vantage]) => vantages.has(vantage));
      return [id, { ...region, vantages: Object.fromEntries(voices) }];
    }),
  );
}
