// The coordinator when alarms come all at once or much too late, when the clock is set, and when the object is gone in the
// middle of a round.
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { describe, expect, test, vi } from "vitest";
import { parseState } from "../../monitor/run/state.ts";
import type { Coordinator } from "../../worker/coordinator.ts";
import { makeEdgeStore } from "../../worker/edge-store.ts";
import { Vantage } from "../../worker/vantage.ts";
import { alarmOf, beginEachAt, coordinator, roundOf } from "./stubs.ts";

const I = 30_000;
const HOUR_MS = 3_600_000;
/** Ahead of the real clock, so that no alarm fires by itself. */
const START = Math.ceil(Date.now() / I) * I + 100 * HOUR_MS;
const STORM = 25;
const WAIT = { timeout: 10_000, interval: 5 };

beginEachAt(START);

const roundAt = (at: number): Promise<void> => roundOf(at, 0);

/** Handlers that begin before any of them has ended; told when all have begun. */
function storm(calls: number, begun: () => void = () => undefined): Promise<void> {
  return runInDurableObject(coordinator(), async (instance: Coordinator) => {
    const handlers = Array.from({ length: calls }, () => instance.alarm());
    begun();
    await Promise.all(handlers);
  });
}

/** What is stored, which is also what is told. */
async function stored() {
  const { slots, json } = await runInDurableObject(coordinator(), (_instance, { storage }) => ({
    slots: storage.sql
      .exec("SELECT slot FROM rounds ORDER BY slot")
      .toArray()
      .map(({ slot }) => Number(slot)),
    json: storage.sql.exec("SELECT json FROM state").toArray()[0]?.["json"],
  }));
  const { rounds, missedSlots } = await coordinator().readSelf();
  if (typeof json !== "string") return { slots, rounds, missedSlots };
  const state = parseState(json);
  if (!state.ok) throw new Error("the stored state cannot be read");
  expect(state.value).toMatchObject({ lastSlot: slots.at(-1), rounds, missedSlots });
  return { slots, rounds, missedSlots };
}

/** Vantages that do not report until they are let go; they look for it themselves, since no promise crosses objects. */
function holdVantages(): { readonly asked: () => Promise<unknown>; readonly letGo: () => void } {
  const door = { asked: false, open: false };
  vi.spyOn(Vantage.prototype, "look").mockImplementation(async (job) => {
    door.asked = true;
    await vi.waitUntil(() => door.open, WAIT);
    return { vantage: job.vantage.id, colo: job.vantage.id, observations: [], dns: [] };
  });
  return {
    asked: () => vi.waitUntil(() => door.asked, WAIT),
    letGo: () => {
      door.open = true;
    },
  };
}

describe("alarms", () => {
  test("that come all at once make one round, and none of it is forgotten", async () => {
    await roundAt(START);
    vi.setSystemTime(START + I);
    await storm(STORM);
    expect(await stored()).toEqual({ slots: [START, START + I], rounds: 2, missedSlots: 0 });
    expect(await alarmOf()).toBe(START + 2 * I);
    await roundAt(START + 2 * I);
    expect(await stored()).toMatchObject({ rounds: 3, missedSlots: 0 });
  });

  test("that come while a round lasts into the next slot make no second one, and that slot is missed", async () => {
    const { asked, letGo } = holdVantages();
    const first = storm(1);
    await asked();
    vi.setSystemTime(START + I);
    const second = storm(STORM, letGo);
    await Promise.all([first, second]);
    expect(await stored()).toEqual({ slots: [START], rounds: 1, missedSlots: 0 });
    expect(await alarmOf()).toBe(START + 2 * I);
    await roundAt(START + 2 * I);
    expect(await stored()).toEqual({ slots: [START, START + 2 * I], rounds: 2, missedSlots: 1 });
  });

  test("for a slot that somebody else has stored adopt what is there", async () => {
    await roundAt(START);
    await runInDurableObject(coordinator(), async (_instance, { storage }) => {
      const store = makeEdgeStore(storage);
      const read = await store.readState();
      if (read.kind === "failed" || read.value === null) throw new Error("no state");
      const state = { ...(JSON.parse(read.value) as object), lastSlot: START + I, rounds: 2 };
      await store.commitRound(START + I, "{}", JSON.stringify(state));
    });
    await roundAt(START + I);
    expect(await stored()).toEqual({ slots: [START, START + I], rounds: 2, missedSlots: 0 });
  });

  test("that are late by a thousand slots make one round and set one alarm, without catching up", async () => {
    await roundAt(START);
    vi.setSystemTime(START + 1000 * I + 17);
    await storm(STORM);
    await storm(STORM);
    expect(await stored()).toEqual({ slots: [START, START + 1000 * I], rounds: 2, missedSlots: 999 });
    expect(await alarmOf()).toBe(START + 1001 * I);
  });
});

describe("a clock that is set", () => {
  test("forward by an hour: what was missed is counted once", async () => {
    await roundAt(START);
    await roundAt(START + HOUR_MS);
    await roundAt(START + HOUR_MS + I);
    expect(await stored()).toMatchObject({ rounds: 3, missedSlots: HOUR_MS / I - 1 });
  });

  test("back by an hour: the watchdog moves the alarm, and rounds go on at once", async () => {
    await roundAt(START + HOUR_MS);
    expect(await alarmOf()).toBe(START + HOUR_MS + I);
    vi.setSystemTime(START + 1);
    await coordinator().ensure();
    expect(await alarmOf()).toBe(START + I);
    await roundAt(START + I);
    expect(await coordinator().readSelf()).toMatchObject({ status: "pass", rounds: 2, missedSlots: 0 });
  });

  test("back to slots that had their round: it says that nothing is stored, and why", async () => {
    for (const slot of [0, 1, 2, 3, 4]) await roundAt(START + slot * I);
    await roundAt(START + I);
    expect(await stored()).toMatchObject({ rounds: 5 });
    expect(await coordinator().readSelf()).toMatchObject({
      status: "fail",
      problems: [
        "the latest round was not stored: the clock was set back by 1 m 30 s or more, and this slot had its round before",
      ],
    });
    await roundAt(START + 5 * I);
    expect(await coordinator().readSelf()).toMatchObject({ status: "pass", rounds: 6 });
  });
});

describe("an object that is gone in the middle of a round", () => {
  test("leaves nothing half, its next alarm is set, and the next round is made", async () => {
    await roundAt(START);
    vi.setSystemTime(START + I);
    const { asked } = holdVantages();
    const lost = storm(1).catch((thrown: unknown) => thrown);
    await asked();
    await runInDurableObject(coordinator(), (_instance, state) => state.abort("gone")).catch(() => undefined);
    expect(await lost).toBeInstanceOf(Error);
    vi.restoreAllMocks();
    expect(await stored()).toEqual({ slots: [START], rounds: 1, missedSlots: 0 });
    expect(await alarmOf()).toBe(START + 2 * I);
    vi.setSystemTime(START + 2 * I);
    expect(await runDurableObjectAlarm(coordinator())).toBe(true);
    expect(await stored()).toEqual({ slots: [START, START + 2 * I], rounds: 2, missedSlots: 1 });
  });

  test("in an orderly way ends its round first", async () => {
    const { asked, letGo } = holdVantages();
    const round = storm(1);
    await asked();
    const evicted = evictDurableObject(coordinator());
    letGo();
    await Promise.all([round, evicted]);
    expect(await stored()).toEqual({ slots: [START], rounds: 1, missedSlots: 0 });
  });
});
