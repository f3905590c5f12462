// What the referee makes of records that are small enough to work out by hand.
import { describe, expect, test } from "vitest";
import { abortReason } from "../../../monitor/drill/abort.ts";
import { EVENTS_MAX } from "../../../monitor/drill/record.ts";
import { judgeDrill } from "../../../monitor/drill/referee.ts";
import { compareSpan, spanAt } from "../../../monitor/drill/span.ts";
import { figuresIn, GOOD, PLAN, recordOf } from "../../support/drill-record.ts";

/** With one line replaced, or with lines added. */
function but(from: string, ...to: readonly string[]): string {
  if (GOOD.split(from).length !== 2) throw new Error(`not exactly once: ${from}`);
  return GOOD.replace(from, to.join("\n"));
}

const also = (...lines: readonly string[]): string => `${GOOD}\n${lines.join("\n")}`;
const without = (pattern: RegExp): string =>
  GOOD.split("\n")
    .filter((line) => !pattern.test(line))
    .join("\n");
const span = (atLeast: number, atMost: number) => ({ atLeastMs: atLeast * 1000, atMostMs: atMost * 1000 });

describe("figures", () => {
  test("each with what the looks leave open, and the lever's own time in it", () => {
    const figures = figuresIn(recordOf(GOOD));
    expect(figures).toMatchObject({
      // Last healthy at 105, unhealthy at 115; the gate closed between 100 and 101.
      detection: span(4, 15),
      route53Detection: span(4, 15),
      failover: {
        places: [
          { vantage: "enam", span: span(29, 40) },
          { vantage: "weur", span: span(29, 40) },
        ],
        max: span(29, 40),
      },
      cachesFailover: { p50: span(29, 40), max: span(39, 50) },
      recovery: {
        places: [
          { vantage: "enam", span: span(41, 52) },
          { vantage: "weur", span: span(2, 44) },
        ],
      },
      failback: { max: span(4, 20) },
      cachesFailback: { max: span(4, 22) },
      traffic: { tried: 9, lost: 3, lostBefore: 0, triedDuring: 5, lostDuring: 3, lostShare: 0.6, gap: span(40, 150) },
      dns: { asked: 21, unanswered: 0 },
      notices: [{ subject: "region:aws-us-east-1", after: span(0, 15), times: 1 }],
    });
  });

  test("an answer that comes back once has not settled before", () => {
    const figures = figuresIn(recordOf(also("160 dns enam authoritative aws", "165 dns enam authoritative gcp")));
    expect(figures?.failover.places[0]?.span).toEqual(span(59, 65));
  });

  test("an empty answer leads nowhere: neither there nor away", () => {
    const figures = figuresIn(recordOf(also("135 dns enam authoritative")));
    expect(figures?.failover.places[0]?.span).toEqual(span(29, 40));
    expect(figures?.dns.unanswered).toBe(1);
  });

  test("a place that was led elsewhere before is not concerned", () => {
    const elsewhere = GOOD.replaceAll(/dns weur (\w+) aws/g, "dns weur $1 gcp");
    const figures = figuresIn(recordOf(elsewhere));
    expect(figures?.failover.places.map(({ vantage }) => vantage)).toEqual(["enam"]);
    expect(figures?.failback.places.map(({ vantage }) => vantage)).toEqual(["enam"]);
  });

  test("requests count from the fault to the end of the repair, the answer of the lever included", () => {
    const during = (...lines: readonly string[]) => figuresIn(recordOf(also(...lines)))?.traffic;
    expect(during("201 request enam lost")).toMatchObject({ triedDuring: 6, lostDuring: 4 });
    expect(during("202 request enam lost")).toMatchObject({ triedDuring: 5, lostDuring: 3 });
  });

  test("a place that left while the levers were pulled, and was back when they stood, has nothing to come back from", () => {
    const stayed = GOOD.split("\n").filter((line) => !/ (140|205) +dns enam authoritative/.test(line));
    const figures = figuresIn(recordOf([...stayed, "100.5 dns enam authoritative gcp"].join("\n")));
    expect(figures?.failback.places.map(({ vantage }) => vantage)).toEqual(["weur"]);
  });

  test("without a lever there are none", () => {
    expect(figuresIn(recordOf(without(/appl/)))).toBeNull();
  });

  test("the slowest of spans is bounded by the slowest of each end", () => {
    expect(spanAt([span(1, 10), span(5, 7), span(0, 2)], 1)).toEqual(span(5, 10));
    expect(spanAt([span(1, 10), span(5, 7), span(0, 2)], 0.5)).toEqual(span(1, 7));
    expect(spanAt([span(1, 10), null], 1)).toBeNull();
    expect(spanAt([span(1, 10), null], 0.5)).toEqual(span(1, 10));
    expect(spanAt([], 1)).toBeNull();
  });

  test.each([
    { bound: 10, result: "within" },
    { bound: 9, result: "open" },
    { bound: 4, result: "open" },
    { bound: 3, result: "over" },
  ])("3.5 s to 10 s is $result $bound s", ({ bound, result }) => {
    expect(compareSpan(span(3.5, 10), bound * 1000)).toBe(result);
  });
});

