// What is here, for machines: OpenAPI 3.1, whose schemas are JSON Schemas, so the published schemas are used as they are.
import { BY_CHARACTERS_MAX, TITLE_CHARACTERS_MAX, WINDOW_ID } from "../maintenance/order.ts";
import { DRILL_CAUSES } from "../model.ts";
import { DRAIN_KINDS } from "../steering/drain.ts";
import { BUCKET_WINDOWS, WINDOW_WORDS } from "../report/window-words.ts";
import { PUBLISHED_PATHS, PUBLISHED_SCHEMAS } from "./openapi-published.ts";
import { alertPaths } from "./openapi-alerts.ts";
import roundsSchema from "./rounds.schema.json" with { type: "json" };
import statusSchema from "./status.schema.json" with { type: "json" };

const { $schema: _dialect, ...statusShape } = statusSchema;
const { $schema: _same, ...roundsShape } = roundsSchema;

function answers(description: string, type: string, schema: object = {}): object {
  return { "200": { description, content: { [type]: { schema } } } };
}

const BROKEN = {
  description: "The topology is broken, or the monitor cannot look",
  content: { "application/json": { schema: { type: "object" } } },
};

function parameter(place: "path" | "query", name: string, description: string): object {
  return { in: place, name, description, schema: { type: "string" } };
}

const REFUSED = {
  "401": { description: "Not the bearer of the token" },
  "404": { description: "No token is configured, so these paths do not exist" },
};
/** Of everything below /v1: there only where a token is configured. */
const BEARER = { security: [{ token: [] }] };

function instantParameter(name: string, description: string): object {
  return { in: "query", name, description, schema: { type: "string", format: "date-time" } };
}

