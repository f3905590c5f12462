// What is here, for machines: OpenAPI 3.1, whose schemas are JSON Schemas, so the published schema of `/status` is used as it is.
import statusSchema from "./status.schema.json" with { type: "json" };

const { $schema: _dialect, ...statusShape } = statusSchema;

function answers(description: string, type: string, schema: object = {}): object {
  return { "200": { description, content: { [type]: { schema } } } };
}

const BROKEN = {
  description: "The topology is broken, or the monitor cannot look",
  content: { "application/json": { schema: { type: "object" } } },
};

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
      get: { summary: "Status page for people", responses: { ...answers("The page", "text/html"), "503": BROKEN } },
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
    "/healthz": {
      get: {
        summary: "The monitor's own health",
        responses: { ...answers("It looks, and stores what it sees", "application/health+json"), "503": BROKEN },
      },
    },
    "/openapi.json": { get: { summary: "This document", responses: answers("OpenAPI 3.1", "application/json") } },
  },
  components: { schemas: { Status: statusShape } },
};
