import { describe, expect, test } from "vitest";
import type { ListedWindow } from "../../monitor/cli/maintenance-ask.ts";
import { endText, listText } from "../../monitor/cli/maintenance-text.ts";
import { HOUR_MS, toIso } from "../../monitor/time.ts";
import { exampleStatus } from "../local/status-example.ts";

const NOW = Date.UTC(2026, 10, 28, 12);
const WINDOW: ListedWindow = {
  id: "m1",
  title: "New\u001b[31m kernel",
  regions: ["aws-us-east-1"],
  from: toIso(NOW - HOUR_MS),
  until: toIso(NOW + HOUR_MS),
  by: null,
  kind: "once",
};
const shown = (id: string, regions: string[]) => ({
  id,
  title: "t",
  state: "active" as const,
  regions,
  from: WINDOW.from,
  until: WINDOW.until,
  recurring: false,
});
const incidents = ["region:aws-us-east-1", "claim:aws-us-east-1", "failover"].map((subject, index) => ({
  id: subject,
  subject,
  openedAt: WINDOW.from,
  reason: "r",
  ...(index === 2 ? {} : { causedBy: "maintenance:m1" }),
}));

describe("the end of a window", () => {
  test("names what it alone excuses, for that turns real", () => {
    const status = exampleStatus({ incidents, maintenance: [shown("m1", ["aws-us-east-1"])] });
    expect(endText(WINDOW, status, NOW)).toBe(
      "New?[31m kernel (m1) ends now, 1 h early\n" +
        "  ! region:aws-us-east-1 still fails: that turns real, and pages\n" +
        "  ! claim:aws-us-east-1 still fails: that turns real, and pages\n",
    );
  });

  test("leaves planned what another window excuses", () => {
    const both = [shown("m1", ["aws-us-east-1"]), shown("m2", ["aws-us-east-1"])];
    const text = endText(WINDOW, exampleStatus({ incidents, maintenance: both }), NOW);
    expect(text).toBe("New?[31m kernel (m1) ends now, 1 h early\n");
  });
});

test("the list says what is left of one, what is over, and what comes every week", () => {
  const text = listText(
    [
      { ...WINDOW, id: "old", until: WINDOW.from },
      WINDOW,
      { ...WINDOW, id: "weekly", kind: "recurring", from: WINDOW.until, regions: [], by: "anna" },
    ],
    NOW,
  );
  expect(text.split("\n").map((line) => line.trim().split(/ {2,}/))).toMatchObject([
    ["state", "id", "from", "lasts", "regions", "title"],
    ["over", "old", "2026-11-28 11:00 UTC", "0 ms", "aws-us-east-1", "New?[31m kernel"],
    ["1 h left", "m1", "2026-11-28 11:00 UTC", "2 h", "aws-us-east-1", "New?[31m kernel"],
    ["every week", "weekly", "2026-11-28 13:00 UTC", "0 ms", "all regions", "New?[31m kernel (anna)"],
    [""],
  ]);
});
