// The rule of Route 53 that does a harm, in one sentence with the record's name: found by going down the way to the answer, to
// the last place from which something alive could still have been reached.
import type { CandidateExplanation, Explanation, GroupExplanation } from "./explanation.ts";
import type { RecordSet } from "./record-set.ts";
import type { Leaf } from "./prove-tree.ts";

/** `leaf` was answered; `alive` are leaves that live. */
export function ruleBehind(explanation: Explanation, leaf: Leaf, alive: readonly Leaf[]): string {
  let { group } = explanation;
  for (const [depth, record] of leaf.route.entries()) {
    if (group === null) break;
    const candidate = candidateOf(group, record);
    const below = alive.filter((other) => isBehind(other, leaf, depth));
    if (candidate === null) break;
    if (below.length === 0) return ruleAt(group, candidate, leaf, depth, alive);
    if (isLastResort(candidate)) return `${heldUnhealthy(candidate)}, and nothing else that fits the asker is healthy`;
    group = candidate.leadsTo;
  }
  return explanation.answer.reason;
}

function candidateOf(group: GroupExplanation, record: RecordSet): CandidateExplanation | null {
  return group.candidates.find(({ setIdentifier }) => setIdentifier === record.setIdentifier) ?? null;
}

/** Does `other` share this leaf's way down to and with `depth`? */
function isBehind(other: Leaf, leaf: Leaf, depth: number): boolean {
  return leaf.route.slice(0, depth + 1).every((record, index) => other.route[index] === record);
}

function isLastResort({ decision }: CandidateExplanation): boolean {
  return decision.endsWith("though unhealthy");
}

function ruleAt(
  group: GroupExplanation,
  candidate: CandidateExplanation,
  leaf: Leaf,
  depth: number,
  alive: readonly Leaf[],
): string {
  if (!isLastResort(candidate)) return whyKept(candidate, leaf.route.slice(depth));
  const others = group.candidates.filter((other) => other !== candidate && leadsToLife(other, leaf, depth, alive));
  if (others.length === 0) return `nothing behind ${group.name} is healthy, and Route 53 then treats all as healthy`;
  const held = others.filter(({ decision }) => decision !== "does not fit the asker");
  if (held.length > 0) return held.map(heldUnhealthy).join(", ");
  return `no other record of ${group.name} fits the asker, so ${mark(candidate.setIdentifier ?? group.name)} answers though unhealthy`;
}

function leadsToLife(other: CandidateExplanation, leaf: Leaf, depth: number, alive: readonly Leaf[]): boolean {
  return alive.some(
    ({ route }) =>
      route[depth]?.setIdentifier === other.setIdentifier &&
      leaf.route.slice(0, depth).every((record, index) => route[index] === record),
  );
}

/** The first step of the way through which no health goes back up. */
function whyKept(candidate: CandidateExplanation, route: readonly RecordSet[]): string {
  const deaf = route.find(({ type, target }) =>
    target.kind === "alias" ? !target.evaluateTargetHealth : type === "CNAME",
  );
  if (deaf === undefined)
    return `${mark(candidate.setIdentifier ?? "the record")} counts as healthy: ${candidate.why.join(", ")}`;
  const name = mark(deaf.setIdentifier ?? deaf.name);
  return deaf.target.kind === "alias"
    ? `alias ${name} keeps its branch because target health is not evaluated`
    : `CNAME ${name} keeps its branch because no health comes back through a CNAME`;
}

function heldUnhealthy({ setIdentifier, role, why, leadsTo }: CandidateExplanation): string {
  const reasons = why.filter((reason) => !reason.startsWith("no health check"));
  return `${mark(setIdentifier ?? role)} is held unhealthy though ${leadsTo === null ? "it" : "something behind it"} lives: ${reasons.join(", ")}`;
}

function mark(name: string): string {
  return `\`${name}\``;
}
