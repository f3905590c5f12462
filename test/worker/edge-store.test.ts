// The Store contract on a Durable Object's own SQLite, and how many rows a round costs there.
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { EMPTY_STATE } from "../../monitor/run/state.ts";
import { STATE_BYTES_MAX } from "../../monitor/topology/state-size.ts";
import { makeBucketShelf } from "../../monitor/wire/sql-buckets.ts";
import { MeterDesk } from "../../monitor/wire/meter-desk.ts";
import { makeSqlStore } from "../../monitor/wire/sql-store.ts";
import { edgeSql, makeEdgeStore } from "../../worker/edge-store.ts";
import { bucketContract } from "../contract/buckets.ts";
import { storeContract, type WithStorage } from "../contract/store.ts";
import { EXAMPLE } from "../support/example-topology.ts";
import { countingSql } from "./counting-sql.ts";

/** A vantage's object has nothing stored and no alarm, so it can lend its storage. */
const inObject: WithStorage = async (work) => {
  const stub = env.VANTAGE.get(env.VANTAGE.newUniqueId());
  await runInDurableObject(stub, async (_instance: unknown, state: DurableObjectState) => {
    await work((roundsMax) => makeEdgeStore(state.storage, roundsMax));
  });
};

storeContract(inObject);

bucketContract(async (work) => {
  const stub = env.VANTAGE.get(env.VANTAGE.newUniqueId());
  await runInDurableObject(stub, async (_instance: unknown, state: DurableObjectState) => {
    await work((limits) => makeBucketShelf(edgeSql(state.storage), limits));
  });
});

test("a commit to a full ring costs three rows written: the round, the one that leaves, the state", async () => {
  const stub = env.VANTAGE.get(env.VANTAGE.newUniqueId());
  await runInDurableObject(stub, async (_instance: unknown, { storage }: DurableObjectState) => {
    const { sql, written } = countingSql(storage);
    const store = makeSqlStore(sql, 3);
    for (const slot of [1, 2, 3]) await store.commitRound(slot, "row", "state");
    const before = written();
    await store.commitRound(4, "row", "state");
    expect(written() - before).toBe(3);
  });
});

// That a longer one is refused is what Cloudflare's documents say: workerd on its own takes it.
test("a state as long as a topology may make it is kept", async () => {
  const stub = env.VANTAGE.get(env.VANTAGE.newUniqueId());
  await runInDurableObject(stub, async (_instance: unknown, { storage }: DurableObjectState) => {
    const state = "x".repeat(STATE_BYTES_MAX);
    const store = makeEdgeStore(storage);
    expect(await store.commitRound(1, "row", state)).toEqual({ kind: "done", value: true });
    expect(await store.readState()).toEqual({ kind: "done", value: state });
  });
});

test("a bucket for a full shelf costs two rows written: it, and the one that leaves", async () => {
  const stub = env.VANTAGE.get(env.VANTAGE.newUniqueId());
  await runInDurableObject(stub, async (_instance: unknown, { storage }: DurableObjectState) => {
    const { sql, written } = countingSql(storage);
    const shelf = makeBucketShelf(sql, { keptMax: { hour: 3, day: 3 }, partCharactersMax: 100 });
    for (const hour of [1, 2, 3]) await shelf.keepBucket("hour", hour, "text");
    const before = written();
    await shelf.keepBucket("hour", 4, "text");
    expect(written() - before).toBe(2);
  });
});

test("the meters of a round cost one row written", async () => {
  const stub = env.VANTAGE.get(env.VANTAGE.newUniqueId());
  await runInDurableObject(stub, async (_instance: unknown, { storage }: DurableObjectState) => {
    const { sql, written } = countingSql(storage);
    const desk = new MeterDesk(sql, () => undefined);
    const round = { slot: 0, beganAt: 0, at: 0, outcomes: [], state: EMPTY_STATE };
    desk.count(EXAMPLE, round);
    const before = written();
    desk.count(EXAMPLE, round);
    expect(written() - before).toBe(1);
  });
});
