// Laws of the evaluator over random zones: trees up to three deep, all policies, healths known and unknown.
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Answer, ANYONE, type AskerLocation, permits } from "../../../monitor/policy/answer.ts";
import { expectedAnswer, explainAnswer } from "../../../monitor/policy/evaluator.ts";
import type { GroupExplanation } from "../../../monitor/policy/explanation.ts";
import { ENDPOINT_DEFAULTS } from "../../../monitor/policy/health-check.ts";
import type { RecordSet, Zone } from "../../../monitor/policy/record-set.ts";
import { obviousAnswers, recordIsWell, subsetsOf, worlds } from "../../support/obvious-evaluator.ts";
import { diceOf, type RandomCase, randomCase, TOP } from "../../support/random-zone.ts";

/** The big batch runs in Node; workerd shows that the same code gives the same there. */
const RUNS = navigator.userAgent === "Cloudflare-Workers" ? 2000 : 100_000;
const LAW_RUNS = Math.min(RUNS, 2000);
const PATIENCE_MS = 180_000;

const SEED = fc.record({ seed: fc.nat(), size: fc.integer({ min: 1, max: 4 }) });
const QUESTION = { name: TOP, type: "A" } as const;

function answer({ zone, asker, view }: RandomCase): Answer {
  return expectedAnswer(zone, { ...QUESTION, asker }, view);
}

/** Every reply that the answer permits, in the obvious evaluator's words. */
function replies({ acceptable, mayBeEmpty, kind }: Answer): ReadonlySet<string> {
  const found = acceptable.flatMap((choice) => {
    const step = choice.path.map((id) => `${id}/`).join("");
    if (choice.alias !== null) return [`${step}@${choice.alias}`];
    if (choice.kind === "values") return [`${step}=${choice.values.join(",")}`];
    return subsetsOf(choice.values)
      .filter((subset) => permits(choice, subset))
      .map((subset) => `${step}=${subset.join(",")}`);
  });
  return new Set([...found, ...(mayBeEmpty || kind === "no-such-record" ? ["empty"] : [])]);
}

test(
  "the evaluator agrees with a slow and obvious second one that tries every outcome",
  { timeout: PATIENCE_MS },
  () => {
    fc.assert(
      fc.property(SEED, ({ seed, size }) => {
        const one = randomCase(seed, size);
        expect(inOrder(replies(answer(one)))).toBe(inOrder(obviousAnswers(one.zone, QUESTION, one.view, one.asker)));
      }),
      { numRuns: RUNS },
    );
  },
);

/** A case in which every health is known. */
function decided(seed: number, size: number): RandomCase {
  const one = randomCase(seed, size);
  const ids = [...one.zone.healthChecks.map((check) => check.id), ...Object.keys(one.view)];
  const dice = diceOf(seed + 1);
  const health = (): "healthy" | "unhealthy" => (dice(2) === 0 ? "healthy" : "unhealthy");
  const recordSets = one.zone.recordSets.map((record) => ({
    ...record,
    healthCheckId: record.healthCheckId === "deleted" ? null : record.healthCheckId,
  }));
  const view = Object.fromEntries(ids.filter((id) => id !== "sum").map((id) => [id, health()]));
  return { ...one, zone: { ...one.zone, recordSets }, view };
}

function groupsIn(group: GroupExplanation | null): readonly GroupExplanation[] {
  if (group === null) return [];
  return [group, ...group.candidates.flatMap((candidate) => groupsIn(candidate.leadsTo))];
}

