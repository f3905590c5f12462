// The regression list, numbers 12 to 14 and 25: what only the coordinator in real workerd can show.
import {
  createScheduledController,
  listDurableObjectIds,
  runDurableObjectAlarm,
  runInDurableObject,
} from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { expect, it, vi } from "vitest";
import { EXAMPLE } from "../support/example-topology.ts";
import { vantageName } from "../../worker/vantage.ts";
import worker from "../../worker/index.ts";
import { alarmOf, coordinator, endEach } from "./stubs.ts";

const INTERVAL_MS = 30_000;

endEach();

it("12: an alarm whose round throws has set the next alarm already", async () => {
  const stub = coordinator();
  await stub.readSelf();
  const stringify = vi.spyOn(JSON, "stringify").mockImplementation(() => {
    throw new Error("out of paper");
  });
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  expect(await runDurableObjectAlarm(stub)).toBe(true);
  expect(stringify).toHaveBeenCalled();
  stringify.mockRestore();
  expect((await alarmOf(stub)) ?? 0).toBeGreaterThan(Date.now());
  expect(await stub.readSelf()).toMatchObject({ status: "fail", rounds: 0 });
});

it("13: a vantage whose location changes is another object, for an object never moves", async () => {
  const [enam] = EXAMPLE.probe.vantages;
  if (enam === undefined) throw new Error("the example has vantages");
  const here = env.VANTAGE.idFromName(vantageName(enam));
  const there = env.VANTAGE.idFromName(vantageName({ ...enam, hint: "weur" }));
  expect(there.equals(here)).toBe(false);
  await coordinator().readSelf();
  await runDurableObjectAlarm(coordinator());
  const made = (await listDurableObjectIds(env.VANTAGE)).map((id) => id.toString());
  expect(made).toContain(here.toString());
  expect(made).not.toContain(there.toString());
});

it("14: cron that fires twice in a slot, and an alarm that does, make one row", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: Math.ceil(Date.now() / INTERVAL_MS) * INTERVAL_MS + 1000 });
  const stub = coordinator();
  for (let time = 0; time < 2; time += 1) {
    await worker.scheduled(createScheduledController(), env);
    await runDurableObjectAlarm(stub);
  }
  const rows = await runInDurableObject(stub, (_instance, state) =>
    state.storage.sql.exec("SELECT slot FROM rounds").toArray(),
  );
  expect(rows).toHaveLength(1);
});

it("25: a coordinator that is never woken fails /healthz", async () => {
  const stub = coordinator();
  expect((await exports.default.fetch("https://probe.example.com/healthz")).status).toBe(200);
  await runInDurableObject(stub, (_instance, state) => state.storage.deleteAlarm());
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 4 * INTERVAL_MS });
  const reply = await exports.default.fetch("https://probe.example.com/healthz");
  expect(reply.status).toBe(503);
  expect(await reply.json()).toMatchObject({ status: "fail", problems: [expect.stringMatching(/^no round for 2 m/)] });
});
