// The faults in a history: spans in which a region did not serve users, by what a majority of vantages saw, without any threshold.
// They are the same whatever the policy.
import { stepHealth } from "../health/book.ts";
import { NO_GUESTS, userView } from "../health/views.ts";
import type { HealthBook } from "../model/health.ts";
import type { EndpointCheck, Health } from "../policy/health-check.ts";
import type { Instant } from "../time.ts";
import { bridgeMs, type History } from "./history.ts";
import type { HealthChange } from "./replay-health.ts";

export interface Fault {
  readonly region: string;
  /** The first slot that saw it; the fault began up to an interval earlier. */
  readonly from: Instant;
  /** The first slot that saw users served again; null: it goes on, or nobody looked. */
  readonly to: Instant | null;
  /** Nobody looked from then on, for longer than an opinion lasts; null: it was watched until it ended. */
  readonly lostAt: Instant | null;
}

/** Users' health of one region, from slot to slot; equal neighbours are one. Each vantage counts as a place of its own. */
export function userChanges(history: History, check: EndpointCheck): readonly HealthChange[] {
  const rule = { ...check, failureThreshold: 1 };
  const vantages = new Set(history.rounds.flatMap(({ observations }) => observations.map(({ vantage }) => vantage)));
  const freshness = { ageMaxMs: bridgeMs(history), expected: vantages.size, guests: NO_GUESTS };
  const changes: HealthChange[] = [];
  const say = (health: Health, at: Instant): void => {
    if (changes.at(-1)?.health !== health) changes.push({ at, health });
  };
  let book: HealthBook = {};
  history.rounds.forEach(({ slot, observations }, index) => {
    const before = history.rounds[index - 1]?.slot ?? slot;
    if (slot - before > bridgeMs(history)) say("unknown", before + bridgeMs(history));
    for (const seen of observations)
      if (seen.region === check.id) book = stepHealth(book, { ...seen, at: slot }, seen.vantage, rule);
    say(userView(book, freshness, slot)[check.id] ?? "unknown", slot);
  });
  return changes;
}

/** The oldest first. */
export function faultsOf(region: string, changes: readonly HealthChange[]): readonly Fault[] {
  return changes.flatMap(({ at, health }, index) => {
    if (health !== "unhealthy") return [];
    const after = changes[index + 1];
    const to = after?.health === "healthy" ? after.at : null;
    return [{ region, from: at, to, lostAt: after?.health === "unknown" ? after.at : null }];
  });
}

/** Unknown before the first change. */
export function healthAt(changes: readonly HealthChange[], at: Instant): Health {
  return changes.findLast((change) => change.at <= at)?.health ?? "unknown";
}