const DRILL_ORDER_SCHEMA = {
  type: "object",
  additionalProperties: false,
  required: ["id", "title", "regions", "causes", "expiresAt"],
  properties: {
    id: { type: "string", pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$" },
    title: { type: "string", maxLength: 200 },
    regions: { type: "array", items: { type: "string" }, description: "Ids of the regions that it breaks" },
    causes: {
      type: "array",
      items: { enum: [...DRILL_CAUSES] },
      description: "What it is meant to make deviate: its regions with their claims, DNS answers, failover itself",
    },
    expiresAt: {
      type: "string",
      format: "date-time",
      description: "By then it must be over; at most 4 hours from now",
    },
    probeEverySeconds: {
      type: "integer",
      description:
        "Quicker rounds for an hour at most; divides the topology's interval, and is no less than Route 53's own",
    },
  },
};

const MAINTENANCE_ORDER_SCHEMA = {
  type: "object",
  additionalProperties: false,
  required: ["id", "title", "until"],
  properties: {
    id: { type: "string", pattern: WINDOW_ID.source },
    title: { type: "string", maxLength: TITLE_CHARACTERS_MAX, description: "Shown to everybody" },
    regions: { type: "array", items: { type: "string" }, default: [], description: "Ids of regions; empty: all" },
    from: { type: "string", format: "date-time", description: "Left out: now; not in the past" },
    until: { type: "string", format: "date-time", description: "At most 7 days after its beginning" },
    by: { type: ["string", "null"], maxLength: BY_CHARACTERS_MAX, default: null, description: "Who; not public" },
  },
};

const DRAIN_ORDER_SCHEMA = {
  type: "object",
  additionalProperties: false,
  required: ["seconds"],
  properties: {
    kind: {
      enum: [...DRAIN_KINDS],
      default: "drain",
      description: "drain: it serves on when all others are down. maintenance: it is the very last, even then",
    },
    seconds: { type: "integer", minimum: 1, maximum: 86_400, description: "It ends by itself after them" },
    reason: { type: "string", maxLength: 200, description: "For the audit" },
  },
};

const REGION_PARAMETER = { ...parameter("path", "region", "A region's id"), required: true };

const ROUTE_PARAMETERS = [
  parameter("query", "country", "Such as BE; its continent follows"),
  parameter("query", "continent", "Such as EU"),
  parameter("query", "subdivision", "Without its country, such as CA"),
  parameter("query", "colo", "The data centre that takes the request, such as AMS"),
  parameter("query", "ip", "Placed where a vantage of the topology has its subnet"),
  parameter("query", "latitude", "Degrees"),
  parameter("query", "longitude", "Degrees"),
];

const REPORT = {
  "200": {
    description: "The report, as asked for by query, name or Accept",
    content: { "application/json": { schema: { type: "object" } }, "text/markdown": { schema: { type: "string" } } },
  },
};

const BUCKET_WINDOW_WORDS = Object.entries(BUCKET_WINDOWS)
  .map(([width, { usual, most }]) => `${usual} by ${width} unless given, at most ${most}`)
  .join("; ");

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
    "/": {
      get: {
        summary: "Status page for people",
        parameters: [
          parameter("query", "refresh", "off: it does not load itself again every few seconds; on is the default"),
        ],
        responses: {
          ...answers("The page", "text/html"),
          "400": { description: "Neither on nor off" },
          "503": BROKEN,
        },
      },
    },
    "/status": {
      get: {
        summary: "Everything known now",
        responses: {
          ...answers("The report", "application/json", { $ref: "#/components/schemas/Status" }),
          "503": BROKEN,
        },
      },
    },
    "/metrics": {
      get: {
        summary: "Everything known now and counted so far, for Prometheus (text format 0.0.4)",
        responses: { ...answers("The samples", "text/plain", { type: "string" }), "503": BROKEN },
      },
    },
    "/report": {
      get: {
        summary: "Availability, latency and DNS of a recent window",
        parameters: [
          parameter(
            "query",
            "window",
            `Such as 24h (the default): ${WINDOW_WORDS}; it begins on the hour, from 60d on at midnight UTC`,
          ),
          parameter("query", "format", "json (the default) or md"),
        ],
        responses: { ...REPORT, "400": { description: "No such window or format" }, "503": BROKEN },
      },
    },
    "/buckets": {
      get: {
        summary: "The same of each minute, hour or day of a recent window",
        parameters: [
          parameter("query", "width", "minute, hour (the default) or day"),
          parameter("query", "window", `${WINDOW_WORDS}; ${BUCKET_WINDOW_WORDS}`),
        ],
        responses: {
          ...answers("The buckets, the earliest first", "application/json", { type: "object" }),
          "400": { description: "No such width or window" },
          "503": BROKEN,
        },
      },
    },
    "/reports": {
      get: {
        summary: "The days that have a report, the latest first",
        responses: { ...answers("The days", "application/json", { type: "object" }), "503": BROKEN },
      },
    },
    "/reports/{day}": {
      get: {
        summary: "The report of a day of UTC; .md after the day gives Markdown",
        parameters: [{ ...parameter("path", "day", "Such as 2026-11-22"), required: true }],
        responses: { ...REPORT, "404": { description: "That day has no report" }, "503": BROKEN },
      },
    },
    "/rounds": {
      get: {
        summary: "The recorded history: every look and every answer of the stored rounds, the oldest first",
        description:
          "A page has at most 500 rounds; `next` is what to ask for as `from` to get the following one, and null on the last.",
        parameters: [
          instantParameter("from", "The first slot, ISO 8601; left out: an hour before `to`"),
          instantParameter("to", "The last slot, at most 7 days after `from`; left out: the latest round"),
        ],
        responses: {
          ...answers("A page of rounds", "application/json", { $ref: "#/components/schemas/Rounds" }),
          "400": { description: "No such window" },
          "503": BROKEN,
        },
      },
    },
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
    "/v1/drills": {
      get: {
        ...BEARER,
        summary: "The drills that the monitor was told of, the latest first",
        responses: { ...answers("The drills", "application/json", { type: "object" }), ...REFUSED, "503": BROKEN },
      },
      post: {
        ...BEARER,
        summary: "A drill begins: what it causes is planned until it is over, and no other may begin",
        requestBody: { required: true, content: { "application/json": { schema: DRILL_ORDER_SCHEMA } } },
        responses: {
          "200": { description: "It was started before; nothing was changed" },
          "201": { description: "It runs; with what its quicker rounds cost" },
          "400": { description: "Everything that is wrong with the body" },
          "409": { description: "Another drill, which is told, is not over" },
          ...REFUSED,
          "503": BROKEN,
        },
      },
    },
    "/v1/drills/{id}": {
      delete: {
        ...BEARER,
        summary: "A drill is over; a second call changes nothing",
        parameters: [{ ...parameter("path", "id", "As it was started"), required: true }],
        responses: { "200": { description: "It is over" }, ...REFUSED, "503": BROKEN },
      },
    },
    "/v1/maintenance": {
      get: {
        ...BEARER,
        summary: "Maintenance of the last day and ahead, what recurs by the topology included, the earliest first",
        responses: { ...answers("The windows", "application/json", { type: "object" }), ...REFUSED, "503": BROKEN },
      },
      post: {
        ...BEARER,
        summary: "Maintenance is announced: its regions are looked at as always, count apart, and page nobody",
        requestBody: { required: true, content: { "application/json": { schema: MAINTENANCE_ORDER_SCHEMA } } },
        responses: {
          "200": { description: "It was announced before; nothing was changed" },
          "201": { description: "It is announced" },
          "400": { description: "Everything that is wrong with the body" },
          "409": { description: "Another window has this id, or too many are ahead" },
          ...REFUSED,
          "503": BROKEN,
        },
      },
    },
    "/v1/maintenance/{id}": {
      delete: {
        ...BEARER,
        summary: "Maintenance ends now, or will not begin; a second call changes nothing",
        parameters: [{ ...parameter("path", "id", "As it is in the list"), required: true }],
        responses: { "200": { description: "It is over" }, ...REFUSED, "503": BROKEN },
      },
    },
    ...alertPaths({ bearer: BEARER, answers: { ...REFUSED, "503": BROKEN } }),
    "/v1/route": {
      get: {
        ...BEARER,
        summary: "Which region the router would choose for a client, in which order it tries them, and why",
        parameters: ROUTE_PARAMETERS,
        responses: {
          ...answers("The candidates, the first one first", "application/json", { type: "object" }),
          "400": { description: "Everything that is wrong with the query" },
          ...REFUSED,
          "503": BROKEN,
        },
      },
    },
    "/v1/drains": {
      get: {
        ...BEARER,
        summary: "The regions that the router sends no new requests to, by id",
        responses: { ...answers("The drains", "application/json", { type: "object" }), ...REFUSED, "503": BROKEN },
      },
    },
    "/v1/drains/{region}": {
      put: {
        ...BEARER,
        summary: "The router sends no new requests to the region until the time is over; a second call sets a new end",
        parameters: [REGION_PARAMETER],
        requestBody: { required: true, content: { "application/json": { schema: DRAIN_ORDER_SCHEMA } } },
        responses: {
          ...answers("It is drained", "application/json", { type: "object" }),
          "400": { description: "Everything that is wrong with the body" },
          "409": { description: "The router is off" },
          ...REFUSED,
          "503": BROKEN,
        },
      },
      delete: {
        ...BEARER,
        summary: "The region is a candidate again; a second call changes nothing",
        parameters: [REGION_PARAMETER],
        responses: {
          "200": { description: "It is not drained" },
          "409": { description: "The router is off" },
          ...REFUSED,
          "503": BROKEN,
        },
      },
    },
    "/openapi.json": { get: { summary: "This document", responses: answers("OpenAPI 3.1", "application/json") } },
    "/page.css": { get: { summary: "The status page's style", responses: answers("The sheet", "text/css") } },
  },
  components: {
    schemas: { Status: statusShape, Rounds: roundsShape, ...PUBLISHED_SCHEMAS },
    securitySchemes: { token: { type: "http", scheme: "bearer", description: "The Worker's secret ADMIN_TOKEN" } },
  },
};
