// The lines of a record's file, checked before they are believed: another version of ourselves may have written them.
import * as z from "zod";
import { LEVER_KINDS } from "../drill/lever-wish.ts";
import type { DrillEvent, DrillRecord } from "../drill/record.ts";
import type { Watcher } from "../lever/journal-entry.ts";
import { FAILURE_CAUSES } from "../model/observation.ts";

const at = z.int();
const verdict = z.enum(["conforms", "converging", "deviates", "undecided"]);

const EVENT: z.ZodType<DrillEvent> = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("stage"), at, stage: z.enum(["steady", "fault", "repair", "over"]) }),
  z.strictObject({
    kind: z.literal("lever"),
    at,
    lever: z.enum(LEVER_KINDS),
    target: z.string(),
    action: z.enum(["applying", "applied", "restoring", "restored", "failed"]),
    detail: z.string(),
  }),
  z.strictObject({
    kind: z.literal("health"),
    at,
    region: z.string(),
    view: z.enum(["route53", "users"]),
    health: z.enum(["healthy", "unhealthy", "unknown"]),
  }),
  z.strictObject({
    kind: z.literal("opinion"),
    at,
    region: z.string(),
    vantage: z.string(),
    state: z.enum(["up", "down", "unknown", "missed"]),
  }),
  z.strictObject({
    kind: z.literal("dns"),
    at,
    vantage: z.string(),
    view: z.enum(["authoritative", "recursive"]),
    answer: z.array(z.string()),
    ttlSeconds: z.nullable(z.number()),
    expected: z.array(z.string()),
    verdict: z.nullable(verdict),
  }),
  z.strictObject({
    kind: z.literal("request"),
    at,
    via: z.enum(["dns", "router"]),
    vantage: z.string(),
    served: z.nullable(z.string()),
    totalMs: z.nullable(z.number()),
    cause: z.nullable(z.enum(FAILURE_CAUSES)),
  }),
  z.strictObject({ kind: z.literal("verdict"), at, subject: z.string(), verdict }),
  z.strictObject({
    kind: z.literal("incident"),
    at,
    change: z.enum(["opened", "closed"]),
    subject: z.string(),
    causedByDrill: z.boolean(),
  }),
  z.strictObject({ kind: z.literal("abort"), at, reason: z.string() }),
  z.strictObject({ kind: z.literal("note"), at, text: z.string() }),
]);

/** Null: none that this version knows. */
export function readEvent(value: unknown): DrillEvent | null {
  const parsed = EVENT.safeParse(value);
  return parsed.success ? parsed.data : null;
}

export type RecordHead = Omit<DrillRecord, "events" | "endedAt"> & { readonly watcher: Watcher };

/** The plan was made by `planDrill` of the same version, which the schema's version stands for. */
const HEAD = z.strictObject({
  schemaVersion: z.literal(1),
  id: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/),
  plan: z.custom<RecordHead["plan"]>((value) => typeof value === "object" && value !== null && "scriptId" in value),
  simulated: z.boolean(),
  startedAt: at,
  watcher: z.strictObject({ url: z.url(), worldPort: z.nullable(z.int()) }),
});

/** Null: no head of a record, or one of another version. */
export function readHead(value: unknown): RecordHead | null {
  const parsed = HEAD.safeParse(value);
  return parsed.success ? parsed.data : null;
}
