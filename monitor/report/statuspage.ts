// `/api/v2/…`: the report in the shapes of Atlassian's Statuspage API v2, which every aggregator of status pages reads. What
// is not known of them is null, or a constant that says so; ids are made of names alone, so they outlive every restart.
import { type Component, componentsOf, overallOf } from "./component-state.ts";
import { storiesOf } from "./incident-words.ts";
import { idOf } from "./statuspage-id.ts";
import { incidentRow, LONG_AGO, maintenanceRow } from "./statuspage-incidents.ts";
import type { StatusReport } from "./status-schema.ts";
import type {
  StatuspageComponent,
  StatuspageFaces,
  StatuspageMaintenance,
  StatuspagePage,
} from "./statuspage-schema.ts";

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
    .toSorted((a, b) => (a.openedAt > b.openedAt ? -1 : a.openedAt < b.openedAt ? 1 : 0))
    .map((story) => incidentRow(story, page, hurt));
  const unresolved = incidents.filter(({ status }) => status !== "resolved");
  const { indicator, description } = overallOf(components);
  const status = { indicator, description };
  const windows = report.maintenance.map((window) => maintenanceRow(window, page, hurt));
  const inState = (state: StatuspageMaintenance["status"]) => windows.filter((one) => one.status === state);
  const faces: StatuspageFaces = {
    summary: { page, components: rows, incidents: unresolved, scheduled_maintenances: windows, status },
    status: { page, status },
    components: { page, components: rows },
    incidents: { page, incidents },
    "incidents/unresolved": { page, incidents: unresolved },
    "scheduled-maintenances": { page, scheduled_maintenances: windows },
    "scheduled-maintenances/upcoming": { page, scheduled_maintenances: inState("scheduled") },
    "scheduled-maintenances/active": { page, scheduled_maintenances: inState("in_progress") },
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
