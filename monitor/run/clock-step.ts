// What a round does when the clock was set back: time that seems to repeat, and a state that comes from the future. The
// monitor looks on at once, and believes nothing that is dated after now.
import type { AlertBook } from "../model/alert.ts";
import { mapValues } from "../grouping.ts";
import type { VantageOutcome } from "../model/observation.ts";
import type { Incident } from "../model/verdict.ts";
import type { MonitorState } from "../model/state.ts";
import { forgetCountsAfter } from "../objective/book.ts";
import { formatDuration, type Instant, SECOND_MS } from "../time.ts";
import type { Topology } from "../topology/topology.ts";
import { forgetTrailAfter } from "../verify/trail.ts";
import { mapReports } from "./outcome.ts";
import { EMPTY_STATE } from "./state.ts";

/** Back by no more than this many slots, the monitor waits until time has caught up. */
const SLOTS_BACK_MAX = 2;

/**
 * "next": the slot comes after all that were stored. "repeated": it had its round. "set-back": so far behind the latest
 * stored round that the clock must have been ahead then, or be behind now.
 */
export type SlotOrder = "next" | "repeated" | "set-back";

export function orderOf(topology: Topology, lastSlot: Instant | null, slot: Instant): SlotOrder {
  if (lastSlot === null || slot > lastSlot) return "next";
  return lastSlot - slot > SLOTS_BACK_MAX * intervalOf(topology) ? "set-back" : "repeated";
}

/** A state from more than an interval after `at` is forgotten, but for what it counted and kept of a timeline by then, its incidents and what people were told of them: opinions start anew. */
export function forgetFuture(topology: Topology, state: MonitorState, at: Instant): MonitorState {
  if (state.lastRoundAt === null || state.lastRoundAt <= at + intervalOf(topology)) return state;
  const { changedAt } = state.policy;
  const trail = state.trail === undefined ? null : forgetTrailAfter(state.trail, at);
  const past = (incident: Incident): Incident => ({
    ...incident,
    openedAt: Math.min(incident.openedAt, at),
    closedAt: incident.closedAt === null ? null : Math.min(incident.closedAt, at),
  });
  return {
    ...EMPTY_STATE,
    policy: { ...state.policy, changedAt: changedAt === null ? null : Math.min(changedAt, at) },
    incidents: { open: state.incidents.open.map(past), closed: state.incidents.closed.map(past) },
    lastSlot: state.lastSlot,
    rounds: state.rounds,
    missedSlots: state.missedSlots,
    ...(state.objectives === undefined ? {} : { objectives: forgetCountsAfter(state.objectives, at) }),
    ...(state.drill === undefined ? {} : { drill: state.drill }),
    ...(trail === null ? {} : { trail }),
    ...(state.alerts === undefined ? {} : { alerts: pastAlerts(state.alerts, at) }),
  };
}

/** Whoever was told that something began is told that it is over. */
function pastAlerts({ alarms, blind, pace }: AlertBook, at: Instant): AlertBook {
  const past = (when: Instant): Instant => Math.min(when, at);
  const maybePast = (when: Instant | null): Instant | null => (when === null ? null : past(when));
  return {
    alarms: alarms.map((alarm) => ({
      ...alarm,
      openedAt: past(alarm.openedAt),
      quietSince: maybePast(alarm.quietSince),
      told: mapValues(alarm.told, maybePast),
    })),
    blind: {
      ...blind,
      incident: blind.incident === null ? null : { ...blind.incident, openedAt: past(blind.incident.openedAt) },
    },
    pace: mapValues(pace, (one) => ({ ...one, withheldSince: maybePast(one.withheldSince) })),
  };
}

/** Nobody has looked after `at`: a vantage's clock may be ahead, and ours may have been when the looks began. */
export function datedBy(at: Instant, outcomes: readonly VantageOutcome[]): readonly VantageOutcome[] {
  const dated = <T extends { readonly at: Instant }>(seen: T): T => ({ ...seen, at: Math.min(seen.at, at) });
  return outcomes.map((outcome) =>
    mapReports(outcome, (report) => ({
      ...report,
      observations: report.observations.map(dated),
      dns: report.dns.map(dated),
    })),
  );
}

/** Why a round that was made is not kept. */
export function setBackBy(lastSlot: Instant, slot: Instant): string {
  return `the clock was set back by ${formatDuration(lastSlot - slot)} or more, and this slot had its round before`;
}

function intervalOf({ probe }: Topology): number {
  return probe.intervalSeconds * SECOND_MS;
}
