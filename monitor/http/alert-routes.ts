// The faces of who is told, all behind the token: what waits and what was given up, a test, and another try. Addresses are told
// nowhere.
import type { Context } from "hono";
import * as z from "zod/mini";
import type { ChannelStanding } from "../model/alert.ts";
import { noticeType } from "../report/alert-body.ts";
import { noticeTitle } from "../report/alert-words.ts";
import { toIso } from "../time.ts";
import { mapping, text } from "../topology/form.ts";
import { DNS_LABEL } from "../topology/name.ts";
import type { OutboxReport } from "../wire/alert-desk.ts";
import type { WaitingEntry } from "../wire/sql-outbox.ts";
import { withBody, type WriteRoute } from "./write-routes.ts";

export interface AlertFaces {
  readonly readAlerts: () => Promise<OutboxReport>;
  /** False: there is no such channel that is told of incidents. */
  readonly testAlert: (channel: string) => Promise<boolean>;
  /** Gives how many dead letters wait again. */
  readonly retryAlerts: () => Promise<number>;
}

/** The body of `POST /v1/alerts/test`. */
export const TEST_ORDER = mapping({ channel: text(DNS_LABEL, "the name of a channel") });

const MESSAGE = { key: z.string(), channel: z.string(), type: z.string(), text: z.string(), at: z.string() };

/** What `GET /v1/alerts` gives. */
export const OUTBOX_SCHEMA = z.object({
  channels: z.array(
    z.object({
      name: z.string(),
      kind: z.enum(["webhook", "slack", "pagerduty", "heartbeat"]),
      lastDeliveredAt: z.nullable(z.string()),
      failures: z.int(),
      detail: z.nullable(z.string()),
      waiting: z.int(),
      delivered: z.int(),
      failed: z.int(),
      dead: z.int(),
    }),
  ),
  waiting: z.array(z.object({ ...MESSAGE, attempts: z.int() })),
  dead: z.array(z.object({ ...MESSAGE, deadAt: z.string(), detail: z.string() })),
});
export type OutboxFace = z.infer<typeof OUTBOX_SCHEMA>;

export function alertRoutes(faces: AlertFaces): readonly WriteRoute[] {
  return [
    { method: "GET", path: "/v1/alerts", answer: async (c) => c.json(outboxFace(await faces.readAlerts())) },
    {
      method: "POST",
      path: "/v1/alerts/test",
      answer: withBody(TEST_ORDER, async (c, { channel }) => tested(c, channel, await faces.testAlert(channel))),
    },
    {
      method: "POST",
      path: "/v1/alerts/retry",
      answer: async (c) => c.json({ retried: await faces.retryAlerts() }),
    },
  ];
}

function tested(c: Context, channel: string, queued: boolean): Response {
  if (queued) return c.json({ queued: channel }, 202);
  return c.json({ error: `there is no channel "${channel}" that is told of incidents` }, 404);
}

function outboxFace({ channels, waiting, dead }: OutboxReport): OutboxFace {
  return {
    channels: channels.map(channelFace),
    waiting: waiting.map((entry) => ({ ...entryFace(entry), attempts: entry.attempts })),
    dead: dead.map((entry) => ({ ...entryFace(entry), deadAt: toIso(entry.deadAt), detail: entry.detail })),
  };
}

function channelFace({ lastDeliveredAt, waitingSince: _seen, deadAt: _shown, ...channel }: ChannelStanding) {
  return { ...channel, lastDeliveredAt: lastDeliveredAt === null ? null : toIso(lastDeliveredAt) };
}

function entryFace({ key, channel, notice, at }: WaitingEntry) {
  return { key, channel, type: noticeType(notice), text: noticeTitle(notice, at), at: toIso(at) };
}
