// The list itself: 27 bugs of other monitors, each with a test here or in `worker/regressions.test.ts` that has its number in
// its name.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const BUGS = 27;

const files = [
  ...readdirSync(import.meta.dirname)
    .filter((name) => name !== "list.test.ts")
    .map((name) => join(import.meta.dirname, name)),
  join(import.meta.dirname, "../worker/regressions.test.ts"),
];
/** Numbers at the beginning of a test's name. */
const names = files.flatMap((file) =>
  [...readFileSync(file, "utf8").matchAll(/\(\s*"(\d+): /g)].map(([, number]) => Number(number)),
);

it("every bug of the list has a test by its number", () => {
  const tested = [...new Set(names)].toSorted((a, b) => a - b);
  expect(tested).toEqual(Array.from({ length: BUGS }, (_, index) => index + 1));
});
