// The file of a monitor in Node: one writer, however it ends, and clear words for every file that cannot be written.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { MEMORY, openDatabase } from "../../monitor/watch/database.ts";

const AT = Date.UTC(2026, 10, 28, 12);

let folder = "";
let file = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "watch-database-"));
  file = join(folder, "watch.db");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function open(path = file) {
  const opened = openDatabase(path, AT);
  if (opened.kind === "failed") throw new Error(opened.detail);
  return opened.value;
}

/** What is wrong with it. */
function refusalOf(path = file): string {
  const opened = openDatabase(path, AT);
  if (opened.kind === "failed") return opened.detail;
  opened.value.close();
  return "nothing";
}

/** Root may write everything. */
function asNobody<T>(work: () => T): T {
  if (process.geteuid?.() !== 0) return work();
  process.seteuid?.(65_534);
  try {
    return work();
  } finally {
    process.seteuid?.(0);
  }
}

describe("the database", () => {
  test("is refused while another monitor has it, which is told by process, host and time", () => {
    const first = open();
    expect(refusalOf()).toBe(
      `process ${process.pid} on ${hostname()} (since 2026-11-28T12:00:00.000Z) watches with this file, and one writes it at a time`,
    );
    first.close();
    expect(refusalOf()).toBe("nothing");
  });

  test("of another program is left as it is", () => {
    const theirs = new DatabaseSync(file);
    theirs.exec("CREATE TABLE users (id INTEGER)");
    theirs.close();
    expect(refusalOf()).toBe("it is the database of something else: it has tables, and none of them is ours");
    const read = new DatabaseSync(file, { readOnly: true });
    expect(read.prepare("SELECT name FROM sqlite_master").all()).toEqual([{ name: "users" }]);
    expect(read.prepare("PRAGMA journal_mode").get()).toEqual({ journal_mode: "delete" });
    read.close();
  });

  test("is the same file under another name", () => {
    const first = open();
    symlinkSync(file, join(folder, "other.db"));
    expect(refusalOf(join(folder, "other.db"))).toContain(`process ${process.pid}`);
    first.close();
  });

  test("is free again when its writer was killed, with all that it had stored", async () => {
    const script = `import { openDatabase } from ${JSON.stringify(join(import.meta.dirname, "../../monitor/watch/database.ts"))};
      const opened = openDatabase(${JSON.stringify(file)}, Date.now());
      await opened.value.commitRound(1000, "row", "state");
      console.log("stored");
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ["--no-warnings", "--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    onTestFinished(() => void child.kill("SIGKILL"));
    await once(child.stdout, "data");
    expect(refusalOf()).toContain(`process ${child.pid} on `);
    child.kill("SIGKILL");
    await once(child, "exit");
    const again = open();
    expect(await again.readState()).toEqual({ kind: "done", value: "state" });
    again.close();
  });

  test("in memory is nobody else's, and leaves no file", () => {
    const [first, second] = [open(MEMORY), open(MEMORY)];
    first.close();
    second.close();
    expect(existsSync(`${MEMORY}.lock`)).toBe(false);
  });

  test("of a newer version is refused untouched", () => {
    open().close();
    const database = new DatabaseSync(file);
    database.exec("UPDATE meta SET value = '2' WHERE key = 'schema'; PRAGMA journal_mode = DELETE");
    database.close();
    const before = readFileSync(file);
    expect(refusalOf()).toBe("The storage has schema 2; this version knows 1.");
    expect(new DatabaseSync(file).prepare("SELECT value FROM meta WHERE key = 'schema'").get()).toEqual({ value: "2" });
    expect(readFileSync(file).length).toBe(before.length);
    // The lock was given back.
    expect(refusalOf()).toBe("The storage has schema 2; this version knows 1.");
  });

  test("that is something else, or nowhere, is refused in words", () => {
    writeFileSync(file, "this was somebody's text, and it is no database at all\n".repeat(40));
    expect(refusalOf()).toContain("file is not a database");
    expect(refusalOf(join(folder, "no", "where.db"))).toContain("ENOENT");
    expect(refusalOf(folder)).not.toBe("nothing");
  });

  test("that may only be read is refused", () => {
    open().close();
    chmodSync(folder, 0o777);
    chmodSync(`${file}.lock`, 0o666);
    chmodSync(file, 0o444);
    expect(asNobody(() => refusalOf())).toBe("attempt to write a readonly database");
  });

  test("that is full keeps what it has, refuses a round in words, and takes the next when there is room", async () => {
    const store = open();
    await store.commitRound(1000, "row", "state");
    const [{ page_count: pages = 0 } = {}] = store.sql.all("PRAGMA page_count");
    store.sql.all(`PRAGMA max_page_count = ${Number(pages)}`);
    const long = "x".repeat(1_000_000);
    expect(await store.commitRound(2000, long, "later")).toEqual({
      kind: "failed",
      detail: "database or disk is full",
    });
    expect(await store.readState()).toEqual({ kind: "done", value: "state" });
    store.sql.all("PRAGMA max_page_count = 100000");
    expect(await store.commitRound(2000, long, "later")).toEqual({ kind: "done", value: true });
    store.close();
  });
});
