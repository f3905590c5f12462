// `/api/v2/…`: the report in the shapes of Atlassian's Statuspage API v2, which every aggregator of status pages reads. What
// is not known of them is null, or a constant that says so; ids are made of names alone, so they outlive every restart.
import { toIso } from "../time.ts";
import { textFingerprint } from "../topology/fingerprint.ts";
import { type Component, componentsOf, overallOf } from "./component-state.ts";
import { type Chapter, type IncidentStory, storiesOf } from "./incident-words.ts";
import type { StatusReport } from "./status-schema.ts";
import type { StatuspageComponent, StatuspageFaces, StatuspageIncident, StatuspagePage } from "./statuspage-schema.ts";

/** The ends of their paths below `/api/v2/`. */
export const STATUSPAGE_NAMES = [
  "summary",
  "status",
  "components",
  "incidents",
  "incidents/unresolved",
  "scheduled-maintenances",
  "scheduled-maintenances/upcoming",
  "scheduled-maintenances/active",
] as const;
export type StatuspageName = (typeof STATUSPAGE_NAMES)[number];

/** Statuspage gives as many; what is open comes before what is over. */
const INCIDENTS_MAX = 50;
/** Nobody knows when a component was made. */
const LONG_AGO = toIso(0);
const ID_LENGTH = 12;

/** `origin` is where readers find our page, such as "https://probe.example.com". */
export function makeStatuspage<N extends StatuspageName>(
  name: N,
  report: StatusReport,
  origin: string,
): StatuspageFaces[N] {
  const components = componentsOf(report);
  const page = pageOf(report, origin);
  const rows = components.map((one, index) => componentRow(one, index, page));
  const hurt = (key: string): StatuspageComponent | null =>
    rows[components.findIndex((one) => one.key === key)] ?? null;
  const incidents = storiesOf(report)
    .slice(0, INCIDENTS_MAX)
    .toSorted((a, b) => (a.openedAt > b.openedAt ? -1 : 1))
    .map((story) => incidentRow(story, page, hurt));
  const unresolved = incidents.filter(({ status }) => status !== "resolved");
  const { indicator, description } = overallOf(components);
  const status = { indicator, description };
  const faces: StatuspageFaces = {
    summary: { page, components: rows, incidents: unresolved, scheduled_maintenances: [], status },
    status: { page, status },
    components: { page, components: rows },
    incidents: { page, incidents },
    "incidents/unresolved": { page, incidents: unresolved },
    "scheduled-maintenances": { page, scheduled_maintenances: [] },
    "scheduled-maintenances/upcoming": { page, scheduled_maintenances: [] },
    "scheduled-maintenances/active": { page, scheduled_maintenances: [] },
  };
  return faces[name];
}

/** As old as the latest round, so that what has not changed is the same text. */
function pageOf({ service, self, generatedAt }: StatusReport, origin: string): StatuspagePage {
  return {
    id: idOf("page", service.name),
    name: service.name,
    url: origin,
    time_zone: "Etc/UTC",
    updated_at: self.lastRoundAt ?? generatedAt,
  };
}

function componentRow(component: Component, index: number, page: StatuspagePage): StatuspageComponent {
  const { key, name, state, since, description } = component;
  return {
    id: idOf("component", page.id, key),
    name,
    status: state,
    created_at: LONG_AGO,
    updated_at: since ?? page.updated_at,
    position: index + 1,
    description,
    showcase: true,
    start_date: null,
    group_id: null,
    page_id: page.id,
    group: false,
    only_show_if_degraded: false,
  };
}

function incidentRow(
  story: IncidentStory,
  page: StatuspagePage,
  componentOf: (key: string) => StatuspageComponent | null,
): StatuspageIncident {
  const id = incidentId(story);
  const components = story.components.flatMap((key) => componentOf(key) ?? []);
  const updates = story.chapters.map((chapter) => updateRow(chapter, story, components));
  const [latest] = updates;
  return {
    id,
    name: story.title,
    status: latest?.status ?? "investigating",
    created_at: story.openedAt,
    updated_at: latest?.updated_at ?? story.openedAt,
    monitoring_at: null,
    resolved_at: story.closedAt ?? null,
    impact: story.impact,
    shortlink: `${page.url}/#${id}`,
    started_at: story.openedAt,
    page_id: page.id,
    incident_updates: updates,
    components,
  };
}

function updateRow(
  { kind, at, words }: Chapter,
  story: IncidentStory,
  components: readonly StatuspageComponent[],
): StatuspageIncident["incident_updates"][number] {
  const incident = incidentId(story);
  const hurtStatus = story.impact === "minor" ? "partial_outage" : "major_outage";
  const [before, after] =
    kind === "opened" ? (["operational", hurtStatus] as const) : ([hurtStatus, "operational"] as const);
  const open = story.causedBy === undefined ? "investigating" : "identified";
  return {
    id: idOf("update", incident, kind),
    status: kind === "opened" ? open : "resolved",
    body: words,
    incident_id: incident,
    created_at: at,
    updated_at: at,
    display_at: at,
    affected_components: components.map(({ id, name }) => ({ code: id, name, old_status: before, new_status: after })),
    deliver_notifications: story.causedBy === undefined,
    custom_tweet: null,
    tweet_id: null,
  };
}

/** The page's anchor of an incident as well. */
export function incidentId({ id }: { readonly id: string }): string {
  return idOf("incident", id);
}

/** Of Statuspage's form: 12 digits and small letters. */
function idOf(...parts: readonly string[]): string {
  return textFingerprint(parts.join("\n")).slice(0, ID_LENGTH);
}
