// What the router is told: smoothed latencies, live drains, and the health that users have.
import { describe, expect, test } from "vitest";
import type { Observation } from "../../../monitor/model/observation.ts";
import { drainRefusal, makeDrain } from "../../../monitor/steering/drain.ts";
import { stepLatency } from "../../../monitor/steering/latency.ts";
import { makeRoutingSnapshot } from "../../../monitor/steering/snapshot.ts";
import { EMPTY_STATE } from "../../../monitor/run/state.ts";
import { EXAMPLE } from "../../support/example-topology.ts";

function cell(at: number, totalMs: number | null): Observation {
  const failure = totalMs === null ? { cause: "timeout" as const, detail: "no reply" } : null;
  return { region: "a", vantage: "v", at, status: 200, phases: {}, totalMs, failure, claim: null };
}

describe("latency", () => {
  const fold = (...looks: readonly Observation[]): number | undefined => {
    let book = {};
    let since: number | null = null;
    for (const look of looks) {
      book = stepLatency(book, { a: { v: look } }, since);
      since = look.at;
    }
    return (book as Record<string, Record<string, number>>)["v"]?.["a"];
  };

  test("begins with the first look, and follows slowly", () => {
    expect(fold(cell(1, 100))).toBe(100);
    expect(fold(cell(1, 100), cell(2, 200))).toBeCloseTo(120);
    expect(fold(...Array.from({ length: 40 }, (_, n) => cell(n, n === 0 ? 100 : 200)))).toBeCloseTo(200, 0);
  });

  test("a failed look leaves what is known, and is never a latency", () => {
    expect(fold(cell(1, null))).toBeUndefined();
    expect(fold(cell(1, 100), cell(2, null))).toBe(100);
  });

  test("a cell without a new look is not folded again", () => {
    const once = stepLatency({}, { a: { v: cell(1, 100) } }, null);
    const moved = stepLatency(once, { a: { v: cell(2, 200) } }, 1);
    expect(stepLatency(moved, { a: { v: cell(2, 200) } }, 2)).toEqual(moved);
  });
});

describe("drains", () => {
  const drain = { kind: "drain" as const, seconds: 60, reason: "" };

  test("are prolonged from where they began", () => {
    const first = makeDrain(null, drain, 1000);
    expect(first).toEqual({ kind: "drain", since: 1000, until: 61_000 });
    expect(makeDrain(first, { ...drain, kind: "maintenance" }, 5000)).toEqual({
      kind: "maintenance",
      since: 1000,
      until: 65_000,
    });
  });

  test("are refused where there is no router, and no such region", () => {
    const on = { ...EXAMPLE, router: { ...EXAMPLE.router, mode: "proxy" as const } };
    expect(drainRefusal(EXAMPLE, "aws-us-east-1")).toBe("router-off");
    expect(drainRefusal(on, "north")).toBe("unknown-region");
    expect(drainRefusal(on, "aws-us-east-1")).toBeNull();
  });
});

test("a snapshot has no drain that is over, and says where each vantage really is", () => {
  const state = { ...EMPTY_STATE, vantages: { enam: { colo: "IAD", lastAt: 1, missed: null } } };
  const drains = { a: makeDrain(null, { kind: "drain", seconds: 1, reason: "" }, 0) };
  expect(makeRoutingSnapshot(EXAMPLE, state, drains, {}, 999)).toEqual({
    at: 999,
    health: {},
    drains,
    latency: {},
    colos: { enam: "IAD" },
  });
  expect(makeRoutingSnapshot(EXAMPLE, state, drains, {}, 1000).drains).toEqual({});
});
