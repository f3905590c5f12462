// The shapes of Atlassian's Statuspage API v2, field by field as real pages give them (summary, status, components, incidents,
// scheduled maintenances), so that whatever reads those pages reads ours.
import * as z from "zod/mini";
import { COMPONENT_STATES, INDICATORS } from "./component-state.ts";
import type { StatuspageName } from "./statuspage.ts";

const instant = z.iso.datetime({ precision: 3 });
const id = z.string().check(z.regex(/^[0-9a-z]{12}$/));
const state = z.enum(COMPONENT_STATES);

const page = z.strictObject({
  id,
  name: z.string(),
  url: z.url(),
  time_zone: z.literal("Etc/UTC"),
  updated_at: instant,
});

const status = z.strictObject({ indicator: z.enum(INDICATORS), description: z.string() });

const component = z.strictObject({
  id,
  name: z.string(),
  status: state,
  created_at: instant,
  updated_at: instant,
  position: z.int().check(z.positive()),
  description: z.nullable(z.string()),
  showcase: z.boolean(),
  start_date: z.nullable(z.iso.date()),
  group_id: z.nullable(id),
  page_id: id,
  group: z.boolean(),
  only_show_if_degraded: z.boolean(),
});

const affected = z.strictObject({ code: id, name: z.string(), old_status: state, new_status: state });

function updateWith<const T extends readonly string[]>(statuses: T) {
  return z.strictObject({
    id,
    status: z.enum(statuses),
    body: z.string(),
    incident_id: id,
    created_at: instant,
    updated_at: instant,
    display_at: instant,
    affected_components: z.nullable(z.array(affected)),
    deliver_notifications: z.boolean(),
    custom_tweet: z.nullable(z.string()),
    tweet_id: z.nullable(z.string()),
  });
}

function incidentWith<const T extends readonly string[], const I extends readonly string[]>(statuses: T, impacts: I) {
  return {
    id,
    name: z.string(),
    status: z.enum(statuses),
    created_at: instant,
    updated_at: instant,
    monitoring_at: z.nullable(instant),
    resolved_at: z.nullable(instant),
    impact: z.enum(impacts),
    shortlink: z.url(),
    started_at: instant,
    page_id: id,
    incident_updates: z.array(updateWith(statuses)),
    components: z.array(component),
  };
}

const incident = z.strictObject(
  incidentWith(
    ["investigating", "identified", "monitoring", "resolved", "postmortem"],
    ["none", "minor", "major", "critical"],
  ),
);
const maintenance = z.strictObject({
  ...incidentWith(
    ["scheduled", "in_progress", "verifying", "completed"],
    ["none", "minor", "major", "critical", "maintenance"],
  ),
  scheduled_for: instant,
  scheduled_until: instant,
});

export const STATUSPAGE_SCHEMAS = {
  summary: z.strictObject({
    page,
    components: z.array(component),
    /** Unresolved ones only. */
    incidents: z.array(incident),
    /** Neither over nor called off. */
    scheduled_maintenances: z.array(maintenance),
    status,
  }),
  status: z.strictObject({ page, status }),
  components: z.strictObject({ page, components: z.array(component) }),
  incidents: z.strictObject({ page, incidents: z.array(incident) }),
  "incidents/unresolved": z.strictObject({ page, incidents: z.array(incident) }),
  "scheduled-maintenances": z.strictObject({ page, scheduled_maintenances: z.array(maintenance) }),
  "scheduled-maintenances/upcoming": z.strictObject({ page, scheduled_maintenances: z.array(maintenance) }),
  "scheduled-maintenances/active": z.strictObject({ page, scheduled_maintenances: z.array(maintenance) }),
} satisfies Readonly<Record<StatuspageName, z.ZodMiniType>>;

/** The parts that stand in several of them. */
export const STATUSPAGE_PARTS = { page, component, incident, maintenance };

export type StatuspageFaces = { readonly [N in StatuspageName]: z.infer<(typeof STATUSPAGE_SCHEMAS)[N]> };
export type StatuspageComponent = z.infer<typeof component>;
export type StatuspageIncident = z.infer<typeof incident>;
export type StatuspageMaintenance = z.infer<typeof maintenance>;
export type StatuspagePage = z.infer<typeof page>;
