// What people were told, and what they are to be told, as stored: in the state, and in the outbox.
import * as z from "zod/mini";
import type { AlertBook, ChannelStanding, Notice } from "../model/alert.ts";

const instant = z.int();
const scope = z.enum(["global", "dns", "regions", "drill", "burn-page", "burn-ticket", "blind", "other"]);

const toldIncident = z.strictObject({ id: z.string(), subject: z.string(), reason: z.string(), openedAt: instant });

export const ALERT_BOOK: z.ZodMiniType<AlertBook> = z.strictObject({
  alarms: z.array(
    z.strictObject({
      id: z.string(),
      scope,
      subject: z.string(),
      reason: z.string(),
      regions: z.array(z.string()),
      openedAt: instant,
      incidents: z.array(z.string()),
      quietSince: z.nullable(instant),
      told: z.record(z.string(), z.nullable(instant)),
      hushed: z.exactOptional(z.literal(true)),
    }),
  ),
  blind: z.strictObject({ rounds: z.int(), incident: z.nullable(toldIncident) }),
  burns: z.exactOptional(
    z.array(
      z.strictObject({
        id: z.string(),
        subject: z.string(),
        reason: z.string(),
        openedAt: instant,
        windows: z.array(z.string()),
      }),
    ),
  ),
  pace: z.record(
    z.string(),
    z.strictObject({ sentAt: z.array(instant), withheld: z.int(), withheldSince: z.nullable(instant) }),
  ),
});

export const CHANNEL_STANDING: z.ZodMiniType<ChannelStanding> = z.strictObject({
  name: z.string(),
  kind: z.enum(["webhook", "slack", "pagerduty", "heartbeat"]),
  lastDeliveredAt: z.nullable(instant),
  failures: z.int(),
  detail: z.nullable(z.string()),
  waiting: z.int(),
  waitingSince: z.nullable(instant),
  delivered: z.int(),
  failed: z.int(),
  dead: z.int(),
  deadAt: z.nullable(instant),
});

export const NOTICE: z.ZodMiniType<Notice> = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("incident"),
    event: z.enum(["opened", "closed", "reminder"]),
    id: z.string(),
    scope,
    subject: z.string(),
    reason: z.string(),
    openedAt: instant,
    closedAt: z.nullable(instant),
    attached: z.array(toldIncident),
    more: z.int(),
  }),
  z.strictObject({
    kind: z.literal("digest"),
    since: instant,
    withheld: z.int(),
    open: z.array(toldIncident),
    more: z.int(),
  }),
  z.strictObject({ kind: z.literal("report"), day: z.string(), markdown: z.string() }),
  z.strictObject({ kind: z.literal("test") }),
]);
