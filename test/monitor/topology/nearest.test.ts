// Which known word a slip is answered with, and when with none.
import { expect, test } from "vitest";
import { nearestWord } from "../../../monitor/topology/nearest.ts";

const KEYS = ["intervalSeconds", "timeoutMs", "phases", "vantages", "id", "zone"];

test.each([
  { word: "timeoutMS", want: "timeoutMs" },
  { word: "timeoutms", want: "timeoutMs" },
  { word: "inte", want: "intervalSeconds" },
  { word: "timoutMs", want: "timeoutMs" },
  { word: "tiemoutMs", want: "timeoutMs" },
  { word: "interval", want: "intervalSeconds" },
  { word: "intervall", want: "intervalSeconds" },
  { word: "INTERVALSECONDS", want: "intervalSeconds" },
  { word: "zoen", want: "zone" },
  { word: "zones", want: "zone" },
  { word: "di", want: "id" },
  { word: "int", want: null },
  { word: "colour", want: null },
  { word: "x".repeat(65), want: null },
])("$word: $want", ({ word, want }) => {
  expect(nearestWord(word, KEYS)).toBe(want);
});

test("a whole word is nearer than the beginning of another", () => {
  expect(nearestWord("apac-sa", ["apac-sea-one", "apac-se"])).toBe("apac-se");
});

test("among equally near ones the first is meant", () => {
  expect(nearestWord("weur2", ["weur1", "weur3"])).toBe("weur1");
});
