// A private vantage at the real coordinator in workerd: what it sends is held through an eviction, and the next round has it
// beside what the Worker's own vantages saw.
import { createExecutionContext, evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { parseTopology } from "../../monitor/topology/parse.ts";
import type { Topology } from "../../monitor/topology/topology.ts";
import worker from "../../worker/index.ts";
import { observationContract, type ObservationWorld } from "../contract/observations.ts";
import { batchAt, OFFICE, OFFICE_SECRET, type SignedBatch, signedBatch } from "../support/private-vantage.ts";
import { ask, beginEachAt, coordinator, roundAt, status } from "./stubs.ts";

/** So far from now that no alarm goes off by itself; a second after a slot of the grid. */
const SLOT = Math.ceil(Date.now() / 60_000) * 60_000 + 3_600_000;
const START = SLOT + 1000;

beginEachAt(START);

const topology = ownTopology();

/** What the coordinator watches. */
function ownTopology(): Topology {
  const parsed = parseTopology(String(Reflect.get(env, "TOPOLOGY")));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.value;
}

async function send({ headers, body }: SignedBatch): Promise<Response> {
  return worker.fetch(
    new Request("https://probe.example.com/v1/observations", { method: "POST", headers, body }),
    Object.assign({}, env, { VANTAGE_SECRET_OFFICE: OFFICE_SECRET }),
    createExecutionContext(),
  );
}

async function open(): Promise<ObservationWorld> {
  await coordinator().readSelf();
  return { topology, now: START, slot: SLOT, send };
}

describe("in workerd", () => {
  observationContract(open);
});

test("what was acknowledged outlives the object, and the next round has it once", async () => {
  await open();
  expect((await send(await signedBatch(batchAt(topology, SLOT), START))).status).toBe(202);
  await evictDurableObject(coordinator());
  await roundAt(START);
  const report = await status();
  expect(report.vantages.at(-1)).toMatchObject({ id: OFFICE, private: true, colo: "private-office" });
  expect(report.vantages.at(-1)).not.toHaveProperty("missed");
  for (const row of Object.values(report.matrix)) expect(row[OFFICE]).toMatchObject({ state: "up", totalMs: 11 });
  const metrics = await (await ask("GET", "/metrics")).text();
  expect(metrics).toContain(`probe_success{region="aws-us-east-1",vantage="office"} 1\n`);
  expect(metrics).toContain(`edge_vantage_private{vantage="office"} 1\n`);
  expect(await (await ask("GET", "/")).text()).toContain("office <small>private</small>");

  const replayed = await send(await signedBatch(batchAt(topology, SLOT), START));
  expect([replayed.status, await replayed.json()]).toMatchObject([200, { observations: "known" }]);
});

test("one that sends nothing is missed, is not up, and the round does not wait for it", async () => {
  await open();
  await roundAt(START);
  const report = await status();
  expect(report.vantages.at(-1)).toMatchObject({ id: OFFICE, missed: "it is private, and has not reported yet" });
  for (const row of Object.values(report.matrix)) expect(row[OFFICE]?.state).toBe("missed");
});

test("a batch is one row written", async () => {
  await open();
  const written = await runInDurableObject(coordinator(), async (instance, state) => {
    const before = state.storage.sql.exec("SELECT count(*) AS n FROM observations").one();
    await instance.acceptBatch(batchAt(topology, SLOT), "digest");
    const after = state.storage.sql.exec("SELECT count(*) AS n FROM observations").one();
    return [before["n"], after["n"]];
  });
  expect(written).toEqual([0, 1]);
});

test("without a secret the path is not there", async () => {
  expect((await ask("POST", "/v1/observations", {})).status).toBe(404);
});
