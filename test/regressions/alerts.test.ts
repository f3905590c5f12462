// The regression list, number 19: what happens to the message that it is over while its receiver is down.
import { expect, it, onTestFinished } from "vitest";
import { webhook } from "../support/alert-channels.ts";
import { openAlertReceiver } from "../support/alert-receiver.ts";
import { THRESHOLD, watchWith } from "../support/alert-watch.ts";
import { AWS } from "../support/example-topology.ts";

it("19: a receiver that is down for the message that it is over gets it later, once", async () => {
  const hook = await openAlertReceiver();
  onTestFinished(() => hook.close());
  const watch = watchWith([webhook({ url: hook.url })]);
  await watch.rounds(THRESHOLD, []);
  await watch.rounds(THRESHOLD, [AWS.id]);
  hook.behave("reset");
  await watch.rounds(40, []);
  const failed = hook.received.length - 1;
  expect(failed).toBeGreaterThan(1);
  hook.behave({ status: 200 });
  await watch.rounds(40, []);
  const told = hook.received.map(({ body, headers }) => {
    const { type } = JSON.parse(body) as { readonly type: string };
    return `${type} ${headers["webhook-id"] ?? ""}`;
  });
  // The attempts that failed are one message with the one that arrived.
  expect(told).toHaveLength(failed + 2);
  expect(new Set(told).size).toBe(2);
  expect(told[0]).toMatch(/^incident\.opened /);
  expect(told.at(-1)).toMatch(/^incident\.closed /);
  expect(watch.standing("on-call")).toMatchObject({ delivered: 2, waiting: 0, dead: 0, failures: 0 });
});
