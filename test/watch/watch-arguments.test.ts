// What `monitor watch` refuses before it touches anything.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { parseWatch } from "../../monitor/cli/watch-arguments.ts";
import { SNAPSHOT_VALUE } from "../support/example-snapshot.ts";
import { ROOT } from "../support/source-files.ts";
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
  { argv: ["--host", ""], says: '--host: expected an address or a name, found ""' },
  { argv: ["--db", ""], says: '--db: expected a file, found ""' },
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

describe("a pulled zone", () => {
  const zone = join(scratch.folder, "zone.json");
  const example = join(scratch.folder, "example.yaml");
  writeFileSync(example, readFileSync(join(ROOT, "manifests/topology.yaml")));
  const keys = { AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY: "not-a-secret" };
  const withZone = () => parseWatch(["--topology", example, "--zone", zone], { ...keys, ADMIN_TOKEN: undefined }, 0);

  test("is judged by, and its checkers are asked for with the keys", () => {
    writeFileSync(zone, JSON.stringify(SNAPSHOT_VALUE));
    const parsed = withZone();
    if ("refusal" in parsed) throw new Error([parsed.refusal, ...(parsed.lines ?? [])].join("\n"));
    expect(parsed.plan.file.watched.topology.pulledZone?.zone.healthChecks.length).toBeGreaterThan(0);
    expect(parsed.plan.keys).toEqual(keys);
  });

  test("that is broken or gone is refused under its own name; on public faces without its folder", () => {
    writeFileSync(zone, JSON.stringify(SNAPSHOT_VALUE));
    const parsed = withZone();
    if ("refusal" in parsed) throw new Error(parsed.refusal);
    writeFileSync(zone, "{}");
    expect(withZone()).toMatchObject({ lines: [expect.stringContaining(`${zone}:`)] });
    expect(parsed.plan.file.look("asked", 1000)?.kind).toBe("refused");
    expect(parsed.plan.file.watched.reload.refused?.places[0]).toMatch(/^zone\.json/);
    rmSync(zone);
    expect(withZone()).toMatchObject({
      lines: [expect.stringContaining(`${zone}: expected what zone pull wrote: ENOENT`)],
    });
  });
});
