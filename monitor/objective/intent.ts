// What somebody meant to happen while a round looked: a drill's harm counts, since users were hurt, and is told apart; maintenance
// does not count.
import { isPlanned } from "../incident/planned.ts";
import { DRILL_CAUSES, type DrillNotice } from "../model.ts";
import type { Instant } from "../time.ts";
import { regionSubject } from "../verify/verdict.ts";

/** Of a region, or with null of the service as a whole. */
export interface Intent {
  readonly isExcused: (region: string | null) => boolean;
  readonly isPlanned: (region: string | null) => boolean;
}

export const NO_INTENT: Intent = { isExcused: () => false, isPlanned: () => false };

/** Whatever a drill breaks may hurt the service's users; a region is hurt by what breaks it. */
export function intentOf(drill: DrillNotice | null, at: Instant): Intent {
  if (drill === null) return NO_INTENT;
  const subjects = [...drill.regions.map(regionSubject), ...DRILL_CAUSES.filter((cause) => cause !== "region")];
  const ofService = subjects.some((subject) => isPlanned(drill, subject, at));
  return {
    isExcused: () => false,
    isPlanned: (region) => (region === null ? ofService : isPlanned(drill, regionSubject(region), at)),
  };
}
