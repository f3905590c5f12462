// Multivalue records answer together, where those of all other policies exclude each other.
import { MULTIVALUE_ANSWERS_MAX } from "./constants.ts";
import { type Draft, subsetDraft } from "./draft.ts";
import { type Group, type GroupResult, LAST_RESORT, nameOf, outcomesIn, type Pick } from "./group.ts";
import { type RecordSet, valuesOf } from "./record-set.ts";

/** All healthy values up to eight; beyond, any eight of them (API: MultiValueAnswer). */
export function multivalueOutcomes(group: Group): GroupResult {
  const can = group.records.filter((record) => outcomesIn(group, record).healthy !== null);
  const sure = can.filter((record) => outcomesIn(group, record).unhealthy === null);
  const doubtful = can.filter((record) => !sure.includes(record)).map(nameOf);
  const state = doubtful.length === 0 ? "which are healthy" : `the health of ${doubtful.join(", ")} is unknown`;
  const well = can.length === 0 ? null : [{ ...together(can, sure, state), unknown: doubtful }];
  const ill = { ...together(group.records, group.records, LAST_RESORT), unknown: doubtful, failOpen: true };
  const open = sure.length > 0 ? null : [ill];
  const picks = [
    ...can.map((record): Pick => ({ record, as: "healthy", drafts: well ?? [] })),
    ...(open === null ? [] : group.records.map((record): Pick => ({ record, as: "last resort", drafts: open }))),
  ];
  return { outcomes: { healthy: well, unhealthy: open }, picks };
}

function together(records: readonly RecordSet[], sure: readonly RecordSet[], state: string): Draft {
  const ttls = records.map(({ target }) => (target.kind === "values" ? target.ttlSeconds : 0));
  const draft = subsetDraft(records.flatMap(valuesOf), sure.flatMap(valuesOf), Math.min(...ttls));
  const some = draft.values.length > MULTIVALUE_ANSWERS_MAX ? `${MULTIVALUE_ANSWERS_MAX} of ` : "";
  return { ...draft, reason: `${some}${records.map(nameOf).join(", ")}, ${state}` };
}
