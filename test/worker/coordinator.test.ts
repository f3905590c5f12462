// The coordinator in real workerd: its alarm, its storage, and what it does when a round goes wrong.
import {
  createExecutionContext,
  createScheduledController,
  evictDurableObject,
  runDurableObjectAlarm,
  runInDurableObject,
} from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { describe, expect, test, vi } from "vitest";
import { STATUS_SCHEMA } from "../../monitor/report/status-schema.ts";
import worker from "../../worker/index.ts";
import { alarmOf, coordinator, endEach } from "./stubs.ts";

const INTERVAL_MS = 30_000;

endEach();

describe("the alarm", () => {
  test("is set by the first call, on the grid", async () => {
    const stub = coordinator();
    await stub.readSelf();
    const alarm = (await alarmOf(stub)) ?? 0;
    expect(alarm % INTERVAL_MS).toBe(0);
    expect(alarm - Date.now()).toBeGreaterThan(0);
    expect(alarm - Date.now()).toBeLessThanOrEqual(INTERVAL_MS);
  });

  test("makes a round, and sets the next one", async () => {
    const stub = coordinator();
    await stub.readSelf();
    expect(await runDurableObjectAlarm(stub)).toBe(true);
    const status = await stub.readStatus();
    expect(status.self.rounds).toBe(1);
    expect(STATUS_SCHEMA.safeParse(status).error?.issues).toBeUndefined();
    expect(status.matrix["aws-us-east-1"]?.["enam"]).toMatchObject({ state: "down", failure: { cause: "refused" } });
    expect(status.vantages.map(({ id, colo }) => [id, colo])).toEqual([
      ["enam", "local-enam"],
      ["weur", "local-weur"],
      ["office", ""],
    ]);
    expect(await alarmOf(stub)).not.toBeNull();
  });

  test("is armed again although the round threw, and the next round is made", async () => {
    const stub = coordinator();
    await stub.readSelf();
    const stringify = vi.spyOn(JSON, "stringify").mockImplementation(() => {
      throw new Error("out of paper");
    });
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    await runDurableObjectAlarm(stub);
    stringify.mockRestore();
    expect(await alarmOf(stub)).not.toBeNull();
    expect(await stub.readSelf()).toMatchObject({
      status: "fail",
      rounds: 0,
      problems: ["the latest round did not end: out of paper"],
    });
    await runDurableObjectAlarm(stub);
    expect(await stub.readSelf()).toMatchObject({ status: "pass", rounds: 1 });
  });

  test("that fires twice within one slot makes one round", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: Math.ceil(Date.now() / INTERVAL_MS) * INTERVAL_MS + 1000 });
    const stub = coordinator();
    await stub.readSelf();
    await runDurableObjectAlarm(stub);
    await runDurableObjectAlarm(stub);
    expect((await stub.readSelf()).rounds).toBe(1);
  });

  test("counts the slots that it slept through", async () => {
    const start = Math.ceil(Date.now() / INTERVAL_MS) * INTERVAL_MS + 1000;
    vi.useFakeTimers({ toFake: ["Date"], now: start });
    const stub = coordinator();
    await stub.readSelf();
    await runDurableObjectAlarm(stub);
    vi.setSystemTime(start + 5 * INTERVAL_MS);
    await runDurableObjectAlarm(stub);
    expect(await stub.readSelf()).toMatchObject({ rounds: 2, missedSlots: 4 });
  });
});

describe("the watchdog", () => {
  test("sets an alarm that is gone", async () => {
    const stub = coordinator();
    await stub.readSelf();
    await runInDurableObject(stub, (_instance, state) => state.storage.deleteAlarm());
    await worker.scheduled(createScheduledController(), env);
    expect(await alarmOf(stub)).not.toBeNull();
  });

  test("replaces one that is overdue, and leaves one that is not", async () => {
    const stub = coordinator();
    await stub.readSelf();
    const set = await alarmOf(stub);
    await stub.ensure();
    expect(await alarmOf(stub)).toBe(set);
    vi.useFakeTimers({ toFake: ["Date"], now: (set ?? 0) + 3 * INTERVAL_MS });
    await stub.ensure();
    expect(await alarmOf(stub)).toBe((set ?? 0) + 4 * INTERVAL_MS);
  });
});

test("what was committed survives an eviction", async () => {
  const stub = coordinator();
  await stub.readSelf();
  await runDurableObjectAlarm(stub);
  await evictDurableObject(stub);
  expect((await coordinator().readStatus()).self.rounds).toBe(1);
});

