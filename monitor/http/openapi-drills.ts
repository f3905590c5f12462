// What is at /v1/drills, for machines.
import { DRILL_CAUSES } from "../model/planned.ts";
import { answers, BEARER, BROKEN, parameter, REFUSED } from "./openapi-parts.ts";

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

export const DRILL_PATHS = {
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
};
