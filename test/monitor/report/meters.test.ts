import { describe, expect, test } from "vitest";
import type { Observation } from "../../../monitor/model/observation.ts";
import { BUCKET_SECONDS, countLook, NO_METERS, parseMeters } from "../../../monitor/report/meters.ts";
import { AWS } from "../../support/example-topology.ts";
import { badLook, goodLook } from "../../support/looks.ts";
import { RICH_METERS } from "./rich-status.ts";

const served = (totalMs: number): Observation => ({ ...goodLook(AWS, "enam", 0), totalMs });

/** Index of the bucket that was counted; null: none. */
function bucketOf(seen: Observation): number | null {
  const counts = countLook(undefined, seen)?.counts;
  return counts === undefined ? null : counts.indexOf(1);
}

test("bounds ascend, and are those of OpenTelemetry up to 10 s", () => {
  expect(BUCKET_SECONDS.slice(0, 14)).toEqual([
    0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
  ]);
  expect(BUCKET_SECONDS.slice(14)).toEqual([15, 30]);
});

describe("a look goes into the first bucket that it fits", () => {
  const last = BUCKET_SECONDS.length;
  test.each([
    { name: "0 ms", seen: served(0), bucket: 0 },
    { name: "a bound belongs to its bucket", seen: served(5), bucket: 0 },
    { name: "a little more does not", seen: served(5.1), bucket: 1 },
    { name: "75 ms", seen: served(75), bucket: 4 },
    { name: "30 s", seen: served(30_000), bucket: last - 1 },
    { name: "longer than all", seen: served(30_000.1), bucket: last },
    { name: "a timeout is longer than all", seen: badLook(AWS, "enam", 0, { cause: "timeout" }), bucket: last },
    {
      name: "a quick refusal as well, or failures would make percentiles better",
      seen: badLook(AWS, "enam", 0, { cause: "http-status" }, { status: 503, totalMs: 3 }),
      bucket: last,
    },
    { name: "our own failure is in none", seen: badLook(AWS, "enam", 0, { cause: "not-started" }), bucket: null },
    { name: "nor is what was blocked", seen: badLook(AWS, "enam", 0, { cause: "blocked" }), bucket: null },
  ])("$name", ({ seen, bucket }) => {
    expect(bucketOf(seen)).toBe(bucket);
  });
});

test("the sum is of looks that served, in tenths of milliseconds however many there are", () => {
  let meter = countLook(undefined, badLook(AWS, "enam", 0, { cause: "http-status" }, { totalMs: 400 }));
  for (let look = 0; look < 1000; look += 1) meter = countLook(meter, served(0.1));
  expect(meter?.sumMs).toBe(100);
  expect(meter?.counts.reduce((sum, count) => sum + count, 0)).toBe(1001);
});

test("meters survive their way through the store", () => {
  for (const meters of [NO_METERS, RICH_METERS])
    expect(parseMeters(JSON.stringify(meters))).toEqual({ ok: true, value: meters });
});

test.each([
  { name: "no JSON", text: "{", path: undefined },
  { name: "another version", text: JSON.stringify({ ...NO_METERS, version: 2 }), path: "version" },
  {
    name: "another number of buckets",
    text: JSON.stringify({ ...NO_METERS, looks: { a: { enam: { counts: [1], sumMs: 1 } } } }),
    path: "looks.a.enam.counts",
  },
  { name: "a negative count", text: JSON.stringify({ ...NO_METERS, astray: { enam: -1 } }), path: "astray.enam" },
  {
    name: "a stage that nobody knows",
    text: JSON.stringify({ ...NO_METERS, failovers: { a: { lunch: { tookMs: 1, changedBy: 1 } } } }),
    path: "failovers.a",
  },
])("stored meters are refused for $name, with the place", ({ text, path }) => {
  const parsed = parseMeters(text);
  expect(parsed.ok ? null : parsed.problems[0]?.path).toBe(path);
});
