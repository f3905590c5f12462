// The status page: one HTML document without scripts, made of the same value as `/status`. What a person needs at three in
// the morning comes first: is it bad, where, since when, and who says so.
import { formatDuration, parseIso } from "../time.ts";
import { causeName, minuteWords } from "./maintenance-words.ts";
import { objectivesSection } from "./page-objectives.ts";
import { routerPhrase, routerTroubles } from "./router-words.ts";
import type { StatusCell, StatusReport } from "./status-schema.ts";

/** The page loads itself again after this long. */
const REFRESH_SECONDS = 10;

const HEADLINES: Readonly<Record<StatusReport["verdict"], string>> = {
  conforms: "All regions serve users, and DNS sends users where the policy says",
  converging: "A change is under way, inside its deadline",
  deviates: "Something is not as it should be",
  undecided: "Not enough is known",
};

export function makePage(report: StatusReport): string {
  const { service, verdict } = report;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="${REFRESH_SECONDS}">
<meta name="color-scheme" content="light dark">
<title>${verdict}: ${escape(service.name)}</title>
<link rel="stylesheet" href="/page.css">
</head>
<body>
<header class="${verdict}">
<p class="name">${escape(service.name)} <span>${escape(service.host)}</span></p>
<h1>${headline(report)}</h1>
<p>Verdict <strong>${verdict}</strong> at ${time(report.generatedAt)}${report.simulated ? ". <strong>Simulated</strong>: all vantages are on one machine, so latencies say nothing of places" : ""}.</p>
</header>
<main>
${maintenance(report)}${drill(report)}${incidents(report)}${regions(report)}${objectivesSection(report)}${router(report)}${matrix(report)}${dns(report)}${verdicts(report)}
</main>
<footer><p>${report.self.rounds} rounds, ${report.self.missedSlots} missed slots, latest ${report.self.lastRoundAt === null ? "none yet" : time(report.self.lastRoundAt)}.
The same as JSON: <a href="/status">/status</a>. The monitor itself: <a href="/healthz">/healthz</a>.
The last 24 hours: <a href="/report?window=24h&amp;format=md">/report</a>. Daily reports: <a href="/reports">/reports</a>.</p></footer>
</body>
</html>
`;
}

/** What deviates is named; one subject of each kind is enough to know where to look. */
function headline({ verdict, verdicts: all }: StatusReport): string {
  const bad = all.filter((one) => one.verdict === "deviates" && one.excusedBy === undefined).map((one) => one.subject);
  if (bad.length === 0) return HEADLINES[verdict];
  const others = bad.filter((subject) => !subject.startsWith("dns:"));
  const names = [...others, ...(others.length < bad.length ? [`${bad.length - others.length} DNS answers`] : [])];
  return `${HEADLINES[verdict]}: ${escape(names.join(", "))}`;
}

/** Announced before it is missed. */
function maintenance({ maintenance: windows }: StatusReport): string {
  if (windows.length === 0) return "";
  const rows = windows.map(({ state, title, regions: ids, from, until, recurring }) => {
    const span = `${moment(from)} to ${moment(until)}`;
    const mood = state === "active" ? mark("converging", "under way") : mark("unknown", "announced");
    return `<li>${mood} ${escape(title)}: ${escape(ids.join(", "))}, ${span}${recurring ? ", every week" : ""}</li>`;
  });
  return `<section class="maintenance"><h2>Maintenance</h2><ul>${rows.join("\n")}</ul></section>\n`;
}

const DRILL_STATES: Readonly<Record<NonNullable<StatusReport["drill"]>["state"], string>> = {
  running: "A drill is under way",
  overdue: "A drill has outlived its expiry: what it broke may still be broken",
  settling: "A drill is over; its traces may still be seen",
};

/** What is broken on purpose must not frighten anybody. */
function drill({ drill: one }: StatusReport): string {
  if (one === undefined) return "";
  const what = one.regions.length === 0 ? "" : ` (${escape(one.regions.join(", "))})`;
  const until = one.endedAt === null ? `must be over by ${time(one.expiresAt)}` : `ended ${time(one.endedAt)}`;
  const state = mark(one.state === "overdue" ? "deviates" : "converging", DRILL_STATES[one.state]);
  return `<section><h2>Drill</h2><p>${state}: ${escape(one.title)}${what}, since ${time(one.startedAt)}, ${until}. <small>${escape(one.id)}</small></p></section>\n`;
}

function incidents(report: StatusReport): string {
  if (report.incidents.length === 0) return "";
  const rows = report.incidents.map(({ subject, openedAt, closedAt, reason, causedBy }) => {
    const end = closedAt ?? report.generatedAt;
    const length = formatDuration((parseIso(end) ?? 0) - (parseIso(openedAt) ?? 0));
    const planned = causedBy === undefined ? "" : ` <small>planned: ${escape(causeName(causedBy))}</small>`;
    const state = closedAt === undefined ? mark("deviates", "open") : mark("conforms", "closed");
    return `<tr><td>${state}</td><th scope="row">${escape(subject)}</th><td>${time(openedAt)}</td><td>${length}</td><td>${escape(reason)}${planned}</td></tr>`;
  });
  return table("Incidents of the last 24 hours", ["State", "Subject", "Since", "Length", "Reason"], rows);
}

function regions(report: StatusReport): string {
  const { failover } = report;
  const rows = report.regions.map((region) => {
    const active = failover.active === region.id ? " <em>active</em>" : "";
    const under = region.maintenance === undefined ? "" : ` ${mark("converging", "maintenance")}`;
    const since = region.userSince === null ? "" : time(region.userSince);
    return `<tr><th scope="row">${escape(region.id)}${active}</th><td>${mark(region.userHealth, region.userHealth)}${under}</td><td>${since}</td><td>${mark(region.health, region.health)}</td></tr>`;
  });
  const note = `<p>Routing <strong>${failover.routing}</strong>: ${escape(failover.reason)}.</p>`;
  return table("Regions", ["Region", "For users", "Since", "By Route 53's rules"], rows, note);
}

function router({ router: row }: StatusReport): string {
  if (row === undefined) return "";
  const troubles = routerTroubles(row).map((trouble) => `<li>${mark("converging", "note")} ${escape(trouble)}</li>`);
  const list = troubles.length === 0 ? "" : `<ul>${troubles.join("")}</ul>`;
  return `<section><h2>Router</h2><p>${escape(row.host)}: ${escape(routerPhrase(row))}.</p>${list}</section>\n`;
}

function matrix(report: StatusReport): string {
  const ids = report.vantages.map((vantage) => vantage.id);
  const heads = report.vantages.map(
    ({ id, colo }) => `${id}${colo === null || colo.startsWith("local-") ? "" : ` (${colo})`}`,
  );
  const rows = report.regions.map(({ id }) => {
    const cells = ids.map((vantage) => `<td>${cellText(report.matrix[id]?.[vantage])}</td>`);
    return `<tr><th scope="row">${escape(id)}</th>${cells.join("")}</tr>`;
  });
  return table("Latency of the health path, by vantage", ["Region", ...heads], rows);
}

function cellText(cell: StatusCell | undefined): string {
  if (cell === undefined) return mark("unknown", "unknown");
  if (cell.state === "up") return `${Math.round(cell.totalMs ?? 0)} ms`;
  const why = cell.failure === undefined ? "" : ` <small>${escape(cell.failure.cause)}</small>`;
  return `${mark(cell.state, cell.state)}${why}`;
}

/** Vantages that were told the same share a row: five times the same sentence helps nobody. */
function dns(report: StatusReport): string {
  const places = new Map<string, string[]>();
  for (const one of report.dns) {
    const row = dnsRow(one);
    places.set(row, [...(places.get(row) ?? []), one.vantage]);
  }
  const rows = [...places].map(
    ([row, vantages]) => `<tr><th scope="row">${escape(vantages.join(" "))}</th>${row}</tr>`,
  );
  return table(
    `DNS answers for ${escape(report.service.host)}`,
    ["Vantages", "View", "Answer", "Policy", "Verdict", "Why"],
    rows,
  );
}

function dnsRow(one: StatusReport["dns"][number]): string {
  const answer = one.answer.length > 0 ? one.answer.join(", ") : (one.rcode ?? "no answer");
  const expected = one.expected.length > 0 ? one.expected.join(", ") : "one of several";
  const deadline = one.deadline === undefined ? "" : ` until ${time(one.deadline)}`;
  const type = one.type === "A" ? "" : ` ${one.type}`;
  return `<td>${one.view}${type}</td><td>${escape(answer)}</td><td>${escape(expected)}</td><td>${mark(one.verdict, one.verdict)}${deadline}</td><td>${escape(one.reason)}</td>`;
}

function verdicts(report: StatusReport): string {
  const rows = report.verdicts
    .filter((one) => !one.subject.startsWith("dns:"))
    .map(
      ({ subject, verdict, reason }) =>
        `<tr><th scope="row">${escape(subject)}</th><td>${mark(verdict, verdict)}</td><td>${escape(reason)}</td></tr>`,
    );
  return table("Verdicts", ["Subject", "Verdict", "Why"], rows);
}

function table(title: string, heads: readonly string[], rows: readonly string[], note = ""): string {
  const head = heads.map((one) => `<th scope="col">${escape(one)}</th>`).join("");
  return `<section><h2>${title}</h2>${note}<div class="wide"><table><thead><tr>${head}</tr></thead><tbody>${rows.join("\n")}</tbody></table></div></section>\n`;
}

/** Words carry the meaning; the colour only repeats it. */
function mark(kind: string, words: string): string {
  return `<span class="mark ${kind}">${escape(words)}</span>`;
}

/** "12:34:56", with the whole instant for those who need it. */
function time(iso: string): string {
  return `<time datetime="${escape(iso)}" title="${escape(iso)}">${escape(iso.slice(11, 19))} UTC</time>`;
}

/** "2026-11-29 02:00 UTC": what lies ahead needs its day. */
function moment(iso: string): string {
  return `<time datetime="${escape(iso)}">${escape(minuteWords(iso))}</time>`;
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

export const PAGE_STYLE = `:root { --good: #1a7f37; --bad: #c1121f; --wait: #9a6700; --none: #6e7781; --line: #8884; font: 15px/1.5 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 76rem; padding: 0 1rem 3rem; }
header { border-left: .4rem solid var(--none); padding: .2rem 0 .2rem 1rem; margin: 1.5rem 0; }
header.conforms { border-color: var(--good); } header.deviates { border-color: var(--bad); } header.converging { border-color: var(--wait); }
h1 { font-size: 1.6rem; line-height: 1.25; margin: .2rem 0; } time, td:first-child { white-space: nowrap; } h2 { font-size: 1.05rem; margin: 2rem 0 .4rem; } p { margin: .2rem 0; }
.name { font-weight: 600; } .name span, footer, small, time { color: var(--none); font-weight: 400; }
.wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .35rem .8rem .35rem 0; border-bottom: 1px solid var(--line); vertical-align: top; font-variant-numeric: tabular-nums; }
thead th { color: var(--none); font-weight: 500; white-space: nowrap; } tbody th { font-weight: 500; } em { color: var(--good); font-style: normal; font-size: .85em; }
.mark { font-weight: 600; color: var(--none); white-space: nowrap; } .mark::before { content: "\\25CF\\00a0"; }
.mark.healthy, .mark.conforms { color: var(--good); } .mark.unhealthy, .mark.deviates, .mark.down { color: var(--bad); } .mark.converging { color: var(--wait); }
@media (prefers-color-scheme: dark) { :root { --good: #3fb950; --bad: #ff6b6b; --wait: #d29922; --none: #8b949e; } }
@media print { body { max-width: none; } }
`;
