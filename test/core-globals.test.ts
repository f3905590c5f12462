// The core compiles without any runtime's globals: one file per forbidden global, compiled with the core's own settings,
// must be refused. A core that could name them would sooner or later use them.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { ROOT } from "./support/source-files.ts";

const TSC = join(ROOT, "node_modules/typescript/bin/tsc");
const folder = mkdtempSync(join(ROOT, "node_modules/.core-globals-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const FORBIDDEN = [
  "fetch('https://example.com')",
  "console.log('x')",
  "process.exit(1)",
  "setTimeout(() => {}, 1)",
  "setInterval(() => {}, 1)",
  "queueMicrotask(() => {})",
  "new URL('https://example.com')",
  "crypto.randomUUID()",
  "performance.now()",
  "Buffer.from('x')",
  "new TextEncoder()",
  "structuredClone({})",
  "globalThis.fetch",
  "require('fs')",
];

function compile(files: Readonly<Record<string, string>>): string {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const settings = {
    extends: join(ROOT, "monitor/tsconfig.core.json"),
    compilerOptions: { noEmit: true, composite: false, incremental: false, emitDeclarationOnly: false, rootDir: ROOT },
    include: Object.keys(files),
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(settings));
  return spawnSync(process.execPath, [TSC, "-p", folder], { encoding: "utf8" }).stdout;
}

test("every forbidden global is refused in the core, each in its own file", () => {
  const files = Object.fromEntries(
    FORBIDDEN.map((code, index) => [`forbidden-${index}.ts`, `export const x = ${code};\n`]),
  );
  const output = compile({
    ...files,
    "node-import.ts": 'import { readFileSync } from "node:fs";\nexport const x = readFileSync;\n',
  });
  const accepted = [...Object.keys(files), "node-import.ts"].filter((name) => !output.includes(`${name}(`));
  expect(accepted).toEqual([]);
});

test("what belongs to the language is accepted", () => {
  expect(
    compile({
      "allowed.ts": "export const x = new Map([[1, Math.max(1, 2)]]);\nexport const y = JSON.stringify(x);\n",
    }),
  ).toBe("");
});

test("the compiler itself answers", () => {
  expect(execFileSync(process.execPath, [TSC, "--version"], { encoding: "utf8" })).toMatch(/^Version 7\./);
});
