// The failover timeline as the page draws it: the axis, what is never too short to be seen, and what it says to those who do not see it.
import { describe, expect, test } from "vitest";
import { timelineSection } from "../../../monitor/report/page-timeline.ts";
import type { StatusReport } from "../../../monitor/report/status-schema.ts";
import type { Timeline } from "../../../monitor/report/timeline.ts";
import { RICH } from "./rich-status.ts";

const NOW = "2026-11-28T12:34:56.000Z";

function drawn(timeline: Partial<Timeline>): string {
  const from = timeline.from ?? "2026-11-28T03:00:00.000Z";
  const report: StatusReport = {
    ...RICH,
    generatedAt: NOW,
    timeline: { from, policy: [], dns: [], regions: [], ...timeline },
  };
  return timelineSection(report);
}

const dns = (
  spans: readonly [from: string, regions: string[], verdict: Timeline["dns"][number]["verdict"]][],
): Timeline["dns"] =>
  spans.map(([from, regions, verdict], index) => ({
    from: `2026-11-28T${from}.000Z`,
    to: spans[index + 1] === undefined ? NOW : `2026-11-28T${spans[index + 1]?.[0]}.000Z`,
    regions,
    others: 0,
    verdict,
  }));

test("without a timeline there is no section", () => {
  const { timeline: _none, ...report } = RICH;
  expect(timelineSection(report)).toBe("");
});

describe("the axis begins and ends on the clock, and is as short as what there is", () => {
  test.each([
    { from: "2026-11-28T12:33:00.000Z", title: "6 minutes", ticks: "12:29 12:30 12:31 12:32 12:33 12:34" },
    { from: "2026-11-28T12:20:00.000Z", title: "30 minutes", ticks: "12:05 12:10 12:15 12:20 12:25 12:30" },
    { from: "2026-11-28T11:50:00.000Z", title: "hour", ticks: "11:40 11:50 12:00 12:10 12:20 12:30" },
    { from: "2026-11-28T10:30:00.000Z", title: "3 hours", ticks: "10:00 10:30 11:00 11:30 12:00 12:30" },
    { from: "2026-11-27T13:00:00.000Z", title: "6 hours", ticks: "07:00 08:00 09:00 10:00 11:00 12:00" },
  ])("$title", ({ from, title, ticks }) => {
    const section = drawn({ from });
    expect(section).toContain(`over the last ${title}</h2>`);
    expect([...section.matchAll(/<span>(\d\d:\d\d)<\/span>/g)].map(([, tick]) => tick).join(" ")).toBe(ticks);
  });
});

test("a bar stands where its time is", () => {
  const section = drawn({
    dns: dns([
      ["07:00:00", ["aws-us-east-1"], "conforms"],
      ["10:00:00", ["gcp-europe-west1"], "conforms"],
    ]),
  });
  expect(section).toContain('<svg x="0%" width="50%" height="22"><title>aws-us-east-1 07:00:00 to 10:00:00</title>');
  expect(section).toContain('<svg x="50%" width="43.04%" height="22"><title>gcp-europe-west1 since 10:00:00</title>');
});

test("a failure of seconds among hours is still seen, and drawn over what is beside it", () => {
  const spans = [
    { from: "2026-11-28T07:00:00.000Z", to: "2026-11-28T09:00:00.000Z", health: "healthy" as const },
    { from: "2026-11-28T09:00:00.000Z", to: "2026-11-28T09:00:10.000Z", health: "unhealthy" as const },
    { from: "2026-11-28T09:00:10.000Z", to: NOW, health: "healthy" as const },
  ];
  const section = drawn({ regions: [{ id: "aws-us-east-1", spans }] });
  const [, lastWidth, lastKind] =
    [...section.matchAll(/<svg x="[^"]+" width="([^"]+)" height="22"><title>(\w+)/g)].at(-1) ?? [];
  expect([lastWidth, lastKind]).toEqual(["0.4%", "unhealthy"]);
});

test("answers that do not conform say so in words and by a strip", () => {
  const section = drawn({
    dns: dns([
      ["09:00:00", ["aws-us-east-1"], "converging"],
      ["10:00:00", ["aws-us-east-1"], "deviates"],
      ["11:00:00", [], "deviates"],
      ["12:00:00", [], "undecided"],
    ]),
  });
  expect(section).toContain(
    'aria-label="DNS leads to: aws-us-east-1, converging 09:00:00 to 10:00:00; aws-us-east-1, deviates 10:00:00 to 11:00:00; none of the regions, deviates 11:00:00 to 12:00:00; not known since 12:00:00"',
  );
  expect(section.match(/<rect class="deviates" y="17"/g)).toHaveLength(2);
});

test("what turned is listed, the latest first and what turned at once together", () => {
  const section = drawn({
    policy: [
      { from: "2026-11-28T09:00:00.000Z", to: "2026-11-28T10:00:00.000Z", regions: ["a"], others: 0 },
      { from: "2026-11-28T10:00:00.000Z", to: NOW, regions: ["b"], others: 2 },
    ],
    dns: dns([
      ["09:00:00", ["a"], "conforms"],
      ["10:00:00", ["a"], "converging"],
      ["10:01:00", ["b"], "conforms"],
    ]),
  });
  const items = [...section.matchAll(/<li>(.*?)<\/li>/g)].map(([, item = ""]) => item.replaceAll(/<[^>]+>/g, ""));
  expect(items).toEqual([
    "10:01:00 UTC DNS leads to: a, converging → b",
    "10:00:00 UTC Policy leads to: a → b, 2 more; DNS leads to: a → a, converging",
  ]);
});

test("names of regions become no markup", () => {
  const section = drawn({ dns: dns([["07:00:00", ['<b>"x'], "conforms"]]) });
  expect(section).not.toContain("<b>");
  expect(section).toContain("&lt;b&gt;&quot;x");
});
