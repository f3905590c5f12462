// The schema that a federated type needs (KubeFed v0.10, section "federated types" of its user guide): template as it comes,
// placement, overrides and status with their shapes, so that a misspelt field of those is refused on the host.

const TEXT = { type: "string" } as const;
const ANYTHING = { type: "object", "x-kubernetes-preserve-unknown-fields": true } as const;
const OVERRIDE = {
  type: "object",
  required: ["path"],
  properties: {
    op: { type: "string", pattern: "^(add|remove|replace)?$" },
    path: TEXT,
    value: { "x-kubernetes-preserve-unknown-fields": true },
  },
} as const;

export const CUSTOM_RESOURCE_SCHEMA = {
  type: "object",
  required: ["spec"],
  properties: {
    apiVersion: TEXT,
    kind: TEXT,
    metadata: { type: "object" },
    spec: {
      type: "object",
      properties: {
        template: ANYTHING,
        placement: {
          type: "object",
          properties: {
            clusters: listOf({ type: "object", required: ["name"], properties: { name: TEXT } }),
            clusterSelector: ANYTHING,
          },
        },
        overrides: listOf({
          type: "object",
          properties: { clusterName: TEXT, clusterOverrides: listOf(OVERRIDE) },
        }),
      },
    },
    status: {
      type: "object",
      properties: {
        observedGeneration: { type: "integer", format: "int64" },
        conditions: listOf({ ...ANYTHING, required: ["type", "status"] }),
        clusters: listOf({ ...ANYTHING, required: ["name"] }),
      },
    },
  },
} as const;

function listOf<T>(items: T): { readonly type: "array"; readonly items: T } {
  return { type: "array", items };
}
