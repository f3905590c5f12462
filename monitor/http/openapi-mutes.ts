// What is at /v1/mutes, for machines: see `openapi.ts`.
import { MUTE_SUBJECTS_MAX, MUTED_SUBJECT, REASON_CHARACTERS_MAX } from "../incident/mute-order.ts";
import { BY_CHARACTERS_MAX, WINDOW_ID } from "../maintenance/order.ts";
import { answers, BEARER, BROKEN, parameter, REFUSED } from "./openapi-parts.ts";

const MUTE_ORDER_SCHEMA = {
  type: "object",
  additionalProperties: false,
  required: ["id", "subjects", "until", "reason"],
  properties: {
    id: { type: "string", pattern: WINDOW_ID.source },
    subjects: {
      type: "array",
      minItems: 1,
      maxItems: MUTE_SUBJECTS_MAX,
      items: { type: "string", pattern: MUTED_SUBJECT.source },
      description: "Subjects of verdicts, or with a final * how they begin; a region's covers its claim and its router",
    },
    until: { type: "string", format: "date-time", description: "At most 24 hours from now; it begins now" },
    reason: { type: "string", maxLength: REASON_CHARACTERS_MAX, description: "Shown to everybody" },
    by: { type: ["string", "null"], maxLength: BY_CHARACTERS_MAX, default: null, description: "Who; shown as well" },
  },
};

export const MUTE_PATHS = {
  "/v1/mutes": {
    get: {
      ...BEARER,
      summary: "Mutes in force and of the last day, the one that ends last first",
      responses: {
        ...answers("The mutes", "application/json", { type: "object" }),
        ...REFUSED,
        "503": BROKEN,
      },
    },
    post: {
      ...BEARER,
      summary: "Nobody is told of some subjects for a while; they are judged and shown as always",
      requestBody: { required: true, content: { "application/json": { schema: MUTE_ORDER_SCHEMA } } },
      responses: {
        ...REFUSED,
        "503": BROKEN,
        "200": { description: "It was ordered before; nothing was changed" },
        "201": { description: "They are muted" },
        "400": { description: "Everything that is wrong with the body" },
        "409": { description: "Another mute has this id, or too many are in force" },
      },
    },
  },
  "/v1/mutes/{id}": {
    delete: {
      ...BEARER,
      summary: "A mute ends now, and what still lasts is told; a second call changes nothing",
      parameters: [{ ...parameter("path", "id", "As it is in the list"), required: true }],
      responses: { "200": { description: "It is over" }, ...REFUSED, "503": BROKEN },
    },
  },
};
