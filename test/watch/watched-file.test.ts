// A topology's file that changes under a running monitor, in every way in which editors, people and Kubernetes change files.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parseTopology } from "../../monitor/topology/parse.ts";
import { TOPOLOGY_LIMITS } from "../../monitor/topology/source.ts";
import { WatchedFile } from "../../monitor/watch/watched-file.ts";
import { edited, SMALLEST } from "../support/topology-text.ts";

const BROKEN = edited(["primary: east", "primary: north"]);
const named = (name: string): string => edited(["name: demo,", `name: ${name},`]);

let folder = "";
let path = "";
let now = 0;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "watched-file-"));
  path = join(folder, "topology.yaml");
  writeFileSync(path, SMALLEST);
  now = 1000;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function open(at = path): WatchedFile {
  const opened = WatchedFile.open(at, (text) => parseTopology(text), now);
  if (!opened.ok) throw new Error(JSON.stringify(opened.problems));
  return opened.value;
}

/** What each of some looks told, a second apart. */
function looks(file: WatchedFile, count: number, haste: "settle" | "asked" = "settle") {
  return Array.from({ length: count }, () => {
    now += 1000;
    return file.look(haste, now)?.kind ?? "nothing";
  });
}

const nameOf = (file: WatchedFile): string => file.watched.topology.service.name;

