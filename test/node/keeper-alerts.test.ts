// That a monitor tells people after its rounds, whatever the round was like: the keeper with a real database and real receivers.
import { expect, onTestFinished, test } from "vitest";
import type { VantageReport } from "../../monitor/model/observation.ts";
import { makeNodeClock } from "../../monitor/node/clock.ts";
import { makeNodeStore } from "../../monitor/node/store.ts";
import type { AskVantage } from "../../monitor/run/round.ts";
import type { Sender, SendReply } from "../../monitor/run/world.ts";
import type { AlertChannel } from "../../monitor/topology/topology.ts";
import { Keeper } from "../../monitor/wire/keeper.ts";
import { makeSender } from "../../monitor/wire/send.ts";
import { AVAILABILITY } from "../monitor/objective/rounds.ts";
import { heartbeat, webhook } from "../support/alert-channels.ts";
import { openAlertReceiver } from "../support/alert-receiver.ts";
import { AWS, EXAMPLE, GCP } from "../support/example-topology.ts";
import { badLook, dnsLook, goodLook } from "../support/looks.ts";

const I = 30_000;
const MIDNIGHT = Date.parse("2026-01-02T00:00:00Z");

async function openHook() {
  const hook = await openAlertReceiver();
  onTestFinished(() => hook.close());
  return hook;
}

/** `fails`: what each round's vantages throw; `down`: what they see. */
function keeperOf(alerts: readonly AlertChannel[], through: Sender | null = null, objectives = EXAMPLE.objectives) {
  const made = makeNodeStore({ file: ":memory:" });
  if (made.kind === "failed") throw new Error(made.detail);
  onTestFinished(() => made.value.close());
  let now = MIDNIGHT - 4 * I;
  const clock = { ...makeNodeClock(), now: () => now };
  const warnings: string[] = [];
  const log = { note: () => undefined, warn: (line: string) => void warnings.push(line) };
  const parts = {
    clock,
    store: made.value,
    sql: made.value.sql,
    checkers: null,
    sender: through ?? makeSender(fetch, clock),
    log,
  };
  const keeper = new Keeper(parts);
  const topology = { ...EXAMPLE, alerts, objectives };
  const ask =
    (down: readonly string[]): AskVantage =>
    async ({ vantage }): Promise<VantageReport> => {
      const observations = [AWS, GCP].map((region) =>
        down.includes(region.id) ? badLook(region, vantage.id, now) : goodLook(region, vantage.id, now),
      );
      return {
        vantage: vantage.id,
        colo: vantage.id,
        observations,
        dns: [dnsLook(vantage.id, "authoritative", now, ["192.0.2.10"])],
      };
    };
  const round = async (asked: AskVantage): Promise<void> => {
    await keeper.runSlot(topology, now, asked);
    now += I;
  };
  return { keeper, topology, warnings, round, rounds: (down: readonly string[]) => round(ask(down)), at: () => now };
}

function typesOf(bodies: readonly { readonly body: string }[]): readonly string[] {
  return bodies.map(({ body }) => (JSON.parse(body) as { readonly type: string }).type);
}

test("the round that crosses midnight sends the report of the day, once, to whoever asks for it", async () => {
  const hook = await openHook();
  const { rounds } = keeperOf([webhook({ url: hook.url, on: ["report"] })]);
  for (let round = 0; round < 8; round += 1) await rounds([]);
  expect(typesOf(hook.received)).toEqual(["report.daily"]);
  expect(JSON.parse(hook.received[0]?.body ?? "")).toMatchObject({ data: { day: "2026-01-01" } });
});

test("status, health and the outbox tell of a channel that fails, and no more when it takes messages again", async () => {
  const hook = await openHook();
  hook.behave({ status: 500 });
  const { keeper, topology, rounds, warnings } = keeperOf([webhook({ url: hook.url })]);
  for (let round = 0; round < 6; round += 1) await rounds(round < 3 ? [] : [AWS.id]);
  expect((await keeper.faces.readStatus(topology)).alerts?.channels).toMatchObject([
    { name: "on-call", failing: true, waiting: 1 },
  ]);
  expect(await keeper.faces.readSelf(topology)).toMatchObject({ checks: { "alerts:outbox": [{ status: "warn" }] } });
  expect(warnings).toEqual([expect.stringMatching(/^alert on-call: incident\.opened of .* failed: status 500$/)]);
  hook.behave({ status: 200 });
  for (let round = 0; round < 4; round += 1) await rounds([AWS.id]);
  expect((await keeper.faces.readStatus(topology)).alerts?.channels).toMatchObject([
    { name: "on-call", failing: false, waiting: 0, failed: 1 },
  ]);
  expect(keeper.writes.readAlerts(topology)).toMatchObject({ waiting: [], dead: [] });
});

