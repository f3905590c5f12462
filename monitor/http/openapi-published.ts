// What OpenAPI says of the faces that others embed and gather.
import shapes from "./statuspage.schema.json" with { type: "json" };

const SUMMARY = "#/components/schemas/StatuspageSummary";

/** Some fields of the summary, each of its own shape there. */
function partsOfSummary(...fields: readonly string[]): object {
  const properties = Object.fromEntries(fields.map((field) => [field, { $ref: `${SUMMARY}/properties/${field}` }]));
  return { type: "object", additionalProperties: false, required: fields, properties };
}

const BROKEN = {
  description: "The topology is broken",
  content: { "application/json": { schema: { type: "object" } } },
};
const UNCHANGED = { description: "The same as under the ETag that was sent as If-None-Match" };

function published(summary: string, content: object, more: object = {}): object {
  const responses = { "200": { description: "As it is now", content }, "304": UNCHANGED, ...more, "503": BROKEN };
  return { summary, responses };
}

function statuspage(name: string, summary: string, schema: object): readonly [string, object] {
  return [
    `/api/v2/${name}.json`,
    { get: published(`In the shape of Atlassian's Statuspage API v2: ${summary}`, { "application/json": { schema } }) },
  ];
}

const INCIDENTS = partsOfSummary("page", "incidents");
const MAINTENANCES = partsOfSummary("page", "scheduled_maintenances");
const BADGE_CONTENT = {
  "image/svg+xml": { schema: { type: "string" } },
  "application/json": { schema: { $ref: "#/components/schemas/Badge" } },
};

function badge(summary: string, description: string): object {
  return {
    get: {
      ...published(summary, BADGE_CONTENT, { "404": { description: "No such region or format" } }),
      parameters: [{ in: "path", name: "name", required: true, description, schema: { type: "string" } }],
    },
  };
}

export const PUBLISHED_PATHS = {
  ...Object.fromEntries([
    statuspage("summary", "components, unresolved incidents, maintenance, overall status", { $ref: SUMMARY }),
    statuspage("status", "the overall status", partsOfSummary("page", "status")),
    statuspage("components", "a component for each region, and DNS", partsOfSummary("page", "components")),
    statuspage("incidents", "open incidents and those of the last 30 days, 50 at most", INCIDENTS),
    statuspage("incidents/unresolved", "open incidents", INCIDENTS),
    statuspage("scheduled-maintenances", "all maintenance that is known", MAINTENANCES),
    statuspage("scheduled-maintenances/upcoming", "maintenance that has not begun", MAINTENANCES),
    statuspage("scheduled-maintenances/active", "maintenance that is under way", MAINTENANCES),
  ]),
  "/badge/{name}": badge(
    "Health as a badge, drawn or for shields.io",
    "A region's id or `service`, then .svg or .json",
  ),
  "/badge/availability/{name}": badge(
    "Availability of the last 24 hours as a badge",
    "A region's id, then .svg or .json",
  ),
  "/feed.xml": { get: published("Incidents as RSS 2.0", { "application/rss+xml": { schema: { type: "string" } } }) },
  "/feed.json": {
    get: published("Incidents as JSON Feed 1.1", { "application/feed+json": { schema: { type: "object" } } }),
  },
};

export const PUBLISHED_SCHEMAS = shapes;
