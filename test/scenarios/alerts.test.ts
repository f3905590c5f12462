// People are told by the real thing: a region dies, its receiver is down for a while, everything is mended.
import { afterAll, beforeAll, expect, test } from "vitest";
import { type AlertReceiver, openAlertReceiver } from "../support/alert-receiver.ts";
import { until } from "../support/until.ts";
import { AWS, GCP, startWorld, type World } from "./world.ts";

let hook: AlertReceiver;
let world: World;
beforeAll(async () => {
  hook = await openAlertReceiver();
  world = await startWorld("--alert-url", hook.url);
});
afterAll(async () => {
  await world.stop();
  await hook.close();
});

interface Told {
  readonly type: string;
  readonly data: { readonly incident: { readonly subject: string; readonly scope: string } };
}

/** "incident.opened region:a": of messages whose ids differ, in the order in which they came first. */
function told(): readonly string[] {
  const byId = new Map(
    hook.received.map(({ headers, body }) => [headers["webhook-id"] ?? "", JSON.parse(body) as Told] as const),
  );
  return [...byId.values()].map(({ type, data }) => `${type} ${data.incident.subject}`);
}

const isCalm = (open: readonly { readonly closedAt?: string | undefined }[]): boolean =>
  open.every(({ closedAt }) => closedAt !== undefined);

test("a region that dies is told once, also while its receiver is down, and its end later, once", async () => {
  await world.untilStatus("calm", ({ verdict, incidents }) => verdict === "conforms" && isCalm(incidents));
  expect(told()).toEqual([]);
  hook.behave({ status: 503, headers: { "retry-after": "2" } });
  await world.gate(AWS, "refuse");
  await until("somebody is told", () => hook.received.length > 0);
  const failing = await world.untilStatus("the channel fails", ({ alerts }) => alerts?.channels[0]?.failing === true);
  expect(failing.alerts?.channels).toMatchObject([{ name: "local", kind: "webhook", waiting: 1, delivered: 0 }]);
  expect(JSON.stringify(failing)).not.toContain(hook.url);
  hook.behave({ status: 204 });
  await world.untilStatus("it arrived", ({ alerts }) => alerts?.channels[0]?.delivered === 1);
  await world.gate(AWS, "open");
  await world.untilStatus("its end arrived", ({ alerts }) => alerts?.channels[0]?.delivered === 2);
  expect(told()).toEqual([`incident.opened region:${AWS}`, `incident.closed region:${AWS}`]);
});

test("everything down is told as the failure of the service, and everything that was told ends", async () => {
  await world.untilStatus("calm", ({ verdict, incidents }) => verdict === "conforms" && isCalm(incidents));
  const before = told().length;
  const count = (type: string): number => told().filter((line) => line.startsWith(type)).length;
  await Promise.all([world.gate(AWS, "refuse"), world.gate(GCP, "refuse")]);
  await until("it is told", () => told().slice(before).includes("incident.opened failover"));
  await Promise.all([world.gate(AWS, "open"), world.gate(GCP, "open")]);
  await world.untilStatus("calm", ({ verdict, incidents }) => verdict === "conforms" && isCalm(incidents));
  await until("all ends are told", () => count("incident.opened") === count("incident.closed"));
});
