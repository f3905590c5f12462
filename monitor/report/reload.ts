// What a monitor says of the topology file that it reads again while it runs: a broken one is not watched by, and whoever
// asks must see that the monitor does not watch what its file says. Only places are told, because the faces are public.
import { type Instant, toIso } from "../time.ts";
import type { SelfReport } from "./self.ts";
import type { StatusReport } from "./status-schema.ts";

export interface Reload {
  /** When the topology that is watched by was read. */
  readonly takenAt: Instant;
  /** Null: it is what the file says. */
  readonly refused: { readonly at: Instant; readonly places: readonly string[] } | null;
}

/** Of one refusal; the log has them all. */
const PLACES_TOLD_MAX = 10;

/** A refused file makes nothing fail: what was watched still is. */
export function selfWithReload(self: SelfReport, { refused, takenAt }: Reload): SelfReport {
  if (refused === null) return self;
  const { at, places } = refused;
  const told = places.slice(0, PLACES_TOLD_MAX).join(", ");
  const more = places.length > PLACES_TOLD_MAX ? ` and ${places.length - PLACES_TOLD_MAX} more` : "";
  const problem = `the topology file is refused since ${toIso(at)} (${told}${more}); the one of ${toIso(takenAt)} is watched`;
  return { ...self, status: self.status === "pass" ? "warn" : self.status, problems: [...self.problems, problem] };
}

export function statusWithReload(status: StatusReport, { refused, takenAt }: Reload): StatusReport {
  const topology = { takenAt: toIso(takenAt), ...(refused === null ? {} : { refusedAt: toIso(refused.at) }) };
  return { ...status, self: { ...status.self, topology } };
}
