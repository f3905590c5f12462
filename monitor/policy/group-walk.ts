// One group of records: who may answer while somebody in it is healthy, and who while nobody is (Developer Guide, "How
// Amazon Route 53 chooses records when health checking is configured").
import { distinctDrafts, type Draft, emptyDraft, healthOf } from "./draft.ts";
import { explainGroup } from "./group-explanation.ts";
import { type Group, type GroupResult, LAST_RESORT, nameOf, outcomesIn, type Pick, roleIn } from "./group.ts";
import { multivalueOutcomes } from "./multivalue.ts";
import { rankingOf, type Walk } from "./ranking.ts";
import type { RecordSet } from "./record-set.ts";
import { type GroupWalk, type Scene, walkRecord } from "./record-walk.ts";
import { rolesOf } from "./role.ts";

export function walkGroup(
  scene: Scene,
  name: string,
  records: readonly RecordSet[],
  trail: readonly string[],
): GroupWalk {
  const walked = new Map(records.map((record) => [record, walkRecord(scene, record, trail)]));
  const ranking = rankingOf(scene.zone, records, scene.asker);
  const group = { name, records, ranking, walked, roles: rolesOf(records) };
  const jointly = group.ranking.policy === "multivalue" && records.every((record) => record.target.kind === "values");
  const { outcomes, picks } = jointly ? multivalueOutcomes(group) : groupOutcomes(group);
  return { outcomes, explanation: explainGroup(group, picks) };
}

function groupOutcomes(group: Group): GroupResult {
  const healthy: Draft[] = [];
  const unhealthy: Draft[] = [];
  const picks: Pick[] = [];
  for (const walk of group.ranking.walks) {
    const members = new Set(walk.map(({ record }) => record));
    const others = group.records.filter((record) => !members.has(record)).map((record) => outcomesIn(group, record));
    const well = healthyPicks(group, walk);
    const open = lastResort(group, walk);
    // A record that does not fit this asker counts for the group's health all the same.
    const otherIsWell = open !== null && others.some((one) => one.healthy !== null);
    const allIll = open !== null && others.every((one) => one.unhealthy !== null);
    healthy.push(...well.flatMap((pick) => pick.drafts), ...(otherIsWell ? open.drafts : []));
    unhealthy.push(...(allIll ? open.drafts : []));
    picks.push(...well, ...(open?.picks ?? []));
  }
  const outcomes = {
    healthy: group.records.some((record) => outcomesIn(group, record).healthy !== null)
      ? distinctDrafts(healthy)
      : null,
    unhealthy: group.records.every((record) => outcomesIn(group, record).unhealthy !== null)
      ? distinctDrafts(unhealthy)
      : null,
  };
  return { outcomes, picks };
}

/** Each record that can be healthy while no record that is surely preferred is surely healthy. */
function healthyPicks(group: Group, walk: Walk): readonly Pick[] {
  const sure = walk.filter(({ record }) => outcomesIn(group, record).unhealthy === null);
  const bar = Math.min(Number.POSITIVE_INFINITY, ...sure.map(({ worst }) => worst));
  const ill = walk.filter(({ record }) => outcomesIn(group, record).healthy === null);
  const skippedBefore = new Map<number, string>();
  return walk.flatMap((ranked): readonly Pick[] => {
    const { healthy } = outcomesIn(group, ranked.record);
    if (healthy === null || bar < ranked.best) return [];
    const skipped = skippedBefore.get(ranked.best) ?? skippedWords(group, ill, ranked.best);
    skippedBefore.set(ranked.best, skipped);
    const reason = reasonFor(group, ranked.record, skipped);
    const drafts = healthy.map((draft) => through(group, ranked.record, draft, reason));
    return [{ record: ranked.record, as: "healthy", drafts }];
  });
}

/** Null: somebody on the walk is surely healthy. Nobody is: all are treated as healthy, and the preferred ones answer. */
function lastResort(group: Group, walk: Walk): { drafts: readonly Draft[]; picks: readonly Pick[] } | null {
  if (walk.some(({ record }) => outcomesIn(group, record).unhealthy === null)) return null;
  if (walk.length === 0) return { drafts: [emptyDraft(`no record of ${group.name} fits this asker`)], picks: [] };
  const bar = Math.min(...walk.map(({ worst }) => worst));
  const picks = walk
    .filter(({ best }) => best <= bar)
    .map(({ record }): Pick => {
      const only = group.ranking.policy === "simple";
      const reason = only ? ONLY_RECORD : `${roleIn(group, record)}, ${LAST_RESORT}`;
      const drafts = (outcomesIn(group, record).unhealthy ?? []).map((draft) => {
        const passed = through(group, record, draft, reason);
        return only ? passed : { ...passed, failOpen: true };
      });
      return { record, as: "last resort", drafts };
    });
  return { drafts: picks.flatMap((pick) => pick.drafts), picks };
}

const ONLY_RECORD = "the only record: simple routing answers whatever the health";

/** The answer of what lies behind a record, as an answer of its group. */
function through(group: Group, record: RecordSet, draft: Draft, reason: string): Draft {
  const id = record.setIdentifier;
  // Simple routing does not ask for health, so not knowing it leaves nothing open here.
  const doubtful = group.ranking.policy !== "simple" && healthOf(outcomesIn(group, record)) === "unknown";
  const behind = draft.reason === "" ? "" : `; ${draft.reason}`;
  return {
    ...draft,
    setIdentifier: id,
    path: id === null ? draft.path : [id, ...draft.path],
    unknown: doubtful ? [nameOf(record), ...draft.unknown] : draft.unknown,
    reason: `${reason}${behind}`,
  };
}

/** A reason names so many records that were passed over, and counts the rest. */
const SKIPPED_NAMED_MAX = 8;

function skippedWords(group: Group, ill: Walk, best: number): string {
  const skipped = ill.filter((other) => other.best <= best);
  const roles = skipped.slice(0, SKIPPED_NAMED_MAX).map((other) => roleIn(group, other.record));
  const more = skipped.length > roles.length ? ` and ${skipped.length - roles.length} more` : "";
  return skipped.length === 0 ? "" : ` (${roles.join(", ")}${more} unhealthy)`;
}

function reasonFor(group: Group, record: RecordSet, skipped: string): string {
  if (group.ranking.policy === "simple") return ONLY_RECORD;
  const state = healthOf(outcomesIn(group, record)) === "unknown" ? "whose health is unknown" : "which is healthy";
  const note = group.ranking.note === null ? "" : `, ${group.ranking.note}`;
  return `${roleIn(group, record)}, ${state}${skipped}${note}`;
}
