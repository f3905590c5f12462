// The incidents of the status page: what went wrong lately, open ones first, each with its own anchor, to which
// feeds and Statuspage's API lead.
import { storiesOf, type IncidentStory } from "./incident-words.ts";
import { causeName, muteWords } from "./maintenance-words.ts";
import { durationBetween, escapeHtml, mark, prose, section, time } from "./page-parts.ts";
import { withPast } from "./past-incidents.ts";
import { incidentId } from "./statuspage-id.ts";
import type { StatusReport } from "./status-schema.ts";

/** As many as on Statuspage; more are in the report. */
const INCIDENTS_MAX = 50;

/** `past` null: those of the status alone. */
export function incidentSection(report: StatusReport, past: StatusReport["incidents"] | null): string {
  const stories = storiesOf(withPast(report, past ?? []));
  if (stories.length === 0) return "";
  const shown = stories.slice(0, INCIDENTS_MAX);
  const items = bundled(shown).map((bundle) => incidentItem(bundle, report));
  const others = stories.length - shown.length;
  const more =
    others > 0 ? `<p>${others} more are in the <a href="/report?window=30d&amp;format=md">report</a>.</p>` : "";
  return section(
    "incidents",
    `Incidents of the last ${past === null ? "24 hours" : "30 days"}`,
    `<ul class="rows">${items.join("\n")}</ul>${more}`,
  );
}

/** DNS answers that went wrong together have one cause, and were right again together. */
function bundled(stories: readonly IncidentStory[]): readonly (readonly IncidentStory[])[] {
  const bundles = new Map<string, IncidentStory[]>();
  for (const story of stories) {
    const key = story.subject.startsWith("dns:") ? `dns ${story.openedAt} ${story.closedAt ?? ""}` : story.id;
    bundles.set(key, [...(bundles.get(key) ?? []), story]);
  }
  return [...bundles.values()];
}

/** Each of a bundle has its anchor. */
function incidentItem(bundle: readonly IncidentStory[], { generatedAt: now, mutes = [] }: StatusReport): string {
  const [first, ...others] = bundle;
  if (first === undefined) return "";
  const { title, openedAt, closedAt, reason, causedBy, mutedBy } = first;
  const state = closedAt === undefined ? mark("deviates", "open") : mark("conforms", "over");
  const length = durationBetween(openedAt, closedAt ?? now);
  const until =
    closedAt === undefined ? `since ${time(openedAt, now)}, ${length}` : `${time(openedAt, now)}, for ${length}`;
  const more = others.length === 0 ? "" : ` and ${others.length} more`;
  const subjects = bundle.map(({ subject }) => escapeHtml(subject)).join(", ");
  const planned = causedBy === undefined ? "" : `; planned: ${escapeHtml(causeName(causedBy))}`;
  const mute = muteWords(mutedBy, mutes);
  const muted = mute === null ? "" : `; ${escapeHtml(mute)}`;
  const anchors = others.map((story) => `<span id="${incidentId(story)}"></span>`).join("");
  return `<li id="${incidentId(first)}">${anchors}<p>${state} <strong>${escapeHtml(title)}${more}</strong> <span class="when">${until}</span></p><p>${prose(reason, now)}</p><p><small>${subjects}${planned}${muted}</small></p></li>`;
}
