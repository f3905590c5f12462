// Incidents and maintenance in Statuspage's shapes. Updates are what we know to have happened: a beginning and an end.
import { toIso } from "../time.ts";
import { type ComponentState, regionKey } from "./component-state.ts";
import type { Chapter, IncidentStory } from "./incident-words.ts";
import { idOf, incidentId } from "./statuspage-id.ts";
import type { StatusReport } from "./status-schema.ts";
import type {
  StatuspageComponent,
  StatuspageIncident,
  StatuspageMaintenance,
  StatuspagePage,
} from "./statuspage-schema.ts";

/** Of what nobody told us the time. */
export const LONG_AGO = toIso(0);
const UNTWEETED = { custom_tweet: null, tweet_id: null };

type Update = StatuspageIncident["incident_updates"][number];
type FindComponent = (key: string) => StatuspageComponent | null;

export function incidentRow(
  story: IncidentStory,
  page: StatuspagePage,
  componentOf: FindComponent,
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
): Update {
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
    ...timesAt(at),
    affected_components: components.map((one) => affected(one, before, after)),
    deliver_notifications: story.causedBy === undefined,
    ...UNTWEETED,
  };
}

/** A window that comes every week is another one each time. */
export function maintenanceRow(
  { id: name, title, state, regions, from, until }: StatusReport["maintenance"][number],
  page: StatuspagePage,
  componentOf: FindComponent,
): StatuspageMaintenance {
  const id = idOf("maintenance", name, from);
  const components = regions.flatMap((region) => componentOf(regionKey(region)) ?? []);
  const status = state === "active" ? "in_progress" : "scheduled";
  // When it was announced is not told.
  const at = state === "active" ? from : LONG_AGO;
  return {
    id,
    name: title,
    status,
    created_at: LONG_AGO,
    updated_at: at,
    monitoring_at: null,
    resolved_at: null,
    impact: "maintenance",
    shortlink: `${page.url}/#maintenance`,
    started_at: from,
    page_id: page.id,
    incident_updates: [
      {
        id: idOf("update", id, state),
        status,
        body: `${title}: ${regions.join(", ")}.`,
        incident_id: id,
        ...timesAt(at),
        affected_components: components.map((one) => affected(one, "operational", "under_maintenance")),
        deliver_notifications: false,
        ...UNTWEETED,
      },
    ],
    components,
    scheduled_for: from,
    scheduled_until: until,
  };
}

function affected({ id, name }: StatuspageComponent, before: ComponentState, after: ComponentState) {
  return { code: id, name, old_status: before, new_status: after };
}

function timesAt(at: string): Pick<Update, "created_at" | "updated_at" | "display_at"> {
  return { created_at: at, updated_at: at, display_at: at };
}
