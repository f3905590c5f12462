// Maintenance at the real coordinator in workerd: announced and ended over HTTP, audited, kept through an eviction, and what
// it makes of real rounds in which nothing can be reached.
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { expect, test, vi } from "vitest";
import { parseCountedRow } from "../../monitor/report/counted-row.ts";
import { toIso } from "../../monitor/time.ts";
import { ask, beginEachAt, coordinator, openIncidents, roundAt, status } from "./stubs.ts";

const SECOND_MS = 1000;
/** So far from now that no alarm goes off by itself; a second after a slot of the grid. */
const START = Math.ceil(Date.now() / 60_000) * 60_000 + 3_601_000;
const AWS = "aws-us-east-1";

beginEachAt(START);

function order(part: object = {}): object {
  return { id: "m1", title: "new kernel", regions: [AWS], until: toIso(START + 600 * SECOND_MS), by: "anna", ...part };
}

test("a window is announced, kept through an eviction, ended twice as once, and all of it is audited", async () => {
  await coordinator().readSelf();
  const reply = await ask("POST", "/v1/maintenance", order());
  const told = { id: "m1", kind: "once", from: toIso(START), until: toIso(START + 600 * SECOND_MS), by: "anna" };
  expect([reply.status, await reply.json()]).toMatchObject([201, { maintenance: told }]);
  expect((await ask("POST", "/v1/maintenance", order())).status).toBe(200);
  expect((await ask("POST", "/v1/maintenance", order({ title: "old kernel" }))).status).toBe(409);
  const refused = await ask("POST", "/v1/maintenance", order({ id: "m2", regions: ["mars"], force: true }));
  expect(refused.status).toBe(400);
  const late = await ask("POST", "/v1/maintenance", order({ id: "m2", until: toIso(START) }));
  expect([late.status, await late.json()]).toMatchObject([400, { problems: [{ path: "until" }] }]);

  await evictDurableObject(coordinator());
  expect((await status()).maintenance).toMatchObject([{ id: "m1", state: "active", regions: [AWS] }]);
  expect(JSON.stringify(await status())).not.toContain("anna");
  expect(await (await ask("GET", "/v1/maintenance")).json()).toMatchObject({ maintenance: [told] });

  vi.setSystemTime(START + 5000);
  const ended = await ask("DELETE", "/v1/maintenance/m1");
  expect([ended.status, await ended.json()]).toMatchObject([
    200,
    { end: "ended", maintenance: { until: toIso(START + 5000) } },
  ]);
  expect(await (await ask("DELETE", "/v1/maintenance/m1")).json()).toMatchObject({ end: "over" });
  expect((await ask("DELETE", "/v1/maintenance/none")).status).toBe(404);
  expect((await status()).maintenance).toEqual([]);
  const { entries } = (await (await ask("GET", "/v1/audit")).json()) as { entries: { action: string }[] };
  expect(entries.map(({ action }) => action)).toEqual(["maintenance.end", "maintenance.schedule"]);
});

test("strangers neither see nor change it", async () => {
  for (const [method, path] of [
    ["GET", "/v1/maintenance"],
    ["POST", "/v1/maintenance"],
    ["DELETE", "/v1/maintenance/m1"],
  ] as const)
    expect((await ask(method, path, undefined, "another-token-of-24-chars")).status).toBe(401);
});

test("a region that cannot be reached in its window is planned for, one beside it is not, and its looks are marked", async () => {
  await coordinator().readSelf();
  await ask("POST", "/v1/maintenance", order());
  for (const second of [0, 30, 60, 90]) await roundAt(START + second * SECOND_MS);
  expect(await openIncidents()).toEqual(
    expect.arrayContaining([
      [`region:${AWS}`, "maintenance:m1"],
      ["region:gcp-europe-west1", "nobody"],
    ]),
  );
  const metrics = await (await ask("GET", "/metrics")).text();
  expect(metrics).toContain(`edge_maintenance_active{region="${AWS}"} 1\n`);
  expect(metrics).toContain("edge_incidents_planned 1\n");
  expect(await (await ask("GET", "/")).text()).toContain("under way</span> new kernel");
  const rows = await runInDurableObject(coordinator(), (_instance, state) =>
    state.storage.sql.exec<{ row: string }>("SELECT row FROM rounds").toArray(),
  );
  expect(rows.map(({ row }) => parseCountedRow(row)?.maintenance)).toEqual(rows.map(() => [AWS]));
  const [stored] = await runInDurableObject(coordinator(), (_instance, state) =>
    state.storage.sql.exec<{ json: string }>("SELECT json FROM state").toArray(),
  );
  expect(Object.keys(JSON.parse(stored?.json ?? "{}") as object)).not.toContain("maintenance");

  await ask("DELETE", "/v1/maintenance/m1");
  await roundAt(START + 120 * SECOND_MS);
  expect(await openIncidents()).toEqual(expect.arrayContaining([[`region:${AWS}`, "nobody"]]));
});

test("a drill of a region that is in maintenance before it must be over is refused", async () => {
  await coordinator().readSelf();
  await ask("POST", "/v1/maintenance", order({ from: toIso(START + 60 * SECOND_MS) }));
  const drill = (regions: readonly string[], seconds: number) => ({
    id: "d1",
    title: "primary outage",
    regions,
    causes: ["region"],
    expiresAt: toIso(START + seconds * SECOND_MS),
  });
  const reply = await ask("POST", "/v1/drills", drill([AWS], 120));
  expect([reply.status, await reply.json()]).toMatchObject([
    400,
    { problems: [{ path: "regions[0]", message: expect.stringContaining(`found ${AWS} in m1, `) as string }] },
  ]);
  expect((await ask("POST", "/v1/drills", drill([AWS], 60))).status).toBe(201);
});
