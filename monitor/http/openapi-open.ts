// What OpenAPI says of the faces that anybody may read: status, metrics, reports and the recorded history.
import { BUCKET_WINDOWS, WINDOW_WORDS } from "../report/window-words.ts";
import { answers, BROKEN, parameter } from "./openapi-parts.ts";

function instantParameter(name: string, description: string): object {
  return { in: "query", name, description, schema: { type: "string", format: "date-time" } };
}

const REPORT = {
  "200": {
    description: "The report, as asked for by query, name or Accept",
    content: { "application/json": { schema: { type: "object" } }, "text/markdown": { schema: { type: "string" } } },
  },
};

const BUCKET_WINDOW_WORDS = Object.entries(BUCKET_WINDOWS)
  .map(([width, { usual, most }]) => `${usual} by ${width} unless given, at most ${most}`)
  .join("; ");

export const OPEN_PATHS = {
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
};
