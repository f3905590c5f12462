// Mutes at the real coordinator in workerd: ordered and ended over HTTP, audited, kept through an eviction, and what they make of
// real rounds in which nothing can be reached.
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { expect, test } from "vitest";
import { toIso } from "../../monitor/time.ts";
import { ask, beginEachAt, coordinator, roundAt, status } from "./stubs.ts";

const SECOND_MS = 1000;
/** So far from now that no alarm goes off by itself; a second after a slot of the grid. */
const START = Math.ceil(Date.now() / 60_000) * 60_000 + 3_601_000;
const AWS = "region:aws-us-east-1";

beginEachAt(START);

function order(part: object = {}): object {
  return {
    id: "q1",
    subjects: [AWS],
    until: toIso(START + 600 * SECOND_MS),
    reason: "a known fault",
    by: "anna",
    ...part,
  };
}

test("a mute is ordered, kept through an eviction, ended twice as once, and all of it is audited", async () => {
  await coordinator().readSelf();
  const reply = await ask("POST", "/v1/mutes", order());
  const told = { id: "q1", subjects: [AWS], from: toIso(START), until: toIso(START + 600 * SECOND_MS), by: "anna" };
  expect([reply.status, await reply.json()]).toMatchObject([201, { mute: told }]);
  expect((await ask("POST", "/v1/mutes", order())).status).toBe(200);
  expect((await ask("POST", "/v1/mutes", order({ reason: "another one" }))).status).toBe(409);
  const refused = await ask("POST", "/v1/mutes", order({ id: "q2", subjects: ["region:mars"] }));
  expect([refused.status, await refused.json()]).toMatchObject([400, { problems: [{ path: "subjects[0]" }] }]);
  const endless = await ask("POST", "/v1/mutes", order({ id: "q2", until: toIso(START + 25 * 3600 * SECOND_MS) }));
  expect([endless.status, await endless.json()]).toMatchObject([400, { problems: [{ path: "until" }] }]);
  const silent = await ask("POST", "/v1/mutes", { ...order({ id: "q2" }), reason: undefined });
  expect(silent.status).toBe(400);

  await evictDurableObject(coordinator());
  expect((await status()).mutes).toMatchObject([{ id: "q1", subjects: [AWS], reason: "a known fault", by: "anna" }]);
  expect(await (await ask("GET", "/v1/mutes")).json()).toMatchObject({ mutes: [told] });
  expect(await (await ask("DELETE", "/v1/mutes/q1")).json()).toMatchObject({ end: "ended" });
  expect(await (await ask("DELETE", "/v1/mutes/q1")).json()).toMatchObject({ end: "over" });
  expect((await ask("DELETE", "/v1/mutes/none")).status).toBe(404);
  expect((await status()).mutes).toBeUndefined();
  const { entries } = (await (await ask("GET", "/v1/audit")).json()) as { entries: { action: string }[] };
  expect(entries.map(({ action }) => action)).toEqual(["mute.end", "mute.start"]);
});

test("strangers neither see nor change it", async () => {
  for (const [method, path] of [
    ["GET", "/v1/mutes"],
    ["POST", "/v1/mutes"],
    ["DELETE", "/v1/mutes/q1"],
  ] as const)
    expect((await ask(method, path, undefined, "another-token-of-24-chars")).status).toBe(401);
});

test("what is muted is judged and shown as always, and says that it is muted, and nothing of it is stored with the rounds", async () => {
  await coordinator().readSelf();
  await ask("POST", "/v1/mutes", order());
  for (const second of [0, 30, 60, 90]) await roundAt(START + second * SECOND_MS);
  const { verdict, verdicts, incidents } = await status();
  expect(verdict).toBe("deviates");
  expect(verdicts.find(({ subject }) => subject === AWS)).toMatchObject({ verdict: "deviates", mutedBy: "q1" });
  expect(Object.fromEntries(incidents.map(({ subject, mutedBy }) => [subject, mutedBy]))).toMatchObject({
    [AWS]: "q1",
    "region:gcp-europe-west1": undefined,
  });
  const metrics = await (await ask("GET", "/metrics")).text();
  expect(metrics).toContain("edge_incidents_muted 1\n");
  expect(metrics).toContain("edge_mutes_active 1\n");
  const page = await (await ask("GET", "/")).text();
  expect(page).toContain(`muted</span> ${AWS}: muted until `);
  expect(page).toContain(" UTC by anna: a known fault");
  const [stored] = await runInDurableObject(coordinator(), (_instance, state) =>
    state.storage.sql.exec<{ json: string }>("SELECT json FROM state").toArray(),
  );
  expect(Object.keys(JSON.parse(stored?.json ?? "{}") as object)).not.toContain("mutes");
});