test("no healthy record is passed over for an unhealthy one, and a group fails open exactly when nothing that fits is healthy", () => {
  fc.assert(
    fc.property(SEED, ({ seed, size }) => {
      const { zone, asker, view } = decided(seed, size);
      const [world = {}] = worlds(zone, view);
      for (const group of groupsIn(explainAnswer(zone, { ...QUESTION, asker }, view).group)) {
        const fitting = group.candidates.filter((one) => one.decision !== "does not fit the asker");
        const records = zone.recordSets.filter((record) => record.name === group.name);
        const isWell = (id: string | null): boolean =>
          records.some((record) => record.setIdentifier === id && recordIsWell(zone, world, record));
        const anyWell = fitting.some((one) => isWell(one.setIdentifier));
        if (group.policy === "simple") continue;
        expect(group.failOpen).toBe(anyWell || fitting.length === 0 ? "no" : "yes");
        for (const one of fitting) {
          if (one.decision.includes("though unhealthy")) expect(anyWell).toBe(false);
          if (one.decision === "answers" || one.decision === "may answer") expect(isWell(one.setIdentifier)).toBe(true);
        }
      }
    }),
    { numRuns: LAW_RUNS },
  );
});

/** Whether a group on the way down this path had nothing healthy; null: the explanation does not lead to its end. */
function failsOpenOn(group: GroupExplanation | null, path: readonly string[]): boolean | null {
  if (group === null) return path.length === 0 ? false : null;
  const open = group.policy !== "simple" && group.failOpen === "yes";
  if (open) return true;
  const joint = group.candidates.every(({ leadsTo }) => leadsTo === null);
  const [id = null, ...rest] = path;
  if (group.policy === "simple") return group.candidates.length === 1 ? below(group.candidates[0], path) : null;
  if (id === null) return joint ? false : null;
  return below(
    group.candidates.find(({ setIdentifier }) => setIdentifier === id),
    rest,
  );
}

function below(
  candidate: { readonly leadsTo: GroupExplanation | null } | undefined,
  path: readonly string[],
): boolean | null {
  return candidate === undefined ? null : failsOpenOn(candidate.leadsTo, path);
}

test("an answer says that it fails open exactly when a group on its way has nothing healthy that fits", () => {
  const somebody = {
    ...ANYONE,
    clientSubnet: "10.1.2.0/24",
    location: { continent: "NA", country: "US", subdivision: "CA" },
    coordinates: { latitude: 10, longitude: 20 },
  };
  let told = { open: 0, closed: 0 };
  fc.assert(
    fc.property(SEED, ({ seed, size }) => {
      const { zone, view } = decided(seed, size);
      const { answer: seen, group } = explainAnswer(zone, { ...QUESTION, asker: somebody }, view);
      for (const choice of seen.acceptable) {
        const want = failsOpenOn(group, choice.path);
        if (want === null) continue;
        expect(choice.failOpen).toBe(want);
        told = want ? { ...told, open: told.open + 1 } : { ...told, closed: told.closed + 1 };
      }
    }),
    { numRuns: LAW_RUNS },
  );
  expect(Math.min(told.open, told.closed)).toBeGreaterThan(LAW_RUNS / 20);
});

test("the order of records, checks and collections changes nothing", () => {
  fc.assert(
    fc.property(SEED, ({ seed, size }) => {
      const one = randomCase(seed, size);
      const { recordSets, healthChecks } = one.zone;
      const zone = { ...one.zone, recordSets: recordSets.toReversed(), healthChecks: healthChecks.toReversed() };
      expect(answer({ ...one, zone })).toEqual(answer(one));
    }),
    { numRuns: LAW_RUNS },
  );
});

test("weights count by their shares: the same factor for all changes nothing", () => {
  const scaled = (record: RecordSet, factor: number): RecordSet => {
    const { routing } = record;
    return routing.routing === "weighted"
      ? { ...record, routing: { ...routing, weight: routing.weight * factor } }
      : record;
  };
  fc.assert(
    fc.property(SEED, fc.integer({ min: 1, max: 9 }), ({ seed, size }, factor) => {
      const one = randomCase(seed, size);
      const zone = { ...one.zone, recordSets: one.zone.recordSets.map((record) => scaled(record, factor)) };
      expect(replies(answer({ ...one, zone }))).toEqual(replies(answer(one)));
    }),
    { numRuns: LAW_RUNS },
  );
});

test("an asker of whom nothing is known may get whatever anybody would get", () => {
  fc.assert(
    fc.property(SEED, ({ seed, size }) => {
      const one = randomCase(seed, size);
      const anyone = replies(answer({ ...one, asker: ANYONE }));
      for (const reply of replies(answer(one))) expect(anyone).toContain(reply);
    }),
    { numRuns: LAW_RUNS },
  );
});

