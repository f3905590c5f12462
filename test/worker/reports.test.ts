// The report of each day in real workerd: made once by the first round after midnight, whatever happens around it.
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { describe, expect, test, vi } from "vitest";
import { PERIOD_REPORT_SCHEMA } from "../../monitor/report/period-report-schema.ts";
import { ROUNDS_PAGE_SCHEMA } from "../../monitor/report/rounds-page-schema.ts";
import { DAY_MS } from "../../monitor/time.ts";
import { makeReportShelf } from "../../monitor/wire/sql-reports.ts";
import { edgeSql } from "../../worker/edge-store.ts";
import { beginEachAt, coordinator, MIDNIGHT, roundOf } from "./stubs.ts";

const I = 30_000;
const YESTERDAY = new Date(MIDNIGHT - DAY_MS).toISOString().slice(0, 10);

beginEachAt(MIDNIGHT - 2 * I);

function execute(statement: string): Promise<unknown> {
  return runInDurableObject(coordinator(), (_instance, state) => state.storage.sql.exec(statement).toArray());
}

describe("the report of the day before", () => {
  test("is made by the round that crosses midnight, and no sooner", async () => {
    await roundOf(MIDNIGHT - 2 * I);
    await roundOf(MIDNIGHT - I);
    expect(await coordinator().readDays()).toEqual([]);
    await roundOf(MIDNIGHT);
    expect(await coordinator().readDays()).toEqual([YESTERDAY]);
    const report = await coordinator().readDay(YESTERDAY);
    expect(PERIOD_REPORT_SCHEMA.safeParse(report).error?.issues).toBeUndefined();
    expect(report).toMatchObject({
      window: { from: `${YESTERDAY}T00:00:00.000Z` },
      rounds: 2,
      missedSlots: 0,
      regions: [{ id: "aws-us-east-1" }, { id: "gcp-europe-west1" }],
    });
    const [aws] = report?.regions ?? [];
    expect(aws?.all).toMatchObject({ availability: { good: 0, all: 4, ratio: 0 }, p50Ms: "failed" });
  });

  test("is made once, although the round is repeated and the object restarts", async () => {
    await roundOf(MIDNIGHT - I);
    await roundOf(MIDNIGHT);
    const first = await coordinator().readDay(YESTERDAY);
    await roundOf(MIDNIGHT);
    await evictDurableObject(coordinator());
    await roundOf(MIDNIGHT + I);
    expect(await coordinator().readDays()).toEqual([YESTERDAY]);
    expect(await coordinator().readDay(YESTERDAY)).toEqual(first);
  });

  test("is made up by the next round after midnight was slept through, with the slots that were missed", async () => {
    await roundOf(MIDNIGHT - 2 * I);
    await evictDurableObject(coordinator());
    await roundOf(MIDNIGHT + 20 * I);
    expect(await coordinator().readDay(YESTERDAY)).toMatchObject({ rounds: 1, missedSlots: 1 });
  });

  test("costs no round when it cannot be made, and the next round makes it", async () => {
    await roundOf(MIDNIGHT - I);
    const complaint = vi.spyOn(console, "error").mockImplementation(() => undefined);
    await execute("ALTER TABLE reports RENAME TO away");
    await roundOf(MIDNIGHT);
    expect(complaint).toHaveBeenCalledWith(expect.stringContaining("not filed"));
    expect(await coordinator().readSelf()).toMatchObject({ status: "pass", rounds: 2 });
    await execute("ALTER TABLE away RENAME TO reports");
    await roundOf(MIDNIGHT + I);
    expect(await coordinator().readDays()).toEqual([YESTERDAY]);
  });
});

test("a recent report is counted again after every round, and not in between", async () => {
  await roundOf(MIDNIGHT - I);
  const first = await coordinator().readRecent(DAY_MS);
  vi.setSystemTime(MIDNIGHT - I + 5000);
  expect(await coordinator().readRecent(DAY_MS)).toEqual(first);
  expect(await coordinator().readRecent(2 * DAY_MS)).not.toEqual(first);
  await roundOf(MIDNIGHT);
  expect(await coordinator().readRecent(DAY_MS)).toMatchObject({ rounds: 2 });
});

