// Health as a setting would have had it: checkers that look as often as the health check says at what our vantages saw, stepped
// and aggregated by the same rules as ever. Between two slots the world is taken to be as the earlier one saw it.
import { stepHealth } from "../health/book.ts";
import { NO_GUESTS, route53View } from "../health/views.ts";
import { route53Vote } from "../health/votes.ts";
import type { Observation } from "../model/observation.ts";
import type { HealthBook, VantageHealth } from "../model/health.ts";
import { HTTP_CONNECT_MAX_MS, HTTP_STATUS_MAX_MS } from "../policy/constants.ts";
import { type EndpointCheck, type Health, NO_OPINION } from "../policy/health-check.ts";
import { type Instant, SECOND_MS } from "../time.ts";
import { bridgeMs, type History } from "./history.ts";

export interface HealthChange {
  readonly at: Instant;
  readonly health: Health;
}

/** Two in each of Route 53's eight regions; each vantage stands for as many of them as every other. */
const CHECKERS_MIN = 16;

interface Checker {
  /** Vantage and number. */
  readonly id: string;
  readonly vantage: string;
  /** When it looks next. */
  readonly next: Instant;
}

/** `lookMaxMs` as in `PolicyTiming`. The oldest first, beginning with unknown at the first slot; equal neighbours are one. */
export function replayHealth(
  history: History,
  check: EndpointCheck,
  lookMaxMs: number | null,
): readonly HealthChange[] {
  const intervalMs = check.requestIntervalSeconds * SECOND_MS;
  const freshness = { ageMaxMs: bridgeMs(history) + 2 * intervalMs, expected: 1, guests: NO_GUESTS };
  const changes: HealthChange[] = [];
  const say = (health: Health, at: Instant): void => {
    if (changes.at(-1)?.health !== health) changes.push({ at, health });
  };
  let book: HealthBook = {};
  let checkers = seatCheckers(history, check.id, intervalMs);
  let underWay: readonly Observation[] = [];
  history.rounds.forEach(({ slot, observations }, index) => {
    const before = history.rounds[index - 1]?.slot ?? null;
    if (before === null || slot - before > bridgeMs(history)) {
      say("unknown", before === null ? slot : before + bridgeMs(history));
      book = {};
      underWay = [];
    }
    const end = Math.min(history.rounds[index + 1]?.slot ?? Infinity, slot + history.intervalMs);
    const seen = new Map(observations.filter(({ region }) => region === check.id).map((one) => [one.vantage, one]));
    const pace = { intervalMs, lookMaxMs };
    if (isSettled(book, check.id, checkers, seen, underWay)) {
      book = refreshed(book, check.id, end);
      checkers = checkers.map((checker) => lookedUntil(checker, seen.get(checker.vantage), end, pace));
      underWay = [];
      return;
    }
    const turn = lookAround(checkers, seen, { from: slot, to: end }, pace);
    checkers = turn.checkers;
    const looks = [...underWay, ...turn.looks].toSorted((a, b) => a.at - b.at);
    underWay = looks.filter(({ at }) => at >= end);
    for (const look of looks.filter(({ at }) => at < end)) {
      book = stepHealth(book, look, look.vantage, check);
      say(route53View(book, freshness, look.at)[check.id] ?? "unknown", look.at);
    }
  });
  return changes;
}

/** Evenly out of step with each other. */
function seatCheckers({ rounds }: History, region: string, intervalMs: number): readonly Checker[] {
  const looking = rounds.flatMap(({ observations }) =>
    observations.flatMap((seen) => (seen.region === region ? [seen.vantage] : [])),
  );
  const vantages = [...new Set(looking)];
  const each = Math.ceil(CHECKERS_MIN / Math.max(1, vantages.length));
  const start = rounds[0]?.slot ?? 0;
  const all = each * vantages.length;
  return Array.from({ length: all }, (_, number) => {
    const vantage = vantages[number % vantages.length] ?? "";
    return { id: `${vantage}/${number}`, vantage, next: start + ((number + 0.5) * intervalMs) / all };
  });
}

/** Every checker sees what it believes already, and has seen it last: another such look changes nothing. */
function isSettled(
  book: HealthBook,
  region: string,
  checkers: readonly Checker[],
  seen: ReadonlyMap<string, Observation>,
  underWay: readonly Observation[],
): boolean {
  const voices = book[region]?.vantages ?? {};
  const agrees = (checker: string, look: Observation | undefined): boolean => {
    const { health, run } = voices[checker]?.route53 ?? NO_OPINION;
    if (look === undefined || run === null) return false;
    return route53Vote(look) === run.passed && health === (run.passed ? "healthy" : "unhealthy");
  };
  return (
    checkers.every(({ id, vantage }) => agrees(id, seen.get(vantage))) &&
    underWay.every((look) => agrees(look.vantage, look))
  );
}

function lookedUntil(checker: Checker, seen: Observation | undefined, end: Instant, pace: Pace): Checker {
  const everyMs = pace.intervalMs + (seen === undefined ? 0 : lookTimeMs(seen, pace.lookMaxMs));
  return { ...checker, next: nextOnGrid(checker.next, end, everyMs) };
}

function refreshed(book: HealthBook, region: string, at: Instant): HealthBook {
  const held = book[region];
  if (held === undefined) return book;
  const vantages = Object.entries(held.vantages).map(([id, voice]): [string, VantageHealth] => [
    id,
    { ...voice, lastAt: at, route53At: at },
  ]);
  return { ...book, [region]: { ...held, vantages: Object.fromEntries(vantages) } };
}

function nextOnGrid(next: Instant, end: Instant, intervalMs: number): Instant {
  return next >= end ? next : next + Math.ceil((end - next) / intervalMs) * intervalMs;
}

interface Pace {
  readonly intervalMs: number;
  readonly lookMaxMs: number | null;
}

/** The looks that begin in the span; a vantage that saw nothing lets its checkers' turns go by. */
function lookAround(
  checkers: readonly Checker[],
  seen: ReadonlyMap<string, Observation>,
  { from, to }: { readonly from: Instant; readonly to: Instant },
  pace: Pace,
): { readonly looks: readonly Observation[]; readonly checkers: readonly Checker[] } {
  const looks: Observation[] = [];
  const after = checkers.map((checker): Checker => {
    const look = seen.get(checker.vantage);
    let next = nextOnGrid(checker.next, from, pace.intervalMs);
    if (look === undefined) return { ...checker, next: nextOnGrid(next, to, pace.intervalMs) };
    const lookMs = lookTimeMs(look, pace.lookMaxMs);
    while (next < to) {
      looks.push({ ...look, vantage: checker.id, at: next + lookMs });
      next += lookMs + pace.intervalMs;
    }
    return { ...checker, next };
  });
  return { looks, checkers: after };
}

/** An interval counts from a look's end, so looks that hang make a checker slower; all others end at once. */
function lookTimeMs({ failure, phases }: Observation, lookMaxMs: number | null): number {
  if (failure?.cause !== "timeout") return 0;
  return lookMaxMs ?? (phases.connect === undefined ? HTTP_CONNECT_MAX_MS : HTTP_STATUS_MAX_MS);
}
