// What was decided about a group, told from the picks that were made: nothing is decided here.
import { MULTIVALUE_ANSWERS_MAX } from "./constants.ts";
import { healthOf } from "./draft.ts";
import type { CandidateExplanation, Decision, GroupExplanation } from "./explanation.ts";
import { type Group, outcomesIn, type Pick, roleIn, walkedIn } from "./group.ts";
import type { RecordSet } from "./record-set.ts";

export function explainGroup(group: Group, picks: readonly Pick[]): GroupExplanation {
  const { name, records, ranking } = group;
  const placed = ranking.walks.flatMap((walk) => walk.map(({ record }) => record));
  const ordered = [...new Set([...placed, ...records])];
  const fitting = new Set(placed);
  const made = {
    healthy: recordsPicked(picks, "healthy"),
    lastResort: recordsPicked(picks, "last resort"),
    all: new Set(picks.map((pick) => pick.record)),
  };
  const [well, open] = [made.healthy.size > 0, made.lastResort.size > 0];
  const outcomes = records.map((record) => outcomesIn(group, record));
  return {
    name,
    type: records[0]?.type ?? "A",
    policy: ranking.policy,
    health: outcomes.some((one) => one.unhealthy === null)
      ? "healthy"
      : outcomes.every((one) => one.healthy === null)
        ? "unhealthy"
        : "unknown",
    failOpen: ranking.policy === "simple" || !open ? "no" : well ? "possible" : "yes",
    note: ranking.note,
    candidates: ordered.map((record) => candidate(group, record, decide(group, record, made, fitting.has(record)))),
  };
}

function candidate(group: Group, record: RecordSet, decision: Decision): CandidateExplanation {
  const { why, target, leadsTo } = walkedIn(group, record);
  const health = healthOf(outcomesIn(group, record));
  return {
    setIdentifier: record.setIdentifier,
    role: roleIn(group, record),
    health,
    why,
    decision,
    target,
    leadsTo,
  };
}

interface Picked {
  readonly healthy: ReadonlySet<RecordSet>;
  readonly lastResort: ReadonlySet<RecordSet>;
  readonly all: ReadonlySet<RecordSet>;
}

function recordsPicked(picks: readonly Pick[], as: Pick["as"]): ReadonlySet<RecordSet> {
  return new Set(picks.filter((pick) => pick.as === as).map((pick) => pick.record));
}

function decide(group: Group, record: RecordSet, made: Picked, fits: boolean): Decision {
  const { policy } = group.ranking;
  const sure = policy === "simple" || made.all.size === 1 || answersTogether(group, record);
  if (made.healthy.has(record)) return sure ? "answers" : "may answer";
  if (made.lastResort.has(record) && policy === "simple") return "answers";
  if (made.lastResort.has(record)) return sure ? "answers though unhealthy" : "may answer though unhealthy";
  if (!fits) return "does not fit the asker";
  return outcomesIn(group, record).healthy === null ? "passed over as unhealthy" : "not needed";
}

/** Multivalue records do not exclude each other, as long as all of them fit into one answer. */
function answersTogether(group: Group, record: RecordSet): boolean {
  if (group.ranking.policy !== "multivalue" || group.records.length > MULTIVALUE_ANSWERS_MAX) return false;
  const healths = group.records.map((one) => healthOf(outcomesIn(group, one)));
  return healthOf(outcomesIn(group, record)) === "healthy" || healths.every((health) => health === "unhealthy");
}
