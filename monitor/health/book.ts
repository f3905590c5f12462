// Folds observations into opinions, one per region and vantage, and remembers since when things stand as they do. Both
// views of health (`views.ts`) are read from here.
import type { Observation } from "../model/observation.ts";
import type { HealthBook, RegionHealth, VantageHealth } from "../model/health.ts";
import { aggregateHealth, type EndpointCheck, NO_OPINION, type Opinion, stepOpinion } from "../policy/health-check.ts";
import { route53Vote, userVote } from "./votes.ts";

export const EMPTY_REGION: RegionHealth = { vantages: {}, changedAt: null, route53Since: null, userSince: null };

/** "inside": a network of its own, where Route 53's checkers are not. It has a say in what users get alone. */
export type Standpoint = "outside" | "inside";

/** The rule is the region's own health check: its threshold counts for both opinions. */
export function stepHealth(
  book: HealthBook,
  seen: Observation,
  colo: string,
  rule: EndpointCheck,
  standpoint: Standpoint = "outside",
): HealthBook {
  const region = book[seen.region] ?? EMPTY_REGION;
  const before = region.vantages[seen.vantage] ?? NO_HEALTH;
  const votes = { route53: standpoint === "inside" ? null : route53Vote(seen), user: userVote(seen) };
  const after: VantageHealth = {
    colo,
    route53: step(before.route53, votes.route53, rule.failureThreshold, seen),
    user: step(before.user, votes.user, rule.failureThreshold, seen),
    lastAt: seen.at,
    route53At: votes.route53 === null ? before.route53At : seen.at,
    userAt: votes.user === null ? before.userAt : seen.at,
  };
  const vantages = { ...region.vantages, [seen.vantage]: after };
  const changed = picture(vantages) !== picture(region.vantages);
  const changedAt = changed ? Math.max(region.changedAt ?? seen.at, seen.at) : region.changedAt;
  return { ...book, [seen.region]: { ...region, vantages, changedAt } };
}

const NO_HEALTH = { route53: NO_OPINION, user: NO_OPINION, route53At: null, userAt: null };

/**
 * What the latest looks say together, before any threshold: by the 18 % rule, and by majority, because Route 53's checkers
 * are elsewhere and may be more or fewer. One vantage alone that flaps changes neither.
 */
function picture(vantages: RegionHealth["vantages"]): string {
  const looks = Object.values(vantages).flatMap(({ route53 }) => (route53.run === null ? [] : [route53.run.passed]));
  const passed = looks.filter((look) => look).length;
  const rule = aggregateHealth(looks.map((look) => (look ? "healthy" : "unhealthy")));
  return looks.length === 0 ? "" : `${rule} ${passed * 2 > looks.length}`;
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
