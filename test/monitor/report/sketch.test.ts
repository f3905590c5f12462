import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  countOf,
  EMPTY_SKETCH,
  mergeSketches,
  quantileMs,
  RELATIVE_ERROR_MAX,
  sketchOf,
  VALUE_MAX_MS,
  VALUE_MIN_MS,
} from "../../../monitor/report/sketch.ts";

/** Over all magnitudes alike; now and then a look that failed, or one too short to measure. */
const latency = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.double({ min: Math.log(VALUE_MIN_MS), max: Math.log(VALUE_MAX_MS), noNaN: true }).map(Math.exp),
  },
  { weight: 1, arbitrary: fc.constantFrom(Infinity, 0) },
);
const latencies = fc.array(latency, { maxLength: 200 });
const share = fc.oneof(fc.constantFrom(0, 0.5, 0.95, 0.99, 1), fc.double({ min: 0, max: 1, noNaN: true }));

function trueQuantile(values: readonly number[], of: number): number {
  return values.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0))[Math.max(1, Math.ceil(of * values.length)) - 1] ?? -1;
}

describe("a percentile", () => {
  test("is within the promised share of the true one", () => {
    fc.assert(
      fc.property(
        latencies.filter((values) => values.length > 0),
        share,
        (values, of) => {
          const wanted = trueQuantile(values, of);
          const found = quantileMs(sketchOf(values), of) ?? -1;
          if (wanted === Infinity || wanted < VALUE_MIN_MS) return found === (wanted === Infinity ? Infinity : 0);
          // A bin's edge is a logarithm, and may be off by its last digit.
          return Math.abs(found - wanted) <= wanted * (RELATIVE_ERROR_MAX + 1e-9);
        },
      ),
    );
  });

  test("never gets better by failures", () => {
    fc.assert(
      fc.property(latencies, share, fc.integer({ min: 1, max: 50 }), (values, of, failures) => {
        const without = quantileMs(sketchOf(values), of) ?? 0;
        return (quantileMs(sketchOf([...values, ...Array<number>(failures).fill(Infinity)]), of) ?? -1) >= without;
      }),
    );
  });

  test.each([
    { name: "of nothing is nothing", values: [], of: 0.5, want: null },
    { name: "of one look is that look, within 1 %", values: [100], of: 0.5, want: 100 },
    { name: "takes the lower one of two in the middle", values: [100, 200], of: 0.5, want: 100 },
    {
      name: "p99 of a hundred looks with one failure is the slowest that ended",
      values: [...Array<number>(99).fill(100), Infinity],
      of: 0.99,
      want: 100,
    },
    {
      name: "p99 of a hundred looks with two failures is a failure",
      values: [...Array<number>(98).fill(100), Infinity, Infinity],
      of: 0.99,
      want: Infinity,
    },
    { name: "beyond the longest is the longest", values: [10 ** 12], of: 1, want: VALUE_MAX_MS },
  ])("$name", ({ values, of, want }) => {
    const found = quantileMs(sketchOf(values), of);
    if (want === null || want === Infinity) expect(found).toBe(want);
    else expect(Math.abs((found ?? 0) / want - 1)).toBeLessThanOrEqual(RELATIVE_ERROR_MAX + 1e-9);
  });
});

describe("merging", () => {
  test("in any groups and any order gives the sketch of all", () => {
    fc.assert(
      fc.property(latencies, latencies, latencies, (a, b, c) => {
        const [one, two, three] = [sketchOf(a), sketchOf(b), sketchOf(c)];
        const all = sketchOf([...a, ...b, ...c]);
        expect(mergeSketches([one, mergeSketches([two, three])])).toEqual(all);
        expect(mergeSketches([mergeSketches([one, two]), three])).toEqual(all);
        expect(mergeSketches([three, one, two])).toEqual(all);
      }),
    );
  });

  test("with nothing changes nothing", () => {
    const sketch = sketchOf([1, 2, Infinity]);
    expect(mergeSketches([sketch, EMPTY_SKETCH])).toEqual(sketch);
    expect(mergeSketches([])).toEqual(EMPTY_SKETCH);
  });
});

test("every look is counted, and the sketch survives JSON", () => {
  fc.assert(
    fc.property(latencies, (values) => {
      const sketch = sketchOf(values);
      expect(countOf(sketch)).toBe(values.length);
      expect(JSON.parse(JSON.stringify(sketch))).toEqual(sketch);
    }),
  );
});

test("the number of bins is bounded, whatever is put in", () => {
  const every = Array.from({ length: 20_000 }, (_, index) => VALUE_MIN_MS * 1.001 ** index).concat(10 ** 300);
  expect(sketchOf(every).bins.length).toBeLessThanOrEqual(918);
});
