// Messages on their way to real receivers on loopback that do what receivers do: refuse, fail, hang, redirect, ask for time.
import { createHmac } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setImmediate } from "node:timers/promises";
import { afterEach, describe, expect, onTestFinished, test } from "vitest";
import { makeNodeClock } from "../../monitor/node/clock.ts";
import { sqlOf } from "../../monitor/node/store.ts";
import { makePeriodReport } from "../../monitor/report/period-report.ts";
import type { PeriodReport } from "../../monitor/report/period-report-schema.ts";
import { tallyOf } from "../../monitor/report/tally.ts";
import type { Sender } from "../../monitor/run/world.ts";
import type { ToldChannel } from "../../monitor/topology/topology.ts";
import { AlertDesk } from "../../monitor/wire/alert-desk.ts";
import { makeAuditShelf } from "../../monitor/wire/sql-audit.ts";
import { USER_AGENT } from "../../monitor/wire/user-agent.ts";
import { heartbeat, pagerDuty, slack, webhook } from "../support/alert-channels.ts";
import { type AlertReceiver, type Behaviour, openAlertReceiver } from "../support/alert-receiver.ts";
import { type AlertWatch, INTERVAL_MS, THRESHOLD, watchWith } from "../support/alert-watch.ts";
import { AWS, EXAMPLE, GCP } from "../support/example-topology.ts";

const DOWN = [AWS.id];
const HOUR_MS = 3_600_000;

