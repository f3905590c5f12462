// The monitor's image has only what is not for development. Where no container engine is at hand, its tree is laid out as
// the Dockerfile would, with just those packages, and the command line is run in it.
import { spawnSync, type SpawnSyncReturns } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { ROOT } from "../support/source-files.ts";
import { makeScratch } from "../watch/watch-process.ts";
import { restsOf, stageNamed } from "./dockerfile.ts";

interface Lock {
  readonly packages: Readonly<
    Record<string, { readonly dev?: boolean; readonly hasInstallScript?: boolean; readonly os?: readonly string[] }>
  >;
}

const lock = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8")) as Lock;
const shipped = Object.entries(lock.packages).filter(
  ([path, one]) => path.startsWith("node_modules/") && one.dev !== true,
);
const image = mkdtempSync(join(tmpdir(), "monitor-image-"));
afterAll(() => rmSync(image, { recursive: true, force: true }));

beforeAll(() => {
  // A package inside another one comes with it.
  for (const [path] of shipped.filter(([one]) => !one.includes("/node_modules/"))) {
    mkdirSync(dirname(join(image, path)), { recursive: true });
    symlinkSync(join(ROOT, path), join(image, path));
  }
  for (const copied of ["package.json", "manifests/topology.yaml", "drills", "monitor"])
    cpSync(join(ROOT, copied), join(image, copied), { recursive: true });
});

function run(...argv: readonly string[]): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, ["monitor/cli/main.ts", ...argv], { cwd: image, encoding: "utf8" });
}

describe("the monitor's image", () => {
  test("is laid out here as the Dockerfile does it", () => {
    const copies = restsOf(stageNamed("monitor"), "COPY").filter((rest) => !rest.startsWith("--from"));
    expect(copies).toEqual([
      "package.json ./",
      "manifests/topology.yaml manifests/",
      "drills drills/",
      "monitor monitor/",
    ]);
    expect(restsOf(stageNamed("monitor"), "USER")).toEqual(["65532:65532"]);
  });

  test("has no package that must be compiled, or is made for one system", () => {
    expect(shipped.length).toBeGreaterThan(4);
    expect(shipped.filter(([, one]) => one.hasInstallScript === true || one.os !== undefined)).toEqual([]);
  });

  test("answers by policy", () => {
    expect(run("policy", "answer", "--from", "weur").stdout).toContain(
      "192.0.2.10 (TTL 60 s)  the primary aws-us-east-1, which is healthy",
    );
  });

  test("has all that each command needs, up to its own help", () => {
    const main = readFileSync(join(ROOT, "monitor/cli/main.ts"), "utf8");
    const commands = [...main.matchAll(/^ {2}(\w+): \{/gm)].map(([, name = ""]) => name);
    expect(commands).toEqual(expect.arrayContaining(["up", "drill", "zone"]));
    const mute = commands.filter((name) => !run(name, "--help").stdout.startsWith(`monitor ${name} `));
    expect(mute).toEqual([]);
    // A process for each command.
  }, 120_000);

  test("knows the shipped drills", () => {
    expect(run("drill", "list").stdout).toContain("primary-outage");
  });

  test("has no workerd, and `up` says so", () => {
    const { status, stderr } = run("up", "--port", "0", "--for", "1s");
    expect(status).toBe(3);
    expect(stderr).toContain("A package is missing. `npm ci` installs all of them; the monitor's image has none");
  });

  test("watches", () => {
    const { topology, remove } = makeScratch();
    onTestFinished(remove);
    const { status, stdout } = run("watch", "--topology", topology, "--port", "0", "--rounds", "1");
    expect([status, stdout]).toEqual([0, expect.stringContaining("overall is ")]);
  });

  test("has all that a check needs, up to its own usage", () => {
    const { status, stderr } = run("check", "--rounds", "0");
    expect([status, stderr.split("\n")[0]]).toEqual([2, '--rounds: expected a whole number from 1 to 100, found "0"']);
  });
});
