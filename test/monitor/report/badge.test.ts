import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { availabilityBadge, badgeSvg, healthBadge } from "../../../monitor/report/badge.ts";
import { type Badge, BADGE_SCHEMA } from "../../../monitor/report/badge-schema.ts";
import { shareOf } from "../../../monitor/report/period-report.ts";
import { makeStatus } from "../../../monitor/report/status.ts";
import type { StatusReport } from "../../../monitor/report/status-schema.ts";
import { EMPTY_STATE } from "../../../monitor/run/state.ts";
import { AWS, EXAMPLE, GCP } from "../../support/example-topology.ts";
import { DAY_REPORT } from "./period-example.ts";

const EMPTY = makeStatus(EXAMPLE, EMPTY_STATE, 0);
type Health = StatusReport["regions"][number]["userHealth"];

function reportOf(aws: Health, gcp: Health): StatusReport {
  const regions = EMPTY.regions.map((region) => ({ ...region, userHealth: region.id === AWS.id ? aws : gcp }));
  return { ...EMPTY, regions };
}

describe("a region's badge", () => {
  test.each<[Health, Partial<Badge>]>([
    ["healthy", { message: "up", color: "brightgreen", isError: false }],
    ["unhealthy", { message: "down", color: "red", isError: true }],
    ["unknown", { message: "unknown", color: "lightgrey", isError: true }],
  ])("of a region that is %s", (health, want) => {
    const badge = healthBadge(reportOf(health, "healthy"), AWS.id);
    expect(badge).toMatchObject({ schemaVersion: 1, label: AWS.id, cacheSeconds: 300, ...want });
    expect(BADGE_SCHEMA.safeParse(badge).success).toBe(true);
  });

  test.each(["", "nobody", "region:aws-us-east-1", "dns"])("there is none of %o", (name) => {
    expect(healthBadge(reportOf("healthy", "healthy"), name)).toBeNull();
  });
});

describe("the service's badge", () => {
  test.each<[Health, Health, string]>([
    ["unknown", "unknown", "unknown"],
    ["unhealthy", "healthy", "partly down"],
    ["healthy", "healthy", "partly unknown"],
  ])("with regions %s and %s, and DNS not judged yet: %s", (aws, gcp, message) => {
    expect(healthBadge(reportOf(aws, gcp), "service")).toMatchObject({ label: EXAMPLE.service.name, message });
  });
});

describe("an availability badge", () => {
  const [region] = DAY_REPORT.regions;
  const badgeAt = (good: number, all: number): Badge | null => {
    if (region === undefined) return null;
    const looks = { ...region.all, availability: shareOf(good, all) };
    return availabilityBadge({ ...DAY_REPORT, regions: [{ ...region, all: looks }] }, region.id, "24h");
  };

  test.each([
    [100, 100, "100.00 %", "brightgreen"],
    [999_999, 1_000_000, "99.99 %", "brightgreen"],
    [9989, 10_000, "99.89 %", "yellow"],
    [98, 100, "98.00 %", "orange"],
    [0, 100, "0.00 %", "red"],
    [0, 0, "unknown", "lightgrey"],
  ])("of %i good looks in %i says %s", (good, all, message, color) => {
    expect(badgeAt(good, all)).toMatchObject({ label: `${region?.id} 24h`, message, color });
  });

  test("is there for regions alone", () => {
    expect(availabilityBadge(DAY_REPORT, "service", "24h")).toBeNull();
    expect(availabilityBadge(DAY_REPORT, GCP.id, "24h")).not.toBeNull();
  });
});

describe("a drawn badge", () => {
  const badge: Badge = {
    schemaVersion: 1,
    label: "region",
    message: "up",
    color: "red",
    isError: false,
    cacheSeconds: 300,
  };
  const widthOf = (one: Badge): number => Number(/width="(\d+)"/.exec(badgeSvg(one))?.[1]);

  test("has words for those who do not see it", () => {
    expect(badgeSvg(badge)).toContain('role="img" aria-label="region: up"');
    expect(badgeSvg(badge)).toContain("<title>region: up</title>");
  });

  test("is as wide as its words", () => {
    expect(widthOf({ ...badge, label: "a-much-longer-region" })).toBeGreaterThan(widthOf(badge) + 50);
    expect(widthOf({ ...badge, label: "iiiiii" })).toBeLessThan(widthOf({ ...badge, label: "mmmmmm" }));
  });

  test("asks nobody for anything, and runs nothing", () => {
    expect(badgeSvg(badge)).not.toMatch(/href|url\((?!#)|<style|<script|@import|style=/);
  });

  test("holds whatever words as words", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary" }),
        fc.constantFrom("", "<script>", `" onload="x`, "</text>&amp;", "]]>"),
        (text, evil) => {
          const svg = badgeSvg({ ...badge, label: `${text}${evil}`, message: `${evil}${text}x` });
          expect([...svg.matchAll(/<(\/?[a-zA-Z]+)/g)].map(([, tag]) => tag).join(" ")).toBe(
            "svg title /title clipPath rect /clipPath g rect rect /g g text /text text /text /g /svg",
          );
          expect(svg.match(/ [a-zA-Z-]+="[^"]*"/g)?.length).toBe(29);
        },
      ),
    );
  });
});
