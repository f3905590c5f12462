// A second evaluator, slow and obvious: it tries every outcome of everything unknown, and for each picks by the sentences of
// the Route 53 documents, in a world where all is known. It shares no code with the first.
import type { Asker } from "../../monitor/policy/answer.ts";
import type { HealthCheck, HealthView } from "../../monitor/policy/health-check.ts";
import type { RecordSet, Routing, Zone } from "../../monitor/policy/record-set.ts";

/** What the tree of records could be told: true is healthy. */
type World = Readonly<Record<string, boolean>>;

interface Scene {
  readonly zone: Zone;
  readonly type: "A" | "AAAA";
  readonly asker: Asker;
  readonly world: World;
}

/** "path=values" for each reply that may come, "empty" for one without records, "path@name" for a name outside the zone. */
export function obviousAnswers(
  zone: Zone,
  question: { readonly name: string; readonly type: "A" | "AAAA" },
  health: HealthView,
  asker: Asker,
): ReadonlySet<string> {
  const answers = new Set<string>();
  for (const world of worlds(zone, health))
    for (const answer of ask({ zone, type: question.type, asker, world }, question.name, question.type))
      answers.add(answer);
  return answers;
}

/** Every key that somebody could name, each way that the view leaves open. */
export function worlds(zone: Zone, health: HealthView): readonly World[] {
  const keys = new Set(zone.healthChecks.filter((check) => check.type !== "CALCULATED").map((check) => check.id));
  for (const check of zone.healthChecks) if (check.type === "CALCULATED") for (const id of check.children) keys.add(id);
  for (const { healthCheckId, target } of zone.recordSets) {
    if (healthCheckId !== null && !zone.healthChecks.some((check) => check.id === healthCheckId))
      keys.add(healthCheckId);
    if (target.kind === "alias" && target.hostedZoneId === "ELB") keys.add(`target:${target.name}`);
  }
  let all: World[] = [{}];
  for (const key of keys) {
    const seen = health[key];
    const exists = key.startsWith("target:") || zone.healthChecks.some((check) => check.id === key);
    const outcomes = exists && seen === "healthy" ? [true] : exists && seen === "unhealthy" ? [false] : [true, false];
    all = all.flatMap((world) => outcomes.map((outcome) => ({ ...world, [key]: outcome })));
  }
  return all;
}

export function recordIsWell(zone: Zone, world: World, record: RecordSet): boolean {
  const { healthCheckId, target } = record;
  if (healthCheckId !== null && !checkIsWell(zone, world, healthCheckId)) return false;
  if (target.kind !== "alias" || !target.evaluateTargetHealth) return true;
  if (target.hostedZoneId === "ELB") return world[`target:${target.name}`] === true;
  const members = zone.recordSets.filter((one) => one.name === target.name && one.type === record.type);
  return members.some((member) => recordIsWell(zone, world, member));
}

function checkIsWell(zone: Zone, world: World, id: string): boolean {
  const check: HealthCheck | undefined = zone.healthChecks.find((one) => one.id === id);
  if (check === undefined) return world[id] === true;
  let well = world[id] === true;
  if (check.type === "CALCULATED") {
    let count = 0;
    for (const child of check.children) if (checkIsWell(zone, world, child)) count += 1;
    well = count >= check.healthThreshold;
  }
  if (check.disabled) well = true;
  return check.inverted ? !well : well;
}

function ask(scene: Scene, name: string, type: RecordSet["type"]): readonly string[] {
  const own = scene.zone.recordSets.filter((record) => record.name === name && record.type === type);
  const group =
    own.length > 0 ? own : scene.zone.recordSets.filter((record) => record.name === name && record.type === "CNAME");
  const [first] = group;
  if (first === undefined) return ["empty"];
  const well = (record: RecordSet): boolean => recordIsWell(scene.zone, scene.world, record);
  if (first.routing.routing === "multivalue") return multivalue(group, well);
  const fitting = group.filter((record) => fits(scene, record));
  if (fitting.length === 0) return ["empty"];
  const healthy = fitting.filter(well);
  const pool = healthy.length > 0 ? healthy : fitting;
  const best = pool.filter((record) => !pool.some((other) => isPreferred(scene, group, other, record)));
  return best.flatMap((record) => answersOf(scene, record));
}

function multivalue(group: readonly RecordSet[], well: (record: RecordSet) => boolean): readonly string[] {
  const healthy = group.filter(well);
  const values = (healthy.length > 0 ? healthy : group).flatMap(({ target }) =>
    target.kind === "values" ? [...target.values] : [],
  );
  return subsetsOf(values.toSorted())
    .filter((subset) => subset.length === Math.min(8, values.length))
    .map((subset) => `=${subset.join(",")}`);
}

/** Every non-empty selection, in order; for at most a dozen values. */
export function subsetsOf(values: readonly string[]): readonly (readonly string[])[] {
  const all = Array.from({ length: 2 ** values.length }, (_, mask) =>
    values.filter((__, bit) => (mask >> bit) % 2 === 1),
  );
  return all.filter((subset) => subset.length > 0);
}

