// What `monitor watch` refuses before it touches anything.
import { afterAll, expect, test } from "vitest";
import { parseWatch } from "../../monitor/cli/watch-arguments.ts";
import { makeScratch } from "./watch-process.ts";

const scratch = makeScratch();
afterAll(() => scratch.remove());

const parse = (...argv: readonly string[]) => parseWatch(["--topology", scratch.topology, ...argv], {}, 0);

test.each([
  { argv: ["--port", "65536"], says: '--port: expected a whole number from 0 to 65535, found "65536"' },
  { argv: ["--port", "8788x"], says: '--port: expected a whole number from 0 to 65535, found "8788x"' },
  { argv: ["--rounds", "0"], says: '--rounds: expected a whole number from 1 to 1000000, found "0"' },
  { argv: ["--for", "soon"], says: "--for: expected a time such as 500ms, 60s or 2m" },
  {
    argv: ["--name", "My Host"],
    says: '--name: expected small letters, digits and dashes, at most 63, found "My Host"',
  },
  { argv: ["--as", "mars"], says: '--as: expected a vantage of the topology (weur), found "mars"' },
  { argv: ["--database", "x"], says: "Unknown option '--database'" },
  { argv: ["now"], says: "Unexpected argument 'now'" },
  { argv: ["--topology", "/nowhere.yaml"], says: "/nowhere.yaml: expected a topology file: ENOENT" },
])("$argv is refused: $says", ({ argv, says }) => {
  const parsed = parse(...argv);
  if (!("refusal" in parsed)) throw new Error("it was taken");
  expect([parsed.refusal, ...(parsed.lines ?? [])].join("\n")).toContain(says);
});

test("everything that is wrong is told at once", () => {
  expect(parse("--port", "x", "--rounds", "y", "--for", "z")).toMatchObject({
    refusal: expect.stringMatching(/--port.*\n.*--rounds.*\n.*--for/s),
  });
});

test("nothing but a topology is needed, and nothing is written or opened to others", () => {
  expect(parse()).toMatchObject({
    plan: { host: "127.0.0.1", port: 8788, database: ":memory:", token: null, roundsMax: null },
    forMs: null,
    remarks: [],
  });
});