test("without aliases, an asker of unknown place may get exactly what some place gets", () => {
  const places: readonly AskerLocation[] = ["NA", "EU", "AS"].flatMap((continent) =>
    ["US", "CN", "ZZ"].flatMap((country) => ["CA", "none"].map((subdivision) => ({ continent, country, subdivision }))),
  );
  const subnets = ["10.1.2.0/24", "10.1.0.0/24", "10.9.0.0/24", "192.0.2.0/24", "172.16.0.0/24", "203.0.113.0/24"];
  const policies = new Set(["geolocation", "ip-based"]);
  fc.assert(
    fc.property(SEED, ({ seed, size }) => {
      const one = randomCase(seed, size);
      fc.pre(policies.has(one.zone.recordSets[0]?.routing.routing ?? ""));
      const recordSets = one.zone.recordSets
        .filter((record) => record.name === TOP)
        .map((record): RecordSet => ({
          ...record,
          target: { kind: "values", values: [record.setIdentifier ?? ""], ttlSeconds: 60 },
        }));
      const flat = { ...one, zone: { ...one.zone, recordSets } };
      const somewhere = places.flatMap((location) =>
        subnets.flatMap((clientSubnet) => [
          ...replies(answer({ ...flat, asker: { ...ANYONE, location, clientSubnet } })),
        ]),
      );
      expect(replies(answer({ ...flat, asker: ANYONE }))).toEqual(new Set(somewhere));
    }),
    { numRuns: 300 },
  );
});

test("with more shared unknown checks than are tried one by one, no legal answer is missed, and the explanation says so", () => {
  const ids = Array.from({ length: 10 }, (_, index) => `c${index}`);
  const value = (name: string, id: string, setIdentifier: string): RecordSet => ({
    name,
    type: "A",
    setIdentifier,
    routing: { routing: "weighted", weight: 1 },
    target: { kind: "values", values: [`${name} ${id}`], ttlSeconds: 60 },
    healthCheckId: id,
  });
  const alias = (role: "PRIMARY" | "SECONDARY", name: string): RecordSet => ({
    ...value(TOP, "c0", role),
    routing: { routing: "failover", role },
    target: { kind: "alias", name, hostedZoneId: null, evaluateTargetHealth: true },
    healthCheckId: null,
  });
  const check = { ...ENDPOINT_DEFAULTS, type: "HTTPS", host: "a.example.com", port: 443, path: "/" } as const;
  const zone: Zone = {
    id: null,
    name: "example.com",
    recordSets: [
      alias("PRIMARY", "p.example.com"),
      alias("SECONDARY", "s.example.com"),
      ...ids.flatMap((id) => [value("p.example.com", id, id), value("s.example.com", id, id)]),
    ],
    healthChecks: ids.map((id) => ({ ...check, id, requestIntervalSeconds: 30, failureThreshold: 3 })),
    cidrCollections: [],
  };
  const wide = explainAnswer(zone, { ...QUESTION, asker: ANYONE }, {});
  const legal = obviousAnswers(zone, QUESTION, {}, ANYONE);
  expect(wide.exact).toBe(false);
  for (const reply of legal) expect(replies(wide.answer)).toContain(reply);
  // The same check for both sides: if the primary side is ill, so is the secondary one.
  const narrow = {
    ...zone,
    recordSets: zone.recordSets.filter((record) => ["c0", "c1", null].includes(record.healthCheckId)),
  };
  const exact = explainAnswer(narrow, { ...QUESTION, asker: ANYONE }, {});
  expect(exact.exact).toBe(true);
  expect(replies(exact.answer)).toEqual(obviousAnswers(narrow, QUESTION, {}, ANYONE));
  expect(exact.answer.acceptable.map((choice) => choice.path[0])).not.toContain("SECONDARY");
});

function inOrder(answers: ReadonlySet<string>): string {
  return [...answers].toSorted().join("  ");
}
