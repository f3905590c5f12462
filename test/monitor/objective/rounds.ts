// Rounds and objectives by a short name, for tests of what is counted of them.
import fc from "fast-check";
import type { ObjectiveBook, ObjectiveCounts } from "../../../monitor/model/counts.ts";
import type { FailureCause } from "../../../monitor/model/observation.ts";
import type { VerdictKind } from "../../../monitor/model/verdict.ts";
import { stepObjectives } from "../../../monitor/objective/book.ts";
import { NO_INTENT, type Intent } from "../../../monitor/objective/intent.ts";
import { NO_COUNTS, type SeenRound } from "../../../monitor/objective/looks.ts";
import type { Objective, Topology } from "../../../monitor/topology/topology.ts";
import { AWS, EXAMPLE, GCP } from "../../support/example-topology.ts";

export const AVAILABILITY: Objective = {
  name: "availability",
  indicator: "availability",
  thresholdMs: null,
  region: null,
  method: "occurrences",
  timeSliceTarget: null,
  timeSliceMinutes: null,
  target: 0.999,
  windowDays: 30,
};

export function promising(...objectives: readonly Partial<Objective>[]): Topology {
  return { ...EXAMPLE, objectives: objectives.map((one) => ({ ...AVAILABILITY, ...one })) };
}

export function counts(some: Partial<ObjectiveCounts>): ObjectiveCounts {
  return { ...NO_COUNTS, ...some };
}

/** What one vantage saw: each region served in so many milliseconds or failed, and where DNS led; absent: not looked, not asked. */
export interface VantageSeen {
  readonly aws?: number | FailureCause;
  readonly gcp?: number | FailureCause;
  /** As a resolver answered. */
  readonly led?: readonly string[] | "failed";
  readonly authoritative?: readonly string[] | "failed";
  readonly verdict?: VerdictKind;
}

export const TO_AWS = AWS.endpoint.addresses;
export const TO_GCP = GCP.endpoint.addresses;
const NAME = EXAMPLE.service.host;

export function roundOf(seen: Readonly<Record<string, VantageSeen>>): SeenRound {
  const entries = Object.entries(seen);
  return {
    cells: entries.flatMap(([vantage, { aws, gcp }]) => [
      ...cellOf(AWS.id, vantage, aws),
      ...cellOf(GCP.id, vantage, gcp),
    ]),
    dns: entries.flatMap(([vantage, { led, authoritative, verdict = "conforms" }]) => [
      ...answerOf(`dns:${NAME}:${vantage}:recursive`, led, verdict),
      ...answerOf(`dns:${NAME}:${vantage}:authoritative`, authoritative, verdict),
    ]),
  };
}

function cellOf(region: string, vantage: string, seen: number | FailureCause | undefined): SeenRound["cells"] {
  if (seen === undefined) return [];
  const served = typeof seen === "number";
  return [{ region, vantage, totalMs: served ? seen : null, cause: served ? null : seen }];
}

function answerOf(
  subject: string,
  answer: readonly string[] | "failed" | undefined,
  verdict: VerdictKind,
): SeenRound["dns"] {
  if (answer === undefined) return [];
  return [{ subject, verdict, reply: answer === "failed" ? { kind: "failed" } : { kind: "reply", addresses: answer } }];
}

export interface Told {
  readonly slot: number;
  readonly round: SeenRound;
  readonly missedSlots?: number;
  readonly intent?: Intent;
}

/** As the fold does it, from an empty book or another one. */
export function countRounds(topology: Topology, rounds: readonly Told[], before: ObjectiveBook = {}): ObjectiveBook {
  let book = before;
  let lastSlot: number | null = null;
  for (const { slot, round, missedSlots = 0, intent = NO_INTENT } of rounds) {
    book = stepObjectives(book, topology, round, { slot, missedSlots, lastSlot }, intent);
    lastSlot = slot;
  }
  return book;
}

const seenMs = fc.oneof(
  fc.integer({ min: 1, max: 900 }),
  fc.constantFrom<FailureCause>("timeout", "refused", "not-started"),
);
const anyAnswer = fc.constantFrom<readonly string[] | "failed">(TO_AWS, TO_GCP, [], ["203.0.113.99"], "failed");

export const anySeen: fc.Arbitrary<VantageSeen> = fc.record(
  { aws: seenMs, gcp: seenMs, led: anyAnswer, verdict: fc.constantFrom<VerdictKind>("conforms", "deviates") },
  { requiredKeys: [] },
);

export const anyRound: fc.Arbitrary<SeenRound> = fc
  .record({ enam: anySeen, weur: anySeen, oc: anySeen }, { requiredKeys: [] })
  .map((seen) => roundOf(seen));
