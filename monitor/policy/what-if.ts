// What changes for one asker when health changes, and by when users have followed: detection, the way to Route 53's name
// servers, then the caches (formulas in `deadline.ts`). Whether somebody is left on something dead is seen on the unfolded tree.
import type { Answer, Question } from "./answer.ts";
import { authoritativeBy, deadlineRule, detectionMaxMs, type PolicyTiming, recursiveBy } from "./deadline.ts";
import { expectedAnswer } from "./evaluator.ts";
import { type HealthCheck, type HealthView, isEndpointCheck } from "./health-check.ts";
import { compareText } from "./name-lookup.ts";
import { lookAt, strandedIn } from "./prove-state.ts";
import { unfoldTree } from "./prove-tree.ts";
import type { Zone } from "./record-set.ts";
import { SECOND_MS } from "../time.ts";

export interface Change {
  readonly before: Answer;
  readonly after: Answer;
  readonly changes: boolean;
  /** Labels of dead leaves that may be answered afterwards although something lives. */
  readonly stranded: readonly string[];
  /** Afterwards a legal answer is one of the last resort. */
  readonly failsOpen: boolean;
  /** Afterwards a reply without records is legal. */
  readonly empty: boolean;
}

export function whatIf(zone: Zone, question: Question, before: HealthView, after: HealthView): Change {
  const [was, is] = [expectedAnswer(zone, question, before), expectedAnswer(zone, question, after)];
  const tree = is.kind === "no-such-record" ? null : unfoldTree(zone, question.name, question.type);
  const look = tree === null ? null : lookAt(tree, question.asker, after);
  const stranded = new Set(look === null ? [] : strandedIn(look));
  return {
    before: was,
    after: is,
    changes: replies(was) !== replies(is),
    stranded: (tree?.leaves ?? []).filter(({ key }) => stranded.has(key)).map(({ label }) => label),
    failsOpen: is.acceptable.some((choice) => choice.failOpen),
    empty: is.kind !== "answer" || is.mayBeEmpty,
  };
}

/** What can be told apart from outside. */
function replies({ acceptable, mayBeEmpty, kind }: Answer): string {
  const choices = acceptable.map(({ values, alias }) => JSON.stringify([values, alias])).toSorted(compareText);
  return JSON.stringify([kind, mayBeEmpty, choices]);
}

/** From one failure to the moment when all checkers have noticed; null: not known. */
export interface Detection {
  readonly id: string;
  readonly minMs: number | null;
  readonly maxMs: number | null;
  /** "(3 − 1) × 10 s to 3 × (10 s + 6 s)"; else why it is not known. */
  readonly rule: string;
}

export interface FollowTime {
  readonly detections: readonly Detection[];
  readonly propagationMs: number;
  /** Null: not known. */
  readonly authoritativeByMs: number | null;
  readonly authoritativeRule: string;
  /** The longest TTL of an answer that changes. */
  readonly ttlSeconds: number;
  readonly slackMs: number;
  readonly cachesByMs: number | null;
  readonly cachesRule: string;
}

/** Something that fails: a health check, or what has no settings that we could read, with the reason. */
export type Failing =
  | { readonly kind: "check"; readonly check: HealthCheck }
  | { readonly kind: "unreadable"; readonly id: string; readonly why: string };

/** Durations count from the failure; of several failures the slowest decides. At least one. */
export function followTime(
  failing: readonly Failing[],
  timing: PolicyTiming,
  checks: readonly HealthCheck[],
  ttlSeconds: number,
): FollowTime {
  const readable = failing.flatMap((one) => (one.kind === "check" ? [one.check] : []));
  const known = readable.length === failing.length;
  const slowest = readable.toSorted(
    (a, b) => (detectionMaxMs(b, timing, checks) ?? Infinity) - (detectionMaxMs(a, timing, checks) ?? Infinity),
  )[0];
  const rule = (ttl: number | null): string =>
    slowest === undefined || !known ? "what is not known above decides" : deadlineRule(slowest, timing, checks, ttl);
  return {
    detections: failing.map((one) => detectionOf(one, timing, checks)),
    propagationMs: timing.propagationMs,
    authoritativeByMs: slowest === undefined || !known ? null : authoritativeBy(0, slowest, timing, checks),
    authoritativeRule: rule(null),
    ttlSeconds,
    slackMs: timing.slackMs,
    cachesByMs: slowest === undefined || !known ? null : recursiveBy(0, slowest, timing, checks, ttlSeconds),
    cachesRule: rule(ttlSeconds),
  };
}

function detectionOf(failing: Failing, timing: PolicyTiming, checks: readonly HealthCheck[]): Detection {
  if (failing.kind === "unreadable") return { id: failing.id, minMs: null, maxMs: null, rule: failing.why };
  const { check } = failing;
  const maxMs = detectionMaxMs(check, timing, checks);
  const most = deadlineRule(check, timing, checks, null).split(" detection")[0] ?? "";
  if (maxMs === null) return { id: check.id, minMs: null, maxMs, rule: `a ${check.type} check names no bound` };
  if (!isEndpointCheck(check)) return { id: check.id, minMs: null, maxMs, rule: `at most ${most}` };
  const { failureThreshold, requestIntervalSeconds } = check;
  const minMs = (failureThreshold - 1) * requestIntervalSeconds * SECOND_MS;
  return { id: check.id, minMs, maxMs, rule: `(${failureThreshold} − 1) × ${requestIntervalSeconds} s to ${most}` };
}
