// Objectives in real workerd: what the rounds counted is in the state, so an object that was evicted still knows it.
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { exports } from "cloudflare:workers";
import { expect, test } from "vitest";
import { DAY_MS, HOUR_MS } from "../../monitor/time.ts";
import { beginEachAt, coordinator, MIDNIGHT, roundOf } from "./stubs.ts";

const I = 30_000;

beginEachAt(MIDNIGHT - 3 * I);

async function standing() {
  const { objectives = [] } = await coordinator().readStatus();
  return objectives[0];
}

test("a region that refuses both vantages spends its budget, and an eviction forgets nothing", async () => {
  await roundOf(MIDNIGHT - 2 * I);
  await roundOf(MIDNIGHT - I);
  await evictDurableObject(coordinator());
  await roundOf(MIDNIGHT);
  expect(await standing()).toMatchObject({
    name: "primary",
    counts: { good: 0, bad: 6, unknown: 0 },
    achieved: 0,
    burning: "page",
    exhaustedAt: null,
  });
  expect((await standing())?.budgetLeft).toBeCloseTo(-9, 9);
});

test("time that was slept through is unknown", async () => {
  await roundOf(MIDNIGHT - 2 * I);
  await roundOf(MIDNIGHT + HOUR_MS);
  expect((await standing())?.counts).toMatchObject({ bad: 4, unknown: 2 * 121 });
});

test("the report of a day has what its rounds cost, and those of the next day do not count in it", async () => {
  await roundOf(MIDNIGHT - 2 * I);
  await roundOf(MIDNIGHT - I);
  await roundOf(MIDNIGHT);
  const day = new Date(MIDNIGHT - DAY_MS).toISOString().slice(0, 10);
  const report = await coordinator().readDay(day);
  expect(report?.objectives).toMatchObject([{ name: "primary", counts: { bad: 4 }, period: { bad: 4 } }]);
});

test("every face shows it", async () => {
  await roundOf(MIDNIGHT);
  const read = async (path: string) =>
    (await exports.default.fetch(new Request(`https://watch.example${path}`))).text();
  expect(await read("/")).toMatch(/<h2[^>]*>Error budgets</);
  expect(await read("/metrics")).toMatch(/^edge_slo_error_budget_ratio\{objective="primary"\} -9/m);
  expect(await read("/report?window=24h&format=md")).toContain("## Error budgets");
});

test("what is promised today is counted over the rounds that are stored", async () => {
  for (const ago of [3, 2, 1]) await roundOf(MIDNIGHT - ago * I);
  await runInDurableObject(coordinator(), (_instance, state) =>
    state.storage.sql.exec("UPDATE state SET json = json_remove(json, '$.objectives')").toArray(),
  );
  await evictDurableObject(coordinator());
  await roundOf(MIDNIGHT);
  expect((await standing())?.counts).toMatchObject({ bad: 8 });
  await evictDurableObject(coordinator());
  await roundOf(MIDNIGHT + I);
  expect((await standing())?.counts).toMatchObject({ bad: 10 });
});
