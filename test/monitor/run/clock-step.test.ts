// A clock that is set forward or back by an hour, between rounds and in the middle of one: no slot is stored twice, missed
// slots are counted once, and the monitor looks on at once.
import { describe, expect, test } from "vitest";
import type { MonitorState } from "../../../monitor/model/state.ts";
import { makeSelf } from "../../../monitor/report/self.ts";
import { makeStatus } from "../../../monitor/report/status.ts";
import { type RoundResult, runRound } from "../../../monitor/run/round.ts";
import type { RoundRow } from "../../../monitor/run/row.ts";
import { EMPTY_STATE } from "../../../monitor/run/state.ts";
import { runVantage } from "../../../monitor/run/vantage.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../../monitor/time.ts";
import type { Topology } from "../../../monitor/topology/topology.ts";
import { webhook } from "../../support/alert-channels.ts";
import { AWS, EXAMPLE } from "../../support/example-topology.ts";
import { type FakeWorld, makeFakeWorld, okReply } from "../../support/fake-world.ts";
import { makeMemoryStore, type MemoryStore } from "../../support/memory-store.ts";

const I = 30_000;
const NOON = 20_000 * DAY_MS + 12 * HOUR_MS;

interface Watch {
  readonly store: MemoryStore;
  /** A round at what the clock says; the clock steps by `stepMs` while regions are looked at. */
  readonly round: (at: number, stepMs?: number) => Promise<RoundResult>;
  readonly rounds: (from: number, count: number) => Promise<MonitorState>;
}

function watch(topology: Topology = EXAMPLE): Watch {
  const store = makeMemoryStore();
  let state: MonitorState = EMPTY_STATE;
  let now = 0;
  const round: Watch["round"] = async (at, stepMs = 0) => {
    let stepped = false;
    const world: FakeWorld = makeFakeWorld({
      store,
      fetch: (request) => {
        if (!stepped) world.advance(stepMs);
        stepped = true;
        return okReply(request);
      },
    });
    world.advance(at);
    const { clock } = world;
    now = at;
    const monotonic = { ...world, clock: { ...clock, monotonicMs: () => 0 } };
    const done = await runRound(
      topology,
      Math.floor(now / I) * I,
      state,
      (job) => runVantage(job, { colo: job.vantage.id, nameServers: new Map() }, monotonic),
      monotonic,
    );
    state = done.state;
    return done;
  };
  const rounds: Watch["rounds"] = async (from, count) => {
    for (let index = 0; index < count; index += 1) await round(from + index * I);
    return state;
  };
  return { store, round, rounds };
}

function healthOf(state: MonitorState, at: number) {
  return makeStatus(EXAMPLE, state, at).regions.find(({ id }) => id === AWS.id)?.health;
}

function slotsOf(store: MemoryStore): readonly number[] {
  return store.rounds().map(({ slot }) => slot);
}

describe("set forward by an hour", () => {
  test("the slots in between are missed, once, and nothing is caught up with", async () => {
    const { store, round, rounds } = watch();
    await rounds(NOON, 3);
    const { state } = await round(NOON + HOUR_MS);
    expect(state).toMatchObject({ rounds: 4, missedSlots: HOUR_MS / I - 3 });
    expect((await round(NOON + HOUR_MS + I)).state.missedSlots).toBe(HOUR_MS / I - 3);
    expect(store.rounds()).toHaveLength(5);
  });

  test("in the middle of a round, the round is stored, and its looks accuse nobody", async () => {
    const { store, round, rounds } = watch();
    await rounds(NOON, 3);
    const { state, saved, changes } = await round(NOON + 3 * I, HOUR_MS);
    expect(saved.kind).toBe("saved");
    expect(changes).toEqual([]);
    expect(slotsOf(store).at(-1)).toBe(NOON + 3 * I);
    const after = await rounds(NOON + HOUR_MS + 4 * I, 3);
    expect(after.missedSlots).toBe(HOUR_MS / I);
    expect(after.rounds).toBe(state.rounds + 3);
    expect(healthOf(after, NOON + HOUR_MS + 6 * I)).toBe("healthy");
  });

  test("by decades, no more is counted as missed than a report can show", async () => {
    const { round, rounds } = watch();
    await rounds(0, 1);
    const { state } = await round(NOON);
    expect(state.missedSlots).toBe((7 * DAY_MS) / I - 1);
  });
});

