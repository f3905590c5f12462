// What Route 53 answers: pick by policy, skip the unhealthy, and when nothing is healthy treat everything as healthy
// (Developer Guide, "How Amazon Route 53 chooses records when health checking is configured"). Here: the question's name, the
// bounds of the walk, and checks that stand in several places; the rules are in `group-walk.ts` and `record-walk.ts`.
import type { Answer, AnswerChoice, Question } from "./answer.ts";
import { checksOf } from "./check-health.ts";
import { DESCENT_MAX, SHARED_UNKNOWN_MAX, VISITS_MAX } from "./constants.ts";
import { allDrafts, distinctDrafts, type Draft, draftKey } from "./draft.ts";
import type { Explanation, GroupExplanation } from "./explanation.ts";
import { walkGroup } from "./group-walk.ts";
import type { HealthView } from "./health-check.ts";
import { askedGroup, compareText, delegationOf, isWithin } from "./name-lookup.ts";
import { normalName, type RecordSet, type Zone } from "./record-set.ts";
import type { Scene } from "./record-walk.ts";

/**
 * The legal answers for a question under a view of health. What is unknown (a health, where the asker is) counts every way:
 * each answer that some outcome would give is acceptable, and `expected` is null unless all outcomes agree. Never too few,
 * unless the walk meets a bound (a ring of aliases, `DESCENT_MAX`, `VISITS_MAX`), where a reply without records stands in.
 * Too many only where the same unknown thing has a say in several places: an asker's place on several levels of a tree, a
 * multivalue record of several values, or more than `SHARED_UNKNOWN_MAX` checks.
 */
export function expectedAnswer(zone: Zone, question: Question, health: HealthView): Answer {
  return explainAnswer(zone, question, health).answer;
}

/** The same with the reasons as a tree, which is of one walk: where it says "may answer", the answer knows better. */
export function explainAnswer(zone: Zone, question: Question, health: HealthView): Explanation {
  const name = normalName(question.name);
  const nobody = whyNobody(zone, name);
  const group = nobody === null ? askedGroup(zone, name, question.type) : null;
  if (group === null) {
    const reason = nobody ?? `the zone has no ${question.type} record ${name}`;
    return {
      answer: { question, kind: "no-such-record", ...NOTHING, mayBeEmpty: false, reason },
      group: null,
      exact: true,
    };
  }
  const first = walkOnce(zone, question, group, health);
  const shared = [...first.needs].filter(([, places]) => places > 1).map(([key]) => key);
  const split = shared.toSorted(compareText).slice(0, affordable(first.visits));
  const drafts = split.length === 0 ? first.drafts : narrowed(zone, question, group, health, first.drafts, split);
  return {
    answer: answerOf(question, drafts),
    group: first.explanation,
    exact: !first.cut && split.length === shared.length,
  };
}

const NOTHING = { acceptable: [], expected: null, unknown: [] } as const;

/** Names that this zone does not answer for; null: it does. */
function whyNobody(zone: Zone, name: string): string | null {
  if (!isWithin(name, zone.name)) return `${name} is not in the zone ${zone.name}`;
  const cut = delegationOf(zone, name);
  return cut === null ? null : `${cut} is delegated to other name servers`;
}

interface WalkedTree {
  readonly drafts: readonly Draft[];
  readonly explanation: GroupExplanation;
  /** Groups that were gone into, and whether some were not: a ring, too deep, too many. */
  readonly visits: number;
  readonly cut: boolean;
  /** Unknown keys of the view by the number of places that need them. */
  readonly needs: ReadonlyMap<string, number>;
}

function walkOnce(
  zone: Zone,
  { name, type, asker }: Question,
  group: readonly RecordSet[],
  view: HealthView,
): WalkedTree {
  const needs = new Map<string, number>();
  let visits = 0;
  let cut = false;
  const scene: Scene = {
    zone,
    checks: checksOf(zone.healthChecks),
    type,
    asker,
    view,
    needs: (key) => needs.set(key, (needs.get(key) ?? 0) + 1),
    walkGroup: (next, records, trail) => {
      const step = `${next} ${records[0]?.type ?? type}`;
      visits += 1;
      if (trail.includes(step) || trail.length > DESCENT_MAX || visits > VISITS_MAX) {
        cut = true;
        return null;
      }
      return walkGroup(scene, next, records, [...trail, step]);
    },
  };
  const owner = group[0]?.name ?? normalName(name);
  const { outcomes, explanation } = walkGroup(scene, owner, group, [`${owner} ${group[0]?.type ?? type}`]);
  return { drafts: distinctDrafts(allDrafts(outcomes)), explanation, needs, visits, cut };
}

/** How many checks may be tried one by one: each doubles the walks, which together stay within the bound of one. */
function affordable(visits: number): number {
  const doublings = Math.floor(Math.log2(VISITS_MAX / Math.max(1, visits)));
  return Math.max(0, Math.min(SHARED_UNKNOWN_MAX, doublings));
}

/**
 * One walk takes each place for itself, so a check in two places could be both healthy and unhealthy. Here every outcome of
 * such checks has its own walk; the words stay those of the first.
 */
function narrowed(
  zone: Zone,
  question: Question,
  group: readonly RecordSet[],
  health: HealthView,
  wide: readonly Draft[],
  split: readonly string[],
): readonly Draft[] {
  const outcomes = Array.from({ length: 2 ** split.length }, (_, outcome): HealthView => {
    const decided = split.map((key, bit) => [key, (outcome >> bit) % 2 === 1 ? "healthy" : "unhealthy"] as const);
    return { ...health, ...Object.fromEntries(decided) };
  });
  const exact = distinctDrafts(outcomes.flatMap((view) => walkOnce(zone, question, group, view).drafts));
  const failOpen = new Map(exact.map((draft) => [draftKey(draft), draft.failOpen]));
  const kept = wide.flatMap((draft) => {
    const open = failOpen.get(draftKey(draft));
    return open === undefined ? [] : [{ ...draft, failOpen: open }];
  });
  const known = new Set(kept.map(draftKey));
  const unknown = [...new Set(wide.flatMap((draft) => draft.unknown))];
  return [...kept, ...exact.filter((draft) => !known.has(draftKey(draft))).map((draft) => ({ ...draft, unknown }))];
}

function answerOf(question: Question, drafts: readonly Draft[]): Answer {
  const acceptable = drafts.flatMap((draft) => choiceOf(draft) ?? []);
  const mayBeEmpty = acceptable.length < drafts.length;
  const [first] = acceptable;
  const only = acceptable.length === 1 && !mayBeEmpty ? (first ?? null) : null;
  const reasons = drafts.map((draft) => draft.reason);
  return {
    question,
    kind: acceptable.length === 0 ? "no-answer" : "answer",
    acceptable,
    mayBeEmpty,
    expected: only !== null && isOneAnswer(only) ? only : null,
    unknown: [...new Set(drafts.flatMap((draft) => draft.unknown))],
    reason: reasons.length === 1 ? (reasons[0] ?? "") : `one of: ${reasons.join("; or ")}`,
  };
}

/** A subset stands for several answers unless all that is open is which of too many healthy values are in it. */
function isOneAnswer({ kind, values, certain }: AnswerChoice): boolean {
  return kind === "values" || values.length === certain.length;
}

function choiceOf(draft: Draft): AnswerChoice | null {
  const { kind, setIdentifier, path, alias, values, certain, ttlSeconds, failOpen, reason } = draft;
  return kind === "empty" ? null : { kind, setIdentifier, path, alias, values, certain, ttlSeconds, failOpen, reason };
}
