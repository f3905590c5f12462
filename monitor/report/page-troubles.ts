// The top of the status page: is it bad, what is it, since when, what does DNS do about it, and what to do next.
import { causeName, muteWords } from "./maintenance-words.ts";
import { escapeHtml, mark, prose, timeSince } from "./page-parts.ts";
import type { StatusReport } from "./status-schema.ts";
import { isSilent } from "./own-troubles.ts";
import { dnsVerdict, type Trouble } from "./troubles.ts";

/** More are in the sections below. */
const TROUBLES_MAX = 8;
const HEADLINE_MAX = 2;

const HEADLINES: Readonly<Record<StatusReport["verdict"], string>> = {
  conforms: "All regions serve users, and DNS sends users where the policy says",
  converging: "A change is under way, inside its deadline",
  deviates: "Something is not as it should be",
  undecided: "Not enough is known",
};

/** Titles of what is as bad as the whole; an older verdict than its looks has none. */
export function headline({ verdict, regions }: StatusReport, troubles: readonly Trouble[]): string {
  const worst = troubles.filter((trouble) => trouble.verdict === verdict && trouble.since !== null);
  const titles = worst.slice(0, HEADLINE_MAX).map(({ title }) => title);
  const others = worst.length - titles.length;
  if (titles.length === 0 && verdict === "conforms" && regions.some((region) => region.maintenance !== undefined))
    return "All regions but those under maintenance serve users, and DNS sends users where the policy says";
  return titles.length === 0 ? HEADLINES[verdict] : `${titles.join(". ")}${others === 0 ? "" : `, and ${others} more`}`;
}

/** "1 of 2 regions serves users. DNS leads users to gcp-europe-west1, as the policy says." */
export function standingWords(report: StatusReport): string {
  const { regions } = report;
  const serving = regions.filter(({ userHealth }) => userHealth === "healthy").length;
  const unknown = regions.filter(({ userHealth }) => userHealth === "unknown").length;
  const rest = unknown === 0 ? "" : `, ${unknown} unknown`;
  return `${serving} of ${regions.length} ${regions.length === 1 ? "region" : "regions"} ${serving === 1 ? "serves" : "serve"} users${rest}. ${dnsWords(report)}`;
}

function dnsWords(report: StatusReport): string {
  const { active, routing, failOpen } = report.failover;
  if (isSilent(report)) return "Where DNS leads users is not known.";
  const where = active === null ? `answers by ${routing}` : `leads users to ${active}`;
  switch (dnsVerdict(report)) {
    case "conforms":
      return `DNS ${where}, as the policy says${failOpen ? " when nothing is healthy" : ""}.`;
    case "converging":
      return "DNS is changing, inside its deadline.";
    case "deviates":
      return "DNS does not answer everywhere as the policy says.";
    case "undecided":
      return "Where DNS leads users is not known everywhere.";
  }
}

export function troubleList(troubles: readonly Trouble[], report: StatusReport): string {
  if (troubles.length === 0) return "";
  const others = troubles.length - TROUBLES_MAX;
  const more = others > 0 ? `<li>${others} more below</li>` : "";
  return `<ol class="troubles">${troubles
    .slice(0, TROUBLES_MAX)
    .map((trouble) => troubleItem(trouble, report))
    .join("\n")}${more}</ol>\n`;
}

function troubleItem(trouble: Trouble, { generatedAt: now, mutes = [] }: StatusReport): string {
  const { verdict, title, since, reason, next, plannedBy, mutedBy } = trouble;
  const when = since === null ? "" : ` <span class="when">since ${timeSince(since, now)}</span>`;
  const planned = plannedBy === null ? "" : ` <span class="when">planned: ${escapeHtml(causeName(plannedBy))}</span>`;
  const mute = muteWords(mutedBy, mutes);
  const muted = mute === null ? "" : ` <span class="when">${escapeHtml(mute)}</span>`;
  return `<li class="${verdict}"><p>${mark(verdict, title)}${when}${planned}${muted}</p><p>${prose(reason, now)}.</p><p><strong>Next:</strong> ${withCode(next)}</p></li>`;
}

function withCode(words: string): string {
  return escapeHtml(words).replaceAll(/`([^`]+)`/g, "<code>$1</code>");
}
