// What is at /v1/alerts, for machines.
import { answers, BEARER, BROKEN, REFUSED } from "./openapi-parts.ts";

const TEST_ORDER_SCHEMA = {
  type: "object",
  additionalProperties: false,
  required: ["channel"],
  properties: { channel: { type: "string", description: "A channel's name in the topology; no heartbeat" } },
};

export const ALERT_PATHS = {
  "/v1/alerts": {
    get: {
      ...BEARER,
      summary: "The channels, the messages that wait for them, and those that were given up",
      responses: {
        ...answers("The outbox, without any address", "application/json", { type: "object" }),
        ...REFUSED,
        "503": BROKEN,
      },
    },
  },
  "/v1/alerts/test": {
    post: {
      ...BEARER,
      summary: "A message that is marked as a test goes to a channel with the next round",
      requestBody: { required: true, content: { "application/json": { schema: TEST_ORDER_SCHEMA } } },
      responses: {
        ...REFUSED,
        "503": BROKEN,
        "202": { description: "It waits in the outbox" },
        "400": { description: "Everything that is wrong with the body" },
        "404": { description: "No such channel, or no token is configured" },
      },
    },
  },
  "/v1/alerts/retry": {
    post: {
      ...BEARER,
      summary: "Messages that were given up wait again, and channels that wait are tried with the next round",
      responses: { "200": { description: "How many messages wait again" }, ...REFUSED, "503": BROKEN },
    },
  },
};
