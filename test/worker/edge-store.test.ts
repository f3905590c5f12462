// The Store contract on a Durable Object's own SQLite, and how many rows a round costs there.
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { makeSqlStore, type Sql } from "../../monitor/wire/sql-store.ts";
import { makeEdgeStore } from "../../worker/edge-store.ts";
import { storeContract, type WithStorage } from "../contract/store.ts";

/** A vantage's object has nothing stored and no alarm, so it can lend its storage. */
const inObject: WithStorage = async (work) => {
  const stub = env.VANTAGE.get(env.VANTAGE.newUniqueId());
  await runInDurableObject(stub, async (_instance: unknown, state: DurableObjectState) => {
    await work((roundsMax) => makeEdgeStore(state.storage, roundsMax));
  });
};

storeContract(inObject);

test("a commit to a full ring costs three rows written: the round, the one that leaves, the state", async () => {
  const stub = env.VANTAGE.get(env.VANTAGE.newUniqueId());
  await runInDurableObject(stub, async (_instance: unknown, { storage }: DurableObjectState) => {
    let written = 0;
    const all: Sql["all"] = (statement, ...values) => {
      const cursor = storage.sql.exec(statement, ...values);
      const rows = cursor.toArray();
      written += cursor.rowsWritten;
      return rows;
    };
    const store = makeSqlStore({ all, transaction: (work) => storage.transactionSync(work) }, 3);
    for (const slot of [1, 2, 3]) await store.commitRound(slot, "row", "state");
    written = 0;
    await store.commitRound(4, "row", "state");
    expect(written).toBe(3);
  });
});