test("what served requests took is told by its middle and its 95 %, before the fault and while it stood", () => {
  const record = recordOf(GOOD);
  const served = (at: number, totalMs: number) =>
    ({ kind: "request", at, via: "dns", vantage: "enam", served: "gcp-europe-west1", totalMs, cause: null }) as const;
  const during = Array.from({ length: 100 }, (_, index) => served(160_000 + index, 100 - index));
  const events = record.events.filter(({ kind }) => kind !== "request");
  const { traffic } = figuresIn({ ...record, events: [...events, served(50_000, 7), ...during] }) ?? {};
  expect(traffic?.medianMs).toEqual({ before: 7, during: 50 });
  expect(traffic?.p95Ms).toEqual({ before: 7, during: 95 });
});

describe("an outcome", () => {
  test("passed: all is as expected, in its bounds, and back", () => {
    expect(judgeDrill(recordOf(GOOD), null)).toMatchObject({ outcome: "inconclusive" });
    expect(judgeDrill(recordOf(GOOD, { ...PLAN, bounds: { ...PLAN.bounds, gapMs: 150_000 } }), null)).toMatchObject({
      outcome: "passed",
      reasons: [],
    });
  });

  const { gapMs: _gap, ...others } = PLAN.bounds;
  const lenient = { ...PLAN, bounds: { ...others, gapMs: null } };
  test.each([
    {
      name: "an abort",
      lines: also("180 abort the standby became unhealthy"),
      outcome: "aborted",
      reason: "aborted at 1970-01-01T00:03:00.000Z: the standby became unhealthy",
    },
    {
      name: "a lever that failed",
      lines: also("150 failed"),
      outcome: "failed",
      reason: "the lever gate of aws-us-east-1 failed: as asked",
    },
    {
      name: "a lever that still stands",
      lines: without(/ restored/),
      outcome: "failed",
      reason: "the lever gate of aws-us-east-1 still stands: undo it with `monitor drill restore`",
    },
    {
      name: "answers that stay",
      lines: GOOD.replaceAll(/dns enam authoritative gcp/g, "dns enam authoritative aws"),
      outcome: "failed",
      reason: "expected answers to move, found that they stayed in enam",
    },
    {
      name: "users who are not served again",
      lines: without(/request weur gcp/),
      outcome: "failed",
      reason: "users in weur were not served again before the repair",
    },
    {
      name: "a monitor that notices nothing",
      lines: without(/deviates/),
      outcome: "failed",
      reason: "expected the monitor to call a faulted region deviating, found that it did not before the repair",
    },
    {
      name: "a monitor that cries wolf",
      lines: also("170 verdict dns:demo.multicloud.example.com:enam:recursive deviates"),
      outcome: "failed",
      reason:
        "expected the monitor to stay calm about dns:demo.multicloud.example.com:enam:recursive, found that it called it deviating",
    },
    {
      name: "trouble in another region",
      lines: also("170 verdict region:gcp-europe-west1 deviates"),
      outcome: "failed",
      reason: "expected the monitor to stay calm about region:gcp-europe-west1, found that it called it deviating",
    },
    {
      name: "users who are still lost at the end",
      lines: also("250 request enam lost"),
      outcome: "failed",
      reason: "users in enam were still lost at the end",
    },
    {
      name: "answers that do not come back",
      lines: GOOD.replaceAll(/220 dns enam authoritative aws/g, "220 dns enam authoritative gcp"),
      outcome: "failed",
      reason: "answers in enam did not lead back to aws-us-east-1 after the repair",
    },
    {
      name: "a failover over its bound",
      lines: GOOD.replaceAll(
        /140 dns (\w+) authoritative gcp/g,
        "170 dns $1 authoritative aws\n180 dns $1 authoritative gcp",
      ),
      outcome: "failed",
      reason: "failover: expected at most 1 m, found 1 m 9 s to 1 m 20 s",
    },
    {
      name: "a detection whose bound lies between two looks",
      lines: GOOD.replaceAll(/115 health/g, "125 health"),
      outcome: "inconclusive",
      reason: "detection: expected at most 20 s, found 4 s to 25 s: looks are too far apart to tell",
    },
    {
      name: "a detection that does not come",
      lines: without(/users unhealthy/),
      outcome: "failed",
      reason: "detection: expected at most 20 s, found that it did not happen",
    },
    {
      name: "requests lost before the fault",
      lines: also("50 request enam lost", "51 request enam aws"),
      outcome: "inconclusive",
      reason: "requests were lost before the fault (1): the state was not steady",
    },
    {
      name: "a region that was not healthy before the fault",
      lines: but("99  health aws users healthy", "99 health aws users unknown"),
      outcome: "inconclusive",
      reason: "a region was not healthy before the fault: the state was not steady",
    },
    {
      name: "a fault that nobody met",
      lines: without(/opinion/),
      outcome: "inconclusive",
      reason: "no vantage met the fault: did the lever act?",
    },
    {
      name: "no request",
      lines: without(/request/),
      outcome: "inconclusive",
      reason: "no request was tried by the global name",
    },
    {
      name: "DNS that did not answer before",
      lines: without(/^\s+1\s/),
      outcome: "inconclusive",
      reason: "DNS gave no answer before the fault, so nobody knows where users were led",
    },
    {
      name: "a place of which nothing was seen",
      lines: without(/ weur /),
      outcome: "inconclusive",
      reason: "nothing was seen from weur",
    },
    {
      name: "no lever",
      lines: without(/appl|restor/),
      outcome: "inconclusive",
      reason: "no lever acted",
    },
  ])("$outcome: $name", ({ lines, outcome, reason }) => {
    const judged = judgeDrill(recordOf(lines, lenient), null);
    expect(judged.reasons.map(({ text }) => text)).toContain(reason);
    expect(judged.outcome).toBe(outcome);
  });

  test("what had not happened when a drill was ended early is not held against it", () => {
    const stopped = GOOD.split("\n").filter((line) => Number(line.trim().split(" ")[0]) < 110);
    const record = recordOf(
      [...stopped, "108 abort it was stopped", "109 restoring", "110 restored", "111 request enam lost"].join("\n"),
    );
    const judged = judgeDrill({ ...record, endedAt: 112_000 }, null);
    expect(judged.outcome).toBe("aborted");
    expect(judged.reasons.filter(({ weight }) => weight === "fails")).toEqual([]);
    expect(judged.reasons.map(({ text }) => text)).toEqual(
      expect.arrayContaining([
        "expected answers to move, found that they stayed in enam, weur; it was ended early",
        "detection: expected at most 20 s; it had not happened after 8 s, when the drill ended",
        "it ended too soon after the repair to see users served and answers back",
      ]),
    );
  });

  test("what nobody looked for between the death of a drill and its restore is not held against it", () => {
    const died = GOOD.split("\n").filter((line) => Number(line.trim().split(" ")[0]) < 110);
    const restored = ["280 restoring", "280 restored", "280 abort the drill broke off"];
    const judged = judgeDrill({ ...recordOf([...died, ...restored].join("\n")), endedAt: null }, null);
    expect(judged.reasons.filter(({ weight }) => weight === "fails")).toEqual([]);
    expect(judged.bounds.find(({ name }) => name === "failover")).toMatchObject({
      result: "open",
      sentence: "failover: expected at most 1 m; it had not happened after 4 s, when the drill ended",
    });
  });

  test("what took longer than its bound is held against a drill even if it was ended early", () => {
    const slow = GOOD.split("\n").filter((line) => !/^ *1[0-9][05] +(health|verdict)/.test(line));
    const judged = judgeDrill(recordOf([...slow, "190 abort it was stopped"].join("\n")), null);
    expect(judged.bounds.find(({ name }) => name === "detection")?.result).toBe("over");
  });

  test("what never came in just the time that was allowed is over its bound", () => {
    const unseen = GOOD.split("\n").filter((line) => !/^ *115 /.test(line));
    const result = (detectionMs: number) =>
      judgeDrill(recordOf(unseen.join("\n"), { ...PLAN, bounds: { ...PLAN.bounds, detectionMs } }), null).bounds[0]
        ?.result;
    // The fault stood from 101 to 200.
    expect([result(99_000), result(99_001)]).toEqual(["over", "open"]);
  });

  test("what the monitor notices after the repair it has not noticed in time", () => {
    const late = judgeDrill(recordOf(but("115 verdict", "210 verdict"), lenient), null);
    expect(late.reasons).toContainEqual({
      weight: "fails",
      text: "expected the monitor to call a faulted region deviating, found that it did not before the repair",
    });
  });

  test.each([
    { afterMs: 99_001, weight: "fails", text: "users in enam were still lost at the end" },
    {
      afterMs: 99_002,
      weight: "leaves open",
      text: "it ended too soon after the repair to see users served and answers back",
    },
  ])("ended early, and looked on for 99 s of $afterMs ms: what is not back $weight", ({ afterMs, ...reason }) => {
    const lines = also("190 abort it was stopped", "290 request enam lost");
    expect(judgeDrill(recordOf(lines, { ...lenient, afterMs }), null).reasons).toContainEqual(reason);
  });

  test("the heaviest reason comes first", () => {
    const lines = also("50 request enam lost", "51 request enam aws", "150 failed", "180 abort enough");
    expect(judgeDrill(recordOf(lines), null).reasons.map(({ weight }) => weight)).toEqual([
      "aborts",
      "fails",
      "leaves open",
      "leaves open",
    ]);
  });

  test("inconclusive: a record that breaks off, or that is full", () => {
    const record = recordOf(GOOD, lenient);
    expect(judgeDrill({ ...record, endedAt: null }, null).reasons[0]?.text).toBe("the record breaks off");
    const note = { kind: "note", at: 299_000, text: "x" } as const;
    const full = [...record.events, ...Array.from({ length: EVENTS_MAX }, () => note)];
    expect(judgeDrill({ ...record, events: full }, null).reasons[0]?.text).toBe(
      "the record is full after 100000 events",
    );
  });

  test("answers that must stay, and requests that none may be lost of", () => {
    const calm = { ...lenient, expect: { answers: "stay", users: "never-lost", notices: ["region"] } } as const;
    const unbound = { ...calm, bounds: { ...calm.bounds, failoverMs: null, recoveryMs: null, lostShareMax: null } };
    expect(judgeDrill(recordOf(GOOD, unbound), null).reasons.map(({ text }) => text)).toEqual([
      "expected answers to stay, found that they moved in enam, weur",
      "expected that no request is lost, found 60 % (3 of 5)",
    ]);
  });
});

