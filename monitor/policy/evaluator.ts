// What Route 53 answers: pick by policy, skip the unhealthy, and when nothing is healthy treat everything as healthy
// (Developer Guide, "How Amazon Route 53 chooses records when health checking is configured").
import { assert, unreachable } from "../problem.ts";
import type { Answer, AnswerChoice, Asker, Question } from "./answer.ts";
import { effectiveHealth, type Health, type HealthView } from "./health-check.ts";
import { normalName, type RecordSet, type Zone } from "./record-set.ts";

interface Candidate {
  readonly record: RecordSet;
  readonly health: Health;
  /** "the primary", "us-east-1, first by latency": names the record in a reason. */
  readonly role: string;
}

/** Candidates in the order of preference; `ranked` false: the order is not known, every tie is legal. */
interface Ranking {
  readonly ranked: boolean;
  readonly candidates: readonly Candidate[];
}

/**
 * The legal answers for a question under a view of health. Health that is `unknown` counts both ways: every answer that
 * some outcome would give is acceptable, and `expected` is null unless all outcomes agree.
 */
export function expectedAnswer(zone: Zone, question: Question, health: HealthView): Answer {
  const name = normalName(question.name);
  const group = zone.recordSets.filter((record) => record.name === name && record.type === question.type);
  if (group.length === 0) {
    const reason = `the zone has no ${question.type} record ${name}`;
    return { question, acceptable: [], expected: null, unknown: [], reason };
  }
  const ranking = rank(group, question.asker, (record) => recordHealth(zone, record, health));
  const acceptable = choose(ranking);
  const [first] = acceptable;
  assert(first !== undefined, "a group of records always has an answer");
  const several = `one of: ${acceptable.map((choice) => choice.reason).join("; or ")}`;
  const expected = acceptable.length === 1 ? first : null;
  return {
    question,
    acceptable,
    expected,
    unknown: unknownAmong(ranking, acceptable),
    reason: expected?.reason ?? several,
  };
}

function unknownAmong({ candidates }: Ranking, choices: readonly AnswerChoice[]): readonly string[] {
  const chosen = new Set(choices.map((choice) => choice.setIdentifier));
  return candidates
    .filter(({ record, health }) => health === "unknown" && chosen.has(record.setIdentifier))
    .map(({ record }) => record.setIdentifier ?? "");
}

/** No health check: always healthy. A check that cannot be read: unknown (Developer Guide, "Updating or deleting health checks"). */
function recordHealth(zone: Zone, record: RecordSet, view: HealthView): Health {
  if (record.healthCheckId === null) return "healthy";
  const check = zone.healthChecks.find((one) => one.id === record.healthCheckId);
  return check === undefined ? "unknown" : effectiveHealth(check, view[check.id] ?? "unknown");
}

function rank(group: readonly RecordSet[], asker: Asker, healthOf: (record: RecordSet) => Health): Ranking {
  const candidates = group.map((record): Candidate => ({ record, health: healthOf(record), role: roleOf(record) }));
  const [first] = group;
  assert(first !== undefined, "rank needs a record");
  switch (first.routing.routing) {
    case "simple":
      // A lone record is never passed over, whatever its check says.
      return { ranked: true, candidates: candidates.map((one) => ({ ...one, health: "healthy" })) };
    case "failover":
      return { ranked: true, candidates: candidates.toSorted((a, b) => failoverOrder(a) - failoverOrder(b)) };
    case "latency":
      return rankByLatency(candidates, asker.latencyOrder);
    default:
      return unreachable(first.routing);
  }
}

function roleOf(record: RecordSet): string {
  const { routing } = record;
  switch (routing.routing) {
    case "simple":
      return "the only record";
    case "failover":
      return `${routing.role === "PRIMARY" ? "the primary" : "the secondary"} ${record.setIdentifier ?? ""}`.trim();
    case "latency":
      return `${record.setIdentifier ?? ""} (${routing.awsRegion})`.trim();
    default:
      return unreachable(routing);
  }
}

function failoverOrder(candidate: Candidate): number {
  const { routing } = candidate.record;
  return routing.routing === "failover" && routing.role === "PRIMARY" ? 0 : 1;
}

/** Route 53's latency table is not published: without a calibrated order every record is as good as the next. */
function rankByLatency(candidates: readonly Candidate[], order: readonly string[]): Ranking {
  const place = (candidate: Candidate): number => {
    const { routing } = candidate.record;
    return routing.routing === "latency" ? order.indexOf(routing.awsRegion) : -1;
  };
  const ranked = candidates.every((candidate) => place(candidate) >= 0);
  const byId = (a: Candidate, b: Candidate): number =>
    compareText(a.record.setIdentifier ?? "", b.record.setIdentifier ?? "");
  return { ranked, candidates: candidates.toSorted(ranked ? (a, b) => place(a) - place(b) : byId) };
}

/** Walks the candidates: a healthy one ends the walk, an unhealthy one is skipped, an unknown one counts both ways. */
function choose({ ranked, candidates }: Ranking): readonly AnswerChoice[] {
  const choices: AnswerChoice[] = [];
  const skipped: string[] = [];
  let surelyAnswered = false;
  for (const candidate of candidates) {
    if (candidate.health === "unhealthy") {
      skipped.push(candidate.role);
      continue;
    }
    choices.push(choiceOf(candidate, reasonFor(candidate, skipped, ranked)));
    if (candidate.health === "healthy") {
      surelyAnswered = true;
      if (ranked) return choices;
    }
  }
  return surelyAnswered ? choices : [...choices, ...failOpen(ranked ? candidates.slice(0, 1) : candidates, choices)];
}

/** Nothing may be healthy: then all are treated as healthy, and the policy picks among all of them. */
function failOpen(picks: readonly Candidate[], already: readonly AnswerChoice[]): readonly AnswerChoice[] {
  const seen = new Set(already.map((choice) => choice.setIdentifier));
  return picks
    .filter((pick) => !seen.has(pick.record.setIdentifier))
    .map((pick) => ({
      ...choiceOf(pick, `${pick.role}, because nothing is healthy and Route 53 then treats all as healthy`),
      failOpen: true,
    }));
}

function choiceOf({ record }: Candidate, reason: string): AnswerChoice {
  const { values, ttlSeconds } = record.target;
  return { setIdentifier: record.setIdentifier, values: values.toSorted(), ttlSeconds, failOpen: false, reason };
}

function reasonFor({ role, health }: Candidate, skipped: readonly string[], ranked: boolean): string {
  if (role === "the only record") return "the only record: simple routing answers whatever the health";
  const state = health === "unknown" ? "whose health is unknown" : "which is healthy";
  const instead = skipped.length === 0 ? "" : ` (${skipped.join(", ")} unhealthy)`;
  return `${role}, ${state}${instead}${ranked ? "" : ", latency order not calibrated"}`;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
