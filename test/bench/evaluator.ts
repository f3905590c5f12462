// Part "evaluator": how many answers a second, and whether a zone with a hundred times the records costs more than a
// hundred times as much.
import type { Question } from "../../monitor/policy/answer.ts";
import { expectedAnswer } from "../../monitor/policy/evaluator.ts";
import type { HealthView } from "../../monitor/policy/health-check.ts";
import type { Zone } from "../../monitor/policy/record-set.ts";
import { parseTopology } from "../../monitor/topology/parse.ts";
import { zoneOf } from "../../monitor/topology/zone.ts";
import { askerOf } from "../../monitor/verify/standing.ts";
import type { BenchContext, PartResult } from "./part.ts";
import { growthExponent, median, rounded } from "./statistics.ts";
import { topologyText } from "./topologies.ts";

const SIZES = [2, 20, 200];
const ROUNDS = 7;
const ROUND_MS = { full: 150, quick: 20 };
/** Answers between two looks at the clock. */
const STRIDE = 20;
const HOST = "demo.multicloud.example.com";

export async function runEvaluator({ quick }: BenchContext): Promise<PartResult> {
  const roundMs = quick ? ROUND_MS.quick : ROUND_MS.full;
  const points = SIZES.map((records) => ({ records, perSecond: answersPerSecond(records, roundMs) }));
  const exponent = growthExponent(points.map(({ records, perSecond }) => ({ x: records, y: 1 / perSecond })));
  return {
    columns: ["records in the group", "answers/s", "µs an answer"],
    rows: points.map(({ records, perSecond }) => [
      `${records}`,
      `${Math.round(perSecond)}`,
      `${rounded(1e6 / perSecond)}`,
    ]),
    figures: {
      ...Object.fromEntries(
        points.map(({ records, perSecond }) => [`answersPerSecond${records}`, rounded(perSecond, 0)]),
      ),
      growthExponent: rounded(exponent),
    },
    notes: [
      `cost grows as records^${rounded(exponent)}; each record has a health check, and half of them are unhealthy`,
      "one process, one core, latency-free: Route 53 itself is no peer that could be measured here",
    ],
  };
}

function answersPerSecond(records: number, roundMs: number): number {
  const { zone, question } = sceneWith(records);
  const health: HealthView = Object.fromEntries(
    zone.healthChecks.map(({ id }, at) => [id, at % 2 === 0 ? "unhealthy" : "healthy"]),
  );
  countFor(roundMs, zone, question, health);
  return median(Array.from({ length: ROUNDS }, () => countFor(roundMs, zone, question, health)));
}

function countFor(limitMs: number, zone: Zone, question: Question, health: HealthView): number {
  const startedMs = performance.now();
  let answers = 0;
  let elapsedMs = 0;
  while (elapsedMs < limitMs) {
    for (let turn = 0; turn < STRIDE; turn += 1) {
      if (expectedAnswer(zone, question, health).acceptable.length === 0) throw new Error("the zone has no answer");
    }
    answers += STRIDE;
    elapsedMs = performance.now() - startedMs;
  }
  return (answers * 1000) / elapsedMs;
}

/** Latency records: the policy whose group may grow. A topology ends at a hundred regions, a zone does not. */
function sceneWith(records: number): { readonly zone: Zone; readonly question: Question } {
  const parsed = parseTopology(topologyText({ regions: 2, vantages: 1 }), {});
  if (!parsed.ok) throw new Error(`the bench's own topology is broken: ${JSON.stringify(parsed.problems)}`);
  const zone = zoneOf(parsed.value);
  const [record] = zone.recordSets;
  const [check] = zone.healthChecks;
  const [vantage] = parsed.value.probe.vantages;
  if (record === undefined || check === undefined || vantage === undefined)
    throw new Error("the bench's zone is empty");
  const ids = Array.from({ length: records }, (_, at) => `r${at}`);
  const question: Question = { name: HOST, type: "A", asker: askerOf(vantage) };
  const recordSets = ids.map((id, at) => ({
    ...record,
    setIdentifier: id,
    routing: { routing: "latency", awsRegion: `region-${at}` } as const,
    healthCheckId: id,
  }));
  return { question, zone: { ...zone, recordSets, healthChecks: ids.map((id) => ({ ...check, id })) } };
}