describe("an abort condition", () => {
  const plan = (abort: Partial<typeof PLAN.abort>) => ({ ...PLAN, abort: { ...PLAN.abort, ...abort } });
  const { events } = recordOf(also("150 health gcp users unhealthy"));

  test("none: the drill goes on", () => {
    expect(abortReason(PLAN, events, 300_000)).toBeNull();
  });

  test("a bystander that became unhealthy, and not the faulted region", () => {
    expect(abortReason(plan({ bystanderUnhealthy: true }), recordOf(GOOD).events, 160_000)).toBeNull();
    expect(abortReason(plan({ bystanderUnhealthy: true }), events, 160_000)).toBe(
      "gcp-europe-west1, which the drill leaves alone, became unhealthy",
    );
  });

  test("too many lost requests, once there are enough to tell", () => {
    const lost = Array.from({ length: 10 }, (_, index) => `${150 + index} request enam lost`).join("\n");
    const over = plan({ lostShareOver: { share: 0.5, windowMs: 20_000 } });
    expect(abortReason(over, recordOf(GOOD).events, 145_000)).toBeNull();
    // One of one.
    expect(abortReason(over, recordOf(GOOD).events, 143_000)).toBeNull();
    expect(abortReason(over, recordOf(`${GOOD}\n${lost}`).events, 160_000)).toBe(
      "84.7 % of requests were lost in 20 s, more than 50 %",
    );
  });

  test("not by requests that took the way through the router", () => {
    const request = {
      kind: "request",
      via: "router",
      vantage: "enam",
      served: null,
      totalMs: null,
      cause: "refused",
    } as const;
    const routed = Array.from({ length: 20 }, (_, index) => ({ ...request, at: 150_000 + index }));
    const over = plan({ lostShareOver: { share: 0.5, windowMs: 20_000 } });
    expect(abortReason(over, [...recordOf(GOOD).events, ...routed], 160_000)).toBeNull();
  });

  test("a silent monitor", () => {
    const silent = plan({ monitorSilentMs: 30_000 });
    expect(abortReason(silent, recordOf(GOOD).events, 145_000)).toBeNull();
    expect(abortReason(silent, recordOf(GOOD).events, 146_000)).toBe(
      "nothing was heard of the monitor for 31 s, more than 30 s",
    );
  });
});
