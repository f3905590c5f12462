// The status page: one HTML document without scripts, made of the same value as `/status`. What a person needs at three in
// the morning comes first: is it bad, what is it, since when, what does DNS do about it, and what to do next.
import type { BucketReport } from "./bucket-report.ts";
import { minuteWords, muteWords } from "./maintenance-words.ts";
import { dnsSection } from "./page-dns.ts";
import { historySection } from "./page-history.ts";
import { incidentSection } from "./page-incidents.ts";
import { matrixSection } from "./page-matrix.ts";
import { objectivesSection } from "./page-objectives.ts";
import { escapeHtml, mark, prose, section, table, time, timeSince } from "./page-parts.ts";
import { timelineSection } from "./page-timeline.ts";
import { STYLE_PATH } from "./page-style.ts";
import { headline, standingWords, troubleList } from "./page-troubles.ts";
import { routerPhrase, routerTroubles } from "./router-words.ts";
import type { StatusReport } from "./status-schema.ts";
import { isSilent } from "./own-troubles.ts";
import { troublesOf } from "./troubles.ts";

/** The page loads itself again after this long. */
const REFRESH_SECONDS = 10;

/** `refresh`: whether it does, which a reader can switch off. `history` null: it could not be read. */
export interface PageWish {
  readonly refresh: "on" | "off";
  readonly history: BucketReport | null;
  /** Incidents that are over, of 30 days; null or absent: those of the status alone. */
  readonly past?: StatusReport["incidents"] | null;
}

