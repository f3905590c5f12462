import { describe, expect, test } from "vitest";
import { RULES } from "../../../monitor/lint/registry.ts";
import { CONFIG_CASES } from "./config-cases.ts";
import { edited, lint, MANIFESTS, markedLines, TOPOLOGY } from "./manifests.ts";
import { MEMBER_CASES } from "./member-cases.ts";
import { OBJECT_CASES } from "./object-cases.ts";
import { OVERRIDE_CASES } from "./override-cases.ts";
import { PLACEMENT_CASES } from "./placement-cases.ts";
import { QUOTA_CASES } from "./quota-cases.ts";
import { RETAINED_CASES } from "./retained-cases.ts";
import type { RuleCase } from "./rule-case.ts";
import { TOPOLOGY_CASES } from "./topology-cases.ts";
import { VALUE_CASES } from "./value-cases.ts";
import { ZONE_CASES } from "./zone-cases.ts";
import { SPLIT_DNS } from "./zone-other-cases.ts";

const CASES: readonly RuleCase[] = [
  PLACEMENT_CASES,
  OVERRIDE_CASES,
  OBJECT_CASES,
  MEMBER_CASES,
  CONFIG_CASES,
  VALUE_CASES,
  QUOTA_CASES,
  RETAINED_CASES,
  TOPOLOGY_CASES,
].flat();

function topologyOf(edits: RuleCase["badTopology"]): string | null {
  return edits === null ? null : edited(TOPOLOGY, edits ?? []);
}

function linesOf(rule: string, manifests: string, topology: string | null): readonly string[] {
  return lint(manifests, topology)
    .filter(({ id }) => id === rule)
    .map(({ place }) => `${place.file}:${place.line}`);
}

test("manifests without a fault have no findings, with a topology and without", () => {
  expect(lint(MANIFESTS)).toEqual([]);
  expect(lint(MANIFESTS, null)).toEqual([]);
});

describe("each rule speaks where it is broken", () => {
  test.each(CASES)("$rule", ({ rule, bad, badTopology, says }) => {
    const manifests = edited(MANIFESTS, bad);
    const topology = topologyOf(badTopology);
    const marked = markedLines({ "topology.yaml": topology ?? "", "manifests.yaml": manifests });
    expect(marked.length).toBeGreaterThan(0);
    expect(linesOf(rule, manifests, topology)).toEqual(marked);
    const messages = lint(manifests, topology).filter(({ id }) => id === rule);
    expect(messages.map(({ message }) => message).join("\n")).toContain(says ?? "");
  });
});

describe("each rule is silent beside it", () => {
  test.each(CASES)("$rule", ({ rule, good, goodTopology }) => {
    expect(linesOf(rule, edited(MANIFESTS, good), topologyOf(goodTopology))).toEqual([]);
  });
});

describe("the registry", () => {
  test("has a case for every rule, and a rule for every case", () => {
    const cased = new Set([...CASES, ...ZONE_CASES, SPLIT_DNS].map(({ rule }) => rule));
    expect(RULES.map(({ id }) => id).filter((id) => !cased.has(id))).toEqual([]);
    const ids = new Set(RULES.map(({ id }) => id));
    expect([...cased].filter((id) => !ids.has(id))).toEqual([]);
  });

  test("names each rule once, greppably, and says what to do", () => {
    const ids = RULES.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { id, wrong, fix, source } of RULES) {
      expect(id).toMatch(/^(KF|K8S|ISTIO|TOPO|YAML|R53)(-[A-Z0-9]+)+$/);
      expect(wrong).toMatch(/^[A-Z].*\.$/);
      expect(fix).toMatch(/^[A-Z`].*[.]$/);
      expect(source).not.toBe("");
    }
  });
});
