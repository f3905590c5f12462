// What OpenAPI says of the router: where it would send a client, and the regions that it sends nobody to.
import { DRAIN_KINDS } from "../steering/drain.ts";
import { answers, BEARER, BROKEN, parameter, REFUSED } from "./openapi-parts.ts";

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

export const ROUTER_PATHS = {
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
};
