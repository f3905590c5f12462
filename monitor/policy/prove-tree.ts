// The tree of records behind a name, unfolded: every way down to an answer is a leaf of its own, with the health checks that
// can tell that it is dead. The unfolded zone has one check a place and the leaf's key as its value, so that what the evaluator
// answers names the leaf, and a check that stands in several places costs it nothing.
import { type Checks, checksOf } from "./check-health.ts";
import { DESCENT_MAX } from "./constants.ts";
import type { HealthCheck } from "./health-check.ts";
import { askedGroup, groupAt, isWithin, staysInZone } from "./name-lookup.ts";
import { type AddressType, normalName, type RecordSet, type Zone } from "./record-set.ts";
import { type Gate, gateInputs, gatesOf, type Input, whyBlindGate } from "./prove-watch.ts";

/** One way down to an answer. */
export interface Leaf {
  readonly key: string;
  /** Record sets from the question's name down. */
  readonly route: readonly RecordSet[];
  /** "eu/c": the set identifiers of the route; its name where it has none. */
  readonly label: string;
  /** All of them healthy: alive. Empty: nobody can see it dead. */
  readonly watch: readonly Gate[];
  /** Why nobody can see it dead; null: somebody can. */
  readonly blind: string | null;
}

/** A record set in one place of the unfolded tree. */
interface PlaceGates {
  readonly id: string;
  readonly gates: readonly Gate[];
}

export interface ProofTree {
  readonly zone: Zone;
  readonly checks: Checks;
  readonly name: string;
  readonly type: AddressType;
  /** Answers at `name` as `zone` does, with keys of leaves for values. */
  readonly unfolded: Zone;
  readonly leaves: readonly Leaf[];
  readonly places: readonly PlaceGates[];
  /** Everything whose health decides, in the order of the tree. */
  readonly inputs: readonly Input[];
  /** True: a ring of aliases, a tree that is too deep, or more leaves than are followed; then nothing is proven. */
  readonly cut: boolean;
}

/** Ways down that are followed. */
export const LEAVES_MAX = 512;

interface Build {
  readonly zone: Zone;
  readonly checks: Checks;
  readonly type: AddressType;
  readonly records: RecordSet[];
  readonly leaves: Leaf[];
  readonly places: PlaceGates[];
  names: number;
  cut: boolean;
}

/** Null: the zone has no such record. */
export function unfoldTree(zone: Zone, name: string, type: AddressType): ProofTree | null {
  const asked = normalName(name);
  const group = askedGroup(zone, asked, type);
  if (group === null) return null;
  const checks = checksOf(zone.healthChecks);
  const build: Build = { zone, checks, type, records: [], leaves: [], places: [], names: 0, cut: false };
  copyGroup(build, group, asked, [], [stepOf(group, asked)]);
  const inputs = new Map(
    build.places.flatMap(({ gates }) => gates.flatMap((gate) => gateInputs(checks, gate))).map((one) => [one.key, one]),
  );
  const unfolded = { ...zone, id: null, recordSets: build.records, healthChecks: build.places.map(placeCheck) };
  const { leaves, places, cut } = build;
  return { zone, checks, name: asked, type, unfolded, leaves, places, inputs: [...inputs.values()], cut };
}

function placeCheck({ id }: PlaceGates): HealthCheck {
  return { id, type: "RECOVERY_CONTROL", routingControlArn: "", disabled: false, inverted: false };
}

function stepOf(group: readonly RecordSet[], name: string): string {
  return `${group[0]?.name ?? name} ${group[0]?.type ?? ""}`;
}

function copyGroup(
  build: Build,
  group: readonly RecordSet[],
  name: string,
  above: readonly RecordSet[],
  trail: readonly string[],
): void {
  for (const record of group) {
    const route = [...above, record];
    const gates = gatesOf(build.zone, record);
    const id = `p${build.places.length}`;
    if (gates.length > 0) build.places.push({ id, gates });
    const copy = { ...record, name, healthCheckId: gates.length > 0 ? id : null };
    const next = nextGroup(build, record);
    if (next === null) build.records.push({ ...copy, target: leafTarget(build, record, route) });
    else follow(build, copy, next, route, trail);
  }
}

interface NextGroup {
  readonly group: readonly RecordSet[];
}

/** Null: the answer is here, or outside the zone. */
function nextGroup({ zone, type }: Build, { target, type: own }: RecordSet): NextGroup | null {
  if (target.kind === "alias") return staysInZone(zone, target) ? { group: groupAt(zone, target.name, own) } : null;
  const name = normalName(target.values[0] ?? "");
  if (own !== "CNAME" || !isWithin(name, zone.name)) return null;
  return { group: askedGroup(zone, name, type) ?? [] };
}

/** A name of its own for the group behind, so that each place has its own copy; nothing there is left dangling. */
function follow(
  build: Build,
  copy: RecordSet,
  { group }: NextGroup,
  route: readonly RecordSet[],
  trail: readonly string[],
): void {
  build.names += 1;
  const name = `g${build.names}.${build.zone.name}`;
  build.records.push({ ...copy, target: renamed(copy, name) });
  const step = stepOf(group, name);
  const isCut = trail.includes(step) || trail.length > DESCENT_MAX || build.leaves.length >= LEAVES_MAX;
  if (isCut) build.cut = true;
  else copyGroup(build, group, name, route, [...trail, step]);
}

function renamed({ target }: RecordSet, name: string): RecordSet["target"] {
  return target.kind === "alias" ? { ...target, name, hostedZoneId: null } : { ...target, values: [name] };
}

function leafTarget(build: Build, record: RecordSet, route: readonly RecordSet[]): RecordSet["target"] {
  const key = `leaf${build.leaves.length}`;
  const ids = route.flatMap((one) => one.setIdentifier ?? []);
  build.leaves.push({ key, route, label: ids.length > 0 ? ids.join("/") : record.name, ...watchOf(build, route) });
  // A CNAME must lead outside here, or the evaluator would look for it.
  return { kind: "values", values: [record.type === "CNAME" ? `${key}.${OUTSIDE}` : key], ttlSeconds: 0 };
}

const OUTSIDE = "outside";

/** The key of the leaf that a value or a name outside stands for. */
export function leafKey(valueOrName: string): string {
  return valueOrName.replace(/\.outside$/, "");
}

/** The checks nearest to the leaf: its own, else those of the alias above it. */
function watchOf({ zone, checks }: Build, route: readonly RecordSet[]): Pick<Leaf, "watch" | "blind"> {
  const upward = route.toReversed().map((record) => gatesOf(zone, record));
  for (const gates of upward) {
    const watch = gates.filter((gate) => whyBlindGate(checks, gate) === null);
    if (watch.length > 0) return { watch, blind: null };
  }
  const [reason = "no health check"] = upward.flat().flatMap((gate) => whyBlindGate(checks, gate) ?? []);
  return { watch: [], blind: reason };
}

/** Of the unfolded tree, the top first. */
export function groupNames({ unfolded }: ProofTree): readonly string[] {
  return [...new Set(unfolded.recordSets.map((record) => record.name))];
}
