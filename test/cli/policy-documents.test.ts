// The transcripts of docs/policy.md are what the commands print.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../support/source-files.ts";

const TEXT = readFileSync(join(ROOT, "docs/policy.md"), "utf8");
const TRANSCRIPTS = [...TEXT.matchAll(/^```console\n\$ npm run -s monitor -- ([^\n]+)\n([\s\S]*?)^```$/gm)].map(
  ([, command = "", output = ""]) => ({ command, output }),
);

test("the guide has a transcript of each command", () => {
  expect(TRANSCRIPTS.map(({ command }) => command.split(" ")[1])).toEqual([
    "answer",
    "explain",
    "what-if",
    "prove",
    "replay",
  ]);
});

test.each(TRANSCRIPTS)("$command", ({ command, output }) => {
  const { stdout } = spawnSync(process.execPath, ["monitor/cli/main.ts", ...command.split(" ")], {
    cwd: ROOT,
    encoding: "utf8",
  });
  expect(stdout).toBe(output);
});