describe("a file that changes", () => {
  test("and stays as it was tells nothing", () => {
    const file = open();
    writeFileSync(path, SMALLEST);
    expect(looks(file, 5)).toEqual(["nothing", "nothing", "nothing", "nothing", "nothing"]);
    expect(file.watched.reload).toEqual({ takenAt: 1000, refused: null });
  });

  test("to something good is taken once two looks found the same", () => {
    const file = open();
    writeFileSync(path, named("other"));
    expect(looks(file, 4)).toEqual(["nothing", "taken", "nothing", "nothing"]);
    expect(nameOf(file)).toBe("other");
    expect(file.watched.reload).toEqual({ takenAt: 3000, refused: null });
  });

  test("to something broken is refused once, with all problems and their places, and the old one stays", () => {
    const file = open();
    writeFileSync(path, edited(["primary: east", "primary: north"], ["region: us-west-2", "region: 7"]));
    now = 2000;
    expect(file.look("settle", now)).toBeNull();
    now = 3000;
    const news = file.look("settle", now);
    expect(news?.kind === "refused" ? news.problems.length : 0).toBe(2);
    expect(looks(file, 3)).toEqual(["nothing", "nothing", "nothing"]);
    expect(nameOf(file)).toBe("demo");
    expect(file.watched.reload).toEqual({
      takenAt: 1000,
      refused: { at: 3000, places: ["topology.yaml:8:13", "topology.yaml:13:41"] },
    });
  });

  test("to another broken text is refused since the first", () => {
    const file = open();
    writeFileSync(path, BROKEN);
    looks(file, 2);
    writeFileSync(path, "service: {");
    expect(looks(file, 3)).toEqual(["nothing", "refused", "nothing"]);
    expect(file.watched.reload.refused?.at).toBe(3000);
  });

  test.each([
    { name: "another good text", text: named("mended"), is: "mended" },
    { name: "the very text that is watched", text: SMALLEST, is: "demo" },
  ])("back from broken to $name clears the refusal", ({ text, is }) => {
    const file = open();
    writeFileSync(path, BROKEN);
    looks(file, 2);
    writeFileSync(path, text);
    expect(looks(file, 3)).toEqual(["nothing", "taken", "nothing"]);
    expect([nameOf(file), file.watched.reload]).toEqual([is, { takenAt: 5000, refused: null }]);
  });

  test("while somebody still writes it is not judged before it rests", () => {
    const file = open();
    const text = named("other");
    const told = [60, 200, 400, text.length].flatMap((length) => {
      writeFileSync(path, text.slice(0, length));
      return looks(file, 1);
    });
    expect([...told, ...looks(file, 1)]).toEqual(["nothing", "nothing", "nothing", "nothing", "taken"]);
  });

  test("by a rename, as editors do it, is taken", () => {
    const file = open();
    writeFileSync(join(folder, "draft"), named("renamed"));
    renameSync(join(folder, "draft"), path);
    expect([looks(file, 2), nameOf(file)]).toEqual([["nothing", "taken"], "renamed"]);
  });

  test("by the swap of a symbolic link to its folder, as a ConfigMap does it, is taken", () => {
    const volume = join(folder, "volume");
    for (const [version, text] of [
      ["..2026_1", SMALLEST],
      ["..2026_2", named("swapped")],
    ] as const) {
      mkdirSync(join(volume, version), { recursive: true });
      writeFileSync(join(volume, version, "topology.yaml"), text);
    }
    symlinkSync("..2026_1", join(volume, "..data"));
    symlinkSync("..data/topology.yaml", join(volume, "topology.yaml"));
    const file = open(join(volume, "topology.yaml"));
    symlinkSync("..2026_2", join(volume, "..data_tmp"));
    renameSync(join(volume, "..data_tmp"), join(volume, "..data"));
    rmSync(join(volume, "..2026_1"), { recursive: true });
    expect([looks(file, 2), nameOf(file)]).toEqual([["nothing", "taken"], "swapped"]);
  });

  test("that is gone keeps the old one, says so, and is taken again when it is back", () => {
    const file = open();
    rmSync(path);
    expect(looks(file, 3)).toEqual(["nothing", "refused", "nothing"]);
    expect([nameOf(file), file.watched.reload.refused]).toEqual(["demo", { at: 3000, places: ["topology.yaml"] }]);
    writeFileSync(path, SMALLEST);
    expect([looks(file, 2), file.watched.reload.refused]).toEqual([["nothing", "taken"], null]);
  });

  test("for the moment between two looks that it is gone tells nothing", () => {
    const file = open();
    rmSync(path);
    expect(looks(file, 1)).toEqual(["nothing"]);
    writeFileSync(path, SMALLEST);
    expect([looks(file, 2), file.watched.reload.refused]).toEqual([["nothing", "nothing"], null]);
  });

  test("is read at once when that is asked for, and told also where nothing changed", () => {
    const file = open();
    expect(looks(file, 1, "asked")).toEqual(["taken"]);
    writeFileSync(path, BROKEN);
    expect(looks(file, 2, "asked")).toEqual(["refused", "refused"]);
    writeFileSync(path, named("other"));
    expect([looks(file, 1, "asked"), nameOf(file)]).toEqual([["taken"], "other"]);
  });
});

describe("what is no file of text", () => {
  test("is refused and not waited for: a folder, a pipe without a writer", () => {
    const file = open();
    rmSync(path);
    mkdirSync(path);
    expect(looks(file, 2)).toEqual(["nothing", "refused"]);
    rmSync(path, { recursive: true });
    expect(spawnSync("mkfifo", [path]).status).toBe(0);
    // Also no file: nothing that has not been told.
    expect([looks(file, 2), nameOf(file)]).toEqual([["nothing", "nothing"], "demo"]);
  });

  test("is refused when it is longer than any topology, and read no further than shows that", () => {
    const file = open();
    writeFileSync(path, `${SMALLEST}# ${"x".repeat(8 * TOPOLOGY_LIMITS.textMax)}\n`);
    expect([looks(file, 2), nameOf(file)]).toEqual([["nothing", "refused"], "demo"]);
  });

  test("cannot be opened at all in the beginning", () => {
    rmSync(path);
    expect(WatchedFile.open(path, (text) => parseTopology(text), now)).toMatchObject({ ok: false });
    writeFileSync(path, BROKEN);
    expect(WatchedFile.open(path, (text) => parseTopology(text), now)).toMatchObject({ ok: false });
  });
});
