// The committed drills: each fits the local world and a real topology, and comes out as its own script says when all goes
// by the rules. Their JSON Schema sees what the parser sees, as far as a JSON Schema can tell.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { DESCRIPTIONS, drillJsonSchema } from "../monitor/drill/json-schema.ts";
import { simulateDrill } from "../monitor/drill/simulate.ts";
import { TIMED_FIGURES } from "../monitor/drill/simulation.ts";
import { drillProblems, editedDrill, extendedDrill, planOf, SMALLEST_DRILL } from "./support/drill-text.ts";
import { describedFields } from "./support/described-fields.ts";
import { LOCAL, REAL, SHIPPED, shippedPlan, shippedScript, shippedText } from "./support/shipped-drills.ts";

const valid = new Ajv2020().compile(drillJsonSchema());
const TRIALS = { trials: 20, seed: 7 };

test("the ones that the README promises are there", () => {
  expect(SHIPPED).toEqual([
    "both-down",
    "brown-out",
    "certificate-expiry",
    "dns-stuck",
    "evacuation",
    "flapping",
    "partial-outage",
    "primary-outage",
    "standby-outage",
  ]);
});

describe.each(SHIPPED)("%s", (name) => {
  test("is named after its file, and names its schema for editors", () => {
    expect(shippedScript(name).id).toBe(name);
    expect(shippedText(name).split("\n")[0]).toBe("# yaml-language-server: $schema=./drill.schema.json");
    expect(valid(parse(shippedText(name)))).toBe(true);
  });

  test.each([
    { where: "the local world", topology: LOCAL },
    { where: "a real topology", topology: REAL },
  ])("passes every trial in $where", ({ topology }) => {
    const { outcomes } = simulateDrill(shippedPlan(name, topology), topology, TRIALS);
    expect(outcomes).toEqual({ passed: TRIALS.trials, inconclusive: 0, failed: 0, aborted: 0 });
  });
});

test("the same simulation gives the same intervals, another seed others", () => {
  const plan = shippedPlan("primary-outage", LOCAL);
  const once = simulateDrill(plan, LOCAL, { trials: 5, seed: 1 });
  expect(simulateDrill(plan, LOCAL, { trials: 5, seed: 1 })).toEqual(once);
  expect(simulateDrill(plan, LOCAL, { trials: 5, seed: 2 }).figures).not.toEqual(once.figures);
});

test("the primary's outage brings every figure, in an order that cannot be otherwise", () => {
  const { figures, lostShare } = simulateDrill(shippedPlan("primary-outage", LOCAL), LOCAL, TRIALS);
  expect(TIMED_FIGURES.map((name) => figures[name].times)).toEqual(TIMED_FIGURES.map(() => TRIALS.trials));
  for (const { interval } of Object.values(figures)) {
    const { min = NaN, p50 = NaN, p95 = NaN, max = NaN } = interval ?? {};
    expect([min, p50, p95, max]).toEqual([min, p50, p95, max].toSorted((a, b) => a - b));
  }
  const p50 = (name: (typeof TIMED_FIGURES)[number]): number => figures[name].interval?.p50 ?? NaN;
  expect(p50("detection")).toBeLessThan(p50("failover"));
  expect(p50("failover")).toBeLessThan(p50("recovery"));
  // 18 % of checkers are enough to come back, and 82 % needed to leave: Route 53 fails back faster than over.
  expect(p50("failback")).toBeLessThan(p50("failover"));
  expect(lostShare?.p50).toBeGreaterThan(0.3);
});

test("the drill that the guide shows is one", () => {
  const guide = readFileSync(join(import.meta.dirname, "../docs/drills.md"), "utf8");
  const [, text = ""] = /```yaml\n(.*?)```/s.exec(guide) ?? [];
  expect(drillProblems(text)).toEqual([]);
  expect(valid(parse(text))).toBe(true);
  const { outcomes } = simulateDrill(planOf(text, LOCAL), LOCAL, { trials: 3, seed: 1 });
  expect(outcomes.passed).toBe(3);
});

describe("the JSON Schema", () => {
  test.each([
    { name: "an unknown key", text: extendedDrill("colour: red") },
    { name: "a missing key", text: editedDrill(["id: gone\n", ""]) },
    { name: "an unknown lever", text: editedDrill(["lever: gate", "lever: axe"]) },
    { name: "an unknown fault", text: editedDrill(["fault: refuse", "fault: open"]) },
    { name: "a number out of range", text: extendedDrill("faultSeconds: 0") },
    { name: "a word that is not policy", text: extendedDrill("faultSeconds: soon") },
    { name: "no faults", text: editedDrill(["\n    - { lever: gate, region: primary, fault: refuse }", " []"]) },
  ])("refuses $name, as the parser does", ({ text }) => {
    expect(valid(parse(text))).toBe(false);
    expect(drillProblems(text)).not.toEqual([]);
  });

  test("accepts the smallest drill, as the parser does", () => {
    expect(valid(parse(SMALLEST_DRILL))).toBe(true);
    expect(drillProblems(SMALLEST_DRILL)).toEqual([]);
  });

  test("describes each field that has a description under its own name", () => {
    const described = Object.entries(DESCRIPTIONS).map(([field, words]) => `${field}: ${words}`);
    expect(describedFields(drillJsonSchema())).toEqual(new Set(described));
  });
});
