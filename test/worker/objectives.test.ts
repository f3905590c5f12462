// Objectives in real workerd: what the rounds counted is in the state, so an object that was evicted still knows it.
import { evictDurableObject, reset, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { exports } from "cloudflare:workers";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { coordinator } from "./stubs.ts";

const I = 30_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** Ahead of the real clock, so that no alarm fires by itself. */
const MIDNIGHT = Math.ceil(Date.now() / DAY_MS) * DAY_MS + DAY_MS;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: MIDNIGHT - 3 * I });
});

afterEach(async () => {
  vi.useRealTimers();
  await reset();
});

async function roundAt(at: number): Promise<void> {
  vi.setSystemTime(at + 1000);
  await coordinator().ensure();
  expect(await runDurableObjectAlarm(coordinator())).toBe(true);
}

async function standing() {
  const { objectives = [] } = await coordinator().readStatus();
  return objectives[0];
}

test("a region that refuses both vantages spends its budget, and an eviction forgets nothing", async () => {
  await roundAt(MIDNIGHT - 2 * I);
  await roundAt(MIDNIGHT - I);
  await evictDurableObject(coordinator());
  await roundAt(MIDNIGHT);
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
  await roundAt(MIDNIGHT - 2 * I);
  await roundAt(MIDNIGHT + HOUR_MS);
  expect((await standing())?.counts).toMatchObject({ bad: 4, unknown: 2 * 121 });
});

test("the report of a day has what its rounds cost, and those of the next day do not count in it", async () => {
  await roundAt(MIDNIGHT - 2 * I);
  await roundAt(MIDNIGHT - I);
  await roundAt(MIDNIGHT);
  const day = new Date(MIDNIGHT - DAY_MS).toISOString().slice(0, 10);
  const report = await coordinator().readDay(day);
  expect(report?.objectives).toMatchObject([{ name: "primary", counts: { bad: 4 }, period: { bad: 4 } }]);
});

test("every face shows it", async () => {
  await roundAt(MIDNIGHT);
  const read = async (path: string) =>
    (await exports.default.fetch(new Request(`https://watch.example${path}`))).text();
  expect(await read("/")).toMatch(/<h2[^>]*>Error budgets</);
  expect(await read("/metrics")).toMatch(/^edge_slo_error_budget_ratio\{objective="primary"\} -9/m);
  expect(await read("/report?window=24h&format=md")).toContain("## Error budgets");
});

test("what is promised today is counted over the rounds that are stored", async () => {
  for (const ago of [3, 2, 1]) await roundAt(MIDNIGHT - ago * I);
  await runInDurableObject(coordinator(), (_instance, state) =>
    state.storage.sql.exec("UPDATE state SET json = json_remove(json, '$.objectives')").toArray(),
  );
  await evictDurableObject(coordinator());
  await roundAt(MIDNIGHT);
  expect((await standing())?.counts).toMatchObject({ bad: 8 });
  await evictDurableObject(coordinator());
  await roundAt(MIDNIGHT + I);
  expect((await standing())?.counts).toMatchObject({ bad: 10 });
});