const open: AlertReceiver[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

async function receiver(): Promise<AlertReceiver> {
  const opened = await openAlertReceiver();
  open.push(opened);
  return opened;
}

/** A region is known to be up, and then goes down. */
async function untilDown(watch: AlertWatch): Promise<readonly string[]> {
  await watch.rounds(THRESHOLD, []);
  return watch.rounds(THRESHOLD, DOWN);
}

function typesOf({ received }: AlertReceiver): readonly string[] {
  return received.map(({ body }) => (JSON.parse(body) as { readonly type: string }).type);
}

test("a webhook gets our JSON, once, with its id, and under a signature that its secret verifies", async () => {
  const secret = `whsec_${Buffer.from("0123456789abcdef01234567").toString("base64")}`;
  const hook = await receiver();
  const watch = watchWith([webhook({ url: `${hook.url}?a=b`, secret })]);
  expect(await untilDown(watch)).toEqual([expect.stringMatching(/^alert on-call: incident\.opened of .* delivered$/)]);
  await watch.rounds(2, DOWN);
  const [message, ...more] = hook.received;
  expect(more).toEqual([]);
  expect(message).toMatchObject({ method: "POST", path: "/hook?a=b" });
  const { headers = {}, body = "" } = message ?? {};
  expect(headers).toMatchObject({ "content-type": "application/json", "user-agent": USER_AGENT });
  const { "webhook-id": id = "", "webhook-timestamp": timestamp = "", "webhook-signature": signature } = headers;
  const hmac = createHmac("sha256", "0123456789abcdef01234567").update(`${id}.${timestamp}.${body}`);
  expect(signature).toBe(`v1,${hmac.digest("base64")}`);
  expect(JSON.parse(body)).toEqual({
    schemaVersion: 1,
    id,
    type: "incident.opened",
    timestamp: expect.stringMatching(/^2026-01-01T/),
    service: { name: "multicloud-demo", host: "demo.multicloud.example.com" },
    simulated: false,
    text: expect.stringMatching(/^multicloud-demo: region:aws-us-east-1/),
    data: {
      incident: {
        id: expect.stringMatching(/ region:aws-us-east-1$/),
        scope: "regions",
        subject: "region:aws-us-east-1",
        reason: expect.any(String),
        openedAt: expect.any(String),
      },
      attached: [],
      more: 0,
    },
  });
});

test("without a secret nothing is signed", async () => {
  const hook = await receiver();
  await untilDown(watchWith([webhook({ url: hook.url })]));
  expect(hook.received[0]?.headers).toHaveProperty("webhook-id");
  expect(hook.received[0]?.headers).not.toHaveProperty("webhook-signature");
});

test("Slack gets a text, PagerDuty a trigger and its resolve under the incident's id, a heartbeat a call for every round", async () => {
  const [chat, pager, beat] = [await receiver(), await receiver(), await receiver()];
  const watch = watchWith([slack("chat", chat.url), pagerDuty("pager", pager.url), heartbeat("beat", beat.url)]);
  await untilDown(watch);
  await watch.rounds(THRESHOLD, []);
  const texts = chat.received.map(({ body }) => JSON.parse(body) as { readonly text: string });
  expect(texts.map(({ text }) => text)).toEqual([
    expect.stringMatching(/^:red_circle: \*multicloud-demo\* region:aws-us-east-1/),
    expect.stringMatching(/^:white_check_mark: \*multicloud-demo\* over after 1 m 30 s: region:aws-us-east-1$/),
  ]);
  const [trigger, resolve] = pager.received.map(({ body }) => JSON.parse(body) as { readonly dedup_key: string });
  expect(trigger).toMatchObject({
    routing_key: "0123456789abcdef0123456789abcdef",
    event_action: "trigger",
    dedup_key: expect.stringMatching(/ region:aws-us-east-1$/),
    payload: { source: "demo.multicloud.example.com", severity: "error", component: "region:aws-us-east-1" },
  });
  expect(resolve).toEqual({
    routing_key: "0123456789abcdef0123456789abcdef",
    event_action: "resolve",
    dedup_key: trigger?.dedup_key,
  });
  expect(beat.received.map(({ method, path, body }) => [method, path, body])).toEqual(
    Array.from({ length: 3 * THRESHOLD }, () => ["GET", "/hook", ""]),
  );
  expect(watch.standing("beat")).toMatchObject({ kind: "heartbeat", failures: 0, delivered: 3 * THRESHOLD });
});

describe("a receiver that", () => {
  test.each<{ name: string; behaviour: Behaviour; detail: RegExp }>([
    { name: "fails", behaviour: { status: 500 }, detail: /^status 500$/ },
    { name: "breaks the connection", behaviour: "reset", detail: /^(connection-lost|reset): / },
    {
      name: "redirects, which is not followed",
      behaviour: { status: 302, headers: { location: "/elsewhere" } },
      detail: /^status 302: redirects are not followed$/,
    },
    { name: "does not know us", behaviour: { status: 401 }, detail: /^status 401$/ },
    {
      name: "asks for time",
      behaviour: { status: 429, headers: { "retry-after": "120" } },
      detail: /^status 429$/,
    },
  ])("$name gets the message later, once", async ({ behaviour, detail }) => {
    const hook = await receiver();
    const watch = watchWith([webhook({ url: hook.url })]);
    hook.behave(behaviour);
    await untilDown(watch);
    expect(watch.standing("on-call")).toMatchObject({ failures: 1, waiting: 1, delivered: 0 });
    expect(watch.standing("on-call")?.detail).toMatch(detail);
    hook.behave({ status: 200 });
    watch.wait(HOUR_MS);
    await watch.rounds(3, DOWN);
    expect(typesOf(hook)).toEqual(["incident.opened", "incident.opened"]);
    expect(new Set(hook.received.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
    expect(watch.standing("on-call")).toMatchObject({ failures: 0, waiting: 0, delivered: 1, failed: 1, detail: null });
    expect(hook.received.some(({ path }) => path !== "/hook")).toBe(false);
  });

  test("is not there gets it later, at the same place", async () => {
    const gone = await openAlertReceiver();
    await gone.close();
    const watch = watchWith([webhook({ url: gone.url })]);
    await untilDown(watch);
    expect(watch.standing("on-call")).toMatchObject({ failures: 1, detail: expect.stringMatching(/^refused: /) });
    const back = await openAlertReceiver(gone.port);
    open.push(back);
    watch.wait(HOUR_MS);
    await watch.deliver();
    expect(typesOf(back)).toEqual(["incident.opened"]);
  });

  test("answers without end has taken the message", async () => {
    const hook = await receiver();
    hook.behave("endless");
    const watch = watchWith([webhook({ url: hook.url })]);
    await untilDown(watch);
    expect(watch.standing("on-call")).toMatchObject({ delivered: 1, failures: 0 });
  });

  test("hangs costs a pass its bound of time, and no other channel its message", { timeout: 30_000 }, async () => {
    const [silent, hook] = [await receiver(), await receiver()];
    silent.behave("hang");
    const watch = watchWith([webhook({ name: "silent", url: silent.url }), webhook({ url: hook.url })]);
    await untilDown(watch);
    expect(typesOf(hook)).toEqual(["incident.opened"]);
    expect(watch.standing("silent")).toMatchObject({ waiting: 1, detail: expect.stringMatching(/^timeout: /) });
  });

  test.each([400, 413, 422])("refuses the message itself, with %i, is not asked again", async (status) => {
    const hook = await receiver();
    hook.behave({ status });
    const watch = watchWith([webhook({ url: hook.url })]);
    await untilDown(watch);
    hook.behave({ status: 200 });
    watch.wait(HOUR_MS);
    await watch.rounds(THRESHOLD, []);
    // Who did not hear that it began does not hear that it is over, either.
    expect(hook.received).toHaveLength(1);
    expect(
      watch.desk
        .read(watch.topology)
        .dead.map(({ detail }) => detail)
        .toSorted(),
    ).toEqual(["given up with the message before it, of the same incident", `status ${status}`]);
  });
});

test("while a channel fails it is tried more and more seldom, and what it asks for is kept to", async () => {
  const hook = await receiver();
  hook.behave({ status: 503, headers: { "retry-after": "600" } });
  const watch = watchWith([webhook({ url: hook.url })]);
  await untilDown(watch);
  await watch.rounds(600_000 / INTERVAL_MS - 1, DOWN);
  expect(hook.received).toHaveLength(1);
  hook.behave({ status: 503 });
  await watch.rounds((2 * HOUR_MS) / INTERVAL_MS, DOWN);
  expect(hook.received.length).toBeGreaterThan(5);
  expect(hook.received.length).toBeLessThan(12);
});

test("a message is given up after a day, and what follows it of the same incident with it", async () => {
  const hook = await receiver();
  hook.behave({ status: 500 });
  const watch = watchWith([webhook({ url: hook.url })]);
  await untilDown(watch);
  await watch.rounds(THRESHOLD, []);
  expect(watch.standing("on-call")).toMatchObject({ waiting: 2 });
  hook.behave({ status: 200 });
  const before = hook.received.length;
  watch.wait(25 * HOUR_MS);
  await watch.deliver();
  expect(hook.received).toHaveLength(before);
  expect(watch.standing("on-call")).toMatchObject({ waiting: 0, dead: 2, delivered: 0 });
  expect(
    watch.desk
      .read(watch.topology)
      .dead.map(({ detail }) => detail)
      .toSorted(),
  ).toEqual(["given up after a day", "given up with the message before it, of the same incident"]);
  expect(watch.desk.retry(watch.topology, watch.now())).toBe(2);
  await watch.deliver();
  expect(typesOf(hook).slice(before)).toEqual(["incident.opened", "incident.closed"]);
});

test("a reminder that was given up keeps nobody from hearing the end", async () => {
  const hook = await receiver();
  const watch = watchWith([
    webhook({ url: hook.url, on: ["opened", "closed", "reminder"], remindMinutes: THRESHOLD / 2 }),
  ]);
  await untilDown(watch);
  expect(typesOf(hook)).toEqual(["incident.opened"]);
  hook.behave({ status: 500 });
  await watch.rounds(THRESHOLD, DOWN);
  expect(typesOf(hook)).toContain("incident.reminder");
  await watch.rounds(THRESHOLD, []);
  hook.behave({ status: 200 });
  const before = hook.received.length;
  watch.wait(24 * HOUR_MS - THRESHOLD * INTERVAL_MS);
  await watch.deliver();
  await watch.deliver();
  expect(watch.desk.read(watch.topology).dead.map(({ notice }) => notice)).toMatchObject([{ event: "reminder" }]);
  expect(typesOf(hook).slice(before)).toEqual(["incident.closed"]);
});

test("of a channel that the topology has no more nothing is left", async () => {
  const hook = await receiver();
  hook.behave({ status: 500 });
  const watch = watchWith([webhook({ name: "old", url: hook.url })]);
  await untilDown(watch);
  const without = { ...watch.topology, alerts: [webhook({ name: "new", url: hook.url })] };
  await watch.desk.deliver(without);
  expect(watch.desk.read(without)).toMatchObject({ channels: [{ name: "new", waiting: 0 }], waiting: [], dead: [] });
});

test("the report of the day before is offered once, to whoever asks for reports", async () => {
  const hook = await receiver();
  const told: ToldChannel = webhook({ url: hook.url, on: ["report"] });
  const watch = watchWith([told, webhook({ name: "other", url: hook.url })]);
  const facts = { tally: tallyOf(watch.topology, []), next: null, incidents: [] };
  const report = makePeriodReport(watch.topology, facts, { from: watch.now() - 24 * HOUR_MS, to: watch.now() }, 0);
  const asked: string[] = [];
  const offer = (made: PeriodReport | null): void => {
    const read = (day: string): PeriodReport | null => (asked.push(day), made);
    watch.desk.offerReport(watch.topology, watch.now() + HOUR_MS, read, watch.now());
  };
  offer(null);
  offer(report);
  offer(report);
  await watch.deliver();
  expect(asked).toEqual(["2025-12-31", "2025-12-31"]);
  expect(hook.received.map(({ body }) => JSON.parse(body) as object)).toMatchObject([
    { type: "report.daily", data: { day: "2025-12-31", markdown: expect.stringMatching(/^# multicloud-demo: /) } },
  ]);
});

test("a test message is marked as one, and noted", async () => {
  const hook = await receiver();
  const watch = watchWith([webhook({ url: hook.url }), heartbeat("beat", hook.url)]);
  expect([watch.desk.test(watch.topology, "nobody", 1), watch.desk.test(watch.topology, "beat", 1)]).toEqual([
    false,
    false,
  ]);
  expect(watch.desk.test(watch.topology, "on-call", watch.now())).toBe(true);
  await watch.deliver();
  expect(
    hook.received.filter(({ method }) => method === "POST").map(({ body }) => JSON.parse(body) as object),
  ).toMatchObject([{ type: "test", text: "multicloud-demo: a test: nothing has happened" }]);
});

test("a round that was lost is no sign of life, and no reason to keep what waits", async () => {
  const [hook, beat] = [await receiver(), await receiver()];
  const watch = watchWith([webhook({ url: hook.url }), heartbeat("beat", beat.url)]);
  watch.desk.test(watch.topology, "on-call", watch.now());
  await watch.deliver("lost");
  expect([hook.received.length, beat.received.length]).toEqual([1, 0]);
});

test("a heartbeat that fails is told when it begins and when it is over, and is called in every round", async () => {
  const beat = await receiver();
  const watch = watchWith([heartbeat("beat", beat.url)]);
  beat.behave({ status: 500 });
  expect(await watch.rounds(3, [])).toEqual(["heartbeat beat failed: status 500"]);
  expect(watch.standing("beat")).toMatchObject({ failures: 3, failed: 3, delivered: 0 });
  beat.behave({ status: 200 });
  expect(await watch.rounds(2, [])).toEqual(["heartbeat beat is answered again"]);
  expect(beat.received).toHaveLength(5);
});

test("what a heartbeat counted outlives a restart but for the last hour", async () => {
  const folder = mkdtempSync(join(tmpdir(), "heartbeat-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const beat = await receiver();
  const file = join(folder, "monitor.db");
  const watch = watchWith([heartbeat("beat", beat.url)], file);
  const hourly = HOUR_MS / INTERVAL_MS;
  await watch.rounds(2 * hourly + 10, []);
  expect(watch.standing("beat")).toMatchObject({ delivered: 2 * hourly + 10 });
  const again = watchWith([heartbeat("beat", beat.url)], file);
  expect(again.standing("beat")).toMatchObject({ delivered: 2 * hourly + 1 });
});

test("a clock that was set back does not silence a channel that waited", async () => {
  const hook = await receiver();
  hook.behave({ status: 500 });
  const watch = watchWith([webhook({ url: hook.url })]);
  watch.wait(48 * HOUR_MS);
  watch.desk.test(watch.topology, "on-call", watch.now());
  await watch.deliver();
  hook.behave({ status: 200 });
  watch.wait(-24 * HOUR_MS);
  await watch.deliver();
  expect(watch.standing("on-call")).toMatchObject({ delivered: 1, waiting: 0 });
});

test("two passes at once send nothing twice, and tell it once", async () => {
  const hook = await receiver();
  const watch = watchWith([webhook({ url: hook.url })]);
  watch.desk.test(watch.topology, "on-call", watch.now());
  const told = await Promise.all([watch.deliver(), watch.deliver(), watch.deliver()]);
  expect(hook.received).toHaveLength(1);
  expect(told.map((lines) => lines.length)).toEqual([1, 0, 0]);
});

test("a channel whose pass breaks lets no second pass begin beside the others", async () => {
  const channels = [webhook({ name: "broken" }), webhook({ name: "slow", url: "https://slow.example.com/" })];
  const topology = { ...EXAMPLE, alerts: channels };
  const sql = sqlOf(new DatabaseSync(":memory:"));
  const answers: (() => void)[] = [];
  const sender: Sender = {
    send: ({ url }) =>
      url.includes("slow")
        ? new Promise((resolve) => answers.push(() => resolve({ kind: "reply", status: 200, retryAfter: null })))
        : Promise.reject(new Error("a defect")),
  };
  const desk = new AlertDesk(sql, makeAuditShelf(sql), sender, makeNodeClock());
  for (const { name } of channels) desk.test(topology, name, 1_767_225_600_000 + 1e12);
  const first = desk.deliver(topology).catch(String);
  await setImmediate();
  const second = desk.deliver(topology).catch(String);
  await setImmediate();
  expect(answers).toHaveLength(1);
  for (const answer of answers) answer();
  expect(await Promise.all([first, second])).toEqual(["Error: a defect", "Error: a defect"]);
});

test("both down at once is one page, and the end of both its end", async () => {
  const hook = await receiver();
  const watch = watchWith([webhook({ url: hook.url })]);
  await watch.rounds(THRESHOLD, []);
  await watch.rounds(2 * THRESHOLD, [AWS.id, GCP.id]);
  await watch.rounds(2 * THRESHOLD, []);
  const told = hook.received.map(({ body }) => JSON.parse(body) as { readonly type: string; readonly data: object });
  expect(told.map(({ type }) => type)).toEqual(["incident.opened", "incident.closed"]);
  expect(told[0]?.data).toMatchObject({ incident: { scope: "global", subject: "failover" } });
});
