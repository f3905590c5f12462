// The house rules that a machine can check: which folder may know which, what may not be said, and how long is too long.
import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { breaches, LINES_MAX } from "./support/tidy-rules.ts";
import { importsOf, ROOT, sourceFiles } from "./support/source-files.ts";

test("no file breaks a house rule", () => {
  const files = sourceFiles();
  expect(files.length).toBeGreaterThan(20);
  expect(files.flatMap((file) => breaches(file))).toEqual([]);
});

test("no text in the repository is left from a merge or names a machine's own paths", () => {
  const tracked = execFileSync("git", ["ls-files", "-co", "--exclude-standard"], { cwd: ROOT, encoding: "utf8" }).split(
    "\n",
  );
  expect(tracked.filter((path) => /\.(orig|rej|swp)$/.test(path))).toEqual([]);
});

describe("each rule sees its own breach", () => {
  const file = (path: string, text: string): ReturnType<typeof breaches> =>
    breaches({ path, text: `// Opens with a comment.\n${text}`, imports: importsOf(path, text) });

  test.each([
    {
      name: "service knows monitor",
      path: "service/app.ts",
      text: 'import { x } from "../monitor/time.ts";',
      want: /may not import monitor\/time\.ts/,
    },
    {
      name: "the core knows an edge",
      path: "monitor/run/a.ts",
      text: 'import { x } from "../wire/doh.ts";',
      want: /may not import monitor\/wire/,
    },
    {
      name: "an edge knows Node parts",
      path: "monitor/http/a.ts",
      text: 'import { x } from "../node/net.ts";',
      want: /may not import monitor\/node/,
    },
    {
      name: "worker knows Node parts",
      path: "worker/a.ts",
      text: 'import { x } from "../monitor/node/net.ts";',
      want: /may not import monitor\/node/,
    },
    {
      name: "an early folder knows a later one",
      path: "monitor/health/a.ts",
      text: 'import { x } from "../verify/dns.ts";',
      want: /may not import monitor\/verify/,
    },
    {
      name: "policy knows the topology",
      path: "monitor/policy/a.ts",
      text: 'import { x } from "../topology/zone.ts";',
      want: /may not import monitor\/topology/,
    },
    {
      name: "policy knows observations",
      path: "monitor/policy/a.ts",
      text: 'import type { Observation } from "../model/observation.ts";',
      want: /may not import monitor\/model/,
    },
    {
      name: "shipped code knows a test",
      path: "monitor/node/a.ts",
      text: 'import { x } from "../../test/support/x.ts";',
      want: /may not import test/,
    },
    {
      name: "the core reads the clock",
      path: "monitor/health/a.ts",
      text: "export const now = Date.now();",
      want: /Date\.now/,
    },
    {
      name: "the core reads the clock by new Date",
      path: "monitor/health/a.ts",
      text: "export const now = new Date();",
      want: /new Date\(\)/,
    },
    {
      name: "the core throws dice",
      path: "monitor/run/a.ts",
      text: "export const x = Math.random();",
      want: /Math\.random/,
    },
    {
      name: "the core takes a package of Node's",
      path: "monitor/run/a.ts",
      text: 'import { readFileSync } from "node:fs";',
      want: /may not import node:fs/,
    },
    {
      name: "the core takes a package it may not",
      path: "monitor/run/a.ts",
      text: 'import { Hono } from "hono";',
      want: /may not import hono/,
    },
    {
      name: "an edge takes a package of Node's",
      path: "monitor/wire/a.ts",
      text: 'import net from "node:net";',
      want: /may not import node:net/,
    },
    { name: "a file is too long", path: "monitor/time.ts", text: "\n".repeat(LINES_MAX), want: /lines, at most 400/ },
    {
      name: "a function is too long",
      path: "monitor/time.ts",
      text: `export function f(): void {\n${"  g();\n".repeat(61)}}\n`,
      want: /function f has 63 lines, at most 60/,
    },
    { name: "an ordinary file breaks nothing", path: "monitor/time.ts", text: "", want: null },
    { name: "a file is a barrel", path: "monitor/time.ts", text: 'export * from "./problem.ts";', want: /barrel/ },
    { name: "a name says nothing", path: "monitor/run/utils.ts", text: "", want: /file name/ },
    { name: "a name is not kebab-case", path: "monitor/run/planRound.ts", text: "", want: /file name/ },
    { name: "an enum", path: "monitor/time.ts", text: "export enum E { A }", want: /enum/ },
    { name: "a test is narrowed", path: "test/a.test.ts", text: 'test.only("x", () => {});', want: /\.only/ },
  ])("$name", ({ path, text, want }) => {
    const found = file(path, text).join("\n");
    if (want === null) expect(found).toBe("");
    else expect(found).toMatch(want);
  });

  test("a file without an opening comment", () => {
    expect(breaches({ path: "monitor/time.ts", text: "export const x = 1;\n", imports: [] }).join()).toMatch(
      /opens with a comment/,
    );
  });
});
