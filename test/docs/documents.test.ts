// The documents: every link, path, script and command in them exists, and their blocks of code can be read.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { ROOT } from "../support/source-files.ts";
import { brokenLinks, documentOf, documents, missingPaths, monitorCalls, npmScripts } from "./markdown.ts";

const MAIN = join(ROOT, "monitor/cli/main.ts");
/** Importing the entry would run it; its table is text with one command a key. */
const COMMANDS = [...readFileSync(MAIN, "utf8").matchAll(/^ {2}(\w+): \{/gm)].map(([, name = ""]) => name);
const SCRIPTS = Object.keys(
  (JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { readonly scripts: object }).scripts,
);

function helpOf(command: string): string {
  return spawnSync(process.execPath, [MAIN, command, "--help"], { cwd: ROOT, encoding: "utf8" }).stdout;
}

function bashProblems(code: string): string {
  return spawnSync("bash", ["-n"], { input: code, encoding: "utf8" }).stderr;
}

/** The documents that a command writes with `<<JSON` or `<<'YAML'`, variables left as they are. */
function hereDocuments(code: string, mark: string): readonly string[] {
  return [...code.matchAll(new RegExp(`<<'?${mark}'?\\n([\\s\\S]*?)\\n${mark}$`, "gm"))].map(([, text = ""]) => text);
}

test("the table of commands was found", () => {
  expect(COMMANDS).toEqual(expect.arrayContaining(["up", "gate", "check", "policy"]));
});

describe.each(documents())("$path", (document) => {
  test("links to what is there", () => {
    expect(brokenLinks(document)).toEqual([]);
  });

  test("names files that are there", () => {
    expect(missingPaths(document)).toEqual([]);
  });

  test("calls npm scripts that are there", () => {
    expect(npmScripts(document).filter((script) => !SCRIPTS.includes(script))).toEqual([]);
  });

  test("calls commands of the monitor that are there, with flags that they know", () => {
    const calls = monitorCalls(document).filter(({ command }) => !["--help", "COMMAND"].includes(command));
    expect(calls.length).toBeGreaterThan(0);
    const helps = new Map([...new Set(calls.map((call) => call.command))].map((name) => [name, helpOf(name)]));
    const strangers = calls.filter(({ command }) => !COMMANDS.includes(command));
    expect(strangers.map(({ command }) => command)).toEqual([]);
    const unknown = calls.flatMap(({ command, flags }) =>
      flags.filter((flag) => helps.get(command)?.includes(flag) !== true).map((flag) => `${command} ${flag}`),
    );
    expect(unknown).toEqual([]);
    // A process for each command's help.
  }, 120_000);

  test("has shell, JSON and YAML that can be read", () => {
    for (const { language, code } of document.blocks) {
      if (language === "bash") expect(bashProblems(code)).toBe("");
      const yaml = language === "yaml" ? [code] : hereDocuments(code, "YAML");
      for (const text of yaml) expect(parseAllDocuments(text).flatMap((one) => one.errors)).toEqual([]);
      const json = language === "json" ? [code] : hereDocuments(code, "JSON");
      for (const text of json) expect(() => JSON.parse(text) as unknown).not.toThrow();
    }
  });

  test("says what each block of code is", () => {
    expect(document.blocks.filter(({ language }) => language === "")).toEqual([]);
    expect(document.text.match(/^```/gm)?.length).toBe(document.blocks.length * 2);
  });
});

describe("each check sees its own breach", () => {
  const bad = documentOf(
    "docs/x.md",
    "[a](../nowhere.md) [b](walkthrough.md#nowhere) `manifests/nowhere.yaml`\nnpm run nowhere\n`monitor nowhere --x`\n",
  );

  test("a link, a heading, a path, a script, a command", () => {
    expect(brokenLinks(bad)).toEqual(["../nowhere.md", "walkthrough.md#nowhere"]);
    expect(missingPaths(bad)).toEqual(["manifests/nowhere.yaml"]);
    expect(npmScripts(bad)).toEqual(["nowhere"]);
    expect(monitorCalls(bad)).toEqual([{ command: "nowhere", flags: ["--x"] }]);
  });

  test("shell that does not end", () => {
    expect(bashProblems("for x in a; do\n")).not.toBe("");
  });
});
