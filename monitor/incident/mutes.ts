// Which subjects people are not told of for a while, because somebody said so. Only telling is muted: what is judged, opened and
// shown never asks here but to say that it is.
import type { Mute } from "../model/alert.ts";
import type { Subject } from "../model/verdict.ts";
import type { Instant } from "../time.ts";
import { fitsPattern } from "./subject-pattern.ts";

/** What goes with a region in its alarm goes with it in its mute. */
const OF_REGION = /^(?:claim|router):/;

/** In force at `at`; the one that lasts longest first. */
export function activeMutes(mutes: readonly Mute[], at: Instant): readonly Mute[] {
  return mutes
    .filter(({ from, until }) => from <= at && until > at)
    .toSorted((a, b) => b.until - a.until || (a.id < b.id ? -1 : 1));
}

/** `active` as `activeMutes` gives them. Null: people are told. */
export function muteOf(active: readonly Mute[], subject: Subject): Mute | null {
  const names = [subject, subject.replace(OF_REGION, "region:")];
  return active.find(({ subjects }) => subjects.some((one) => names.some((name) => fitsPattern(one, name)))) ?? null;
}
