// The Sender contract in workerd, and how many rows a message costs in a Durable Object's SQLite.
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, inject, test } from "vitest";
import { entryOf } from "../../monitor/run/alert-step.ts";
import { AlertDesk } from "../../monitor/wire/alert-desk.ts";
import { makeSender } from "../../monitor/wire/send.ts";
import { makeAuditShelf } from "../../monitor/wire/sql-audit.ts";
import { makeOutboxShelf } from "../../monitor/wire/sql-outbox.ts";
import { makeSqlStore, type Sql } from "../../monitor/wire/sql-store.ts";
import { edgeClock } from "../../worker/edge-world.ts";
import { sendContract } from "../contract/send.ts";
import { webhook } from "../support/alert-channels.ts";
import { EXAMPLE } from "../support/example-topology.ts";
import { countingSql } from "./counting-sql.ts";

const faults = inject("faults");

sendContract(
  () => {
    const clock = edgeClock();
    return { sender: makeSender(fetch, clock), clock };
  },
  {
    ok: 200,
    "http-503": 503,
    redirect: 302,
    huge: 200,
    "body-drip": 200,
    stall: 200,
    reset: "connection-lost",
    hangup: "connection-lost",
    garbage: "connection-lost",
    blackhole: "timeout",
    "header-drip": "timeout",
    refuse: "connection-lost",
    "tls-untrusted": "tls",
    "tls-expired": "tls",
    "tls-wrong-name": "tls",
    "tls-plain": "tls",
  },
  faults,
);

/** Rows written by a round that tells one channel something, by its delivery, and by an attempt that fails. */
async function rowsOf(sql: Sql, written: () => number, port: number) {
  const store = makeSqlStore(sql, 2);
  const clock = edgeClock();
  const desk = new AlertDesk(sql, makeAuditShelf(sql), makeSender(fetch, clock), clock);
  const topology = { ...EXAMPLE, alerts: [webhook({ url: `http://127.0.0.1:${port}/` })] };
  const rows = async (work: () => Promise<unknown>): Promise<number> => {
    const before = written();
    await work();
    return written() - before;
  };
  // The first time the channel's record is made, and the ring is not full.
  const now = clock.now();
  const tell = (slot: number) => [entryOf(EXAMPLE, "on-call", { kind: "test" }, now + slot)];
  for (const slot of [1, 2, 3]) await store.commitRound(slot, "row", "state", tell(slot));
  await desk.deliver(topology);
  const quiet = await rows(() => store.commitRound(4, "row", "state"));
  const told = await rows(() => store.commitRound(5, "row", "state", tell(5)));
  const passed = await rows(() => desk.deliver(topology));
  return { stored: told - quiet, passed, standing: desk.standing(topology) };
}

test("a message costs three rows: it comes, it goes, and its channel's record", async () => {
  const stub = env.VANTAGE.get(env.VANTAGE.newUniqueId());
  await runInDurableObject(stub, async (_instance: unknown, { storage }: DurableObjectState) => {
    const { sql, written } = countingSql(storage);
    const { stored, passed, standing } = await rowsOf(sql, written, faults.ports.ok);
    expect(standing).toMatchObject([{ delivered: 4, waiting: 0 }]);
    expect(stored).toBe(1);
    // Two messages were left over from the first pass.
    expect(passed).toBe(2 * 2);
  });
});

test("an attempt that fails costs two: the message's, and its channel's", async () => {
  const stub = env.VANTAGE.get(env.VANTAGE.newUniqueId());
  await runInDurableObject(stub, async (_instance: unknown, { storage }: DurableObjectState) => {
    const { sql, written } = countingSql(storage);
    const desk = new AlertDesk(sql, makeAuditShelf(sql), makeSender(fetch, edgeClock()), edgeClock());
    const topology = { ...EXAMPLE, alerts: [webhook({ url: `http://127.0.0.1:${faults.ports["http-503"]}/` })] };
    desk.test(topology, "on-call", Date.now());
    const before = written();
    expect(await desk.deliver(topology)).toEqual([{ level: "warn", text: "alert on-call: test failed: status 503" }]);
    expect(written() - before).toBe(2);
  });
});

test("dead letters that nobody revives are not read again in every round, nor by every face", async () => {
  const stub = env.VANTAGE.get(env.VANTAGE.newUniqueId());
  await runInDurableObject(stub, async (_instance: unknown, { storage }: DurableObjectState) => {
    const { sql, read } = countingSql(storage);
    const desk = new AlertDesk(sql, makeAuditShelf(sql), makeSender(fetch, edgeClock()), edgeClock());
    const url = `http://127.0.0.1:${faults.ports["http-503"]}/`;
    const topology = { ...EXAMPLE, alerts: [webhook({ url }), webhook({ name: "other", url })] };
    const shelf = makeOutboxShelf(sql);
    for (let at = 1; at <= 50; at += 1) {
      shelf.add([entryOf(EXAMPLE, "on-call", { kind: "test" }, at)]);
      const entry = shelf.next("on-call");
      if (entry !== null) shelf.bury(entry, "status 400", at);
    }
    desk.standing(topology);
    await desk.deliver(topology);
    const before = read();
    for (let round = 0; round < 10; round += 1) {
      desk.standing(topology);
      await desk.deliver(topology);
    }
    // Without the memory of what waited it would be three times all of them in each round.
    expect(read() - before).toBeLessThan(10 * 10);
    expect(desk.read(topology).dead).toHaveLength(50);
    desk.test(topology, "other", Date.now());
    expect(desk.standing(topology)).toMatchObject([{ waiting: 0 }, { waiting: 1 }]);
    expect(desk.retry(topology, Date.now())).toBe(50);
    expect(desk.standing(topology)).toMatchObject([{ waiting: 50 }, { waiting: 1 }]);
  });
});
