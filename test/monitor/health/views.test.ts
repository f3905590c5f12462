import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pruneHealth, stepHealth } from "../../../monitor/health/book.ts";
import { NO_GUESTS, route53View, stampViews, userView } from "../../../monitor/health/views.ts";
import type { Observation } from "../../../monitor/model/observation.ts";
import type { HealthBook } from "../../../monitor/model/health.ts";
import { zoneOf } from "../../../monitor/topology/zone.ts";
import { AWS, EXAMPLE } from "../../support/example-topology.ts";
import { badLook, goodLook } from "../../support/looks.ts";

const [rule] = zoneOf(EXAMPLE).healthChecks;
if (rule === undefined) throw new Error("the example has health checks");
const once = { ...rule, failureThreshold: 1 };
const FRESH = { ageMaxMs: 60_000, expected: 1, guests: NO_GUESTS };

function book(looks: readonly (readonly [Observation, string])[], check = once): HealthBook {
  return looks.reduce<HealthBook>((held, [seen, colo]) => stepHealth(held, seen, colo, check), {});
}

/** "a+ b- c-": vantage and vote, each in a colo of its own unless "a@X+". */
function voices(text: string, at = 0): HealthBook {
  const looks = text.split(" ").map((voice): readonly [Observation, string] => {
    const [vantage = "", colo = vantage] = voice.slice(0, -1).split("@");
    return [voice.endsWith("+") ? goodLook(AWS, vantage, at) : badLook(AWS, vantage, at), colo];
  });
  return book(looks);
}

describe("Route 53's view: more than 18 % of vantages", () => {
  test.each([
    { text: "a- b- c- d- e-", want: "unhealthy" },
    { text: "a+ b- c- d- e-", want: "healthy" },
    { text: "a+ b- c- d- e- f-", want: "unhealthy" },
  ])("$text is $want", ({ text, want }) => {
    expect(route53View(voices(text), FRESH, 0)[AWS.id]).toBe(want);
  });
});

describe("the users' view: a majority of distinct colos", () => {
  test.each([
    { text: "a+ b+ c-", want: "healthy" },
    { text: "a+ b- c-", want: "unhealthy" },
    { text: "a+ b-", want: "unhealthy" },
    { text: "a@IAD+ b@IAD+ c@IAD+ d- e-", want: "unhealthy" },
    { text: "a@IAD- b@IAD- c@IAD- d+ e+", want: "healthy" },
  ])("$text is $want", ({ text, want }) => {
    expect(userView(voices(text), FRESH, 0)[AWS.id]).toBe(want);
  });
});

test("a stale opinion does not count, and with only stale ones health is unknown", () => {
  const held = voices("a+ b+");
  const later = stepHealth(held, badLook(AWS, "c", 100_000), "c", once);
  expect(userView(later, FRESH, 100_000)[AWS.id]).toBe("unhealthy");
  expect(userView(held, FRESH, 100_000)[AWS.id]).toBe("unknown");
  expect(route53View(held, FRESH, 100_000)[AWS.id]).toBe("unknown");
});

test("an opinion that no look has confirmed for long counts no more, however many looks there were that could not tell", () => {
  let held = voices("a+ b+");
  for (let at = 30_000; at <= 90_000; at += 30_000) {
    for (const vantage of ["a", "b"])
      held = stepHealth(held, badLook(AWS, vantage, at, { cause: "internal" }), vantage, once);
  }
  expect(userView(held, FRESH, 90_000)[AWS.id]).toBe("unknown");
  expect(route53View(held, FRESH, 90_000)[AWS.id]).toBe("unknown");
});

test("without a quorum of vantages nobody speaks for users", () => {
  expect(userView(voices("a-"), { ...FRESH, expected: 2 }, 0)[AWS.id]).toBe("unknown");
  expect(userView(voices("a- b-"), { ...FRESH, expected: 2 }, 0)[AWS.id]).toBe("unhealthy");
});

test("a look that cannot tell leaves the opinion as it is", () => {
  const held = book([
    [goodLook(AWS, "a", 0), "a"],
    [badLook(AWS, "a", 1000, { cause: "not-started" }), "a"],
  ]);
  expect(userView(held, FRESH, 1000)[AWS.id]).toBe("healthy");
});

test("the instant of change is when the vantages together began to see something else", () => {
  const looks: readonly (readonly [Observation, string])[] = [
    [goodLook(AWS, "a", 0), "a"],
    [goodLook(AWS, "b", 5), "b"],
    [goodLook(AWS, "c", 6), "c"],
    [badLook(AWS, "a", 30_000), "a"],
    [badLook(AWS, "b", 30_005), "b"],
    [badLook(AWS, "c", 30_006), "c"],
    [badLook(AWS, "a", 60_000), "a"],
  ];
  expect(book(looks.slice(0, 4), rule)[AWS.id]?.changedAt).toBe(0);
  expect(book(looks.slice(0, 5), rule)[AWS.id]?.changedAt).toBe(30_005);
  expect(book(looks, rule)[AWS.id]?.changedAt).toBe(30_006);
});

test("a view remembers since when it stands, and starts anew after unknown", () => {
  const first = stampViews({}, voices("a+", 0), FRESH, 0);
  const second = stampViews(first, stepHealth(first, goodLook(AWS, "a", 30_000), "a", once), FRESH, 30_000);
  const third = stampViews(second, stepHealth(second, badLook(AWS, "a", 60_000), "a", once), FRESH, 60_000);
  expect([first, second, third].map((held) => held[AWS.id]?.userSince)).toEqual([0, 0, 60_000]);
  expect(stampViews(first, first, FRESH, 999_999)[AWS.id]?.userSince).toBeNull();
});

test("regions and vantages that the topology no longer names are forgotten", () => {
  const held = voices("a+ b+");
  expect(Object.keys(pruneHealth(held, new Set([AWS.id]), new Set(["a"]))[AWS.id]?.vantages ?? {})).toEqual(["a"]);
  expect(pruneHealth(held, new Set(), new Set(["a"]))).toEqual({});
});

test("the order of observations within one instant does not change health", () => {
  const looks = fc.array(fc.record({ vantage: fc.constantFrom("a", "b", "c", "d"), good: fc.boolean() }), {
    minLength: 1,
    maxLength: 4,
  });
  const distinct = looks.map((list) => [...new Map(list.map((look) => [look.vantage, look])).values()]);
  fc.assert(
    fc.property(distinct, (list) => {
      const fold = (order: typeof list): HealthBook =>
        book(
          order.map((look) => [
            look.good ? goodLook(AWS, look.vantage, 7) : badLook(AWS, look.vantage, 7),
            look.vantage,
          ]),
          rule,
        );
      expect(fold(list.toReversed())).toEqual(fold(list));
    }),
  );
});