function answersOf(scene: Scene, record: RecordSet): readonly string[] {
  const { target } = record;
  const step = record.setIdentifier === null ? "" : `${record.setIdentifier}/`;
  const behind = (answers: readonly string[]): readonly string[] =>
    answers.map((answer) => (answer === "empty" ? answer : `${step}${answer}`));
  if (target.kind === "alias")
    return target.hostedZoneId === "ELB" ? [`${step}@${target.name}`] : behind(ask(scene, target.name, record.type));
  if (record.type !== "CNAME") return [`${step}=${target.values.toSorted().join(",")}`];
  const [name = ""] = target.values;
  return name.endsWith(scene.zone.name) ? behind(ask(scene, name, scene.type)) : [`${step}@${name}`];
}

/** Can this record answer this asker at all, others aside? */
function fits({ zone, asker }: Scene, { routing }: RecordSet): boolean {
  if (routing.routing === "geolocation") return routing.country === "*" || geoDepth(routing, asker) > 0;
  if (routing.routing === "ip-based") return routing.location === "*" || blockLength(zone, routing, asker) >= 0;
  return true;
}

type Geolocation = Extract<Routing, { routing: "geolocation" }>;

/** 3 for the asker's own subdivision, 2 for its country, 1 for its continent, 0 for the rest. */
function geoDepth({ continent, country, subdivision }: Geolocation, { location }: Asker): number {
  if (location === null) return 0;
  if (country === location.country && subdivision !== null) return subdivision === location.subdivision ? 3 : 0;
  if (country === location.country) return 2;
  return country === null && continent === location.continent ? 1 : 0;
}

/** Length of the longest IPv4 block of the record's location that holds the asker's subnet; -1: none. */
function blockLength(zone: Zone, routing: Extract<Routing, { routing: "ip-based" }>, asker: Asker): number {
  const collection = zone.cidrCollections.find((one) => one.id === routing.collectionId);
  const blocks = collection?.locations.find((one) => one.name === routing.location)?.blocks ?? [];
  const lengths = blocks
    .filter((block) => holds(block, asker.clientSubnet ?? "0.0.0.0/0"))
    .map((block) => Number(block.split("/")[1]));
  return Math.max(-1, ...lengths);
}

function holds(block: string, subnet: string): boolean {
  const wide = bitsOf(block);
  const narrow = bitsOf(subnet);
  return narrow.startsWith(wide);
}

/** The bits of an IPv4 network, as text. */
function bitsOf(cidr: string): string {
  const [address = "", length = "0"] = cidr.split("/");
  const bits = address.split(".").map((part) => Number(part).toString(2).padStart(8, "0"));
  return bits.join("").slice(0, Number(length));
}

/** Would Route 53 surely take `a` before `b`, if both could be taken? */
function isPreferred(scene: Scene, group: readonly RecordSet[], a: RecordSet, b: RecordSet): boolean {
  const [one, other] = [a.routing, b.routing];
  const { asker, zone } = scene;
  if (one.routing === "failover" && other.routing === "failover")
    return one.role === "PRIMARY" && other.role === "SECONDARY";
  if (one.routing === "weighted" && other.routing === "weighted") return one.weight > 0 && other.weight === 0;
  if (one.routing === "latency" && other.routing === "latency")
    return isFaster(asker, group, one.awsRegion, other.awsRegion);
  if (one.routing === "geolocation" && other.routing === "geolocation")
    return geoDepth(one, asker) > geoDepth(other, asker);
  if (one.routing === "ip-based" && other.routing === "ip-based")
    return blockLength(zone, one, asker) > blockLength(zone, other, asker);
  if (one.routing === "geoproximity" && other.routing === "geoproximity") return isNearer(asker, one, other);
  return false;
}

function isFaster(asker: Asker, group: readonly RecordSet[], one: string, other: string): boolean {
  if (asker.location?.country === "CN" && (one === "cn-north-1" || other === "cn-north-1"))
    return one === "cn-north-1" && other !== one;
  const known = group.every(
    ({ routing }) => routing.routing === "latency" && asker.latencyOrder.includes(routing.awsRegion),
  );
  return known && asker.latencyOrder.indexOf(one) < asker.latencyOrder.indexOf(other);
}

type Geoproximity = Extract<Routing, { routing: "geoproximity" }>;

/** Nearer even when each distance is off by 100 km. Coordinates only: where AWS regions are is a table of its own. */
function isNearer(asker: Asker, one: Geoproximity, other: Geoproximity): boolean {
  if (asker.coordinates === null) return false;
  return countedKm(asker.coordinates, one, 100) < countedKm(asker.coordinates, other, -100);
}

function countedKm(
  from: { latitude: number; longitude: number },
  { location, bias }: Geoproximity,
  error: number,
): number {
  if (location.kind !== "coordinates") return error > 0 ? Number.POSITIVE_INFINITY : 0;
  const rad = Math.PI / 180;
  const cosine =
    Math.sin(from.latitude * rad) * Math.sin(location.latitude * rad) +
    Math.cos(from.latitude * rad) *
      Math.cos(location.latitude * rad) *
      Math.cos((location.longitude - from.longitude) * rad);
  const km = Math.max(0, 6371 * Math.acos(Math.max(-1, Math.min(1, cosine))) + error);
  return bias > 0 ? km * (1 - bias / 100) : km / (1 + bias / 100);
}
