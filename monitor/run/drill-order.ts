// What the monitor is told when a drill begins, and what it makes of it: one drill at a time, never longer than a bound, and
// quicker looks only where the grid, Route 53's own pace and a bound on the cost allow them.
import * as z from "zod/mini";
import { settledAt } from "../incident/planned.ts";
import { isUnder, windowsBetween } from "../maintenance/windows.ts";
import { DRILL_CAUSES, type DrillNotice, type MaintenanceWindow } from "../model/planned.ts";
import type { Problem } from "../problem.ts";
import { DAY_MS, formatDuration, HOUR_MS, type Instant, parseIso, toIso } from "../time.ts";
import { dailyCost, FREE_PLAN } from "../topology/cost.ts";
import { list, mapping, oneOf, text, wholeNumber } from "../topology/form.ts";
import { paceTopology, pacesOf } from "../topology/pace.ts";
import type { Topology } from "../topology/topology.ts";
import { settleMsOf } from "../verify/settle.ts";

/** A drill that needs longer is an outage. */
export const DRILL_MS_MAX = 4 * HOUR_MS;
/** Quicker rounds end by themselves, whatever becomes of the drill: they cost requests. */
export const QUICK_MS_MAX = HOUR_MS;
const REGIONS_MAX = 100;
const TITLE_CHARACTERS_MAX = 200;

const plain = (max: number) => (value: string) => value.length > 0 && value.length <= max && !/\p{Cc}/u.test(value);

/** The body of `POST /v1/drills`. */
export const DRILL_ORDER = mapping({
  id: text(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/, "an id of letters, digits, dots, dashes and underscores"),
  title: text(plain(TITLE_CHARACTERS_MAX), `a line of at most ${TITLE_CHARACTERS_MAX} characters`),
  regions: list(text(plain(100), "a region's id"), [0, REGIONS_MAX], "region ids"),
  causes: list(oneOf(DRILL_CAUSES, "what the drill makes deviate"), [0, DRILL_CAUSES.length], "subjects"),
  expiresAt: text((value) => parseIso(value) !== null, "an ISO 8601 time with zone"),
  probeEverySeconds: z.optional(wholeNumber([1, 3600], "seconds")),
});
export type DrillOrder = z.infer<typeof DRILL_ORDER>;

export type DrillAcceptance =
  | { readonly kind: "started"; readonly drill: DrillNotice }
  /** The same drill was started before, by this very order or another one; it is as it was. */
  | { readonly kind: "known"; readonly drill: DrillNotice }
  /** Another drill is not over. */
  | { readonly kind: "locked"; readonly drill: DrillNotice }
  | { readonly kind: "refused"; readonly problems: readonly Problem[] };

export interface StartedDrill {
  readonly acceptance: DrillAcceptance;
  /** What its quicker rounds cost, in words; null: there are none. */
  readonly cost: string | null;
}

/** `latest` is the drill that was started last; null: there never was one. `maintenance` are the ordered windows. */
export function acceptDrill(
  topology: Topology,
  order: DrillOrder,
  latest: DrillNotice | null,
  maintenance: readonly MaintenanceWindow[],
  at: Instant,
): DrillAcceptance {
  if (latest !== null && latest.id === order.id) return { kind: "known", drill: latest };
  if (latest !== null && latest.endedAt === null) return { kind: "locked", drill: latest };
  const problems = [...orderProblems(topology, order, at), ...maintenanceProblems(topology, order, maintenance, at)];
  if (problems.length > 0) return { kind: "refused", problems };
  const { id, title, regions, causes, expiresAt, probeEverySeconds } = order;
  const drill: DrillNotice = {
    id,
    title,
    regions,
    causes,
    startedAt: at,
    expiresAt: parseIso(expiresAt) ?? at,
    endedAt: null,
    probeEverySeconds: probeEverySeconds ?? null,
    settleMs: settleMsOf(topology),
  };
  return { kind: "started", drill };
}

function orderProblems(topology: Topology, order: DrillOrder, at: Instant): readonly Problem[] {
  const ids = topology.regions.map((region) => region.id);
  const paces = pacesOf(topology);
  const problems: Problem[] = [];
  order.regions.forEach((id, index) => {
    if (!ids.includes(id))
      problems.push({ path: `regions[${index}]`, message: `expected one of ${ids.join(", ")}, found "${id}"` });
  });
  const leftMs = (parseIso(order.expiresAt) ?? 0) - at;
  if (leftMs <= 0 || leftMs > DRILL_MS_MAX) {
    const expected = `expected a time in the next ${formatDuration(DRILL_MS_MAX)}, and it is ${toIso(at)}`;
    problems.push({ path: "expiresAt", message: `${expected}, found ${order.expiresAt}` });
  }
  const every = order.probeEverySeconds;
  if (every !== undefined && !paces.includes(every)) {
    const { intervalSeconds } = topology.probe;
    const expected =
      paces.length === 0 ? `nothing: rounds every ${intervalSeconds} s cannot be quicker` : paces.join(" or ");
    problems.push({ path: "probeEverySeconds", message: `expected ${expected}, found ${every}` });
  }
  return problems;
}

/** What is broken on purpose and what is mended at the same time proves nothing. */
function maintenanceProblems(
  topology: Topology,
  { regions, expiresAt }: DrillOrder,
  maintenance: readonly MaintenanceWindow[],
  at: Instant,
): readonly Problem[] {
  const windows = windowsBetween(topology, maintenance, at, Math.min(parseIso(expiresAt) ?? at, at + DRILL_MS_MAX));
  return regions.flatMap((id, index) => {
    const window = windows.find((one) => isUnder(one, id));
    if (window === undefined) return [];
    const span = `${toIso(window.from)} to ${toIso(window.until)}`;
    return [
      {
        path: `regions[${index}]`,
        message: `expected no maintenance until the drill expires, found ${id} in ${window.id}, ${span}`,
      },
    ];
  });
}

/** The latest drill while it means anything: until its traces should be gone, and as long as it is not over. */
export function drillInForce(latest: DrillNotice | null, at: Instant): DrillNotice | null {
  return latest !== null && (latest.endedAt === null || at <= settledAt(latest)) ? latest : null;
}

/** The topology with the drill's pace, while that holds. */
export function topologyDuring(topology: Topology, drill: DrillNotice | null, at: Instant): Topology {
  if (drill === null || drill.probeEverySeconds === null || !isQuick(drill, at)) return topology;
  // The topology may have been replaced since the order was accepted.
  return pacesOf(topology).includes(drill.probeEverySeconds)
    ? paceTopology(topology, drill.probeEverySeconds)
    : topology;
}

function isQuick({ startedAt, expiresAt, endedAt }: DrillNotice, at: Instant): boolean {
  return at < Math.min(endedAt ?? expiresAt, expiresAt, startedAt + QUICK_MS_MAX);
}

/** What the quicker rounds cost beside the topology's own until the drill expires; null: there are none. */
export function quickCost(topology: Topology, drill: DrillNotice): string | null {
  if (drill.probeEverySeconds === null) return null;
  const share = Math.min(drill.expiresAt - drill.startedAt, QUICK_MS_MAX) / DAY_MS;
  const quick = dailyCost(paceTopology(topology, drill.probeEverySeconds));
  const usual = dailyCost(topology);
  const more = (part: "requests" | "rowsWritten"): string =>
    `${Math.ceil((quick[part] - usual[part]) * share)} more of ${FREE_PLAN[part]}`;
  return `at most ${more("requests")} Durable Object requests and ${more("rowsWritten")} rows written that the free plan has a day`;
}
