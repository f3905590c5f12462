// Drains: somebody's wish that no new requests go to a region, which always ends by itself.
import * as z from "zod/mini";
import { activeWindows, regionsUnder } from "../maintenance/windows.ts";
import type { MaintenanceWindow } from "../model/planned.ts";
import type { Drain, Drains } from "../model/steering.ts";
import { type Instant, SECOND_MS } from "../time.ts";
import { mapping, oneOf, text, wholeNumber } from "../topology/form.ts";
import type { Topology } from "../topology/topology.ts";

export const DRAIN_KINDS = ["drain", "maintenance"] as const;
/** Whoever needs longer asks again, and so shows that he is still there. */
const SECONDS_MAX = 86_400;
const REASON_CHARACTERS_MAX = 200;

/** The body of `PUT /v1/drains/:region`. */
export const DRAIN_ORDER = mapping({
  kind: z._default(oneOf(DRAIN_KINDS, "what kind of drain"), "drain"),
  seconds: wholeNumber([1, SECONDS_MAX], "seconds"),
  reason: z._default(
    text((value) => value.length <= REASON_CHARACTERS_MAX, `a reason of at most ${REASON_CHARACTERS_MAX} characters`),
    "",
  ),
});
export type DrainOrder = z.infer<typeof DRAIN_ORDER>;

export type DrainAnswer =
  | { readonly kind: "drained"; readonly drain: Drain }
  | { readonly kind: "ended" }
  | { readonly kind: "unknown-region" }
  /** There is no router to tell. */
  | { readonly kind: "router-off" };

/** Null: it can be drained, or be a candidate again. */
export function drainRefusal(
  topology: Topology,
  region: string,
): Exclude<DrainAnswer["kind"], "drained" | "ended"> | null {
  if (topology.router.mode === "off") return "router-off";
  return topology.regions.some(({ id }) => id === region) ? null : "unknown-region";
}

/** One that is there already is prolonged or cut short, and began when it began. */
export function makeDrain(before: Drain | null, { kind, seconds }: DrainOrder, at: Instant): Drain {
  return { kind, since: before?.since ?? at, until: at + seconds * SECOND_MS };
}

/**
 * Drains that were ordered, and those that follow from maintenance: such a region is closed until its window is over. Nothing that was
 * ordered opens it.
 */
export function drainsInForce(
  topology: Topology,
  drains: Drains,
  ordered: readonly MaintenanceWindow[],
  at: Instant,
): Drains {
  const under = [...regionsUnder(topology, activeWindows(topology, ordered, at))];
  const closed = under.map(([id, { from, until }]): [string, Drain] => [
    id,
    { kind: "maintenance", since: from, until },
  ]);
  return { ...liveDrains(drains, at), ...Object.fromEntries(closed) };
}

export function liveDrains(drains: Drains, at: Instant): Drains {
  return Object.fromEntries(Object.entries(drains).filter(([, drain]) => drain.until > at));
}
