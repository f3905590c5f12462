// One look at a tree of records: some failures, some things that hold, the rest open. The evaluator says which leaves may be
// answered; here it is only set beside which leaves are dead. With nothing open both are exact; else never too few.
import type { Asker } from "./answer.ts";
import { explainAnswer } from "./evaluator.ts";
import type { Decision, GroupExplanation } from "./explanation.ts";
import type { Health, HealthView } from "./health-check.ts";
import type { Cube } from "./prove-search.ts";
import { leafKey, type ProofTree } from "./prove-tree.ts";
import { gatesHealth } from "./prove-watch.ts";

export interface Look {
  /** Keys of the leaves that may be answered. */
  readonly answered: ReadonlySet<string>;
  /** May a reply be without records? */
  readonly empty: boolean;
  /** A legal answer is one of the last resort. */
  readonly failsOpen: boolean;
  /** Names of groups, as unfolded, in which that may happen; never too few while something is open. */
  readonly mayFailOpen: ReadonlySet<string>;
  /** By key of a leaf. */
  readonly health: ReadonlyMap<string, Health>;
}

/** By name of an input; the raw health of inverted checks is turned round. */
export function viewOf(tree: ProofTree, { down, up }: Cube): HealthView {
  const failed = new Set(down);
  const holding = new Set(up);
  const entries = tree.inputs.flatMap(({ key, failed: raw }): readonly [string, Health][] => {
    if (failed.has(key)) return [[key, raw]];
    return holding.has(key) ? [[key, raw === "healthy" ? "unhealthy" : "healthy"]] : [];
  });
  return Object.fromEntries(entries);
}

export function lookAt(tree: ProofTree, asker: Asker, view: HealthView): Look {
  const places = Object.fromEntries(tree.places.map(({ id, gates }) => [id, gatesHealth(tree.checks, gates, view)]));
  const question = { name: tree.name, type: tree.type, asker };
  const { answer, group } = explainAnswer(tree.unfolded, question, places);
  return {
    answered: new Set(
      answer.acceptable.flatMap(({ values, alias }) => (alias === null ? values : [alias]).map(leafKey)),
    ),
    empty: answer.kind !== "answer" || answer.mayBeEmpty,
    failsOpen: answer.acceptable.some((choice) => choice.failOpen),
    mayFailOpen: new Set(openGroups(tree, group, "whatever its health")),
    health: new Map(tree.leaves.map(({ key, watch }) => [key, gatesHealth(tree.checks, watch, view)])),
  };
}

/** `healthy`: the group was chosen because something in it is healthy, so whatever of it is taken is healthy as well. */
type Chosen = "as healthy" | "whatever its health";

/** Groups on the way to an answer that may have nothing healthy, so that their records are taken all the same. */
function openGroups(tree: ProofTree, group: GroupExplanation | null, chosen: Chosen): readonly string[] {
  if (group === null) return [];
  // A record that does not fit this asker counts for the group's health all the same.
  const strangers =
    group.note !== null || group.candidates.some(({ decision }) => decision === "does not fit the asker");
  const open = group.failOpen !== "no" && (chosen === "whatever its health" || strangers);
  const below = group.candidates
    .filter(({ decision }) => decision.includes("answer"))
    .flatMap(({ setIdentifier, decision, leadsTo }) =>
      openGroups(tree, leadsTo, asChosenBy(tree, group.name, setIdentifier, decision)),
    );
  return open ? [group.name, ...below] : below;
}

function asChosenBy(tree: ProofTree, name: string, setIdentifier: string | null, decision: Decision): Chosen {
  const record = tree.unfolded.recordSets.find((one) => one.name === name && one.setIdentifier === setIdentifier);
  const looks = record?.target.kind === "alias" && record.target.evaluateTargetHealth;
  return looks && record.routing.routing !== "simple" && !decision.endsWith("though unhealthy")
    ? "as healthy"
    : "whatever its health";
}

/** Leaves that may be answered and are dead for sure, while others live for sure. Empty: nobody is stranded. */
export function strandedIn({ answered, health }: Look): readonly string[] {
  if (![...health.values()].includes("healthy")) return [];
  return [...answered].filter((key) => health.get(key) === "unhealthy");
}
