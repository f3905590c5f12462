// What is here, for machines: OpenAPI 3.1, whose schemas are JSON Schemas, so the published schemas are used as they are.
import { ALERT_PATHS } from "./openapi-alerts.ts";
import { DRILL_PATHS } from "./openapi-drills.ts";
import { MAINTENANCE_PATHS } from "./openapi-maintenance.ts";
import { MUTE_PATHS } from "./openapi-mutes.ts";
import { OBSERVATION_PATHS, VANTAGE_SIGNATURE } from "./openapi-observations.ts";
import { OPEN_PATHS } from "./openapi-open.ts";
import { answers, BEARER, BROKEN, parameter, REFUSED } from "./openapi-parts.ts";
import { PUBLISHED_PATHS, PUBLISHED_SCHEMAS } from "./openapi-published.ts";
import { ROUTER_PATHS } from "./openapi-router.ts";
import roundsSchema from "./rounds.schema.json" with { type: "json" };
import statusSchema from "./status.schema.json" with { type: "json" };

const { $schema: _dialect, ...statusShape } = statusSchema;
const { $schema: _same, ...roundsShape } = roundsSchema;

export const OPENAPI = {
  openapi: "3.1.0",
  info: {
    title: "multicloud-probe",
    version: "0.1.0",
    description:
      "Is each region up, how fast is it from where users are, and does DNS send users where the Route 53 policy says?",
    license: { name: "Apache-2.0", identifier: "Apache-2.0" },
  },
  paths: {
    ...OPEN_PATHS,
    ...PUBLISHED_PATHS,
    "/healthz": {
      get: {
        summary: "The monitor's own health",
        responses: {
          ...answers(
            "It looks, and stores what it sees; `warn`: a person should know something",
            "application/health+json",
          ),
          "503": BROKEN,
        },
      },
    },
    "/v1/audit": {
      get: {
        ...BEARER,
        summary: "What bearers of the token changed, the latest first",
        responses: { ...answers("The entries", "application/json", { type: "object" }), ...REFUSED, "503": BROKEN },
      },
    },
    ...DRILL_PATHS,
    ...MAINTENANCE_PATHS,
    ...ALERT_PATHS,
    ...MUTE_PATHS,
    ...ROUTER_PATHS,
    ...OBSERVATION_PATHS,
    "/openapi.json": { get: { summary: "This document", responses: answers("OpenAPI 3.1", "application/json") } },
    "/page.css": {
      get: {
        summary: "The status page's style",
        parameters: [
          parameter("query", "v", "Names the style that a page was made for; always the present one is given"),
        ],
        responses: answers("The sheet", "text/css"),
      },
    },
  },
  components: {
    schemas: { Status: statusShape, Rounds: roundsShape, ...PUBLISHED_SCHEMAS },
    securitySchemes: {
      token: { type: "http", scheme: "bearer", description: "The Worker's secret ADMIN_TOKEN" },
      signature: VANTAGE_SIGNATURE,
    },
  },
};
