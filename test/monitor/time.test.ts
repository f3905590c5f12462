import { expect, test } from "vitest";
import { formatDuration, parseIso, slotAt, toIso } from "../../monitor/time.ts";

test.each([
  [0, "0 ms"],
  [999, "999 ms"],
  [1000, "1 s"],
  [8499, "8.4 s"],
  [59_999, "59.9 s"],
  [200_000, "3 m 20 s"],
  [7_500_000, "2 h 5 m"],
  [3_600_000, "1 h"],
  [100_800_000, "1 d 4 h"],
  [-5000, "-5 s"],
])("%i ms reads %s", (ms, words) => {
  expect(formatDuration(ms)).toBe(words);
});

test("an instant survives the way to ISO 8601 and back", () => {
  expect(parseIso(toIso(1_763_841_296_789))).toBe(1_763_841_296_789);
  expect(parseIso("2025-01-01T12:34:56Z")).toBe(1_735_734_896_000);
});

test.each(["2025-01-01", "yesterday", "2025-01-01T12:34:56", "2025-13-01T12:34:56Z", ""])(
  "%j is no instant",
  (text) => {
    expect(parseIso(text)).toBeNull();
  },
);

test("slots are the same grid for everyone", () => {
  expect(slotAt(61_234, 30_000)).toBe(60_000);
  expect(slotAt(60_000, 30_000)).toBe(60_000);
});
