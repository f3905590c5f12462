// The deployed bundle in workerd is killed while it tells people: between the round that is stored and the message, and between
// the message and its receipt. Each message arrives, under one id however often it was sent.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, inject, onTestFinished, test, vi } from "vitest";
import { openAlertReceiver } from "../support/alert-receiver.ts";
import { makeDice } from "../support/dice.ts";
import { until } from "../support/until.ts";
import { INTERVAL_MS, startLife } from "./killed-workerd.ts";

const KILLS = 12;

test(`${KILLS} kills of workerd lose no alert, and none comes under two ids`, { timeout: 120_000 }, async () => {
  const { seed, roll } = makeDice();
  const storageDir = mkdtempSync(join(tmpdir(), "killed-alerts-test-"));
  onTestFinished(() => rmSync(storageDir, { recursive: true, force: true }));
  const log = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  onTestFinished(() => log.mockRestore());
  const hook = await openAlertReceiver();
  onTestFinished(() => hook.close());
  const alerts = `alerts: [ { name: on-call, kind: webhook, url: "${hook.url}", on: [opened, closed, blind] } ]\n`;
  /** "id of the message, what it tells": of the messages that came since the `from`th. */
  const openings = (from = 0): readonly string[] =>
    hook.received.slice(from).flatMap(({ body, headers }) => {
      const { type, data } = JSON.parse(body) as { readonly type: string; readonly data: { incident: { id: string } } };
      return type === "incident.opened" ? [`${headers["webhook-id"] ?? ""} ${data.incident.id}`] : [];
    });
  // Taken and never acknowledged: whoever is killed now does not know that it arrived.
  hook.behave("hang");
  for (let kill = 1; kill <= KILLS; kill += 1) {
    const life = await startLife(inject("bundleDir"), storageDir, alerts);
    const before = hook.received.length;
    await life.ask();
    // Of the first lives nobody knows whether they come to tell anything: they die in the middle of what leads to it.
    if (kill > KILLS / 2) await until(`life ${kill} tells somebody`, () => hook.received.length > before);
    else await sleep(roll() * 5 * INTERVAL_MS);
    await life.kill();
  }
  const where = `ANOMALY_SEED=${seed}`;
  const [told] = openings();
  // All that was sent until now is the first message, again and again.
  expect({ where, sent: openings().length > 1, told: [...new Set(openings())] }).toEqual({
    where,
    sent: true,
    told: [told],
  });
  const before = hook.received.length;
  hook.behave({ status: 200 });
  const life = await startLife(inject("bundleDir"), storageDir, alerts);
  onTestFinished(() => life.kill());
  await life.ask();
  await until("it is told once more", () => openings(before).includes(told ?? ""));
  const { rounds } = await life.ask();
  await until("rounds go on", async () => (await life.ask()).rounds > rounds + 5);
  // Acknowledged, it is told no more; nor is anything else told twice.
  const acknowledged = openings(before);
  expect({ where, acknowledged: new Set(acknowledged).size }).toEqual({ where, acknowledged: acknowledged.length });
});
