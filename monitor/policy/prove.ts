// Does a zone keep its promises in every state of health, for every class of asker? Three promises are searched by the evaluator
// alone, over all states where that can be done; what breaks one is told as the smallest sets of failures, with the rule behind.
import type { Asker } from "./answer.ts";
import { expectedAnswer, explainAnswer } from "./evaluator.ts";
import { type AskerClass, askersOf } from "./prove-askers.ts";
import { ruleBehind } from "./prove-cause.ts";
import { GOALS, type Goal, harmsOf, isHarm, keysOf, SEARCHED, type Searched } from "./prove-harms.ts";
import { countStates, type Cube, type Cuts, minimalOnly, searchCuts, statesUpTo } from "./prove-search.ts";
import { type Look, lookAt, strandedIn, viewOf } from "./prove-state.ts";
import { type ProofTree, unfoldTree } from "./prove-tree.ts";
import type { AddressType, Zone } from "./record-set.ts";

export const PROPERTIES = [...SEARCHED, "every-leaf-is-watched"] as const;
export type Property = (typeof PROPERTIES)[number];

export interface Cut {
  /** Health checks and load balancers; without any one of them the harm is not done. Empty: it is done with all healthy. */
  readonly down: readonly string[];
  /** Words of the classes of asker. */
  readonly askers: readonly string[];
  /** Labels of the leaves that are answered. */
  readonly answered: readonly string[];
  readonly rule: string;
}

export interface PropertyProof {
  readonly property: Searched;
  /** `not-disproven`: no breach among the states that were looked at. */
  readonly verdict: "proven" | "failed" | "not-disproven";
  /** The fewest failures first. */
  readonly cuts: readonly Cut[];
}

export interface Proof {
  readonly name: string;
  readonly type: AddressType;
  /** What may fail, with the labels of the leaves that it tells of. */
  readonly inputs: readonly { readonly name: string; readonly leaves: readonly string[] }[];
  /** `failuresMax` null: every state. */
  readonly states: { readonly count: number; readonly failuresMax: number | null };
  readonly askers: readonly string[];
  /** False: the askers are more than their combinations that were tried, so a cut may be nobody's. */
  readonly askersCombined: boolean;
  /** True: a ring of aliases or a tree beyond the bounds, of which only a part was looked at. */
  readonly treeCut: boolean;
  readonly properties: readonly PropertyProof[];
  /** When Route 53 treats all as healthy, breach or not. */
  readonly failsOpen: readonly Cut[];
  readonly leaves: readonly string[];
  /** Leaves that nobody can see dead. */
  readonly blind: readonly { readonly leaf: string; readonly why: string }[];
}

/** The search may ask the evaluator so often, all askers together, before states are counted out one by one. */
export const SEARCH_LOOKS_MAX = 30_000;
/** Up to so many health checks all states are counted out, whatever it takes: 65,536 for each asker. */
export const EXHAUSTIVE_INPUTS_MAX = 16;
/** Beyond, so many states, all askers together: those with the fewest failures. */
export const BOUNDED_LOOKS_MAX = 20_000;

/** Null: the zone has no such record. After `looksMax` looks the search is given up for counting states out. */
export function proveZone(zone: Zone, name: string, type: AddressType, looksMax = SEARCH_LOOKS_MAX): Proof | null {
  const tree = unfoldTree(zone, name, type);
  if (tree === null) return null;
  const { classes, combined } = askersOf(tree);
  const [first] = classes;
  if (first === undefined) return null;
  if (expectedAnswer(zone, { name, type, asker: first.asker }, {}).kind === "no-such-record") return null;
  const budget = { looks: 0, max: looksMax };
  const searched = classes.map((one) => searchAsker(tree, one, budget)).filter((one) => one !== null);
  const whole = searched.length === classes.length;
  const failuresMax = whole ? tree.inputs.length : affordableFailures(tree.inputs.length, classes.length);
  const found = whole ? searched : classes.map((one) => countOut(tree, one, failuresMax));
  return report(tree, classes, combined, failuresMax, found);
}

interface Budget {
  looks: number;
  readonly max: number;
}

type Found = Readonly<Record<Goal, readonly (readonly string[])[]>>;

/** Looks are remembered, because the goals and the leaves ask the same. */
function rememberingLooks(tree: ProofTree, asker: Asker, budget: Budget): (cube: Cube) => Look {
  const seen = new Map<string, Look>();
  return ({ down, up }) => {
    const failed = new Set(down);
    const holding = new Set(up);
    const key = tree.inputs.map(({ key: one }) => (failed.has(one) ? "d" : holding.has(one) ? "u" : "?")).join("");
    const known = seen.get(key);
    if (known !== undefined) return known;
    budget.looks += 1;
    const look = lookAt(tree, asker, viewOf(tree, { down, up }));
    seen.set(key, look);
    return look;
  };
}

