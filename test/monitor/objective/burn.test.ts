// When people are told that an error budget burns: after how many minutes of what, and when it is over.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Burn } from "../../../monitor/model/alert.ts";
import type { ObjectiveCounts } from "../../../monitor/model/counts.ts";
import { BAD_LOOKS_MIN, stepBurns } from "../../../monitor/objective/burn.ts";
import { countingKey, countingOf } from "../../../monitor/objective/counting.ts";
import { addCounts, NO_SERIES } from "../../../monitor/objective/series.ts";
import { DAY_MS, MINUTE_MS } from "../../../monitor/time.ts";
import type { Objective } from "../../../monitor/topology/topology.ts";
import { AVAILABILITY, counts } from "./rounds.ts";

const START = 40 * DAY_MS;
const BOTH: Objective = { ...AVAILABILITY, burnAlerts: ["page", "ticket"] };

type Minute = Partial<ObjectiveCounts>;
/** A thousand looks a minute, so that shares are exact. */
const CALM: Minute = { good: 1000 };
const DOWN: Minute = { bad: 1000 };

interface Span {
  readonly minutes: number;
  readonly looks: Minute;
}

/** "3 burn-page:availability begins": minutes since the end of `calmMinutes`, and what opened or closed in them. */
function watch(spans: readonly Span[], calmMinutes = (4 * DAY_MS) / MINUTE_MS, objective = BOTH): readonly string[] {
  const from = START - calmMinutes * MINUTE_MS;
  const key = countingKey(countingOf(objective));
  const calm = Array.from({ length: calmMinutes }, (_, minute) => ({
    at: from + minute * MINUTE_MS,
    counts: counts(objective.method === "occurrences" ? CALM : minute % 10 === 9 ? { good: 1 } : {}),
  }));
  let series = addCounts(NO_SERIES, calm, objective.windowDays);
  let burns: readonly Burn[] = [];
  const lines: string[] = [];
  const minutes = spans.flatMap(({ minutes: length, looks }) => Array.from({ length }, () => looks));
  for (const [minute, looks] of minutes.entries()) {
    const at = START + minute * MINUTE_MS;
    series = addCounts(series, [{ at, counts: counts(looks) }], objective.windowDays);
    const since = calmMinutes === 0 ? START : from;
    const next = stepBurns({ objectives: [objective] }, { [key]: { since, series, slice: null } }, burns, at);
    for (const { id, subject } of next)
      if (!burns.some((one) => one.id === id)) lines.push(`${minute} ${subject} begins`);
    for (const { id, subject } of burns)
      if (!next.some((one) => one.id === id)) lines.push(`${minute} ${subject} is over`);
    burns = next;
  }
  return lines;
}

const mixed = (bad: number): Minute => ({ good: 1000 - bad, bad });

describe("of 99.9 % in 30 days", () => {
  test("an outage of everything pages in its first minute, and that is over when half an hour was good", () => {
    expect(
      watch([
        { minutes: 10, looks: DOWN },
        { minutes: 60, looks: CALM },
      ]),
    ).toEqual([
      "0 burn-page:availability begins",
      // Ten minutes are 6.9 times what a day allows.
      "40 burn-ticket:availability begins",
      "40 burn-page:availability is over",
    ]);
  });

  test.each([
    { bad: 1000, first: 0 },
    { bad: 500, first: 1 },
    { bad: 100, first: 8 },
    { bad: 20, first: 43 },
  ])("$bad bad looks of a thousand page after $first minutes", ({ bad, first }) => {
    const [line] = watch([{ minutes: first + 2, looks: mixed(bad) }]);
    expect(line).toBe(`${first} burn-page:availability begins`);
  });

  test("four times what is allowed makes a ticket after 18 hours, and no page", () => {
    expect(watch([{ minutes: 20 * 60, looks: mixed(4) }])).toEqual(["1080 burn-ticket:availability begins"]);
  });

  test("what the target allows tells nobody", () => {
    expect(watch([{ minutes: 8 * 60, looks: mixed(1) }])).toEqual([]);
  });
});

