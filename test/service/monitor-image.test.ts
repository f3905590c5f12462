// The monitor's image has only what is not for development. Where no container engine is at hand, its tree is laid out as
// the Dockerfile would, with just those packages, and the command line is run in it.
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ROOT } from "../support/source-files.ts";
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
  for (const copied of ["package.json", "manifests/topology.yaml", "monitor"])
    cpSync(join(ROOT, copied), join(image, copied), { recursive: true });
  rmSync(join(image, "monitor/local"), { recursive: true });
});

describe("the monitor's image", () => {
  test("is laid out here as the Dockerfile does it", () => {
    const copies = restsOf(stageNamed("monitor"), "COPY").filter((rest) => !rest.startsWith("--from"));
    expect(copies).toEqual(["package.json ./", "manifests/topology.yaml manifests/", "monitor monitor/"]);
    expect(restsOf(stageNamed("monitor"), "USER")).toEqual(["65532:65532"]);
    expect(readFileSync(join(ROOT, ".dockerignore"), "utf8")).toContain("\nmonitor/local\n");
  });

  test("has no package that must be compiled, or is made for one system", () => {
    expect(shipped.length).toBeGreaterThan(4);
    expect(shipped.filter(([, one]) => one.hasInstallScript === true || one.os !== undefined)).toEqual([]);
  });

  test("answers by policy", () => {
    const answer = execFileSync(process.execPath, ["monitor/cli/main.ts", "policy", "answer", "--from", "weur"], {
      cwd: image,
      encoding: "utf8",
    });
    expect(answer).toContain("192.0.2.10 (TTL 60 s)  the primary aws-us-east-1, which is healthy");
  });

  test("has all that a check needs, up to its own usage", () => {
    const { status, stderr } = spawnSync(process.execPath, ["monitor/cli/main.ts", "check", "--rounds", "0"], {
      cwd: image,
      encoding: "utf8",
    });
    expect([status, stderr.split("\n")[0]]).toEqual([2, '--rounds: expected a whole number from 1 to 100, found "0"']);
  });
});
