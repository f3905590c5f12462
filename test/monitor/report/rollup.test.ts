import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type BucketWidth, coarsen, rollUp } from "../../../monitor/report/rollup.ts";
import { countOf, quantileMs } from "../../../monitor/report/sketch.ts";
import { EMPTY_TALLY, mergeTallies, tallyOf } from "../../../monitor/report/tally.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../../monitor/time.ts";
import { AWS, EXAMPLE, GCP } from "../../support/example-topology.ts";
import { answer, anyRounds, cell, kept, SUBJECT } from "./round-examples.ts";

describe("the tally of a cell", () => {
  test.each([
    { name: "a look that served is up", look: 12, want: { up: 1, route53: { passed: 1, failed: 0 } } },
    { name: "one that did not is down, with its cause", look: "timeout", want: { down: 1, causes: { timeout: 1 } } },
    { name: "our own failure is unknown and not down", look: "not-started", want: { down: 0, unknown: 1 } },
  ] as const)("$name", ({ look, want }) => {
    const tally = tallyOf(EXAMPLE, [kept(0, [cell(AWS.id, "enam", look, look === 12 ? true : null)])]);
    expect(tally.cells[AWS.id]?.["enam"]).toMatchObject(want);
  });

  test("a vantage without a report is missed in every region, and nothing else", () => {
    const tally = tallyOf(EXAMPLE, [kept(0, [cell(AWS.id, "enam", 12), cell(GCP.id, "enam", 12)])]);
    const missed = [AWS.id, GCP.id].flatMap((region) =>
      ["enam", "weur", "oc"].map((vantage) => tally.cells[region]?.[vantage]?.missed),
    );
    expect(missed).toEqual([0, 1, 1, 0, 1, 1]);
    expect(tally.cells[GCP.id]?.["oc"]).toMatchObject({ up: 0, down: 0, unknown: 0, missed: 1 });
  });

  test("who should have looked under another topology is not guessed", () => {
    const tally = tallyOf(EXAMPLE, [kept(0, [cell(AWS.id, "enam", 12)], { policy: "another" })]);
    expect(Object.keys(tally.cells)).toEqual([AWS.id]);
    expect(Object.keys(tally.cells[AWS.id] ?? {})).toEqual(["enam"]);
  });

  test("a 503 that came fast makes no percentile better, and our own failure none worse", () => {
    const fast = { ...cell(AWS.id, "enam", "http-status"), status: 503, totalMs: 1 };
    const looks = [cell(AWS.id, "enam", 100), fast, cell(AWS.id, "enam", "internal")];
    const held = tallyOf(
      EXAMPLE,
      looks.map((look, index) => kept(index, [look])),
    ).cells[AWS.id]?.["enam"];
    expect(held === undefined ? 0 : countOf(held.totalMs)).toBe(2);
    expect(held === undefined ? 0 : quantileMs(held.totalMs, 0.95)).toBe(Infinity);
  });
});

test("DNS verdicts are counted by subject", () => {
  const dns = [answer("conforms"), answer("deviates"), answer("conforms"), answer("undecided", "dns:other")];
  expect(tallyOf(EXAMPLE, [kept(0, [], { dns })]).dns).toEqual({
    [SUBJECT]: { conforms: 2, converging: 0, deviates: 1, undecided: 0 },
    "dns:other": { conforms: 0, converging: 0, deviates: 0, undecided: 1 },
  });
});

test("a tally knows its first round, with the slots missed before it, and its last", () => {
  const rounds = [kept(60_000, []), kept(30_000, [], { missedSlots: 2 }), kept(90_000, [], { missedSlots: 5 })];
  expect(tallyOf(EXAMPLE, rounds)).toMatchObject({
    rounds: 3,
    missedSlots: 7,
    first: { slot: 30_000, missedSlots: 2 },
    last: 90_000,
  });
});

describe("merging", () => {
  test("the tallies of any parts, in any order, gives the tally of all", () => {
    fc.assert(
      fc.property(anyRounds, fc.nat(40), fc.nat(40), (rounds, first, second) => {
        const [a, b] = [Math.min(first, second), Math.max(first, second)];
        const parts = [rounds.slice(0, a), rounds.slice(a, b), rounds.slice(b)].map((part) => tallyOf(EXAMPLE, part));
        const [one = EMPTY_TALLY, two = EMPTY_TALLY, three = EMPTY_TALLY] = parts;
        const all = JSON.stringify(tallyOf(EXAMPLE, rounds));
        expect(JSON.stringify(mergeTallies([one, mergeTallies([two, three])]))).toBe(all);
        expect(JSON.stringify(mergeTallies([mergeTallies([one, two]), three]))).toBe(all);
        expect(JSON.stringify(mergeTallies([three, one, two]))).toBe(all);
      }),
    );
  });

  test("nothing gives the empty tally", () => {
    expect(mergeTallies([])).toEqual(EMPTY_TALLY);
    expect(tallyOf(EXAMPLE, [])).toEqual(EMPTY_TALLY);
  });
});

describe("buckets", () => {
  test.each([
    { width: "minute", ms: MINUTE_MS },
    { width: "hour", ms: HOUR_MS },
    { width: "day", ms: DAY_MS },
  ] as const)("of a $width stand on the grid, hold what is theirs, and lose no round", ({ width, ms }) => {
    fc.assert(
      fc.property(anyRounds, (rounds) => {
        const buckets = rollUp(EXAMPLE, rounds, [], width);
        expect(buckets.map((one) => one.from)).toEqual(
          [...new Set(rounds.map(({ slot }) => slot - (slot % ms)))].toSorted((a, b) => a - b),
        );
        expect(mergeTallies(buckets.map((one) => one.tally))).toEqual(tallyOf(EXAMPLE, rounds));
      }),
    );
  });

  test.each(["hour", "day"] satisfies BucketWidth[])("made wider to a %s are those of their rounds", (width) => {
    fc.assert(
      fc.property(anyRounds, (rounds) => {
        expect(coarsen(rollUp(EXAMPLE, rounds, [], "minute"), width)).toEqual(rollUp(EXAMPLE, rounds, [], width));
      }),
    );
  });

  test("the last slot of an hour is in it, and the next one is not", () => {
    const rounds = [kept(HOUR_MS - 30_000, []), kept(HOUR_MS, [])];
    expect(rollUp(EXAMPLE, rounds, [], "hour").map(({ from, tally }) => [from, tally.rounds])).toEqual([
      [0, 1],
      [HOUR_MS, 1],
    ]);
  });
});
