// Incidents as a feed: an entry for each beginning and each end, so that a reader who is told of the one is told of the other.
// RSS 2.0, because every reader and every chat reads it, and JSON Feed 1.1.
import { groupBy } from "../grouping.ts";
import { assert } from "../problem.ts";
import { parseIso } from "../time.ts";
import { type Chapter, type IncidentStory, storiesOf } from "./incident-words.ts";
import { idOf, incidentId } from "./statuspage-id.ts";
import type { StatusReport } from "./status-schema.ts";
import { escapeXml } from "./xml-text.ts";

const ENTRIES_MAX = 100;
/** Minutes that a reader may wait before it asks again. */
const TTL_MINUTES = 1;

interface Entry {
  readonly id: string;
  readonly title: string;
  readonly words: string;
  readonly at: string;
  readonly url: string;
  readonly tags: readonly string[];
}

interface Told {
  readonly story: IncidentStory;
  readonly chapter: Chapter;
}

/** The latest first. `origin` is where readers find our page. */
function entriesOf(report: StatusReport, origin: string): readonly Entry[] {
  const told = storiesOf(report).flatMap((story) => story.chapters.map((chapter): Told => ({ story, chapter })));
  return Object.entries(groupBy(told, entryId))
    .map(([id, together]) => entryOf(id, together, origin))
    .toSorted((a, b) => (a.at > b.at ? -1 : a.at < b.at ? 1 : 0))
    .slice(0, ENTRIES_MAX);
}

/** DNS answers that go wrong together, or are right again together, are one piece of news. It stays the same when they part. */
function entryId({ story, chapter: { kind, at } }: Told): string {
  return story.subject.startsWith("dns:") ? idOf("entry", "dns", kind, at) : `${incidentId(story)}-${kind}`;
}

function entryOf(id: string, together: readonly Told[], origin: string): Entry {
  const [first] = together;
  assert(first !== undefined, "a group has a member");
  const { story, chapter } = first;
  const planned = together.every((one) => one.story.causedBy !== undefined);
  const more = together.length === 1 ? "" : ` and ${together.length - 1} more`;
  return {
    id,
    title: `${chapter.kind === "closed" ? "Resolved: " : planned ? "Planned: " : ""}${story.title}${more}`,
    words: chapter.words,
    at: chapter.at,
    url: `${origin}/#${incidentId(story)}`,
    tags: [story.impact, ...(planned ? ["planned"] : [])],
  };
}

export function rssFeed(report: StatusReport, origin: string): string {
  const items = entriesOf(report, origin).map(rssItem);
  return `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom">
<channel>
<title>${escapeXml(titleOf(report))}</title>
<link>${escapeXml(`${origin}/`)}</link>
<atom:link href="${escapeXml(`${origin}/feed.xml`)}" rel="self" type="application/rss+xml"/>
<description>${escapeXml(descriptionOf(report))}</description>
<language>en</language>
<lastBuildDate>${rssDate(report.self.lastRoundAt ?? report.generatedAt)}</lastBuildDate>
<ttl>${TTL_MINUTES}</ttl>
${items.join("")}</channel>
</rss>
`;
}

/** Readers take a description for HTML, so the words are escaped for that first. */
function rssItem({ id, title, words, at, url, tags }: Entry): string {
  const categories = tags.map((tag) => `<category>${escapeXml(tag)}</category>`).join("");
  return `<item><guid isPermaLink="false">${id}</guid><title>${escapeXml(title)}</title><link>${escapeXml(url)}</link><pubDate>${rssDate(at)}</pubDate>${categories}<description>${escapeXml(escapeXml(words))}</description></item>
`;
}

export function jsonFeed(report: StatusReport, origin: string): object {
  return {
    version: "https://jsonfeed.org/version/1.1",
    title: titleOf(report),
    description: descriptionOf(report),
    home_page_url: `${origin}/`,
    feed_url: `${origin}/feed.json`,
    language: "en",
    items: entriesOf(report, origin).map(({ id, title, words, at, url, tags }) => ({
      id,
      url,
      title,
      content_text: words,
      date_published: at,
      tags,
    })),
  };
}

function titleOf({ service }: StatusReport): string {
  return `${service.name}: incidents`;
}

function descriptionOf({ service }: StatusReport): string {
  return `What went wrong with ${service.host} in the last 30 days, and with its DNS`;
}

/** "Sat, 28 Nov 2026 12:34:56 GMT" (RFC 822, as RSS 2.0 has it). */
function rssDate(iso: string): string {
  return new Date(parseIso(iso) ?? 0).toUTCString();
}
