// A group of records of one name and type while it is walked: its order for this asker, and what each record came to.
import type { Draft, Outcomes } from "./draft.ts";
import type { Ranking } from "./ranking.ts";
import type { RecordSet } from "./record-set.ts";
import type { RecordWalk } from "./record-walk.ts";

export interface Group {
  readonly name: string;
  readonly records: readonly RecordSet[];
  readonly ranking: Ranking;
  readonly walked: ReadonlyMap<RecordSet, RecordWalk>;
  /** The part that each record plays, in words. */
  readonly roles: ReadonlyMap<RecordSet, string>;
}

/** Who was picked, and whether as healthy or for want of anything healthy. */
export interface Pick {
  readonly record: RecordSet;
  readonly as: "healthy" | "last resort";
  readonly drafts: readonly Draft[];
}

export interface GroupResult {
  readonly outcomes: Outcomes;
  readonly picks: readonly Pick[];
}

export const LAST_RESORT = "because nothing is healthy and Route 53 then treats all as healthy";

export function walkedIn(group: Group, record: RecordSet): RecordWalk {
  const walked = group.walked.get(record);
  return walked ?? { record, outcomes: { healthy: null, unhealthy: [] }, why: [], target: [], leadsTo: null };
}

export function outcomesIn(group: Group, record: RecordSet): Outcomes {
  return walkedIn(group, record).outcomes;
}

export function roleIn(group: Group, record: RecordSet): string {
  return group.roles.get(record) ?? nameOf(record);
}

export function nameOf({ setIdentifier, name }: RecordSet): string {
  return setIdentifier ?? name;
}
