import { spawnSync } from "node:child_process";
import { chmod, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, test, vi } from "vitest";
import {
  readLiveWorlds,
  type WorldFile,
  worldDir,
  worldFilePath,
  writeWorldFile,
} from "../../monitor/local/world-file.ts";
import { makeTempDir } from "./commands.ts";

const WORLD: WorldFile = {
  pid: process.pid,
  statusUrl: "http://127.0.0.1:8787",
  controlUrl: "http://127.0.0.1:9999",
  token: "0123456789abcdef".repeat(4),
};

beforeEach(async () => {
  vi.stubEnv("TMPDIR", await makeTempDir());
  return () => vi.unstubAllEnvs();
});

/** The id of a process that has just ended. */
function deadPid(): number {
  return spawnSync(process.execPath, ["-e", ""]).pid;
}

describe("a world's file", () => {
  test("is readable for its owner alone, in a directory of the owner's alone", async () => {
    const path = await writeWorldFile(8787, WORLD);
    expect(path).toBe(worldFilePath(8787));
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(worldDir())).mode & 0o777).toBe(0o700);
    expect(await readdir(worldDir())).toEqual(["8787.json"]);
    expect(JSON.parse(await readFile(path, "utf8"))).toEqual(WORLD);
  });

  test("replaces one that was there, and closes a directory that was open to others", async () => {
    await mkdir(worldDir(), { mode: 0o755 });
    await chmod(worldDir(), 0o755);
    await writeWorldFile(8787, { ...WORLD, pid: 1 });
    await writeWorldFile(8787, WORLD);
    expect((await stat(worldDir())).mode & 0o777).toBe(0o700);
    expect(await readLiveWorlds()).toEqual([{ ...WORLD, port: 8787 }]);
  });

  test("is not written where something else has the directory's name", async () => {
    await writeFile(worldDir(), "");
    await expect(writeWorldFile(8787, WORLD)).rejects.toMatchObject({ code: "EEXIST" });
  });
});

describe("reading", () => {
  test("takes a world of an earlier version, whose services cannot be drained, for one that lives", async () => {
    await writeWorldFile(8787, WORLD);
    await writeWorldFile(9000, { ...WORLD, drainToken: "f".repeat(64) });
    expect((await readLiveWorlds()).map(({ drainToken }) => drainToken)).toEqual([undefined, "f".repeat(64)]);
  });

  test("gives the worlds that live, by port", async () => {
    await writeWorldFile(9000, WORLD);
    await writeWorldFile(8787, WORLD);
    expect((await readLiveWorlds()).map((world) => world.port)).toEqual([8787, 9000]);
  });

  test("is empty where there never was a world", async () => {
    expect(await readLiveWorlds()).toEqual([]);
  });

  test("removes the files of dead processes", async () => {
    await writeWorldFile(8787, { ...WORLD, pid: deadPid() });
    await writeWorldFile(8788, WORLD);
    expect((await readLiveWorlds()).map((world) => world.port)).toEqual([8788]);
    expect(await readdir(worldDir())).toEqual(["8788.json"]);
  });

  test.each([
    { what: "no JSON", text: "{" },
    { what: "another shape", text: JSON.stringify({ ...WORLD, token: "short" }) },
    { what: "an unknown key", text: JSON.stringify({ ...WORLD, more: 1 }) },
    { what: "far too much", text: JSON.stringify({ ...WORLD, statusUrl: `http://x/${"y".repeat(5000)}` }) },
  ])("removes a file that holds $what", async ({ text }) => {
    await mkdir(worldDir(), { mode: 0o700 });
    await writeFile(worldFilePath(8787), text);
    expect(await readLiveWorlds()).toEqual([]);
    expect(await readdir(worldDir())).toEqual([]);
  });

  test("leaves alone what is no world's file", async () => {
    await writeWorldFile(8787, WORLD);
    await writeFile(join(worldDir(), "notes.json"), "{}");
    await mkdir(join(worldDir(), "world-abc"));
    expect((await readLiveWorlds()).length).toBe(1);
    expect((await readdir(worldDir())).toSorted()).toEqual(["8787.json", "notes.json", "world-abc"]);
  });
});