/** Null: given up. */
function searchAsker(tree: ProofTree, { asker }: AskerClass, budget: Budget): Found | null {
  const keys = tree.inputs.map(({ key }) => key);
  const look = rememberingLooks(tree, asker, budget);
  const spend = (): boolean => budget.looks <= budget.max;
  const found = GOALS.map((goal): readonly [Goal, Cuts, boolean] => {
    const cuts: Cuts = [];
    const whole = harmsOf(goal, tree, look).every((harm) => searchCuts(harm, cuts, spend));
    return [goal, cuts, whole];
  });
  if (found.some(([, , whole]) => !whole)) return null;
  return byGoal((goal) => minimalOnly(found.find(([one]) => one === goal)?.[1] ?? [], keys));
}

function byGoal<T>(make: (goal: Goal) => T): Readonly<Record<Goal, T>> {
  return {
    "no-stranding": make("no-stranding"),
    "always-answers": make("always-answers"),
    "fail-open-only-when-all-down": make("fail-open-only-when-all-down"),
    "fails-open": make("fails-open"),
  };
}

function affordableFailures(inputs: number, askers: number): number {
  if (inputs <= EXHAUSTIVE_INPUTS_MAX) return inputs;
  let most = 0;
  while (most < inputs && countStates(inputs, most + 1) * askers <= BOUNDED_LOOKS_MAX) most += 1;
  return most;
}

/** State by state, the fewest failures first, so that what contains a cut found before is no minimal one. */
function countOut(tree: ProofTree, { asker }: AskerClass, failuresMax: number): Found {
  const keys = tree.inputs.map(({ key }) => key);
  const cuts = byGoal((): Cuts => []);
  for (const down of statesUpTo(keys, failuresMax)) {
    const failed = new Set(down);
    const look = lookAt(tree, asker, viewOf(tree, { down, up: keys.filter((key) => !failed.has(key)) }));
    for (const goal of GOALS)
      if (isHarm(goal, look) && !cuts[goal].some((cut) => cut.every((key) => failed.has(key)))) cuts[goal].push(down);
  }
  return cuts;
}

function report(
  tree: ProofTree,
  classes: readonly AskerClass[],
  askersCombined: boolean,
  failuresMax: number,
  found: readonly Found[],
): Proof {
  const { length } = tree.inputs;
  const isBounded = failuresMax < length;
  const cutsOf = (goal: Goal): readonly Cut[] =>
    merged(classes.flatMap((one, index) => (found[index]?.[goal] ?? []).map((down) => cutOf(tree, one, goal, down))));
  const proof = (property: Searched): PropertyProof => {
    const cuts = cutsOf(property);
    const open = isBounded || tree.cut;
    return { property, verdict: cuts.length > 0 ? "failed" : open ? "not-disproven" : "proven", cuts };
  };
  return {
    name: tree.name,
    type: tree.type,
    inputs: tree.inputs.map(({ key, name }) => ({
      name,
      leaves: tree.leaves.filter((leaf) => keysOf(tree, leaf).includes(key)).map(({ label }) => label),
    })),
    states: isBounded
      ? { count: countStates(length, failuresMax), failuresMax }
      : { count: 2 ** length, failuresMax: null },
    askers: classes.map(({ words }) => words),
    askersCombined,
    treeCut: tree.cut,
    properties: SEARCHED.map(proof),
    failsOpen: cutsOf("fails-open"),
    leaves: tree.leaves.map(({ label }) => label),
    blind: tree.leaves.flatMap(({ label, blind }) => (blind === null ? [] : [{ leaf: label, why: blind }])),
  };
}

function cutOf(tree: ProofTree, { words, asker }: AskerClass, goal: Goal, down: readonly string[]): Cut {
  const failed = new Set(down);
  const up = tree.inputs.map(({ key }) => key).filter((key) => !failed.has(key));
  const view = viewOf(tree, { down, up });
  const look = lookAt(tree, asker, view);
  const explanation = explainAnswer(tree.zone, { name: tree.name, type: tree.type, asker }, view);
  const stranded = new Set(strandedIn(look));
  const answered = tree.leaves.filter(({ key }) => (goal === "no-stranding" ? stranded : look.answered).has(key));
  const alive = tree.leaves.filter(({ key }) => look.health.get(key) === "healthy");
  const rules = answered.map((leaf) => ruleBehind(explanation, leaf, alive));
  const told = goal === "always-answers" ? [explanation.answer.reason] : [...new Set(rules)];
  return {
    down: tree.inputs.filter(({ key }) => failed.has(key)).map(({ name }) => name),
    askers: [words],
    answered: goal === "always-answers" ? [] : [...new Set(answered.map(({ label }) => label))],
    rule: told.join("; "),
  };
}

/** The same cut of several classes of asker is told once. */
function merged(cuts: readonly Cut[]): readonly Cut[] {
  const found = new Map<string, Cut>();
  for (const cut of cuts) {
    const key = JSON.stringify([cut.down, cut.answered, cut.rule]);
    const before = found.get(key);
    found.set(key, before === undefined ? cut : { ...before, askers: [...new Set([...before.askers, ...cut.askers])] });
  }
  return [...found.values()].toSorted((a, b) => a.down.length - b.down.length);
}
