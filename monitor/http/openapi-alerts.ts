// What is at /v1/alerts, for machines: see `openapi.ts`.

const TEST_ORDER_SCHEMA = {
  type: "object",
  additionalProperties: false,
  required: ["channel"],
  properties: { channel: { type: "string", description: "A channel's name in the topology; no heartbeat" } },
};

/** `common`: what every path below /v1 has, and its answers. */
export function alertPaths(common: { readonly bearer: object; readonly answers: object }) {
  return {
    "/v1/alerts": {
      get: {
        ...common.bearer,
        summary: "The channels, the messages that wait for them, and those that were given up",
        responses: {
          "200": {
            description: "The outbox, without any address",
            content: { "application/json": { schema: { type: "object" } } },
          },
          ...common.answers,
        },
      },
    },
    "/v1/alerts/test": {
      post: {
        ...common.bearer,
        summary: "A message that is marked as a test goes to a channel with the next round",
        requestBody: { required: true, content: { "application/json": { schema: TEST_ORDER_SCHEMA } } },
        responses: {
          ...common.answers,
          "202": { description: "It waits in the outbox" },
          "400": { description: "Everything that is wrong with the body" },
          "404": { description: "No such channel, or no token is configured" },
        },
      },
    },
    "/v1/alerts/retry": {
      post: {
        ...common.bearer,
        summary: "Messages that were given up wait again, and channels that wait are tried with the next round",
        responses: { "200": { description: "How many messages wait again" }, ...common.answers },
      },
    },
  };
}
