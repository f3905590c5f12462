// A name server that is right now and then is not right. Patience with one illegal answer must not begin anew with every legal
// one, so relapses are counted over the latest answers, except those that a change of health explains.
import type { DnsWatch } from "../model/verdict.ts";
import type { Instant } from "../time.ts";
import { groupChecks, type PolicyTimeline } from "./timeline.ts";

/** So many relapses within `ANSWERS_COUNTED` answers are no accident: one answer in eight or more is wrong. */
export const RELAPSES_MAX = 3;
/** Of one server. */
export const ANSWERS_COUNTED = 24;

/** By how many answers ago each began, the latest first. */
export type Relapses = readonly number[];

/** With one answer more, that is legal or belongs to a streak which was counted when it began. */
export function ageRelapses(before: DnsWatch | null, timeline: PolicyTimeline): Relapses {
  const [latest, ...older] = before?.relapses ?? [];
  if (before === null || latest === undefined) return [];
  // DNS had moved before our next look, as it may.
  const explained = before.oddSince !== null && isChangedSince(timeline, before.oddSince);
  const kept = explained ? older : [latest, ...older];
  return kept.map((age) => age + 1).filter((age) => age < ANSWERS_COUNTED);
}

/** With one answer more, that is the first illegal one after legal ones. */
export function addRelapse(before: DnsWatch | null, timeline: PolicyTimeline): Relapses {
  return [0, ...ageRelapses(before, timeline)].slice(0, RELAPSES_MAX);
}

function isChangedSince(timeline: PolicyTimeline, since: Instant): boolean {
  return groupChecks(timeline).some(({ id }) => (timeline.changedAt[id] ?? -Infinity) >= since);
}

export function isUnreliable(relapses: Relapses): boolean {
  return relapses.length >= RELAPSES_MAX;
}

export function relapseWords(relapses: Relapses): string {
  const [latest = 0] = relapses;
  const ago = latest === 0 ? "just now" : `${latest} ${latest === 1 ? "answer" : "answers"} ago`;
  return `the server turned illegal ${relapses.length} times within its last ${ANSWERS_COUNTED} answers, last ${ago}, and no change of health explains it`;
}
