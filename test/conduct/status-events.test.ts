import { describe, expect, test } from "vitest";
import { statusEvents } from "../../monitor/conduct/status-events.ts";
import type { DrillEvent } from "../../monitor/drill/record.ts";
import type { StatusReport } from "../../monitor/report/status-schema.ts";
import { parseIso, toIso } from "../../monitor/time.ts";
import { RICH } from "../monitor/report/rich-status.ts";

const ROUND_AT = parseIso(RICH.self.lastRoundAt ?? "") ?? 0;
const DRILL = "d1";

function kinds(events: readonly DrillEvent[]): Readonly<Record<string, number>> {
  const count: Record<string, number> = {};
  for (const { kind } of events) count[kind] = (count[kind] ?? 0) + 1;
  return count;
}

/** The same report a round later, with nothing new but the round. */
function nextRound(report: StatusReport): StatusReport {
  const later = (iso: string | null): string | null => (iso === null ? null : toIso((parseIso(iso) ?? 0) + 30_000));
  return { ...report, self: { ...report.self, lastRoundAt: later(report.self.lastRoundAt) } };
}

describe("the first reading", () => {
  const events = statusEvents(null, RICH, DRILL);

  test("tells everything that is known, in the order of time", () => {
    expect(events.map(({ at }) => at)).toEqual(events.map(({ at }) => at).toSorted((a, b) => a - b));
    expect(kinds(events)).toMatchObject({
      health: 2 * RICH.regions.length,
      opinion: RICH.regions.length * RICH.vantages.length,
      dns: RICH.dns.length,
      verdict: RICH.verdicts.length,
    });
  });

  test("tells no incident: those were there before the drill", () => {
    expect(RICH.incidents.length).toBeGreaterThan(0);
    expect(kinds(events)["incident"]).toBeUndefined();
  });
});

test("a reading without a new round tells nothing", () => {
  expect(statusEvents(RICH, RICH, DRILL)).toEqual([]);
});

test("a round in which nothing changed is told all the same: the look before a change says how exactly its time is known", () => {
  const events = statusEvents(RICH, nextRound(RICH), DRILL);
  expect(kinds(events)).toMatchObject({ health: 2 * RICH.regions.length, verdict: RICH.verdicts.length });
  for (const event of events) if (event.kind === "health") expect(event.at).toBe(ROUND_AT + 30_000);
});

test("a look is told once, at its own time, and a vantage that took no part at the round's", () => {
  const [region = ""] = Object.keys(RICH.matrix);
  const [vantage = ""] = Object.keys(RICH.matrix[region] ?? {});
  const cell = { state: "down", at: toIso(ROUND_AT + 29_000), ageMs: 1, totalMs: null, phases: {} } as const;
  const after = nextRound(RICH);
  const seen = { ...after, matrix: { ...after.matrix, [region]: { ...after.matrix[region], [vantage]: cell } } };
  const own = statusEvents(RICH, seen, DRILL).filter(
    (event) => event.kind === "opinion" && event.region === region && event.vantage === vantage,
  );
  expect(own).toMatchObject([{ at: ROUND_AT + 29_000, state: "down" }]);
  const missed = {
    ...seen,
    matrix: { ...seen.matrix, [region]: { [vantage]: { ...cell, state: "missed" as const } } },
  };
  expect(statusEvents(RICH, missed, DRILL)).toContainEqual({
    kind: "opinion",
    at: ROUND_AT + 30_000,
    region,
    vantage,
    state: "missed",
  });
});

test("an incident is told when it opens and when it closes, and whether this drill was meant to cause it", () => {
  const incident = { id: "x", subject: "region:a", openedAt: toIso(ROUND_AT), reason: "" };
  const open = { ...RICH, incidents: [{ ...incident, causedBy: DRILL }] };
  const none = { ...RICH, incidents: [] };
  expect(statusEvents(none, open, DRILL)).toEqual([
    { kind: "incident", at: ROUND_AT, change: "opened", subject: "region:a", causedByDrill: true },
  ]);
  expect(statusEvents(none, open, "another")).toMatchObject([{ causedByDrill: false }]);
  const closed = { ...RICH, incidents: [{ ...incident, closedAt: toIso(ROUND_AT + 5000) }] };
  expect(statusEvents(open, closed, DRILL)).toMatchObject([{ change: "closed", at: ROUND_AT + 5000 }]);
  expect(statusEvents(none, closed, DRILL).map((event) => event.kind === "incident" && event.change)).toEqual([
    "opened",
    "closed",
  ]);
  expect(statusEvents(closed, closed, DRILL)).toEqual([]);
});
