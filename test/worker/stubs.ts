// The one coordinator of the tests in workerd, what its storage says, and how it is asked: by rounds at a given time, and by
// the Worker's own HTTP faces.
import { createExecutionContext, reset, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, vi } from "vitest";
import { DAY_MS } from "../../monitor/time.ts";
import { STATUS_SCHEMA } from "../../monitor/report/status-schema.ts";
import worker from "../../worker/index.ts";

/** Ahead of the real clock, so that no alarm fires by itself. */
export const MIDNIGHT = Math.ceil(Date.now() / DAY_MS) * DAY_MS + DAY_MS;
const TOKEN = "a-token-of-24-characters";

/** Every test of the file begins at this instant, with a new storage and without lines of the log. */
export function beginEachAt(instant: number): void {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["Date"], now: instant });
    vi.spyOn(console, "log").mockImplementation(() => undefined);
  });
  endEach();
}

/** No test of the file leaves anything to the next one. */
export function endEach(): void {
  afterEach(async () => {
    vi.restoreAllMocks();
    vi.useRealTimers();
    await reset();
  });
}

export function coordinator() {
  return env.COORDINATOR.getByName("coordinator");
}

/** Null: none is set. */
export function alarmOf(stub = coordinator()): Promise<number | null> {
  return runInDurableObject(stub, (_instance, state) => state.storage.getAlarm());
}

/** As the bearer of the token, or of another one. */
export async function ask(method: string, path: string, body?: object, token = TOKEN): Promise<Response> {
  const headers = { authorization: `Bearer ${token}` };
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const url = `https://probe.example.com${path}`;
  return worker.fetch(
    new Request(url, { method, headers, ...sent }),
    { ...env, ADMIN_TOKEN: TOKEN },
    createExecutionContext(),
  );
}

/** Only Date is made up. */
export async function roundAt(at: number): Promise<void> {
  vi.setSystemTime(at);
  await runDurableObjectAlarm(coordinator());
}

/** The round of that slot, so long after it, whether an alarm was set for it or the watchdog has to set it. */
export async function roundOf(slot: number, lateMs = 1000): Promise<void> {
  vi.setSystemTime(slot + lateMs);
  await coordinator().ensure();
  expect(await runDurableObjectAlarm(coordinator())).toBe(true);
}

export async function status() {
  const report = await coordinator().readStatus();
  expect(STATUS_SCHEMA.safeParse(report).error?.issues).toBeUndefined();
  return report;
}

/** Subject and cause of each. */
export async function openIncidents(): Promise<readonly (readonly [subject: string, causedBy: string])[]> {
  return (await status()).incidents
    .filter((one) => one.closedAt === undefined)
    .map(({ subject, causedBy }) => [subject, causedBy ?? "nobody"]);
}