describe("set back by an hour, to slots that had their round", () => {
  test("it looks on at once, keeps nothing twice, and says why", async () => {
    const { store, rounds, round } = watch();
    await rounds(NOON - HOUR_MS, HOUR_MS / I + 1);
    const before = store.rounds();
    const { state, saved } = await round(NOON - HOUR_MS + MINUTE_MS);
    expect(saved).toEqual({
      kind: "unsaved",
      detail: "the clock was set back by 59 m or more, and this slot had its round before",
    });
    expect(store.rounds()).toEqual(before);
    expect(state).toMatchObject({ rounds: before.length, missedSlots: 0, lastSlot: NOON });
    expect(state.lastRoundAt).toBe(NOON - HOUR_MS + MINUTE_MS);
  });

  test("opinions start anew, are reached, and are not lost again", async () => {
    const { rounds } = watch();
    await rounds(NOON - HOUR_MS, HOUR_MS / I + 1);
    const from = NOON - HOUR_MS + MINUTE_MS;
    expect(healthOf(await rounds(from, 1), from)).toBe("unknown");
    expect(healthOf(await rounds(from + I, 2), from + 2 * I)).toBe("healthy");
  });

  test("stores again as soon as time has come to slots without a round", async () => {
    const { store, rounds, round } = watch();
    await rounds(NOON - HOUR_MS, HOUR_MS / I + 1);
    await rounds(NOON - HOUR_MS, HOUR_MS / I + 1);
    const { state, saved } = await round(NOON + I);
    expect(saved.kind).toBe("saved");
    expect(state).toMatchObject({ rounds: HOUR_MS / I + 2, missedSlots: 0 });
    expect(new Set(slotsOf(store)).size).toBe(state.rounds);
  });

  test.each([1, 2])("by %i slots only, it waits until time has caught up", async (slots) => {
    const { rounds, round } = watch();
    const state = await rounds(NOON, 5);
    expect(await round(NOON + (4 - slots) * I)).toEqual({
      state,
      changes: [],
      saved: { kind: "known" },
      metered: null,
    });
    expect((await round(NOON + 5 * I)).saved.kind).toBe("saved");
  });
});

describe("set back by an hour, from a clock that was ahead", () => {
  test("it stores on at once, in the present", async () => {
    const { store, rounds, round } = watch();
    await rounds(NOON + HOUR_MS, 3);
    const { state, saved } = await round(NOON);
    expect(saved.kind).toBe("saved");
    expect(state).toMatchObject({ rounds: 4, missedSlots: 0, lastSlot: NOON });
    expect(JSON.parse(store.state() ?? "")).toEqual(state);
    expect((await round(NOON + I)).state).toMatchObject({ rounds: 5, missedSlots: 0 });
  });

  test("an incident goes on, and none is older or longer than time", async () => {
    const { rounds, round } = watch();
    const { incidents } = await rounds(NOON + HOUR_MS, 3);
    expect(incidents.open.map(({ subject }) => subject)).toContain("region:gcp-europe-west1");
    const { state, changes } = await round(NOON);
    expect(changes).toEqual([]);
    expect(state.incidents.open).toEqual(incidents.open.map((incident) => ({ ...incident, openedAt: NOON })));
  });

  test("what people were told of is known, so that it is not told again, and that they hear the end", async () => {
    const { rounds, round } = watch({ ...EXAMPLE, alerts: [webhook()] });
    const { alerts } = await rounds(NOON + HOUR_MS, 3);
    expect(alerts?.alarms.map(({ told }) => told)).toContainEqual({ "on-call": NOON + HOUR_MS });
    const { state } = await round(NOON);
    expect(state.alerts?.alarms).toEqual(
      alerts?.alarms.map((alarm) => ({ ...alarm, openedAt: NOON, told: { "on-call": NOON } })),
    );
    expect((await round(NOON + I)).state.alerts?.alarms).toEqual(state.alerts?.alarms);
  });

  test("in the middle of a round, what it saw does not stay fresh for an hour", async () => {
    const { rounds, round } = watch();
    await rounds(NOON, 3);
    await round(NOON + 3 * I, -HOUR_MS);
    const at = NOON - HOUR_MS + 4 * I;
    const { state } = await round(at);
    const looks = Object.values(state.cells).flatMap((row) => Object.values(row).map((seen) => seen.at));
    expect(Math.max(...looks)).toBe(at);
    expect(healthOf(state, at)).toBe("unknown");
  });
});

test("a vantage whose clock is ahead is heard like any other, and has not looked later than now", async () => {
  const world = makeFakeWorld();
  const ahead = makeFakeWorld();
  ahead.advance(HOUR_MS);
  let state = EMPTY_STATE;
  for (const slot of [0, I, 2 * I]) {
    const done = await runRound(
      EXAMPLE,
      slot,
      state,
      (job) =>
        runVantage(job, { colo: job.vantage.id, nameServers: new Map() }, job.vantage.id === "oc" ? ahead : world),
      world,
    );
    state = done.state;
    world.advance(I);
    ahead.advance(I);
  }
  expect(healthOf(state, 2 * I)).toBe("healthy");
  expect(state.cells[AWS.id]?.["oc"]?.at).toBe(2 * I);
});

test("a row is stored under its slot although the clock stepped while it was made", async () => {
  const { store, round } = watch();
  await round(NOON, -HOUR_MS);
  const [{ slot, row } = { slot: null, row: "{}" }] = store.rounds();
  expect(slot).toBe(NOON);
  expect((JSON.parse(row) as RoundRow).at).toBe(NOON - HOUR_MS);
});

test("until the next round, a monitor whose clock was set back calls itself failed", async () => {
  const state = await watch().rounds(NOON, 3);
  const self = makeSelf(EXAMPLE, state, { storage: null, round: null }, NOON, NOON - HOUR_MS);
  expect(self).toMatchObject({
    status: "fail",
    problems: ["the latest round is dated 1 h 1 m from now: the clock was set back"],
  });
});
