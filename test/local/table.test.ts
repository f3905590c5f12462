import * as z from "zod/mini";
import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "vitest";
import { renderTable } from "../../monitor/local/table.ts";
import { STATUS_SCHEMA, type StatusReport } from "../../monitor/report/status-schema.ts";
import { brokenStatus, exampleStatus, GENERATED_AT } from "./status-example.ts";

function render(status: StatusReport, width: number, colours: "on" | "off" = "off"): string {
  return `${renderTable(status, { width, colours }, GENERATED_AT + 1500).join("\n")}\n`;
}

test.each([exampleStatus(), brokenStatus()])("the examples are what /status may give", (status) => {
  expect(z.safeParse(STATUS_SCHEMA, status).error).toBeUndefined();
});

describe("the picture", () => {
  test("of a quiet world", async () => {
    await expect(render(exampleStatus(), 120)).toMatchFileSnapshot("golden/table-quiet.txt");
  });

  test("of a broken one", async () => {
    await expect(render(brokenStatus(), 120)).toMatchFileSnapshot("golden/table-broken.txt");
  });

  test("of a broken one in 60 columns", async () => {
    await expect(render(brokenStatus(), 60)).toMatchFileSnapshot("golden/table-narrow.txt");
  });

  test("of a broken one in colours", async () => {
    await expect(render(brokenStatus(), 120, "on").replaceAll("\u001b", "ESC")).toMatchFileSnapshot(
      "golden/table-colours.txt",
    );
  });

  test("of a world that has not looked yet", async () => {
    const blank = exampleStatus({
      verdict: "undecided",
      regions: exampleStatus().regions.map((region) => ({ ...region, health: "unknown", userHealth: "unknown" })),
      matrix: {},
      dns: [],
      failover: { routing: "latency", active: null, failOpen: false, verdict: "undecided", reason: "no round yet" },
      self: { lastRoundAt: null, rounds: 0, missedSlots: 0 },
    });
    await expect(render(blank, 120)).toMatchFileSnapshot("golden/table-blank.txt");
  });

  test.each([1, 20, 40, 79, 80, 200])("is never wider than %i columns", (width) => {
    for (const line of renderTable(brokenStatus(), { width, colours: "on" }, GENERATED_AT)) {
      expect(stripVTControlCharacters(line).length).toBeLessThanOrEqual(width);
    }
  });

  test("colours change nothing but colours", () => {
    expect(stripVTControlCharacters(render(brokenStatus(), 100, "on"))).toBe(render(brokenStatus(), 100));
  });

  test("shows a bounded number of incidents and counts the rest", () => {
    const [incident] = brokenStatus().incidents;
    if (incident === undefined) throw new Error("the example has an incident");
    const incidents = Array.from({ length: 30 }, (_, n) => ({ ...incident, id: `i${n}` }));
    const text = render(exampleStatus({ incidents }), 120);
    expect(text).toContain("30 open incidents\n");
    expect(text).toContain("and 22 more\n");
  });

  test("passes no control character of a reason on to the terminal", () => {
    const failover = { ...exampleStatus().failover, reason: "claims\u001b[2J to be\r\n\u009bnobody" };
    expect(render(exampleStatus({ failover }), 120)).toContain("claims [2J to be   nobody\n");
  });

  test("says when the only region in charge is there because nothing is healthy", () => {
    const failover = { ...exampleStatus().failover, failOpen: true };
    expect(render(exampleStatus({ failover }), 120)).toContain("failover: aws-us-east-1 (fail-open)");
  });

  test("says what is under maintenance and for how long, and nothing of what is only announced", () => {
    const until = new Date(GENERATED_AT + 1500 + 60_000).toISOString();
    const window = { id: "m1", title: "new kernel", regions: ["aws-us-east-1"], from: until, until, recurring: false };
    const maintenance = [
      { ...window, state: "active" as const },
      { ...window, title: "later", state: "upcoming" as const },
    ];
    const text = render(exampleStatus({ maintenance }), 120);
    expect(text).toContain("maintenance: new kernel  aws-us-east-1, over in 1 m\n");
    expect(text).not.toContain("later");
  });

  test.each([
    { state: "running", at: -60_000, words: "drill: primary outage  over in 1 m at the latest" },
    {
      state: "overdue",
      at: 60_000,
      words: "drill: primary outage  should have been over 1 m ago: `monitor drill restore`",
    },
    { state: "settling", at: 0, words: "drill: primary outage  over; its traces may still be seen" },
  ] as const)("says that a drill is $state, and that what it caused is planned", ({ state, at, words }) => {
    const expiresAt = new Date(GENERATED_AT + 1500 - at).toISOString();
    const drill = {
      id: "d1",
      title: "primary outage",
      state,
      regions: ["aws-us-east-1"],
      causes: [],
      startedAt: expiresAt,
      expiresAt,
      endedAt: null,
      probeEverySeconds: null,
    };
    const incidents = brokenStatus().incidents.map((incident) => ({ ...incident, causedBy: "d1" }));
    const text = render({ ...brokenStatus(), drill, incidents }, 120);
    expect(text).toContain(`${words}\n`);
    expect(text).toContain("  planned; ");
  });
});