test("vantages that are all gone are a blind monitor, which is told and still alive", async () => {
  const [hook, beat] = [await openHook(), await openHook()];
  const { round, rounds } = keeperOf([webhook({ url: hook.url }), heartbeat("beat", beat.url)]);
  await rounds([]);
  for (let lost = 0; lost < 4; lost += 1) await round(() => Promise.reject(new Error("no object")));
  await rounds([]);
  expect(typesOf(hook.received)).toEqual(["incident.opened", "incident.closed"]);
  expect(JSON.parse(hook.received[0]?.body ?? "")).toMatchObject({
    data: { incident: { scope: "blind", subject: "vantages" } },
  });
  expect(beat.received).toHaveLength(6);
});

test("what is on its way when the round's time is over arrives, and is written down", async () => {
  let answer = (_reply: SendReply): void => {};
  const sender: Sender = { send: () => new Promise((resolve) => (answer = resolve)) };
  const { keeper, topology, at } = keeperOf([webhook({ url: "https://hook.example.com/" })], sender);
  keeper.writes.testAlert(topology, "on-call");
  // Its slot has no time left to wait in.
  await keeper.runSlot(topology, at() - I, () => Promise.reject(new Error("no object")));
  expect(keeper.writes.readAlerts(topology)).toMatchObject({ waiting: [{ channel: "on-call" }] });
  answer({ kind: "reply", status: 200, retryAfter: null });
  await keeper.untilTold();
  expect(keeper.writes.readAlerts(topology)).toMatchObject({ waiting: [], channels: [{ delivered: 1 }] });
});

test("nobody is told of what is muted, until its mute is over", async () => {
  const hook = await openHook();
  const { keeper, topology, rounds, at } = keeperOf([webhook({ url: hook.url })]);
  const until = new Date(at() + 20 * I).toISOString();
  const order = { id: "q1", subjects: ["region:*", "dns:*", "failover"], until, reason: "known", by: null };
  expect(keeper.writes.startMute(topology, order).kind).toBe("muted");
  for (let round = 0; round < 8; round += 1) await rounds([AWS.id]);
  expect(hook.received).toEqual([]);
  const { incidents } = await keeper.faces.readStatus(topology);
  expect(incidents.length).toBeGreaterThan(0);
  expect(incidents.every(({ mutedBy }) => mutedBy === "q1")).toBe(true);
  keeper.writes.endMute("q1");
  await rounds([AWS.id]);
  await keeper.untilTold();
  expect(typesOf(hook.received)).toContain("incident.opened");
});

test("a budget that burns too fast is told as such, and that it does no more", async () => {
  const hook = await openHook();
  const objective = { ...AVAILABILITY, name: "us", region: AWS.id, burnAlerts: ["page" as const] };
  const { keeper, topology, rounds } = keeperOf([webhook({ url: hook.url, subjects: ["burn-page:*"] })], null, [
    objective,
  ]);
  for (let round = 0; round < 4; round += 1) await rounds([AWS.id]);
  expect(typesOf(hook.received)).toEqual(["incident.opened"]);
  expect(JSON.parse(hook.received[0]?.body ?? "")).toMatchObject({
    data: { incident: { scope: "burn-page", subject: "burn-page:us" } },
  });
  // By both rules: the short windows are five minutes and half an hour.
  for (let round = 0; round < 64; round += 1) await rounds([]);
  await keeper.untilTold();
  expect(typesOf(hook.received)).toEqual(["incident.opened", "incident.closed"]);
  expect(keeper.writes.readAlerts(topology).waiting).toEqual([]);
});

test("what is over is told for longer than the state remembers it", async () => {
  const { keeper, topology, rounds } = keeperOf([]);
  for (let round = 0; round < 14; round += 1) await rounds(round < 6 ? [AWS.id] : []);
  const closed = (await keeper.faces.readStatus(topology)).incidents.filter(({ closedAt }) => closedAt !== undefined);
  expect(closed.length).toBeGreaterThan(0);
  expect(keeper.faces.readPast().map(({ id }) => id)).toEqual(expect.arrayContaining(closed.map(({ id }) => id)));
});
