// What is at /v1/observations, for machines. `monitor vantage` is what sends there; whoever writes another sender finds here what
// is signed, and what each refusal means.
import { FAILURE_CAUSES, PHASES } from "../model/observation.ts";
import { BATCH_REFUSALS, CLOCK_SKEW_MS_MAX } from "../run/batch-order.ts";
import { BATCH_BYTES_MAX, OBSERVATIONS_PATH } from "../run/observation-batch.ts";
import { SECOND_MS } from "../time.ts";
import { BROKEN } from "./openapi-parts.ts";

const instant = { type: "string", format: "date-time", description: "UTC, with milliseconds" };
const milliseconds = { type: "number", minimum: 0 };
const text = { type: "string" };

function object(properties: Readonly<Record<string, object>>, optional: readonly string[] = []): object {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: "object", additionalProperties: false, required, properties };
}

function orNull(schema: object): object {
  return { oneOf: [schema, { type: "null" }] };
}

const FAILURE = object(
  { cause: { enum: [...FAILURE_CAUSES] }, phase: { enum: [...PHASES] }, detail: { type: "string" } },
  ["phase"],
);

const BATCH_SCHEMA = object({
  vantage: { type: "string", description: "A private vantage of the topology" },
  slot: { ...instant, description: "A slot of the monitor's grid, which has begun and is not stale" },
  looks: {
    type: "string",
    pattern: "^[0-9a-f]{16}$",
    description: "What is looked at, as `monitor vantage` sums it up",
  },
  observations: {
    type: "array",
    items: object({
      region: text,
      at: instant,
      status: { type: ["integer", "null"] },
      phases: object(Object.fromEntries(PHASES.map((phase) => [phase, milliseconds])), PHASES),
      totalMs: { type: ["number", "null"], minimum: 0 },
      failure: orNull(FAILURE),
      claim: orNull(
        object({
          hostname: text,
          region: text,
          podIP: text,
          cluster: { type: ["string", "null"] },
          version: { type: ["string", "null"] },
          time: instant,
        }),
      ),
    }),
  },
  dns: {
    type: "array",
    items: object({
      name: text,
      type: { enum: ["A", "AAAA"] },
      view: { enum: ["authoritative", "recursive"] },
      server: text,
      at: instant,
      reply: {
        oneOf: [
          object({
            kind: { const: "reply" },
            rcode: text,
            authoritative: { type: "boolean" },
            addresses: { type: "array", items: text },
            ttlSeconds: { type: ["integer", "null"] },
            scope: { type: ["integer", "null"] },
            elapsedMs: milliseconds,
          }),
          object({ kind: { const: "failed" }, failure: FAILURE }),
        ],
      },
    }),
  },
});

const TAKEN = object({
  observations: { enum: ["held", "known"] },
  vantage: text,
  slot: instant,
  everySeconds: { type: "number", description: "Where to stand on the grid now: a drill may make it finer" },
});

const REFUSAL = {
  type: "object",
  required: ["error", "refused"],
  properties: {
    error: { type: "string", description: "What was expected and what was found" },
    refused: {
      enum: ["malformed", "too-large", "wrong-signature", "clock-skew", "no-secret", "other-id", ...BATCH_REFUSALS],
    },
    everySeconds: { type: "number" },
    problems: { type: "array", items: { type: "object" } },
  },
};

function refusal(description: string): object {
  return { description, content: { "application/json": { schema: REFUSAL } } };
}

function header(name: string, description: string): object {
  return { in: "header", name, required: true, description, schema: { type: "string" } };
}

export const VANTAGE_SIGNATURE = {
  type: "apiKey",
  in: "header",
  name: "webhook-signature",
  description:
    "Standard Webhooks: `v1,` and the HMAC-SHA256 in base64 of webhook-id, webhook-timestamp and the body, joined by dots, with the vantage's own secret",
};

export const OBSERVATION_PATHS = {
  [OBSERVATIONS_PATH]: {
    post: {
      security: [{ signature: [] }],
      summary:
        "What a private vantage saw in one slot; the next round has it beside what the monitor's own vantages saw",
      parameters: [
        header("webhook-id", "The vantage's id, _ and the slot in milliseconds since 1970"),
        header(
          "webhook-timestamp",
          `Seconds since 1970 at this attempt, at most ${CLOCK_SKEW_MS_MAX / SECOND_MS} from the monitor's clock`,
        ),
      ],
      requestBody: { required: true, content: { "application/json": { schema: BATCH_SCHEMA } } },
      responses: {
        "200": {
          description: "This very batch is there already; nothing was changed",
          content: { "application/json": { schema: TAKEN } },
        },
        "202": { description: "It is stored", content: { "application/json": { schema: TAKEN } } },
        "400": refusal("Everything that is wrong with headers or body"),
        "401": refusal("The signature is not that of this body and this vantage's secret, or the clock is wrong"),
        "403": refusal("This vantage has no secret at this monitor"),
        "404": refusal(
          "No private vantage has this id; or no private vantage has a secret, so the path does not exist",
        ),
        "409": refusal("It is about another topology, too old, too late, or not the first for its slot"),
        "413": refusal(`The body is longer than ${BATCH_BYTES_MAX} bytes`),
        "422": refusal("A region, a question or a slot that this monitor does not have"),
        "429": refusal("Too many for one interval; Retry-After says how long to wait"),
        "503": BROKEN,
      },
    },
  },
};
