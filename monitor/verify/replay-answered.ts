// The answers that were seen, judged again: how many of them a policy would have allowed at their instant.
import { stepHealth } from "../health/book.ts";
import { route53View } from "../health/views.ts";
import type { HealthBook } from "../model/health.ts";
import { type Answer, permits, type Question } from "../policy/answer.ts";
import { expectedAnswer } from "../policy/evaluator.ts";
import type { Health, HealthView } from "../policy/health-check.ts";
import { type Instant, SECOND_MS } from "../time.ts";
import { publicVantages, type Topology } from "../topology/topology.ts";
import { type TopologyZone, zoneOf } from "../topology/zone.ts";
import type { History, HistoryRound, SeenAnswer } from "./history.ts";
import { type LegalView, legalViewsAt, type PolicyHistory } from "./legal.ts";
import type { HealthChange } from "./replay-health.ts";
import { freshnessFor, policyTimingOf, questionOf } from "./standing.ts";

export interface Answered {
  /** Answers with addresses, of vantages that the topology has. */
  readonly seen: number;
  readonly legal: number;
}

/** Of rounds that were judged under the policy of that fingerprint: DNS followed no other one then. */
export function countLegal(history: History, topology: Topology, policy: string): Answered {
  const zone = zoneOf(topology);
  const past = policyHistoryOf(history, topology, zone);
  const vantages = new Map(publicVantages(topology).map((vantage) => [vantage.id, vantage]));
  const known = new Map<string, Answer>();
  let [seen, legal] = [0, 0];
  for (const round of history.rounds.filter((one) => one.policy === policy)) {
    const views = new Map<string, readonly LegalView[]>();
    for (const answer of round.answers) {
      const vantage = vantages.get(answer.vantage);
      if (vantage === undefined || answer.addresses === null || answer.name !== topology.service.host) continue;
      const question = questionOf(topology, answer.type, vantage);
      const way = `${answer.view} ${answer.type}`;
      const allowed = views.get(way) ?? viewsOf(past, question, answer, round);
      // Who asks changes no view, so one round has few of them.
      views.set(way, allowed);
      seen += 1;
      if (allowed.some(({ health }) => isAmong(answerOf(known, zone, question, health, answer), answer))) legal += 1;
    }
  }
  return { seen, legal };
}

/** The answer came between a round's slot and its end, so either instant may allow it. */
function viewsOf(
  past: PolicyHistory,
  question: Question,
  { view }: SeenAnswer,
  { slot, at }: HistoryRound,
): readonly LegalView[] {
  return [slot, at].flatMap((instant) => legalViewsAt(past, question, view, instant).views);
}

function answerOf(
  known: Map<string, Answer>,
  zone: TopologyZone,
  question: Question,
  health: HealthView,
  { vantage, type }: SeenAnswer,
): Answer {
  const key = JSON.stringify([vantage, type, health]);
  const held = known.get(key) ?? expectedAnswer(zone, question, health);
  known.set(key, held);
  return held;
}

function isAmong({ acceptable }: Answer, { addresses }: SeenAnswer): boolean {
  return acceptable.some((choice) => permits(choice, addresses ?? []));
}

/** As the live judge would have stepped it, with the topology's own threshold over the recorded looks. */
function policyHistoryOf({ rounds }: History, topology: Topology, zone: TopologyZone): PolicyHistory {
  const checks = new Map(zone.healthChecks.map((check) => [check.id, check]));
  const freshness = freshnessFor(topology);
  const health: Record<string, HealthChange[]> = {};
  const changes: Record<string, Instant[]> = {};
  let book: HealthBook = {};
  for (const { slot, observations } of rounds) {
    const before = book;
    for (const seen of observations) {
      const check = checks.get(seen.region);
      if (check !== undefined) book = stepHealth(book, { ...seen, at: slot }, seen.vantage, check);
    }
    const view = route53View(book, freshness, slot);
    for (const id of checks.keys()) {
      note((health[id] ??= []), view[id] ?? "unknown", slot);
      const changedAt = book[id]?.changedAt ?? null;
      if (changedAt !== null && changedAt !== before[id]?.changedAt) (changes[id] ??= []).push(changedAt);
    }
  }
  return {
    zones: [{ from: 0, zone }],
    health,
    changes,
    timing: policyTimingOf(topology),
    editMs: topology.dns.timing.apiPropagationSeconds * SECOND_MS,
    lookEveryMs: topology.probe.intervalSeconds * SECOND_MS + topology.probe.timeoutMs,
  };
}

function note(changes: HealthChange[], health: Health, at: Instant): void {
  if (changes.at(-1)?.health !== health) changes.push({ at, health });
}