describe("the bucket of the hour before", () => {
  const hourBuckets = () => execute("SELECT start FROM buckets WHERE width = 'hour' ORDER BY start");

  test("is kept by the round that crosses the hour, once, although it is repeated and the object restarts", async () => {
    await roundOf(MIDNIGHT - I);
    expect(await hourBuckets()).toEqual([]);
    await roundOf(MIDNIGHT);
    expect(await hourBuckets()).toEqual([{ start: MIDNIGHT - 3_600_000 }]);
    await evictDurableObject(coordinator());
    await roundOf(MIDNIGHT + I);
    expect(await hourBuckets()).toEqual([{ start: MIDNIGHT - 3_600_000 }]);
    expect(await execute("SELECT start FROM buckets WHERE width = 'day'")).toEqual([{ start: MIDNIGHT - DAY_MS }]);
  });

  test("stands for its rounds in reports when they have left the ring", async () => {
    await roundOf(MIDNIGHT - 2 * I);
    await roundOf(MIDNIGHT - I);
    await roundOf(MIDNIGHT);
    const { regions } = await coordinator().readRecent(30 * DAY_MS);
    await execute(`DELETE FROM rounds WHERE slot < ${MIDNIGHT}`);
    await evictDurableObject(coordinator());
    await roundOf(MIDNIGHT + I);
    const month = await coordinator().readRecent(30 * DAY_MS);
    expect(month).toMatchObject({ rounds: 4, regions: [{ all: { down: (regions[0]?.all.down ?? 0) + 2 } }, {}] });
    const { buckets } = await coordinator().readBuckets("hour", 3_600_000);
    expect(buckets.map(({ rounds }) => rounds)).toEqual([2, 2]);
  });

  test("that cannot be kept costs no round, and the next one tries again", async () => {
    const complaint = vi.spyOn(console, "error").mockReturnValue();
    await roundOf(MIDNIGHT - I);
    await execute("ALTER TABLE buckets RENAME TO elsewhere");
    await roundOf(MIDNIGHT);
    expect((await coordinator().readStatus()).self.rounds).toBe(2);
    expect(complaint).toHaveBeenCalledWith(expect.stringContaining("not filed"));
    await execute("ALTER TABLE elsewhere RENAME TO buckets");
    await roundOf(MIDNIGHT + I);
    expect(await hourBuckets()).toEqual([{ start: MIDNIGHT - 3_600_000 }]);
    expect(await coordinator().readDays()).toEqual([YESTERDAY]);
  });
});

test("every face of reports answers through the Worker itself", async () => {
  await roundOf(MIDNIGHT - I);
  await roundOf(MIDNIGHT);
  for (const [path, type] of [
    ["/report?window=1h", "application/json"],
    ["/report?window=30d", "application/json"],
    ["/buckets?width=minute", "application/json"],
    ["/reports", "application/json"],
    [`/reports/${YESTERDAY}`, "application/json"],
    [`/reports/${YESTERDAY}.md`, "text/markdown; charset=utf-8"],
    ["/metrics", "text/plain; version=0.0.4; charset=utf-8"],
  ] as const) {
    const reply = await exports.default.fetch(`https://probe.example.com${path}`);
    expect([path, reply.status, reply.headers.get("content-type")]).toEqual([path, 200, type]);
    await reply.text();
  }
  const recent = await exports.default.fetch("https://probe.example.com/report?window=1h");
  expect(await recent.json()).toMatchObject({ rounds: 2, missedSlots: 0 });
});

test("the recorded history comes page by page through the Worker itself", async () => {
  await roundOf(MIDNIGHT - I);
  await roundOf(MIDNIGHT);
  const reply = await exports.default.fetch("https://probe.example.com/rounds");
  expect(reply.status).toBe(200);
  const page = ROUNDS_PAGE_SCHEMA.parse(await reply.json());
  expect(page.rounds.map(({ slot }) => Date.parse(slot))).toEqual([MIDNIGHT - I, MIDNIGHT]);
  expect(page.rounds[0]?.cells[0]).toMatchObject({ region: "aws-us-east-1", cause: "refused", route53: false });
  expect(page.next).toBeNull();
  const first = await coordinator().readRounds({ from: MIDNIGHT - I, to: MIDNIGHT - 1 });
  expect(first.rounds).toEqual(page.rounds.slice(0, 1));
});

test("the shelf holds a bounded number of days, the latest", async () => {
  const stub = env.VANTAGE.get(env.VANTAGE.newUniqueId());
  await runInDurableObject(stub, (_instance: unknown, { storage }: DurableObjectState) => {
    const shelf = makeReportShelf(edgeSql(storage), 2);
    expect(["2026-11-20", "2026-11-21", "2026-11-22"].map((day) => shelf.keep(day, `"${day}"`))).toEqual([
      true,
      true,
      true,
    ]);
    expect(shelf.keep("2026-11-22", "another")).toBe(false);
    expect(shelf.days()).toEqual(["2026-11-22", "2026-11-21"]);
    expect(shelf.read("2026-11-22")).toBe('"2026-11-22"');
    expect(shelf.read("2026-11-20")).toBeNull();
  });
});
