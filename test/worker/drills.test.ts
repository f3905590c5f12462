// Drills at the real coordinator in workerd: the lock, quicker rounds, what is planned and what outlives it, and that all of
// it survives an eviction.
import { evictDurableObject } from "cloudflare:test";
import { expect, test, vi } from "vitest";
import { toIso } from "../../monitor/time.ts";
import { alarmOf, ask, beginEachAt, coordinator, openIncidents, roundAt, status } from "./stubs.ts";

const SECOND_MS = 1000;
/** So far from now that no alarm goes off by itself; a second after a slot of any grid here. */
const START = Math.ceil(Date.now() / 60_000) * 60_000 + 3_601_000;

beginEachAt(START);

function order(id: string, part: object = {}): object {
  const expiresAt = toIso(START + 120 * SECOND_MS);
  return { id, title: "primary outage", regions: ["aws-us-east-1"], causes: ["region"], expiresAt, ...part };
}

test("one begins, is shown at once, locks others out, ends twice as once, and all of it is audited", async () => {
  await coordinator().readSelf();
  const reply = await ask("POST", "/v1/drills", order("d1"));
  expect([reply.status, await reply.json()]).toMatchObject([201, { drill: { id: "d1", endedAt: null }, cost: null }]);
  expect((await status()).drill).toMatchObject({ id: "d1", state: "running", regions: ["aws-us-east-1"] });
  expect((await ask("POST", "/v1/drills", order("d1"))).status).toBe(200);
  const locked = await ask("POST", "/v1/drills", order("d2"));
  expect([locked.status, await locked.json()]).toMatchObject([409, { error: "the drill d1 is not over" }]);
  const refused = await ask("POST", "/v1/drills", order("d3", { regions: ["mars"], extra: 1 }));
  expect(refused.status).toBe(400);

  await evictDurableObject(coordinator());
  expect((await ask("POST", "/v1/drills", order("d2"))).status).toBe(409);
  vi.setSystemTime(START + 5000);
  expect((await ask("DELETE", "/v1/drills/d1")).status).toBe(200);
  const again = await ask("DELETE", "/v1/drills/d1");
  expect([again.status, await again.json()]).toMatchObject([200, { drill: { endedAt: toIso(START + 5000) } }]);
  expect((await ask("DELETE", "/v1/drills/none")).status).toBe(404);
  expect((await status()).drill).toMatchObject({ state: "settling" });
  const { entries } = (await (await ask("GET", "/v1/audit")).json()) as { entries: { action: string }[] };
  expect(entries.map(({ action }) => action)).toEqual(["drill.end", "drill.start"]);
  const { drills } = (await (await ask("GET", "/v1/drills")).json()) as { drills: { id: string }[] };
  expect(drills.map(({ id }) => id)).toEqual(["d1"]);
  expect((await ask("POST", "/v1/drills", order("d2"))).status).toBe(201);
});

test("what it was meant to cause is planned, what it was not is not, and what outlasts it is planned no more", async () => {
  const stub = coordinator();
  await stub.readSelf();
  await ask("POST", "/v1/drills", order("d1"));
  for (const second of [0, 30, 60, 90]) await roundAt(START + second * SECOND_MS);
  expect(await openIncidents()).toEqual(
    expect.arrayContaining([
      ["region:aws-us-east-1", "d1"],
      ["region:gcp-europe-west1", "nobody"],
    ]),
  );
  const metrics = await (await ask("GET", "/metrics")).text();
  expect(metrics).toContain("edge_incidents_planned 1\n");
  expect(metrics).toContain("edge_drill_running 1\n");
  expect(metrics).not.toContain('edge_incident_opened_timestamp_seconds{subject="region:aws-us-east-1"}');
  expect(await (await ask("GET", "/")).text()).toContain("A drill is under way");

  await ask("DELETE", "/v1/drills/d1");
  await roundAt(START + 600 * SECOND_MS);
  expect(await openIncidents()).toEqual(expect.arrayContaining([["region:aws-us-east-1", "nobody"]]));
  expect((await status()).drill).toBeUndefined();
});

test("one that outlives its expiry opens an incident of its own, which closes when it is over", async () => {
  const stub = coordinator();
  await stub.readSelf();
  await ask("POST", "/v1/drills", order("d1"));
  await roundAt(START + 120 * SECOND_MS);
  expect((await openIncidents()).map(([subject]) => subject)).not.toContain("drill:d1");
  await roundAt(START + 150 * SECOND_MS);
  expect(await openIncidents()).toEqual(expect.arrayContaining([["drill:d1", "nobody"]]));
  expect((await status()).drill).toMatchObject({ state: "overdue" });
  await ask("DELETE", "/v1/drills/d1");
  await roundAt(START + 180 * SECOND_MS);
  expect((await openIncidents()).map(([subject]) => subject)).not.toContain("drill:d1");
});

test("rounds are quicker while it runs, on the same grid, from the next quick slot on, and nothing counts as missed", async () => {
  const stub = coordinator();
  await stub.readSelf();
  await roundAt(START);
  expect(((await alarmOf(stub)) ?? 0) - START).toBe(29_000);
  vi.setSystemTime(START + 12 * SECOND_MS);
  expect((await ask("POST", "/v1/drills", order("d1", { probeEverySeconds: 7 }))).status).toBe(400);
  const reply = await ask("POST", "/v1/drills", order("d1", { probeEverySeconds: 10 }));
  expect([reply.status, await reply.json()]).toMatchObject([
    201,
    { cost: expect.stringContaining("at most ") as unknown },
  ]);
  expect(((await alarmOf(stub)) ?? 0) - START).toBe(19_000);
  for (const second of [19, 29, 39]) {
    await roundAt(START + second * SECOND_MS);
    expect(((await alarmOf(stub)) ?? 0) - START).toBe((second + 10) * SECOND_MS);
  }
  vi.setSystemTime(START + 40 * SECOND_MS);
  await ask("DELETE", "/v1/drills/d1");
  await roundAt(START + 49 * SECOND_MS);
  await roundAt(START + 59 * SECOND_MS);
  expect(((await alarmOf(stub)) ?? 0) - START).toBe(89_000);
  expect((await status()).self).toMatchObject({ rounds: 5, missedSlots: 0 });
});
