import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, test } from "vitest";
import { reportText } from "../../monitor/cli/report-text.ts";
import { makeApp } from "../../monitor/http/app.ts";
import { createAppServer } from "../../monitor/local/app-server.ts";
import { closeListener, listenOn } from "../../monitor/local/listening.ts";
import { periodMarkdown } from "../../monitor/report/period-report-markdown.ts";
import type { PeriodReport } from "../../monitor/report/period-report-schema.ts";
import { DAY_REPORT } from "../monitor/report/period-example.ts";

const MAIN = join(import.meta.dirname, "../../monitor/cli/main.ts");
const GOLDEN = import.meta.glob<string>("../monitor/report/golden/*", {
  query: "?raw",
  import: "default",
  eager: true,
});
const notAsked = (): Promise<never> => Promise.reject(new Error("not asked"));
let close = (): Promise<void> => Promise.resolve();

afterEach(() => close());

async function serve(report: PeriodReport): Promise<string> {
  const reports = {
    readRecent: () => Promise.resolve(report),
    readBuckets: notAsked,
    readDays: notAsked,
    readDay: notAsked,
  };
  const others = { readStatus: notAsked, readSelf: notAsked, readRounds: notAsked };
  const server = createAppServer(makeApp({ topologyProblems: [], ...others, reports }));
  const port = await listenOn(server, { host: "127.0.0.1", port: 0 });
  close = () => closeListener(server);
  return `http://127.0.0.1:${port}`;
}

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function monitor(...words: readonly string[]): Promise<Ended> {
  return monitorIn({}, ...words);
}

async function monitorIn(variables: Readonly<Record<string, string>>, ...words: readonly string[]): Promise<Ended> {
  const env = { ...process.env, ...variables };
  const child = spawn(process.execPath, [MAIN, "report", ...words], { stdio: ["ignore", "pipe", "pipe"], env });
  const ended = new Promise<number>((resolve) => child.once("close", (code) => resolve(code ?? -1)));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, stdout, stderr };
}

test("the text face is the golden one", () => {
  expect(reportText(DAY_REPORT)).toBe(GOLDEN["../monitor/report/golden/day-report.txt"]);
});

test("what the world said cannot steer the terminal", () => {
  const [first] = DAY_REPORT.incidents;
  if (first === undefined) throw new Error("the example has incidents");
  const evil = { ...DAY_REPORT, incidents: [{ ...first, reason: "\u001B[2J\r\u0007" }] };
  expect(reportText(evil)).not.toMatch(/[^\P{Cc}\n]/u);
  expect(periodMarkdown(evil)).not.toMatch(/[^\P{Cc}\n]/u);
});

describe("monitor report", () => {
  const quiet = { ...DAY_REPORT, incidents: [] };
  test.each([
    { name: "shows text", words: [], report: quiet, code: 0, stdout: reportText(quiet) },
    {
      name: "ends with 1 where there were incidents",
      words: [],
      report: DAY_REPORT,
      code: 1,
      stdout: reportText(DAY_REPORT),
    },
    { name: "gives Markdown", words: ["--format", "md"], report: quiet, code: 0, stdout: periodMarkdown(quiet) },
    {
      name: "ends with 4 where there was no round",
      words: [],
      report: { ...quiet, rounds: 0 },
      code: 4,
      stdout: reportText({ ...quiet, rounds: 0 }),
    },
  ])("$name", async ({ words, report, code, stdout }) => {
    const url = await serve(report);
    expect(await monitor("--url", url, ...words)).toEqual({ code, stdout, stderr: "" });
  });

  test.each([["--format", "json"], ["--json"]])("gives one envelope as JSON: %s %s", async (...words) => {
    const { code, stdout } = await monitor("--url", await serve(DAY_REPORT), ...words);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toEqual({
      schemaVersion: 1,
      command: "report",
      at: DAY_REPORT.generatedAt,
      verdict: "deviates",
      data: DAY_REPORT,
      findings: [],
    });
  });

  test.each([
    { name: "another format", words: ["--format", "pdf"], say: '--format: expected text, md or json, found "pdf"' },
    {
      name: "something else than a URL",
      words: ["--url", "localhost"],
      say: '--url: expected an http or https URL, found "localhost"',
    },
    {
      name: "JSON as Markdown",
      words: ["--json", "--format", "md"],
      say: "--json: expected no other --format, found md",
    },
    { name: "an unknown flag", words: ["--day"], say: "Unknown option '--day'" },
  ])("refuses $name", async ({ words, say }) => {
    const { code, stderr } = await monitor(...words);
    expect(code).toBe(2);
    expect(stderr).toContain(say);
  });

  test("gives an envelope also where nobody answers, so that what parses it has something to parse", async () => {
    const { code, stdout, stderr } = await monitor("--url", "http://127.0.0.1:9", "--json");
    expect(code).toBe(4);
    expect(JSON.parse(stdout)).toMatchObject({
      command: "report",
      verdict: "undecided",
      data: { error: stderr.trim() },
    });
    expect(stderr).toContain("http://127.0.0.1:9: ");
  });

  test("asks the only local world that runs, when it is not told whom", async () => {
    const url = await serve(quiet);
    const home = mkdtempSync(join(tmpdir(), "report-"));
    const folder = join(home, `multicloud-probe-${userInfo().uid}`);
    mkdirSync(folder, { mode: 0o700 });
    const world = { pid: process.pid, statusUrl: `${url}/`, controlUrl: url, token: "0".repeat(64) };
    writeFileSync(join(folder, `${new URL(url).port}.json`), JSON.stringify(world), { mode: 0o600 });
    try {
      expect(await monitorIn({ TMPDIR: home })).toEqual({ code: 0, stdout: reportText(quiet), stderr: "" });
    } finally {
      rmSync(home, { recursive: true });
    }
  });

  test("says what the monitor refused", async () => {
    const { code, stderr } = await monitor("--url", await serve(quiet), "--window", "30m");
    expect(code).toBe(2);
    expect(stderr).toContain("window: expected hours or days");
  });

  test("says that nobody answers, without a stack", async () => {
    const url = await serve(quiet);
    await close();
    const { code, stdout, stderr } = await monitor("--url", url);
    expect({ code, stdout }).toEqual({ code: 4, stdout: "" });
    expect(stderr).toMatch(/^http:\/\/127\.0\.0\.1:\d+: fetch failed: .*ECONNREFUSED.*\n$/);
  });

  test("does not take another server's answer for a report", async () => {
    const server = createServer((_request, response) => response.end('{"rounds":1}'));
    const port = await listenOn(server, { host: "127.0.0.1", port: 0 });
    close = () => closeListener(server);
    const { code, stderr } = await monitor("--url", `http://127.0.0.1:${port}`);
    expect(code).toBe(4);
    expect(stderr).toContain("it answered 200 and no report that this version can read");
  });
});
