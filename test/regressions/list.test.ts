// The list itself: 27 bugs of other monitors, each with a test here or in `worker/regressions.test.ts` that has its number in
// its name, or a reason why it cannot happen yet.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const BUGS = 27;

/** Whoever builds one of these writes its test and takes its line away. */
const NOT_YET: Readonly<Record<number, string>> = {
  18: "nothing reloads a topology: a Worker is deployed with one, and a process reads one when it starts",
};

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

it("every bug of the list has a test by its number, or a reason, and never both", () => {
  const tested = new Set(names);
  const open = Object.keys(NOT_YET).map(Number);
  expect(open.filter((number) => tested.has(number))).toEqual([]);
  expect([...tested, ...open].toSorted((a, b) => a - b)).toEqual(Array.from({ length: BUGS }, (_, index) => index + 1));
});
