// The Store contract on node:sqlite, in a file and in memory, and what can go wrong with a file.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, describe, expect, test } from "vitest";
import { makeNodeStore, type NodeStore } from "../../monitor/node/store.ts";
import { storeContract, type WithStorage } from "../contract/store.ts";

const folder = mkdtempSync(join(tmpdir(), "store-test-"));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;

function freshFile(): string {
  files += 1;
  return join(folder, `${files}.db`);
}

function opened(file: string, roundsMax?: number): NodeStore {
  const made = makeNodeStore({ file, ...(roundsMax === undefined ? {} : { roundsMax }) });
  if (made.kind === "failed") throw new Error(made.detail);
  return made.value;
}

const inFile: WithStorage = async (work) => {
  const file = freshFile();
  const stores: NodeStore[] = [];
  await work((roundsMax) => {
    const store = opened(file, roundsMax);
    stores.push(store);
    return store;
  });
  for (const store of stores) store.close();
};

describe("in a file", () => {
  storeContract(inFile);

  test("two that are open at once do not overwrite each other", async () => {
    const file = freshFile();
    const [one, other] = [opened(file), opened(file)];
    expect(await one.commitRound(1, "one", "one")).toEqual({ kind: "done", value: true });
    expect(await other.commitRound(1, "other", "other")).toEqual({ kind: "done", value: false });
    one.close();
    other.close();
  });

  test("that is no database cannot be opened", () => {
    const file = freshFile();
    writeFileSync(file, "this is a letter to my aunt, and long enough to be taken for a page of a database".repeat(20));
    expect(makeNodeStore({ file })).toMatchObject({ kind: "failed", detail: expect.stringMatching(/not a database/) });
  });

  test("of a later version is refused", () => {
    const file = freshFile();
    opened(file).close();
    const database = new DatabaseSync(file);
    database.exec("UPDATE meta SET value = '2' WHERE key = 'schema'");
    database.close();
    expect(makeNodeStore({ file })).toMatchObject({ kind: "failed", detail: expect.stringMatching(/schema 2/) });
  });

  test("in a folder that is not there cannot be opened", () => {
    expect(makeNodeStore({ file: join(folder, "nowhere", "x.db") }).kind).toBe("failed");
  });
});

describe("in memory", () => {
  // Memory is gone with its connection, so a restart cannot be shown: the ring's bound changes on the same one.
  test("keeps what was committed", async () => {
    const store = opened(":memory:", 2);
    for (const slot of [1, 2, 3]) await store.commitRound(slot, `row ${slot}`, `state ${slot}`);
    expect(await store.readState()).toEqual({ kind: "done", value: "state 3" });
    const rounds = [2, 3].map((slot) => ({ slot, row: `row ${slot}` }));
    expect(await store.readRounds(0, 9)).toEqual({ kind: "done", value: rounds });
    store.close();
  });
});

test("a store that was closed says so and does not throw", async () => {
  const store = opened(":memory:");
  store.close();
  expect(await store.readState()).toMatchObject({ kind: "failed" });
  expect(await store.commitRound(1, "", "")).toMatchObject({ kind: "failed" });
});

test("a commit that fails half-way leaves nothing behind", async () => {
  const file = freshFile();
  const store = opened(file);
  await store.commitRound(1, "row 1", "state 1");
  const database = new DatabaseSync(file);
  database.exec("CREATE TRIGGER no BEFORE UPDATE ON state BEGIN SELECT RAISE(ABORT, 'not today'); END");
  database.close();
  expect(await store.commitRound(2, "row 2", "state 2")).toMatchObject({
    kind: "failed",
    detail: expect.stringMatching(/not today/),
  });
  expect(await store.readRounds(0, 9)).toEqual({ kind: "done", value: [{ slot: 1, row: "row 1" }] });
  store.close();
});
