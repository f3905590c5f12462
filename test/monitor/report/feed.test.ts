import { describe, expect, test } from "vitest";
import { jsonFeed, rssFeed } from "../../../monitor/report/feed.ts";
import type { StatusReport } from "../../../monitor/report/status-schema.ts";
import { RICH } from "./rich-status.ts";

const ORIGIN = "https://probe.example.com";
const OPENED = "2026-11-28T12:00:00.000Z";
const CLOSED = "2026-11-28T12:03:20.000Z";
const incident = (more: Partial<StatusReport["incidents"][number]> = {}): StatusReport["incidents"][number] => ({
  id: "one",
  subject: "region:east",
  openedAt: OPENED,
  reason: "does not serve users",
  ...more,
});
const rssOf = (...incidents: StatusReport["incidents"]): string => rssFeed({ ...RICH, incidents }, ORIGIN);
const fieldsOf = (rss: string, field: string): readonly (string | undefined)[] =>
  [...rss.matchAll(new RegExp(`<${field}[^>]*>([^<]*)</${field}>`, "g"))].map(([, text]) => text);

describe("the feed", () => {
  test("has an entry for the beginning and one for the end, the latest first", () => {
    const rss = rssOf(incident({ closedAt: CLOSED }));
    expect(fieldsOf(rss, "title").slice(1)).toEqual([
      "Resolved: Region east does not serve users",
      "Region east does not serve users",
    ]);
    expect(fieldsOf(rss, "pubDate")).toEqual(["Sat, 28 Nov 2026 12:03:20 GMT", "Sat, 28 Nov 2026 12:00:00 GMT"]);
    expect(fieldsOf(rss, "description").slice(1)).toEqual(["Over after 3 m 20 s.", "does not serve users."]);
  });

  test("an entry keeps its id when its incident ends, so that nobody is told twice", () => {
    const [opened] = fieldsOf(rssOf(incident()), "guid");
    expect(fieldsOf(rssOf(incident({ closedAt: CLOSED })), "guid")).toEqual([
      opened?.replace("opened", "closed"),
      opened,
    ]);
  });

  test("tells DNS answers that go wrong together once, and keeps to it when they part", () => {
    const dns = (vantage: string, closedAt?: string) =>
      incident({
        id: vantage,
        subject: `dns:d.example:${vantage}:recursive`,
        ...(closedAt === undefined ? {} : { closedAt }),
      });
    const together = rssOf(dns("weur"), dns("oc"), incident());
    expect(new Set(fieldsOf(together, "title").slice(1))).toEqual(
      new Set([
        "DNS does not answer as the policy says (weur, recursive) and 1 more",
        "Region east does not serve users",
      ]),
    );
    const parted = fieldsOf(rssOf(dns("weur"), dns("oc", CLOSED), incident()), "guid");
    expect(parted).toEqual(expect.arrayContaining([...fieldsOf(together, "guid")]));
    expect(parted.length).toBe(3);
  });

  test("says of what a drill causes that it was planned", () => {
    const rss = rssOf(incident({ causedBy: "quarterly" }));
    expect(fieldsOf(rss, "title")[1]).toBe("Planned: Region east does not serve users");
    expect(fieldsOf(rss, "category")).toContain("planned");
  });

  test("is bounded", () => {
    const many = Array.from({ length: 200 }, (_, index) => incident({ id: `i${index}`, closedAt: CLOSED }));
    expect(fieldsOf(rssOf(...many), "guid").length).toBe(100);
  });

  test("without incidents is a feed all the same", () => {
    expect(rssOf()).toMatch(
      /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<rss .*<ttl>1<\/ttl>\n<\/channel>\n<\/rss>\n$/s,
    );
  });

  test("what the world said is words for XML, and again for the reader that takes them for HTML", () => {
    const evil = `</description><script>alert("1")</script>&]]>\u0000`;
    const rss = rssOf(incident({ reason: evil, subject: `region:${evil}` }));
    expect(rss).not.toContain("<script");
    expect(rss).not.toContain("\u0000");
    const [, description = ""] = fieldsOf(rss, "description");
    const once = description.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
    expect(once).not.toMatch(/[<>"]/);
    expect(once.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))).toBe(
      `${evil.replace("\u0000", "\uFFFD")}.`,
    );
  });

  test("as JSON it says the same, in words and not in HTML", () => {
    expect(jsonFeed({ ...RICH, incidents: [incident({ reason: "<b>" })] }, ORIGIN)).toMatchObject({
      version: "https://jsonfeed.org/version/1.1",
      feed_url: `${ORIGIN}/feed.json`,
      items: [
        { title: "Region east does not serve users", content_text: "<b>.", date_published: OPENED, tags: ["major"] },
      ],
    });
  });
});