export function makePage(report: StatusReport, { refresh, history, past = null }: PageWish): string {
  const { service, verdict } = report;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
${refresh === "on" ? `<meta http-equiv="refresh" content="${REFRESH_SECONDS}">\n` : ""}<meta name="color-scheme" content="light dark">
<title>${verdict}: ${escapeHtml(service.name)}</title>
<link rel="stylesheet" href="${STYLE_PATH}">
<link rel="alternate" type="application/rss+xml" title="Incidents" href="/feed.xml">
</head>
<body>
${head(report)}<main${isSilent(report) ? ' class="stale"' : ""}>
${maintenance(report)}${mutes(report)}${drill(report)}${regions(report)}${timelineSection(report)}${objectivesSection(report)}${router(report)}${historySection(report, history)}${matrixSection(report)}${dnsSection(report)}${incidentSection(report, past)}${verdicts(report)}</main>
${foot(report, refresh)}</body>
</html>
`;
}

function head(report: StatusReport): string {
  const { service, verdict, generatedAt, simulated } = report;
  const troubles = troublesOf(report);
  const places = simulated
    ? ". <strong>Simulated</strong>: all vantages are on one machine, so latencies say nothing of places"
    : "";
  return `<header class="${verdict}">
<p class="name">${escapeHtml(service.name)} <span>${escapeHtml(service.host)}</span></p>
<h1>${escapeHtml(headline(report, troubles))}</h1>
<p>${escapeHtml(standingWords(report))} Verdict <strong>${verdict}</strong> at ${time(generatedAt, generatedAt)}${places}.</p>
${troubleList(troubles, report)}</header>
`;
}

/** Announced before it is missed. */
function maintenance({ maintenance: windows }: StatusReport): string {
  if (windows.length === 0) return "";
  const rows = windows.map(({ state, title, regions: ids, from, until, recurring }) => {
    const span = `${moment(from)} to ${moment(until)}`;
    const mood = state === "active" ? mark("converging", "under way") : mark("unknown", "announced");
    return `<li>${mood} ${escapeHtml(title)}: ${escapeHtml(ids.join(", "))}, ${span}${recurring ? ", every week" : ""}</li>`;
  });
  return section("maintenance", "Maintenance", `<ul class="rows">${rows.join("\n")}</ul>`);
}

/** Whoever reads the page must not take silence for calm. */
function mutes({ mutes: rows = [] }: StatusReport): string {
  if (rows.length === 0) return "";
  const items = rows.map((mute) => {
    const words = escapeHtml(muteWords(mute.id, rows) ?? "");
    return `<li>${mark("unknown", "muted")} ${escapeHtml(mute.subjects.join(", "))}: ${words}</li>`;
  });
  return section("mutes", "Nobody is told of", `<ul class="rows">${items.join("\n")}</ul>`);
}

/** "2026-11-29 02:00 UTC": what lies ahead needs its day. */
function moment(iso: string): string {
  return `<time datetime="${escapeHtml(iso)}">${escapeHtml(minuteWords(iso))}</time>`;
}

const DRILL_STATES: Readonly<Record<NonNullable<StatusReport["drill"]>["state"], string>> = {
  running: "A drill is under way",
  overdue: "A drill has outlived its expiry: what it broke may still be broken",
  settling: "A drill is over; its traces may still be seen",
};

/** What is broken on purpose must not frighten anybody. */
function drill({ drill: one, generatedAt: now }: StatusReport): string {
  if (one === undefined) return "";
  const what = one.regions.length === 0 ? "" : ` (${escapeHtml(one.regions.join(", "))})`;
  const until =
    one.endedAt === null ? `must be over by ${time(one.expiresAt, now)}` : `ended ${time(one.endedAt, now)}`;
  const state = mark(one.state === "overdue" ? "deviates" : "converging", DRILL_STATES[one.state]);
  return section(
    "drill",
    "Drill",
    `<p>${state}: ${escapeHtml(one.title)}${what}, since ${time(one.startedAt, now)}, ${until}. <small>${escapeHtml(one.id)}</small></p>`,
  );
}

function regions(report: StatusReport): string {
  const { failover, generatedAt } = report;
  const rows = report.regions.map((region) => {
    const active = failover.active === region.id ? " <em>active</em>" : "";
    const under = region.maintenance === undefined ? "" : ` ${mark("converging", "maintenance")}`;
    const since =
      region.userSince === null ? "" : `<br><small>since ${timeSince(region.userSince, generatedAt)}</small>`;
    return `<tr><th scope="row">${escapeHtml(region.id)}${active}</th><td>${mark(region.userHealth, region.userHealth)}${under}${since}</td><td>${lookWords(report, region.id)}</td><td>${mark(region.health, region.health)}</td></tr>`;
  });
  const note = `<p>Routing <strong>${failover.routing}</strong>: ${prose(failover.reason, generatedAt)}.</p>`;
  const heads = ["Region", "For users", "Latest looks", "By Route 53's rules"];
  return section("regions", "Regions", note + table("Regions", "plain", heads, rows));
}

/** "4 of 5 up; down at oc". */
function lookWords({ matrix, vantages }: StatusReport, region: string): string {
  const at = (state: string): readonly string[] =>
    vantages.flatMap(({ id }) => ((matrix[region]?.[id]?.state ?? "unknown") === state ? [id] : []));
  const others = (["down", "missed", "unknown"] as const).flatMap((state) => {
    const places = at(state);
    if (places.length === 0) return [];
    return [places.length === vantages.length ? `${state} everywhere` : `${state} at ${places.join(" ")}`];
  });
  return escapeHtml([`${at("up").length} of ${vantages.length} up`, ...others].join("; "));
}

function router({ router: row }: StatusReport): string {
  if (row === undefined) return "";
  const troubles = routerTroubles(row).map(
    (trouble) => `<li>${mark("converging", "note")} ${escapeHtml(trouble)}</li>`,
  );
  const list = troubles.length === 0 ? "" : `<ul>${troubles.join("")}</ul>`;
  return section("router", "Router", `<p>${escapeHtml(row.host)}: ${escapeHtml(routerPhrase(row))}.</p>${list}`);
}

/** Shut: what is wrong stands above already. */
function verdicts(report: StatusReport): string {
  const items = report.verdicts
    .filter((one) => !one.subject.startsWith("dns:"))
    .map(
      ({ subject, verdict, reason }) =>
        `<li><p>${mark(verdict, verdict)} <strong>${escapeHtml(subject)}</strong></p><p>${prose(reason, report.generatedAt)}</p></li>`,
    );
  const list = `<details><summary>${items.length} subjects beside DNS</summary><ul class="rows">${items.join("\n")}</ul></details>`;
  return items.length === 0 ? "" : section("verdicts", "Verdicts", list);
}

function foot({ self, generatedAt }: StatusReport, refresh: PageWish["refresh"]): string {
  const latest = self.lastRoundAt === null ? "none yet" : timeSince(self.lastRoundAt, generatedAt);
  const again =
    refresh === "on"
      ? `Loads itself again every ${REFRESH_SECONDS} s: <a href="/?refresh=off">stop</a>.`
      : `Does not load itself again: <a href="/">start</a>.`;
  return `<footer><p>${self.rounds} rounds, ${self.missedSlots} missed slots, latest ${latest}. ${again}</p>
<nav aria-label="Other faces"><a href="/status">JSON</a> <a href="/metrics">Prometheus</a> <a href="/api/v2/summary.json">Statuspage</a> <a href="/feed.xml">feed</a>
<a href="/report?window=24h&amp;format=md">report of 24 hours</a> <a href="/reports">daily reports</a> <a href="/healthz">the monitor itself</a> <a href="/openapi.json">all there is</a></nav></footer>
`;
}
