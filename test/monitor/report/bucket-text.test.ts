import fc from "fast-check";
import { expect, test } from "vitest";
import { bucketText, parseBucket } from "../../../monitor/report/bucket-text.ts";
import { coarsen, rollUp } from "../../../monitor/report/rollup.ts";
import { quantileMs } from "../../../monitor/report/sketch.ts";
import { tallyOf } from "../../../monitor/report/tally.ts";
import { EXAMPLE } from "../../support/example-topology.ts";
import { anyClosed, anyRounds } from "./round-examples.ts";

test("what is kept of hours gives the day, its percentiles and its closed incidents, as if it were counted from its rounds", () => {
  fc.assert(
    fc.property(anyRounds, anyClosed, (rounds, incidents) => {
      const hours = rollUp(EXAMPLE, rounds, incidents, "hour");
      const kept = hours.map((hour) => parseBucket(bucketText(hour), "hour", hour.from));
      expect(kept).toEqual(hours);
      const days = coarsen(
        kept.flatMap((hour) => hour ?? []),
        "day",
      );
      expect(days).toEqual(rollUp(EXAMPLE, rounds, incidents, "day"));
      const [first] = days;
      if (first === undefined) return;
      const within = rounds.filter(({ slot }) => slot >= first.from && slot < first.from + 86_400_000);
      const direct = tallyOf(EXAMPLE, within).cells["aws-us-east-1"]?.["enam"];
      const merged = first.tally.cells["aws-us-east-1"]?.["enam"];
      for (const share of [0, 0.5, 0.95, 0.99, 1]) {
        expect(merged && quantileMs(merged.totalMs, share)).toBe(direct && quantileMs(direct.totalMs, share));
      }
    }),
  );
});

test.each([
  { name: "no JSON", text: "{" },
  { name: "another version", text: '{"version":2}' },
  { name: "a count below none", text: JSON.stringify({ ...emptyBucket(), rounds: -1 }) },
  { name: "a key that is not known", text: JSON.stringify({ ...emptyBucket(), more: 1 }) },
])("$name is no bucket", ({ text }) => {
  expect(parseBucket(text, "hour", 0)).toBeNull();
});

test("one from before there was maintenance is a bucket without any", () => {
  const looks = { up: 1, down: 0, unknown: 0, missed: 0, route53: { passed: 1, failed: 0 }, causes: {} };
  const cell = { ...looks, zeros: 0, endless: 0, bins: [] };
  const text = JSON.stringify({ ...emptyBucket(), cells: { east: { enam: cell } } });
  expect(parseBucket(text, "hour", 0)?.tally.cells["east"]?.["enam"]).toMatchObject({ up: 1, maintenance: 0 });
});

test("the empty one is", () => {
  expect(parseBucket(JSON.stringify(emptyBucket()), "hour", 0)).not.toBeNull();
});

function emptyBucket(): object {
  return { version: 1, rounds: 0, missedSlots: 0, first: null, last: null, cells: {}, dns: {}, closed: [] };
}
