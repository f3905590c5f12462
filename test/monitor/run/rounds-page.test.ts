import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PAGE_ROUNDS_MAX, ROUNDS_PAGE_SCHEMA } from "../../../monitor/report/rounds-page-schema.ts";
import { parseToldRound } from "../../../monitor/report/told-round.ts";
import { PAGE_CHARACTERS_MAX, type RoundsWish, runRoundsPage } from "../../../monitor/run/rounds-page.ts";
import { toIso } from "../../../monitor/time.ts";
import { AWS, EXAMPLE } from "../../support/example-topology.ts";
import { makeMemoryStore } from "../../support/memory-store.ts";
import { answer, anyRounds, cell, kept, type KeptExample } from "../report/round-examples.ts";

const HOUR_MS = 3_600_000;

async function storeOf(rounds: readonly KeptExample[], texts: Readonly<Record<number, string>> = {}) {
  const store = makeMemoryStore();
  for (const { slot, row } of rounds) await store.commitRound(slot, texts[slot] ?? JSON.stringify(row), "{}");
  return store;
}

async function pageOf(rounds: readonly KeptExample[], wish: RoundsWish, lastSlot: number | null = null) {
  const page = await runRoundsPage(EXAMPLE, wish, lastSlot, await storeOf(rounds));
  if (page.kind === "failed") throw new Error(page.detail);
  return page.value;
}

const grid = (count: number, from = 0): readonly KeptExample[] =>
  Array.from({ length: count }, (_, index) => kept(from + index * 30_000, [cell(AWS.id, "enam", 12)]));

describe("a page", () => {
  test("holds the slots from the first to the last instant, both included, the oldest first", async () => {
    const { rounds, next, window } = await pageOf(grid(10), { from: 60_000, to: 120_000 });
    expect(rounds.map(({ slot }) => slot)).toEqual([60_000, 90_000, 120_000].map(toIso));
    expect({ next, window }).toEqual({ next: null, window: { from: toIso(60_000), to: toIso(120_000) } });
  });

  test("is of the hour before the latest round where nothing is said", async () => {
    const { rounds, window } = await pageOf(grid(500), { from: null, to: null }, 499 * 30_000);
    expect(window).toEqual({ from: toIso(499 * 30_000 - HOUR_MS), to: toIso(499 * 30_000) });
    expect(rounds).toHaveLength(121);
  });

  test("of a monitor without a round is empty", async () => {
    expect((await pageOf([], { from: null, to: null })).rounds).toEqual([]);
    expect((await pageOf([], { from: HOUR_MS, to: null }, 0)).window.to).toBe(toIso(HOUR_MS));
  });

  test("that is full says where the next one begins", async () => {
    const { rounds, next } = await pageOf(grid(PAGE_ROUNDS_MAX + 1), { from: 0, to: 10 * HOUR_MS });
    expect(rounds).toHaveLength(PAGE_ROUNDS_MAX);
    expect(next).toBe(toIso(PAGE_ROUNDS_MAX * 30_000));
  });

  test("is full by its size as well", async () => {
    const cells = Array.from({ length: 8000 }, (_, index) => cell(AWS.id, `vantage-${index}`, 12));
    const large = Array.from({ length: 8 }, (_, index) => kept(index * 30_000, cells));
    const size = JSON.stringify(large[0]?.row).length;
    const { rounds, next } = await pageOf(large, { from: 0, to: HOUR_MS });
    expect(rounds).toHaveLength(Math.floor(PAGE_CHARACTERS_MAX / size) + 1);
    expect(next).not.toBeNull();
  });

  test("never reaches further than seven days", async () => {
    const far = [kept(0, []), kept(7 * 24 * HOUR_MS, []), kept(7 * 24 * HOUR_MS + 30_000, [])];
    expect((await pageOf(far, { from: 0, to: 100 * 24 * HOUR_MS })).rounds).toHaveLength(2);
  });

  test("says why the store could not be read", async () => {
    const store = {
      ...makeMemoryStore(),
      readRounds: () => Promise.resolve({ kind: "failed", detail: "torn" } as const),
    };
    expect(await runRoundsPage(EXAMPLE, { from: 0, to: 1 }, null, store)).toEqual({ kind: "failed", detail: "torn" });
  });
});

test("pages one after another are the whole history, each round once, and each is of the published shape", async () => {
  await fc.assert(
    fc.asyncProperty(anyRounds, async (rounds) => {
      const store = await storeOf(rounds);
      const seen: string[] = [];
      let from: number | null = 0;
      while (from !== null) {
        const page = await runRoundsPage(EXAMPLE, { from, to: 4 * 24 * HOUR_MS }, null, store);
        if (page.kind === "failed") throw new Error(page.detail);
        expect(ROUNDS_PAGE_SCHEMA.safeParse(page.value).error?.issues).toBeUndefined();
        seen.push(...page.value.rounds.map(({ slot }) => slot));
        from = page.value.next === null ? null : Date.parse(page.value.next);
      }
      expect(seen).toEqual(
        rounds
          .map(({ slot }) => slot)
          .toSorted((a, b) => a - b)
          .map(toIso),
      );
    }),
    { numRuns: 50 },
  );
});

describe("a told round", () => {
  test("has everything of the stored one but the words of its failures", () => {
    const { slot, row } = kept(60_000, [cell(AWS.id, "enam", "timeout", false)], { dns: [answer("deviates")] });
    const { version: _version, dns, at, ...rest } = row;
    expect(parseToldRound(slot, JSON.stringify(row))).toEqual({
      ...rest,
      slot: toIso(slot),
      at: toIso(at),
      dns: dns.map((one) => ({ ...one, reply: { kind: "failed", cause: "timeout" } })),
    });
  });

  const { row } = kept(0, [cell(AWS.id, "enam", 12)]);
  test.each([
    { name: "another version", text: JSON.stringify({ ...row, version: 2 }) },
    { name: "half a text", text: JSON.stringify(row).slice(0, -1) },
    { name: "a list", text: "[]" },
    { name: "a field that we do not know", text: JSON.stringify({ ...row, secret: "x" }) },
    {
      name: "a cause that there is not",
      text: JSON.stringify({ ...row, cells: [{ ...row.cells[0], cause: "magic" }] }),
    },
  ])("is left out where the store holds $name", ({ text }) => {
    expect(parseToldRound(0, text)).toBeNull();
  });
});