test("counters of /metrics go on after an eviction, and a slot that is repeated does not move them", async () => {
  const start = Math.ceil(Date.now() / INTERVAL_MS) * INTERVAL_MS + 1000;
  vi.useFakeTimers({ toFake: ["Date"], now: start });
  await coordinator().readSelf();
  await runDurableObjectAlarm(coordinator());
  expect(await looks()).toBe("1");
  await evictDurableObject(coordinator());
  expect(await looks()).toBe("1");
  await runDurableObjectAlarm(coordinator());
  expect(await looks()).toBe("1");
  vi.setSystemTime(start + INTERVAL_MS);
  await runDurableObjectAlarm(coordinator());
  expect(await looks()).toBe("2");
});

test("meters that cannot be kept cost no round, show what was kept, and are complained of", async () => {
  const start = Math.ceil(Date.now() / INTERVAL_MS) * INTERVAL_MS + 1000;
  vi.useFakeTimers({ toFake: ["Date"], now: start });
  await coordinator().readSelf();
  await runDurableObjectAlarm(coordinator());
  const complaint = vi.spyOn(console, "error").mockImplementation(() => undefined);
  await runInDurableObject(coordinator(), (_instance, state) => state.storage.sql.exec("DROP TABLE meters").toArray());
  vi.setSystemTime(start + INTERVAL_MS);
  await runDurableObjectAlarm(coordinator());
  expect(await coordinator().readSelf()).toMatchObject({ rounds: 2, status: "pass" });
  expect(complaint).toHaveBeenCalledWith(expect.stringContaining("not counted: "));
  expect(await looks()).toBe("1");
});

async function looks(): Promise<string | undefined> {
  const reply = await exports.default.fetch("https://probe.example.com/metrics");
  const name = 'http_client_request_duration_seconds_count{region="aws-us-east-1",vantage="enam"} ';
  return (await reply.text())
    .split("\n")
    .find((line) => line.startsWith(name))
    ?.slice(name.length);
}

test("a stored state that cannot be read is given up, and watching goes on", async () => {
  const stub = coordinator();
  await stub.readSelf();
  await runDurableObjectAlarm(stub);
  await runInDurableObject(stub, (_instance, state) =>
    state.storage.sql.exec("UPDATE state SET json = '{\"version\":99}'").toArray(),
  );
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  await evictDurableObject(stub);
  const fresh = coordinator();
  expect((await fresh.readStatus()).self.rounds).toBe(0);
});

test("every face answers through the Worker itself", async () => {
  await coordinator().readSelf();
  await runDurableObjectAlarm(coordinator());
  for (const [path, type] of [
    ["/status", "application/json"],
    ["/healthz", "application/health+json"],
    ["/", "text/html; charset=UTF-8"],
    ["/page.css", "text/css; charset=utf-8"],
  ] as const) {
    const reply = await exports.default.fetch(`https://probe.example.com${path}`);
    expect([path, reply.status, reply.headers.get("content-type")]).toEqual([path, 200, type]);
    await reply.text();
  }
  expect((await exports.default.fetch("https://probe.example.com/status", { method: "POST" })).status).toBe(405);
});

test("a broken topology is what every face says, and the log says why", async () => {
  const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const reply = await worker.fetch(
    new Request("https://probe.example.com/status"),
    { ...env, TOPOLOGY: "regions: 7" },
    createExecutionContext(),
  );
  expect(log.mock.calls[0]?.[0]).toContain("topology.yaml:1:10: regions: expected");
  expect(reply.status).toBe(503);
  expect(await reply.json()).toMatchObject({ error: expect.stringMatching(/^the topology is broken/) as unknown });
});

test("what changes something is there only with a token that is long enough, and only for its bearer", async () => {
  const said = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const token = "a-token-of-24-characters";
  const ask = async (ADMIN_TOKEN?: string): Promise<Response> =>
    worker.fetch(
      new Request("https://probe.example.com/v1/audit", { headers: { authorization: `Bearer ${token}` } }),
      { ...env, ...(ADMIN_TOKEN === undefined ? {} : { ADMIN_TOKEN }) },
      createExecutionContext(),
    );
  expect((await ask()).status).toBe(404);
  expect((await ask("short")).status).toBe(404);
  expect(said.mock.calls).toEqual([["ADMIN_TOKEN: expected at least 16 characters; nothing can be changed with it"]]);
  expect((await ask(`${token}!`)).status).toBe(401);
  const reply = await ask(token);
  expect([reply.status, await reply.json()]).toEqual([200, { entries: [] }]);
});
