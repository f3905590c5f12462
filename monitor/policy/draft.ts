// Answers in the making. A record or a group is either healthy or not, and each leaves its own answers possible: kept apart
// until the top, an ill branch cannot lend its answers to a world in which the branch is well.
import type { AnswerChoice } from "./answer.ts";
import { MULTIVALUE_ANSWERS_MAX } from "./constants.ts";
import type { Health } from "./health-check.ts";
import { compareText } from "./name-lookup.ts";

export interface Draft extends Omit<AnswerChoice, "kind"> {
  /** `empty`: a reply without records. */
  readonly kind: AnswerChoice["kind"] | "empty";
  /** Set identifiers on the path whose health is unknown. */
  readonly unknown: readonly string[];
}

/** The answers that are possible while the thing is healthy, and while it is not; null: it cannot be. */
export interface Outcomes {
  readonly healthy: readonly Draft[] | null;
  readonly unhealthy: readonly Draft[] | null;
}

const BLANK = {
  setIdentifier: null,
  path: [],
  alias: null,
  values: [],
  certain: [],
  ttlSeconds: 0,
  failOpen: false,
  unknown: [],
} as const;

export function emptyDraft(reason: string): Draft {
  return { ...BLANK, kind: "empty", reason };
}

export function aliasDraft(alias: string, ttlSeconds: number): Draft {
  return { ...BLANK, kind: "values", alias, ttlSeconds, reason: "" };
}

export function valuesDraft(values: readonly string[], ttlSeconds: number): Draft {
  const sorted = distinctSorted(values);
  return { ...BLANK, kind: "values", values: sorted, certain: sorted, ttlSeconds, reason: "" };
}

/** At most eight of `values`; `certain` are those that are healthy for sure. One value is never a choice among several. */
export function subsetDraft(values: readonly string[], certain: readonly string[], ttlSeconds: number): Draft {
  const all = valuesDraft(values, ttlSeconds);
  const sure = distinctSorted(certain);
  const whole = all.values.length <= MULTIVALUE_ANSWERS_MAX && sure.length === all.values.length;
  return whole || all.values.length === 1 ? all : { ...all, kind: "subset", certain: sure };
}

export function healthOf({ healthy, unhealthy }: Outcomes): Health {
  return unhealthy === null ? "healthy" : healthy === null ? "unhealthy" : "unknown";
}

export function allDrafts({ healthy, unhealthy }: Outcomes): readonly Draft[] {
  return [...(healthy ?? []), ...(unhealthy ?? [])];
}

/** Equal for answers that nobody could tell apart. */
export function draftKey({ kind, path, setIdentifier, alias, values, certain }: Draft): string {
  return kind === "empty" ? kind : JSON.stringify([kind, setIdentifier, path, alias, values, certain]);
}

/** Each answer once, in the order of its first appearance; it is fail-open when every way to it is. */
export function distinctDrafts(drafts: readonly Draft[]): readonly Draft[] {
  const found = new Map<string, Draft>();
  for (const draft of drafts) {
    const key = draftKey(draft);
    const before = found.get(key);
    const reason = before === undefined || (before.failOpen && !draft.failOpen) ? draft.reason : before.reason;
    const unknown = [...new Set([...(before?.unknown ?? []), ...draft.unknown])];
    found.set(key, { ...draft, failOpen: draft.failOpen && (before?.failOpen ?? true), reason, unknown });
  }
  return [...found.values()];
}

function distinctSorted(values: readonly string[]): readonly string[] {
  return [...new Set(values)].toSorted(compareText);
}