test("an objective that wishes for nothing is told of nothing, and one that wishes for tickets of no page", () => {
  const outage = [{ minutes: 30, looks: DOWN }];
  const { burnAlerts: _none, ...silent } = BOTH;
  expect(watch(outage, 600, silent)).toEqual([]);
  expect(watch(outage, 600, { ...BOTH, burnAlerts: ["ticket"] }).join()).not.toContain("page");
});

describe("too little data tells nobody", () => {
  test(`fewer than ${BAD_LOOKS_MIN} bad looks, whatever their share`, () => {
    expect(
      watch(
        [
          { minutes: 60, looks: {} },
          { minutes: 1, looks: { bad: BAD_LOOKS_MIN - 1 } },
          { minutes: 30, looks: {} },
        ],
        0,
      ),
    ).toEqual([]);
  });

  test("a monitor that has just begun pages no sooner than one that has looked for days", () => {
    expect(watch([{ minutes: 46, looks: mixed(20) }], 0)[0]).toBe("44 burn-page:availability begins");
  });

  test("a few bad looks among many that say nothing", () => {
    expect(watch([{ minutes: 58, looks: { bad: 5, unknown: 995 } }], 600)).toEqual([]);
  });

  test("whatever is seen in the first minutes: what is not measured yet counts as good", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ good: fc.nat(9), bad: fc.nat(1), unknown: fc.nat(9) }), { maxLength: 4 }),
        (minutes) => {
          const lines = watch(
            minutes.map((looks) => ({ minutes: 1, looks })),
            0,
          );
          expect(lines).toEqual([]);
        },
      ),
    );
  });
});

test("an alarm that burns does not end because nobody looks, and ends when what is seen is good", () => {
  const lines = watch([
    { minutes: 10, looks: DOWN },
    { minutes: 120, looks: { unknown: 1000 } },
    { minutes: 30, looks: CALM },
  ]);
  const [begins = "", ends = ""] = lines.filter((line) => line.includes("page"));
  expect(begins).toMatch(/ burn-page:availability begins$/);
  expect(ends).toMatch(/^1(3|4|5)\d burn-page:availability is over$/);
});

test("what a drill breaks pages nobody, and maintenance nobody either", () => {
  expect(watch([{ minutes: 60, looks: { bad: 1000, planned: 1000 } }])).toEqual([]);
  expect(watch([{ minutes: 60, looks: { excused: 1000 } }])).toEqual([]);
});

test("whatever is seen, a page ends by the time of good looks that its longest short window takes", () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom<Minute>(CALM, DOWN, mixed(20), { unknown: 1000 }), { maxLength: 90 }),
      (minutes) => {
        const lines = watch([...minutes.map((looks) => ({ minutes: 1, looks })), { minutes: 45, looks: CALM }], 600, {
          ...BOTH,
          burnAlerts: ["page"],
        });
        const begun = lines.filter((line) => line.endsWith("begins")).length;
        expect(lines.filter((line) => line.endsWith("is over")).length).toBe(begun);
      },
    ),
    { numRuns: 10 },
  );
});

test("slices of ten minutes are told of as soon as one that is bad is over", () => {
  const sliced: Objective = { ...BOTH, method: "timeslices", timeSliceTarget: 0.9, timeSliceMinutes: 10 };
  const slice = (unit: Minute): readonly Span[] => [
    { minutes: 9, looks: {} },
    { minutes: 1, looks: unit },
  ];
  const good = Array.from({ length: 5 }, () => slice({ good: 1 })).flat();
  const lines = watch([...slice({ bad: 1 }), ...good], 600, { ...sliced, burnAlerts: ["page"] });
  expect(lines).toEqual(["9 burn-page:availability begins", "40 burn-page:availability is over"]);
});
