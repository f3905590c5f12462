// The bench still runs: its cheap parts for real, its arithmetic by hand, and what an interrupted run leaves behind. None of it
// looks at how fast anything is.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { until } from "../support/until.ts";
import { childrenOf, cpuMsOf } from "./processes.ts";
import { growthExponent, median, quantile } from "./statistics.ts";
import { renderPart } from "./table.ts";

const RUN = join(import.meta.dirname, "run.ts");
let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "bench-test-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** With a directory for temporary files of its own, so that what is left can be seen. */
function startBench(...words: readonly string[]): ChildProcess {
  return spawn(process.execPath, [RUN, ...words], { env: { ...process.env, TMPDIR: folder }, stdio: "pipe" });
}

async function runBench(
  ...words: readonly string[]
): Promise<{ readonly code: unknown; readonly stdout: string; readonly stderr: string }> {
  const child = startBench(...words);
  const said = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream]?.setEncoding("utf8").on("data", (text: string) => (said[stream] += text));
  }
  const [code] = (await once(child, "close")) as [unknown];
  return { code, ...said };
}

describe("a run", () => {
  test("prints a table and writes figures by name", async () => {
    const file = join(folder, "bench.json");
    const { code, stdout } = await runBench("evaluator", "cost", "--quick", "--json", file);
    expect(code).toBe(0);
    expect(stdout).toContain("evaluator: expected answers a second");
    expect(stdout).toContain("cost: the free plan");
    const { schemaVersion, quick, parts } = JSON.parse(readFileSync(file, "utf8")) as {
      schemaVersion: number;
      quick: boolean;
      parts: Record<string, { result: { figures: Record<string, number> } }>;
    };
    expect({ schemaVersion, quick, parts: Object.keys(parts) }).toEqual({
      schemaVersion: 1,
      quick: true,
      parts: ["evaluator", "cost"],
    });
    expect(parts["evaluator"]?.result.figures).toEqual({
      answersPerSecond2: expect.any(Number),
      answersPerSecond20: expect.any(Number),
      answersPerSecond200: expect.any(Number),
      growthExponent: expect.any(Number),
    });
    expect(Object.keys(parts["cost"]?.result.figures ?? {})).toEqual([
      "requestsShare",
      "gigabyteSecondsShare",
      "rowsWrittenShare",
      "subrequestsShare",
    ]);
  });

  test("refuses a part that there is not, and names those that there are", async () => {
    const { code, stderr } = await runBench("speed");
    expect(code).toBe(2);
    expect(stderr.trim()).toBe(
      "no such part: speed; there are probes, phases, rounds, evaluator, status, router, bundle, cost",
    );
  });

  test.skipIf(!existsSync("/proc/self/stat"))("that is interrupted leaves neither files nor processes", async () => {
    const child = startBench("phases");
    const children = await until("the run has files and two processes", () => {
      const all = childrenOf(child.pid ?? 0);
      return readdirSync(folder).length > 0 && all.length > 1 && all;
    });
    child.kill("SIGINT");
    expect(await once(child, "exit")).toEqual([130, null]);
    expect(readdirSync(folder)).toEqual([]);
    expect(children.filter((pid) => cpuMsOf(pid) !== null)).toEqual([]);
  });
});

describe("the arithmetic", () => {
  test.each([
    { name: "of one value", values: [3], share: 0.95, want: 3 },
    { name: "of the middle", values: [5, 1, 3], share: 0.5, want: 3 },
    { name: "of the tail", values: Array.from({ length: 100 }, (_, at) => at + 1), share: 0.95, want: 95 },
  ])("gives the quantile $name", ({ values, share, want }) => {
    expect(quantile(values, share)).toBe(want);
  });

  test("gives the lower of two middles", () => {
    expect(median([4, 1, 2, 3])).toBe(2);
  });

  test.each([0, 1, 2])("finds the exponent %i of a growth", (exponent) => {
    const points = [2, 20, 100].map((x) => ({ x, y: 7 * x ** exponent }));
    expect(growthExponent(points)).toBeCloseTo(exponent);
  });
});

test("a table has columns as wide as their widest cell, and notes below", () => {
  const result = { columns: ["what", "n"], rows: [["a", "100"]], figures: {}, notes: ["noted"] };
  expect(renderPart({ name: "part", title: "Title" }, result)).toBe(
    ["part: Title", "what    n", "----  ---", "a     100", "  noted", ""].join("\n"),
  );
});
