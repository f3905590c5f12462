// What somebody meant to happen while a round looked: a drill's harm counts, since users were hurt, and is told apart; maintenance
// does not count.
import { isPlanned } from "../incident/planned.ts";
import { DRILL_CAUSES, type DrillNotice } from "../model/planned.ts";
import type { Instant } from "../time.ts";
import type { Topology } from "../topology/topology.ts";
import { regionSubject } from "../verify/verdict.ts";

/** Of a region, or with null of the service as a whole. */
export interface Intent {
  readonly isExcused: (region: string | null) => boolean;
  readonly isPlanned: (region: string | null) => boolean;
}

export const NO_INTENT: Intent = { isExcused: () => false, isPlanned: () => false };

/**
 * Whatever a drill breaks may hurt the service's users; a region is hurt by what breaks it. `under` are the ids of regions under
 * maintenance: the service is only where all of them are, because as long as one serves users can be led there.
 */
export function intentOf(topology: Topology, drill: DrillNotice | null, under: readonly string[], at: Instant): Intent {
  const everywhere = topology.regions.every(({ id }) => under.includes(id));
  const isExcused = (region: string | null): boolean => (region === null ? everywhere : under.includes(region));
  if (drill === null) return { isExcused, isPlanned: () => false };
  const subjects = [...drill.regions.map(regionSubject), ...DRILL_CAUSES.filter((cause) => cause !== "region")];
  const ofService = subjects.some((subject) => isPlanned(drill, subject, at));
  return {
    isExcused,
    isPlanned: (region) => (region === null ? ofService : isPlanned(drill, regionSubject(region), at)),
  };
}
