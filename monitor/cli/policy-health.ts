// From the ids that a person gives with --down and --unknown to the keys of a health view: health checks, load balancers, and the
// records that either of them watches.
import { healthOfCheck, checksOf } from "../policy/check-health.ts";
import { type Health, type HealthView, initialHealth } from "../policy/health-check.ts";
import { compareText } from "../policy/name-lookup.ts";
import { unfoldTree } from "../policy/prove-tree.ts";
import { gateInputs, gatesOf, rawHealth, targetKey } from "../policy/prove-watch.ts";
import { normalName, type Zone } from "../policy/record-set.ts";
import { nearestWord } from "../topology/nearest.ts";
import { snapshotHealth } from "../verify/snapshot-health.ts";
import type { PolicySource } from "./policy-source.ts";
import type { Refusal } from "./refusal.ts";

export type HealthSource = "all healthy" | "new" | "snapshot";

export interface HealthWish {
  readonly down: readonly string[];
  readonly unknown: readonly string[];
  readonly from: HealthSource;
}

export interface HealthRead {
  /** Without --down. */
  readonly before: HealthView;
  readonly after: HealthView;
  /** Keys that --down made unhealthy. */
  readonly downKeys: readonly string[];
  /** Where the health is from; null: it was given. */
  readonly origin: string | null;
}

export function readHealth(source: PolicySource, wish: HealthWish): HealthRead | Refusal {
  const base = baseHealth(source, wish.from);
  if ("refusal" in base) return base;
  const down = keysOf(source, "--down", wish.down);
  const unknown = keysOf(source, "--unknown", wish.unknown);
  if ("refusal" in down) return down;
  if ("refusal" in unknown) return unknown;
  const before = { ...base.view, ...sameFor(unknown.keys, () => "unknown") };
  const after = { ...before, ...sameFor(down.keys, (key) => rawUnhealthy(source.zone, key)) };
  return { before, after, downKeys: down.keys, origin: base.origin };
}

function sameFor(keys: readonly string[], health: (key: string) => Health): HealthView {
  return Object.fromEntries(keys.map((key) => [key, health(key)]));
}

function rawUnhealthy(zone: Zone, key: string): Health {
  const check = zone.healthChecks.find(({ id }) => id === key);
  return check === undefined ? "unhealthy" : rawHealth(check, "unhealthy");
}

function baseHealth(source: PolicySource, from: HealthSource): { view: HealthView; origin: string | null } | Refusal {
  switch (from) {
    case "all healthy":
      return { view: allHealthy(source.zone), origin: null };
    case "new":
      return { view: allNew(source.zone), origin: "health of checks that were made just now, before any data" };
    case "snapshot":
      return fromSnapshot(source);
  }
}

/** Load balancers are not new with the checks. */
function allNew(zone: Zone): HealthView {
  const checks = zone.healthChecks.map((check): readonly [string, Health] => [check.id, initialHealth(check)]);
  return { ...allHealthy(zone), ...Object.fromEntries(checks) };
}

/** As they count, so an inverted check's raw health is unhealthy. Calculated checks are left to their children. */
function allHealthy(zone: Zone): HealthView {
  const checks = zone.healthChecks.flatMap((check): readonly [string, Health][] =>
    check.type === "CALCULATED" ? [] : [[check.id, rawHealth(check, "healthy")]],
  );
  return Object.fromEntries([...checks, ...targetNames(zone).map((name) => [targetKey(name), "healthy"] as const)]);
}

function targetNames(zone: Zone): readonly string[] {
  const gates = zone.recordSets.flatMap((record) => gatesOf(zone, record));
  return [...new Set(gates.flatMap((gate) => (gate.kind === "target" ? [gate.name] : [])))];
}

function fromSnapshot({ snapshot, zone }: PolicySource): { view: HealthView; origin: string } | Refusal {
  if (snapshot === null)
    return { refusal: "--health snapshot: expected a snapshot among the --zone files, found none" };
  const { view, fromCloudWatch, fromObservations, unknown } = snapshotHealth(snapshot, zone.healthChecks);
  const looks = `${fromObservations.length} from the checkers' latest looks by the 18 % rule, which may be ahead of Route 53`;
  const parts = [
    ...(fromCloudWatch.length > 0 ? [`${fromCloudWatch.length} from CloudWatch`] : []),
    ...(fromObservations.length > 0 ? [looks] : []),
    ...(unknown.length > 0 ? [`${unknown.length} unknown (${unknown.join(", ")})`] : []),
  ];
  return { view, origin: `health of ${snapshot.pulledAt}: ${parts.join("; ")}` };
}

function keysOf(source: PolicySource, flag: string, words: readonly string[]): { keys: readonly string[] } | Refusal {
  const keys: string[] = [];
  for (const word of words) {
    const found = keysOfWord(source, flag, word);
    if ("refusal" in found) return found;
    keys.push(...found.keys);
  }
  return { keys: [...new Set(keys)] };
}

function keysOfWord({ zone, kind }: PolicySource, flag: string, word: string): { keys: readonly string[] } | Refusal {
  const checks = checksOf(zone.healthChecks);
  const check = checks.get(word);
  if (check?.disabled === true) {
    const { health } = healthOfCheck(checks, word, {});
    return { refusal: `${flag}: health check ${word} is disabled, so it is ${health} whatever happens` };
  }
  if (check !== undefined) return { keys: [word] };
  const target = targetNames(zone).find((name) => name === normalName(word));
  if (target !== undefined) return { keys: [targetKey(target)] };
  const records = zone.recordSets.filter(({ setIdentifier }) => setIdentifier === word);
  const keys = records.flatMap((record) => watchedKeys(zone, record.name, word));
  if (keys.length > 0) return { keys };
  if (records.length > 0)
    return { refusal: `${flag}: record ${word} has no health check and no target health, so nobody sees it down` };
  return stranger(zone, kind, word);
}

/** What the record has itself; else what is watched behind it. */
function watchedKeys(zone: Zone, name: string, setIdentifier: string): readonly string[] {
  const checks = checksOf(zone.healthChecks);
  const own = zone.recordSets
    .filter((record) => record.name === name && record.setIdentifier === setIdentifier)
    .flatMap((record) => gatesOf(zone, record));
  const behind = (["A", "AAAA"] as const).flatMap((type) =>
    (unfoldTree(zone, name, type)?.leaves ?? [])
      .filter(({ route }) => route[0]?.setIdentifier === setIdentifier)
      .flatMap(({ watch }) => watch),
  );
  return (own.length > 0 ? own : behind).flatMap((gate) => gateInputs(checks, gate)).map(({ key }) => key);
}

const WORDS_TOLD_MAX = 8;

function stranger(zone: Zone, kind: PolicySource["kind"], word: string): Refusal {
  const ids = zone.healthChecks.map(({ id }) => id);
  const records = zone.recordSets.flatMap(({ setIdentifier }) => setIdentifier ?? []);
  const words = [...new Set([...ids, ...records, ...targetNames(zone)])].toSorted(compareText);
  const near = nearestWord(word, words);
  const hint = near === null ? "" : `, did you mean "${near}"?`;
  const told = [...words.slice(0, WORDS_TOLD_MAX), ...(words.length > WORDS_TOLD_MAX ? ["…"] : [])].join(", ");
  const what =
    kind === "topology" ? "a region of the topology" : "a health check, set identifier or load balancer of the zone";
  return { refusal: `expected ${what} (${told}), found "${word}"${hint}` };
}
