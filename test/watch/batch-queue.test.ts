// What waits at a private vantage is little, fresh, and counted whatever becomes of it.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BatchQueue, QUEUE_MAX } from "../../monitor/watch/batch-queue.ts";
import { endOf } from "../../monitor/watch/send-batch.ts";

const batch = (slot: number) => ({ slot, id: `office_${slot}`, body: "{}" });

test("of more than fit the oldest are given up", () => {
  const queue = new BatchQueue();
  for (let slot = 0; slot < 7; slot += 1) queue.add(batch(slot));
  expect(queue.oldest?.slot).toBe(3);
  expect(queue.counts).toEqual({ delivered: 0, refused: 0, givenUp: 3, waiting: QUEUE_MAX });
});

test("what is stale is given up, and no more", () => {
  const queue = new BatchQueue();
  for (const slot of [0, 30, 60]) queue.add(batch(slot));
  queue.forgetStale(60, 90);
  expect([queue.oldest?.slot, queue.counts.givenUp]).toEqual([30, 1]);
});

test("every batch is counted once", () => {
  const act = fc.constantFrom("add", "delivered", "refused", "stale");
  fc.assert(
    fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
      const queue = new BatchQueue();
      let slot = 0;
      let added = 0;
      for (const one of acts) {
        slot += 30;
        if (one === "add") {
          queue.add(batch(slot));
          added += 1;
        } else if (one === "stale") queue.forgetStale(60, slot);
        else if (queue.oldest !== null) queue.settle(one);
      }
      const { delivered, refused, givenUp, waiting } = queue.counts;
      expect(delivered + refused + givenUp + waiting).toBe(added);
      expect(waiting).toBeLessThanOrEqual(QUEUE_MAX);
    }),
  );
});

describe("what an answer means", () => {
  test.each([
    [202, `{"observations":"held","everySeconds":10}`, null, { kind: "delivered", everySeconds: 10 }],
    [200, `{"observations":"known"}`, null, { kind: "delivered", everySeconds: null }],
    [200, "<html>", null, { kind: "failed", waitMs: 0 }],
    [409, `{"error":"too old","refused":"stale"}`, null, { kind: "refused", word: "stale", detail: "too old" }],
    [301, "", null, { kind: "refused", word: "status 301", detail: "status 301: redirects are not followed" }],
    [404, "nothing", null, { kind: "refused", detail: expect.stringContaining("no private vantage can report there") }],
    [429, `{"error":"slow","refused":"too-many"}`, "30", { kind: "failed", waitMs: 30_000 }],
    [503, "", "99999999", { kind: "failed", waitMs: 0 }],
    [400, `{"error":"\\u001b[2Jbad","refused":"malformed"}`, null, { kind: "refused", detail: " [2Jbad" }],
  ] as const)("%i %s", (status, text, retryAfter, end) => {
    expect(endOf(status, text, retryAfter)).toMatchObject(end);
  });
});
