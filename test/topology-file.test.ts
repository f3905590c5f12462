// The committed files that belong to the topology: the JSON Schema is what the code would write now, and an editor that
// uses it sees what the parser sees, as far as a JSON Schema can tell.
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Ajv2020 } from "ajv/dist/2020.js";
import { build } from "esbuild";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { DESCRIPTIONS, topologyJsonSchema } from "../monitor/topology/json-schema.ts";
import { describedFields } from "./support/described-fields.ts";
import { anyTopologyFile } from "./support/topology-file.ts";
import { edited, extended, problemLines, SMALLEST } from "./support/topology-text.ts";

/** Twice what the parser uses of zod; all of it has ten times as much. */
const ZOD_BYTES_MAX = 60_000;
const ROOT = join(import.meta.dirname, "..");
const run = promisify(execFile);

async function generate(...words: readonly string[]): Promise<{ readonly code: number; readonly output: string }> {
  try {
    const { stdout } = await run(process.execPath, [join(ROOT, "test/generate.ts"), ...words]);
    return { code: 0, output: stdout };
  } catch (error) {
    const { code, stdout } = error as { readonly code: number; readonly stdout: string };
    return { code, output: stdout };
  }
}

describe("generated files", () => {
  test("the committed ones are current", async () => {
    expect(await generate("--check")).toEqual({ code: 0, output: "" });
  });

  test("a stale one is named, then written, then current", async () => {
    const folder = await mkdtemp(join(tmpdir(), "generate-"));
    const file = join(folder, "manifests/topology.schema.json");
    const stale = "stale: manifests/topology.schema.json (npm run generate)";
    expect((await generate("--check", folder)).output).toContain(stale);
    expect((await generate(folder)).output).toContain("written: manifests/topology.schema.json");
    expect(await generate("--check", folder)).toEqual({ code: 0, output: "" });
    await writeFile(file, "{}\n");
    expect(await generate("--check", folder)).toEqual({ code: 1, output: `${stale}\n` });
    await rm(folder, { recursive: true });
  });
});

describe("the JSON Schema", () => {
  const valid = new Ajv2020().compile(topologyJsonSchema());
  const fits = (text: string): boolean => valid(parse(text));

  test("accepts the shipped example and every valid file", async () => {
    expect(fits(await readFile(join(ROOT, "manifests/topology.yaml"), "utf8"))).toBe(true);
    expect(fits(SMALLEST)).toBe(true);
    fc.assert(fc.property(anyTopologyFile, (file) => valid(file)));
  });

  test("accepts a variable where the parser does", () => {
    expect(fits(edited(["zone: example.com", "zone: ${ZONE}"], ["name: demo", "name: 'my-${NAME}'"]))).toBe(true);
  });

  test.each([
    { name: "an unknown key", text: extended("colour: red") },
    { name: "an unknown key deep inside", text: edited(["context: east", "context: east, colour: red"]) },
    { name: "a missing key", text: edited([", image: demo:1", ""]) },
    { name: "an unknown routing policy", text: edited(["routing: failover", "routing: weighted"]) },
    { name: "a number out of range", text: extended("probe: { timeoutMs: 10 }") },
    { name: "a name of another form", text: edited(["id: east", "id: East_1"]) },
    { name: "an unknown location hint", text: extended("probe: { vantages: [{ id: a, hint: moon }] }") },
    { name: "no regions", text: "regions: []" },
    { name: "alerts", text: extended("alerts: [{ kind: webhook }]") },
  ])("refuses $name, as the parser does", ({ text }) => {
    expect(fits(text)).toBe(false);
    expect(problemLines(text)).not.toEqual([]);
  });

  test("describes each field that has a description once, under its own name", () => {
    const described = Object.entries(DESCRIPTIONS).map(([field, words]) => `${field}: ${words}`);
    expect(describedFields(topologyJsonSchema())).toEqual(new Set(described));
  });
});

test("a bundle with the parser has neither the JSON Schema generator nor the rest of zod", async () => {
  const entry = join(ROOT, "monitor/topology/parse.ts");
  const options = { bundle: true, minify: true, format: "esm", metafile: true, write: false } as const;
  const { metafile } = await build({ ...options, entryPoints: [entry] });
  const parts = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs));
  const zod = parts.filter(([name]) => name.includes("/zod/"));
  expect(zod.map(([name]) => name).filter((name) => /json-schema|locales/.test(name))).toEqual([]);
  expect(zod.reduce((sum, [, { bytesInOutput }]) => sum + bytesInOutput, 0)).toBeLessThan(ZOD_BYTES_MAX);
});
