import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile, readdir, readFile, stat, truncate, writeFile } from "node:fs/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { createJournal, type Journal, journalPath, openJournal, openJournals } from "../../monitor/lever/journal.ts";
import type { JournalHead } from "../../monitor/lever/journal-entry.ts";
import { journalFolder, stateFolder } from "../../monitor/lever/state-folder.ts";
import type { Undo } from "../../monitor/lever/undo.ts";
import { makeTempDir } from "../local/commands.ts";

const HEAD: JournalHead = {
  kind: "drill",
  schemaVersion: 1,
  drill: "20261128T120000Z-primary-outage",
  title: "The primary fails",
  startedAt: 1_000,
  expiresAt: 2_000,
  pid: 4711,
};
const UNDO: Undo = { lever: "dns-gate", port: 8787, worldPid: 1, during: "stuck" };
const OTHER: Undo = { ...UNDO, during: "refuse" };

async function openOne(path: string): Promise<Journal> {
  const opened = await openJournal(path);
  if (opened.kind !== "open") throw new Error(opened.kind);
  return opened.journal;
}

describe("a journal", () => {
  test("is its owner's alone, in a folder of the owner's alone", async () => {
    const folder = journalFolder(await makeTempDir());
    const journal = await createJournal(folder, HEAD);
    expect((await stat(journal.path)).mode & 0o777).toBe(0o600);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    await journal.release();
  });

  test("tells what may be left, the latest lever first, until that is restored", async () => {
    const folder = journalFolder(await makeTempDir());
    const journal = await createJournal(folder, HEAD);
    await journal.append({ kind: "applying", at: 1, step: 0, undo: UNDO });
    await journal.append({ kind: "applied", at: 2, step: 0, detail: "" });
    await journal.append({ kind: "applying", at: 3, step: 1, undo: OTHER });
    const both = [
      { step: 1, undo: OTHER },
      { step: 0, undo: UNDO },
    ];
    expect(journal.openSteps()).toEqual(both);
    expect(await openJournals(folder)).toEqual([{ kind: "unfinished", path: journal.path, head: HEAD, open: both }]);
    await journal.append({ kind: "restored", at: 4, step: 1, detail: "" });
    await journal.append({ kind: "stuck", at: 5, step: 0, detail: "nobody answers" });
    expect(journal.openSteps()).toEqual([{ step: 0, undo: UNDO }]);
    await journal.append({ kind: "restored", at: 6, step: 0, detail: "" });
    expect(await openJournals(folder)).toMatchObject([{ open: [] }]);
    await journal.append({ kind: "closed", at: 7 });
    expect(await openJournals(folder)).toEqual([]);
    await journal.release();
  });

  test("is one process's at a time, and its file's lock goes with it when all is restored", async () => {
    const folder = journalFolder(await makeTempDir());
    const journal = await createJournal(folder, HEAD);
    expect(await openJournal(journal.path)).toEqual({ kind: "busy", pid: HEAD.pid });
    await journal.release();
    const again = await openOne(journal.path);
    expect((await stat(`${journal.path}.lock`)).isFile()).toBe(true);
    await again.append({ kind: "closed", at: 1 });
    await again.release();
    await expect(stat(`${journal.path}.lock`)).rejects.toThrow("ENOENT");
  });

  test("is free again when the process that had it was killed", async () => {
    const folder = journalFolder(await makeTempDir());
    const { path, release } = await createJournal(folder, HEAD);
    await release();
    const lock = new URL("../../monitor/lever/journal-lock.ts", import.meta.url).href;
    const hold = `const { takeJournalLock } = await import(${JSON.stringify(lock)});
      globalThis.lock = takeJournalLock(${JSON.stringify(path)});
      console.log("held");
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ["--no-warnings", "--input-type=module", "-e", hold], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    onTestFinished(() => void child.kill("SIGKILL"));
    await once(child.stdout, "data");
    expect(await openJournal(path)).toEqual({ kind: "busy", pid: HEAD.pid });
    child.kill("SIGKILL");
    await once(child, "exit");
    await (await openOne(path)).release();
  });

  test("leaves no file of a lock that a later one would not take away", async () => {
    const folder = journalFolder(await makeTempDir());
    const journal = await createJournal(folder, HEAD);
    expect((await stat(`${journal.path}.lock`)).mode & 0o777).toBe(0o600);
    await journal.append({ kind: "closed", at: 1 });
    await journal.release();
    // As a process leaves it that is killed between the last line and the release.
    await writeFile(`${journal.path}.lock`, "");
    const next = await createJournal(folder, { ...HEAD, drill: "next" });
    expect((await readdir(folder)).toSorted()).toEqual([`${HEAD.drill}.journal`, "next.journal", "next.journal.lock"]);
    await next.release();
  });

  test("keeps nothing of a line for which there was no room, so that what follows it can be read", async () => {
    const folder = journalFolder(await makeTempDir());
    const source = (name: string): string => new URL(`../../monitor/lever/${name}`, import.meta.url).href;
    // 1024 bytes: the head and the first line fit, the long one does not, and a short one still does.
    const write = `const { createJournal } = await import(${JSON.stringify(source("journal.ts"))});
      const journal = await createJournal(${JSON.stringify(folder)}, ${JSON.stringify(HEAD)});
      await journal.append({ kind: "applying", at: 1, step: 0, undo: ${JSON.stringify(UNDO)} });
      const long = { kind: "applied", at: 2, step: 0, detail: "x".repeat(2000) };
      console.log(await journal.append(long).then(() => "written", ({ code }) => code));
      await journal.append({ kind: "restored", at: 3, step: 0, detail: "" });
      await journal.release();`;
    const child = spawn(
      "bash",
      [
        "-c",
        'trap "" XFSZ; ulimit -f 1; exec "$0" "$@"',
        process.execPath,
        "--no-warnings",
        "--input-type=module",
        "-e",
        write,
      ],
      { stdio: ["ignore", "pipe", "inherit"], env: { PATH: process.env["PATH"] } },
    );
    onTestFinished(() => void child.kill("SIGKILL"));
    const said = child.stdout.setEncoding("utf8").toArray();
    await once(child, "close");
    expect((await said).join("").trim()).toBe("EFBIG");
    expect(await openJournals(folder)).toMatchObject([{ kind: "unfinished", open: [] }]);
  });

  test("is never written over", async () => {
    const folder = journalFolder(await makeTempDir());
    await (await createJournal(folder, HEAD)).release();
    await expect(createJournal(folder, HEAD)).rejects.toThrow("EEXIST");
  });
});

describe("a journal that broke off", () => {
  test.each(["{", '{"kind":"applied","at":1,"step":0,"detail":"', "\u0000\u0000"])(
    "in its last line %j is read up to there, and goes on there",
    async (torn) => {
      const folder = journalFolder(await makeTempDir());
      const journal = await createJournal(folder, HEAD);
      await journal.append({ kind: "applying", at: 1, step: 0, undo: UNDO });
      await journal.release();
      await appendFile(journal.path, torn);
      const again = await openOne(journal.path);
      expect(again.openSteps()).toEqual([{ step: 0, undo: UNDO }]);
      await again.append({ kind: "restored", at: 2, step: 0, detail: "" });
      await again.release();
      const kinds = (await readFile(journal.path, "utf8")).matchAll(/^\{"kind":"(\w+)".*\}\n/gm);
      expect([...kinds].map(([, kind]) => kind)).toEqual(["drill", "applying", "restored"]);
    },
  );

  test("at every byte leaves at least the lines that were whole", async () => {
    const folder = journalFolder(await makeTempDir());
    const journal = await createJournal(folder, HEAD);
    await journal.append({ kind: "applying", at: 1, step: 0, undo: UNDO });
    await journal.release();
    const { size } = await stat(journal.path);
    const head = Buffer.byteLength(JSON.stringify(HEAD)) + 1;
    for (let bytes = size; bytes >= 0; bytes -= 1) {
      await truncate(journal.path, bytes);
      const [found] = await openJournals(folder);
      const expected = bytes === size ? 1 : bytes >= head ? 0 : null;
      expect(found?.kind === "unfinished" ? found.open.length : null, `${bytes} bytes`).toBe(expected);
    }
  });

  test.each([
    ["a line that is not JSON", "what\n", ":2: expected a line of JSON, found something else"],
    ["another kind of line", '{"kind":"dance","at":1}\n', ":2: kind: Invalid"],
    [
      "a lever that nobody knows",
      '{"kind":"applying","at":1,"step":0,"undo":{"lever":"big-red"}}\n',
      ":2: undo.lever: Invalid",
    ],
  ])("with %s in its midst is not guessed about", async (_, line, sentence) => {
    const folder = journalFolder(await makeTempDir());
    const path = journalPath(folder, HEAD.drill);
    await (await createJournal(folder, HEAD)).release();
    await appendFile(path, line);
    expect(await openJournals(folder)).toEqual([
      { kind: "unreadable", path, detail: expect.stringContaining(path + sentence) },
    ]);
  });

  test("of a later version is refused", async () => {
    const folder = journalFolder(await makeTempDir());
    const path = journalPath(folder, HEAD.drill);
    await (await createJournal(folder, HEAD)).release();
    await writeFile(path, `${JSON.stringify({ ...HEAD, schemaVersion: 2 })}\n`);
    expect(await openJournal(path)).toMatchObject({
      kind: "unreadable",
      detail: expect.stringContaining(":1: schemaVersion: Invalid input: expected 1"),
    });
  });
});

describe("the state's folder", () => {
  test.each([
    [{ MULTICLOUD_PROBE_STATE: "/own" }, "/own"],
    [{ XDG_STATE_HOME: "/xdg" }, "/xdg/multicloud-probe"],
    [{ XDG_STATE_HOME: "relative" }, /\/\.local\/state\/multicloud-probe$/],
    [{}, /\/\.local\/state\/multicloud-probe$/],
  ])("under %j is %s", (env, expected) => {
    if (typeof expected === "string") expect(stateFolder(env)).toBe(expected);
    else expect(stateFolder(env)).toMatch(expected);
  });
});
