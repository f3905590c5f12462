import { spawn } from "node:child_process";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, test } from "vitest";
import { sloMarkdown, sloText } from "../../monitor/cli/slo-text.ts";
import { closeListener, listenOn } from "../../monitor/local/listening.ts";
import type { ObjectiveRow } from "../../monitor/report/objective-schema.ts";
import { STATUS } from "../monitor/report/objective-example.ts";

const MAIN = join(import.meta.dirname, "../../monitor/cli/main.ts");
const GOLDEN = import.meta.glob<string>("../monitor/report/golden/objectives.*", {
  query: "?raw",
  import: "default",
  eager: true,
});
const { objectives = [] } = STATUS;
const PROMISED = { ...STATUS, objectives };
let server: Server | null = null;

afterEach(async () => {
  if (server !== null) await closeListener(server);
  server = null;
});

async function serve(body: object, code = 200): Promise<string> {
  const made = createServer((_request, reply) => reply.writeHead(code).end(JSON.stringify(body)));
  server = made;
  return `http://127.0.0.1:${await listenOn(made, { host: "127.0.0.1", port: 0 })}`;
}

async function slo(...words: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [MAIN, "slo", ...words], { stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise<number>((resolve) => child.once("close", (code) => resolve(code ?? -1)));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, stdout, stderr };
}

describe("the golden faces", () => {
  test("text", () => expect(sloText(PROMISED)).toBe(GOLDEN["../monitor/report/golden/objectives.txt"]));
  test("Markdown", () => expect(sloMarkdown(PROMISED)).toBe(GOLDEN["../monitor/report/golden/objectives.md"]));
});

describe("monitor slo", () => {
  const whole = objectives.filter(({ budgetLeft }) => (budgetLeft ?? 0) > 0);
  const unmeasured = objectives.filter(({ budgetLeft }) => budgetLeft === null);
  test.each<{ name: string; rows: readonly ObjectiveRow[]; code: number }>([
    { name: "ends with 0 where every budget has something left", rows: whole, code: 0 },
    { name: "ends with 1 where one is spent, whatever is known of the others", rows: objectives, code: 1 },
    { name: "ends with 4 where one was not measured", rows: [...whole, ...unmeasured], code: 4 },
  ])("$name", async ({ rows, code }) => {
    const url = await serve({ ...STATUS, objectives: rows });
    expect(await slo("--url", url)).toEqual({ code, stdout: sloText({ ...STATUS, objectives: rows }), stderr: "" });
  });

  test("gives Markdown, and one envelope as JSON", async () => {
    const url = await serve(STATUS);
    expect((await slo("--url", url, "--format", "md")).stdout).toBe(sloMarkdown(PROMISED));
    const { stdout } = await slo("--url", url, "--format", "json");
    expect(JSON.parse(stdout)).toEqual({
      schemaVersion: 1,
      command: "slo",
      at: STATUS.generatedAt,
      verdict: "deviates",
      data: { objectives },
      findings: [],
    });
  });

  test("says so where nothing is promised", async () => {
    const { objectives: _none, ...without } = STATUS;
    expect(await slo("--url", await serve(without))).toEqual({
      code: 4,
      stdout: "",
      stderr: "nothing is promised: the topology has no objectives\n",
    });
  });

  test.each([
    {
      name: "an unknown format",
      words: ["--format", "xml"],
      code: 2,
      stderr: /expected text, md or json, found "xml"/,
    },
    { name: "no URL", words: ["--url", "nowhere"], code: 2, stderr: /expected an http or https URL, found "nowhere"/ },
    { name: "a word too many", words: ["now"], code: 2, stderr: /now/ },
    {
      name: "a monitor that is not there",
      words: ["--url", "http://127.0.0.1:1"],
      code: 4,
      stderr: /127\.0\.0\.1:1: /,
    },
  ])("ends with $code for $name", async ({ words, code, stderr }) => {
    const found = await slo(...words);
    expect({ code: found.code, stdout: found.stdout }).toEqual({ code, stdout: "" });
    expect(found.stderr).toMatch(stderr);
  });
});

describe("monitor slo import", () => {
  const FILE = join(import.meta.dirname, "openslo/search.yaml");

  test("writes what the topology takes, and says what it leaves", async () => {
    expect(await slo("import", FILE, "--unit", "ms", "--region", "aws-us-east-1")).toEqual({
      code: 0,
      stdout:
        "objectives:\n  - { name: search, indicator: latency, thresholdMs: 500, region: aws-us-east-1, target: 0.99, windowDays: 14 }\n",
      stderr:
        "search: its alertPolicies are not taken: burn rates are judged by the rules of docs/objectives.md\nAlertPolicy: it promises nothing, and is not taken\n",
    });
  });

  test("gives one envelope as JSON", async () => {
    const { stdout } = await slo("import", FILE, "--unit", "ms", "--json");
    expect(JSON.parse(stdout)).toMatchObject({
      command: "slo import",
      verdict: "conforms",
      data: { objectives: [{ name: "search", thresholdMs: 500 }] },
    });
  });

  test.each([
    {
      name: "a threshold without a unit",
      words: [FILE],
      stderr: /^\S+search\.yaml:19:14: spec\.objectives\[0\]\.value: expected its unit/,
    },
    { name: "a unit that is none", words: [FILE, "--unit", "m"], stderr: /--unit: expected ms or s, found "m"/ },
    { name: "no file", words: [], stderr: /expected one FILE, found none/ },
    { name: "a file that is not there", words: ["nowhere.yaml"], stderr: /expected a readable file: ENOENT/ },
  ])("ends with 2 for $name", async ({ words, stderr }) => {
    const found = await slo("import", ...words);
    expect({ code: found.code, stdout: found.stdout }).toEqual({ code: 2, stdout: "" });
    expect(found.stderr).toMatch(stderr);
  });
});
