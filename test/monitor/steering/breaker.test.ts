// The breaker over stories of attempts, and the budget of retries.
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { beginTrial, type Breaker, CLOSED, passageOf, stepBreaker } from "../../../monitor/steering/breaker.ts";
import { afterRequest, afterVainRetry, BALANCE_MAX, mayRetry } from "../../../monitor/steering/budget.ts";

/** "x": failed, ".": answered, one each 10 ms. */
function play(story: string, from: Breaker = CLOSED, startAt = 0): Breaker {
  return [...story].reduce((breaker, mark, index) => {
    const at = startAt + index * 10;
    return stepBreaker(breaker, mark === "x" ? "failed" : "answered", at, at);
  }, from);
}

describe("the breaker", () => {
  test.each([
    { story: "xx", open: false },
    { story: "xxx", open: true },
    { story: "....................xxx", open: true },
    { story: "x...x...x...x...x...x...", open: false },
    { story: "x.x.x.x", open: true },
  ])("after $story open: $open", ({ story, open }) => {
    expect(play(story).open !== null).toBe(open);
  });

  test("lets one trial through after a second, and nobody else until its outcome", () => {
    const opened = play("xxx");
    expect([passageOf(opened, 1019), passageOf(opened, 1020)]).toEqual(["open", "trial"]);
    const trying = beginTrial(opened, 1020);
    expect(passageOf(trying, 1021)).toBe("open");
    expect(stepBreaker(trying, "answered", 1020, 1030)).toEqual(CLOSED);
    const worse = stepBreaker(trying, "failed", 1020, 1030);
    expect([passageOf(worse, 3029), passageOf(worse, 3030)]).toEqual(["open", "trial"]);
  });

  test("waits ten seconds at most", () => {
    let breaker = play("xxx");
    for (let trial = 0; trial < 20; trial += 1) {
      const at = breaker.open?.until ?? 0;
      breaker = stepBreaker(beginTrial(breaker, at), "failed", at, at);
    }
    expect((breaker.open?.until ?? 0) - (breaker.open?.since ?? 0)).toBe(10_000);
  });

  test("is closed by no answer to a request that was sent before it opened", () => {
    const opened = play("xxx", CLOSED, 1000);
    expect(stepBreaker(opened, "answered", 900, 1100)).toEqual(opened);
    expect(stepBreaker(opened, "failed", 900, 1100)).toEqual(opened);
  });

  test("forgets a single failure", () => {
    expect(play(`x${".".repeat(30)}`)).toBe(CLOSED);
  });
});

describe("the budget", () => {
  test("is never more than its bound nor less than nothing, whatever happens", () => {
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { maxLength: 200 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (events, share) => {
          let balance = BALANCE_MAX;
          for (const request of events) {
            balance = request ? afterRequest(balance, share) : afterVainRetry(balance);
            expect(balance).toBeGreaterThanOrEqual(0);
            expect(balance).toBeLessThanOrEqual(BALANCE_MAX);
          }
        },
      ),
    );
  });

  test("lets through, while nothing helps, its balance and the share of requests", () => {
    let balance = BALANCE_MAX;
    let retries = 0;
    for (let request = 0; request < 1000; request += 1) {
      balance = afterRequest(balance, 0.2);
      if (!mayRetry(balance)) continue;
      retries += 1;
      balance = afterVainRetry(balance);
    }
    expect(retries).toBeGreaterThanOrEqual(200);
    expect(retries).toBeLessThanOrEqual(BALANCE_MAX + 201);
  });
});
