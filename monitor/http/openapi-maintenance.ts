// What is at /v1/maintenance, for machines.
import { BY_CHARACTERS_MAX, TITLE_CHARACTERS_MAX, WINDOW_ID } from "../maintenance/order.ts";
import { answers, BEARER, BROKEN, parameter, REFUSED } from "./openapi-parts.ts";

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

export const MAINTENANCE_PATHS = {
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
};
