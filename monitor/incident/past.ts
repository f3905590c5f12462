// Which incidents that are over are still told: longer than the state remembers them, and not for ever.
import type { Incident } from "../model/verdict.ts";
import { DAY_MS, type Instant } from "../time.ts";

/** Closed longer ago, they are in reports alone. */
export const PAST_AGE_MAX_MS = 30 * DAY_MS;
/** Of a service that flaps the latest. With `REASON_MAX` a row has some 1.2 kB, and all of them 600 kB, a row each. */
export const PAST_MAX = 500;

/** Closed ones that are not too old at `at`, the latest first, each once. */
export function pastIncidents(incidents: readonly Incident[], at: Instant): readonly Incident[] {
  const kept = incidents.filter(({ closedAt }) => closedAt !== null && at - closedAt <= PAST_AGE_MAX_MS);
  return [...new Map(kept.map((one) => [one.id, one])).values()]
    .toSorted((a, b) => (b.closedAt ?? 0) - (a.closedAt ?? 0) || (a.id < b.id ? -1 : 1))
    .slice(0, PAST_MAX);
}
