import fc from "fast-check";
import { expect, test } from "vitest";
import { cutStored, storedBytes } from "../../../monitor/topology/stored-text.ts";

const jsonBytes = (text: string): number => new TextEncoder().encode(JSON.stringify(text)).length - 2;

test.each([
  { name: "a plain text", text: "pod-1", bytes: 5 },
  { name: "quotes and backslashes", text: 'a"b\\', bytes: 6 },
  { name: "a letter of two bytes", text: "é", bytes: 2 },
  { name: "a letter of three", text: "語", bytes: 3 },
  { name: "a control character", text: "\u0000", bytes: 6 },
  { name: "half a pair", text: "\ud83e", bytes: 6 },
])("$name takes $bytes bytes", ({ text, bytes }) => {
  expect([storedBytes(text), jsonBytes(text)]).toEqual([bytes, bytes]);
});

test("no text takes more than is counted, and a cut one never more than it may", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 60 }), fc.nat(80), (text, max) => {
      expect(jsonBytes(text)).toBeLessThanOrEqual(storedBytes(text));
      const cut = cutStored(text, max);
      expect(storedBytes(cut)).toBeLessThanOrEqual(max);
      expect(text.startsWith(cut)).toBe(true);
      if (storedBytes(text) <= max) expect(cut).toBe(text);
    }),
    { numRuns: 1000 },
  );
});

test("a cut does not halve a character", () => {
  expect(cutStored("a🦊b", 8)).toBe("a");
});
