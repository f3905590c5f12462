// docs/metrics.md against the code: every family is in its table, with as many series as it says at most, and its rules name
// nothing that is not there.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import * as z from "zod";
import { metricFamilies } from "../../monitor/report/metrics.ts";
import { EVERY_METRIC } from "../monitor/report/every-metric.ts";
import { ROOT } from "../support/source-files.ts";
import { FAMILY_NOTES, METRICS_GUIDE, metricsGuide, type Size } from "./metrics-guide.ts";
import { metricsRules } from "./metrics-rules.ts";

const TEXT = readFileSync(join(ROOT, METRICS_GUIDE), "utf8");
const FAMILIES = metricFamilies(EVERY_METRIC);

test("the table of families is the code's", () => {
  expect(metricsGuide()).toBe(TEXT);
  const told = [...TEXT.matchAll(/^\| `([a-z0-9_]+)` \| (counter|gauge|histogram) \|/gm)].map(([, name]) => name);
  expect(told).toEqual(FAMILIES.map(({ name }) => name));
});

test("every family has a sample, and says what it means that it has none", () => {
  expect(FAMILIES.filter(({ samples }) => samples.length === 0).map(({ name }) => name)).toEqual([]);
  expect(Object.keys(FAMILY_NOTES).toSorted()).toEqual(FAMILIES.map(({ name }) => name).toSorted());
});

test("no family has more series than the table says", () => {
  const { regions, vantages, dns, verdicts, alerts, objectives } = EVERY_METRIC.status;
  const questions = new Set(dns.map(({ name, type, view }) => `${name} ${type} ${view}`));
  const C = alerts?.channels.length ?? 0;
  const O = objectives?.length ?? 0;
  const size: Size = { R: regions.length, V: vantages.length, N: questions.size, S: verdicts.length, C, O };
  const over = FAMILIES.filter(({ name, samples }) => samples.length > (FAMILY_NOTES[name]?.seriesOf(size) ?? 0));
  expect(over.map(({ name }) => name)).toEqual([]);
});

test("a label's name stands for one thing: what the table shows is what every sample has", () => {
  for (const { name, samples } of FAMILIES) {
    const sets = new Set(
      samples.map(({ labels }) =>
        Object.keys(labels)
          .filter((label) => label !== "le")
          .join(" "),
      ),
    );
    expect([name, sets.size]).toEqual([name, 1]);
  }
});

const RULES = z.object({
  groups: z.array(
    z.object({
      rules: z.array(z.object({ record: z.string().optional(), alert: z.string().optional(), expr: z.string() })),
    }),
  ),
});

test("there are seven alerts and a recording rule, and all that they ask for is there", () => {
  const rules = RULES.parse(parse(metricsRules())).groups.flatMap((group) => group.rules);
  expect(rules.flatMap(({ alert }) => alert ?? [])).toHaveLength(7);
  const recorded = rules.flatMap(({ record }) => record ?? []);
  expect(recorded).toHaveLength(1);
  const known = new Set([...recorded, ...FAMILIES.map(({ name }) => name)]);
  const asked = rules.flatMap(({ expr }) => [...expr.matchAll(/\b(?:region_vantage:|edge_|probe_|http_)[a-z0-9_:]+/g)]);
  expect(asked.length).toBeGreaterThan(5);
  expect(asked.map(([name]) => name.replace(/_bucket$/, "")).filter((name) => !known.has(name))).toEqual([]);
});

/** Without the parts that are off by default. */
function seriesOf(R: number, V: number): number {
  const size: Size = { R, V, N: 2, S: 1 + 2 * R + 2 * V, C: 0, O: 0 };
  return Object.entries(FAMILY_NOTES)
    .filter(([name]) => !/^edge_(router|route53|topology)_/.test(name))
    .reduce((sum, [, { seriesOf: of }]) => sum + of(size), 0);
}

test("the numbers of series in the text are the table's, to two digits", () => {
  const told = /about ([\d,]+) series; 40 regions from 24 vantages about ([\d,]+)\./.exec(TEXT);
  const twoDigits = (value: number): string => Number(value.toPrecision(2)).toLocaleString("en-US");
  expect(told?.slice(1)).toEqual([twoDigits(seriesOf(2, 5)), twoDigits(seriesOf(40, 24))]);
});
