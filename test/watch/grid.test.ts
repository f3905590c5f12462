// When rounds are run, over a clock that the test owns: naps are the only thing that moves it, unless somebody sets it.
import { describe, expect, test } from "vitest";
import { HOUR_MS, type Instant, SECOND_MS } from "../../monitor/time.ts";
import { keepGrid, NAP_MS_MAX } from "../../monitor/watch/grid.ts";

const INTERVAL_MS = 10 * SECOND_MS;
/** On the grid of hours, so also on that of ten seconds. */
const START = 1_000 * HOUR_MS;
const NAPS_MAX = 20_000;

interface Story {
  readonly rounds: number;
  readonly startAt?: Instant;
  readonly intervalMs?: (now: Instant) => number;
  /** What a round does to the clock; gives the time after it. */
  readonly during?: (now: Instant, round: number) => Instant;
  /** What a nap does to it beside its own length. */
  readonly napping?: (now: Instant, nap: number) => Instant;
  readonly stopAfterNaps?: number;
}

async function slotsOf(story: Story) {
  const { rounds, startAt = START, intervalMs = () => INTERVAL_MS } = story;
  const { during = (now) => now, napping = (now) => now, stopAfterNaps = NAPS_MAX } = story;
  let now = startAt;
  let naps = 0;
  const slots: Instant[] = [];
  const begun: Instant[] = [];
  const lengths: number[] = [];
  const stop = new AbortController();
  const duty = {
    intervalMs: () => intervalMs(now),
    runSlot: async (slot: Instant) => {
      slots.push(slot - START);
      begun.push(now - START);
      now = during(now, slots.length);
    },
    between: async () => {},
    roundsMax: rounds,
    stop: stop.signal,
  };
  await keepGrid(duty, { now: () => now }, async (ms) => {
    naps += 1;
    lengths.push(ms);
    now = napping(now + ms, naps);
    if (naps >= stopAfterNaps) stop.abort();
  });
  return { slots, begun, lengths };
}

describe("rounds on the grid", () => {
  test("begin at once and are then in every slot, at its beginning", async () => {
    const { slots, begun } = await slotsOf({ rounds: 4, startAt: START + 3000 });
    expect(slots).toEqual([0, 10_000, 20_000, 30_000]);
    expect(begun).toEqual([3000, 10_000, 20_000, 30_000]);
  });

  test("are run once in a slot, also when a nap ends a little early", async () => {
    const early = (now: Instant): Instant => (now % INTERVAL_MS === 0 ? now - 1 : now);
    const { slots } = await slotsOf({ rounds: 3, napping: (now, nap) => (nap % 2 === 0 ? early(now) : now) });
    expect(slots).toEqual([0, 10_000, 20_000]);
  });

  test("leave out the slots that went by during a round", async () => {
    const { slots } = await slotsOf({ rounds: 3, during: (now, round) => (round === 1 ? now + 25_000 : now) });
    expect(slots).toEqual([0, 20_000, 30_000]);
  });

  test("follow within a nap a machine that slept, or a clock that was set ahead", async () => {
    const { slots, begun } = await slotsOf({ rounds: 3, napping: (now, nap) => (nap === 2 ? now + HOUR_MS : now) });
    expect(slots).toEqual([0, HOUR_MS, HOUR_MS + 10_000]);
    expect(begun[1]).toBe(HOUR_MS + 2 * NAP_MS_MAX);
  });

  test("go on at once when the clock was set back by an hour", async () => {
    const { slots, begun } = await slotsOf({ rounds: 3, napping: (now, nap) => (nap === 2 ? now - HOUR_MS : now) });
    expect(slots).toEqual([0, -HOUR_MS, -HOUR_MS + 10_000]);
    expect(begun[1]).toBe(-HOUR_MS + 2 * NAP_MS_MAX);
  });

  test("become more often within a nap when the grid becomes finer", async () => {
    const { slots } = await slotsOf({
      rounds: 4,
      intervalMs: (now) => (now < START + 4000 ? INTERVAL_MS : 2000),
    });
    expect(slots).toEqual([0, 4000, 6000, 8000]);
  });

  test("end with the nap in which they are asked to, and after the last that was wanted", async () => {
    expect((await slotsOf({ rounds: 9, stopAfterNaps: 3 })).slots).toEqual([0]);
    const { slots, lengths } = await slotsOf({ rounds: 1 });
    expect([slots, lengths]).toEqual([[0], []]);
  });

  test("are never further from a look at the clock than a nap", async () => {
    const { lengths } = await slotsOf({ rounds: 20, startAt: START + 1234 });
    expect(Math.max(...lengths)).toBeLessThanOrEqual(NAP_MS_MAX);
    expect(Math.min(...lengths)).toBeGreaterThanOrEqual(1);
  });
});
