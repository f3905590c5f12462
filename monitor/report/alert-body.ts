// A notice as each kind of receiver takes it: our own JSON for webhooks, a text for Slack, an event of PagerDuty's.
import type { AlarmScope, Notice, OutboxEntry, ToldIncident } from "../model/alert.ts";
import { unreachable } from "../problem.ts";
import { type Instant, toIso } from "../time.ts";
import { textFingerprint } from "../topology/fingerprint.ts";
import type { ToldChannel, Topology } from "../topology/topology.ts";
import { noticeLines, noticeTitle } from "./alert-words.ts";

/** Slack shows no more of one text (API reference, "chat.postMessage": truncated at 40,000). */
const SLACK_CHARACTERS_MAX = 39_000;
/** Of Slack's one message a report is not the whole. */
const SLACK_REPORT_CHARACTERS_MAX = 3000;
/** Events API v2: `summary` and `dedup_key`. */
const SUMMARY_CHARACTERS_MAX = 1024;
const DEDUP_CHARACTERS_MAX = 255;

type Watched = Pick<Topology, "service" | "local">;

/** JSON. `at`: when it is sent. */
export function alertBody(channel: ToldChannel, entry: OutboxEntry, watched: Watched, at: Instant): string {
  switch (channel.kind) {
    case "webhook":
      return JSON.stringify(webhookEvent(entry, watched, at));
    case "slack":
      return JSON.stringify({ text: slackText(entry.notice, watched, at) });
    case "pagerduty":
      return JSON.stringify(pagerDutyEvent(channel.routingKey, entry, watched, at));
    default:
      return unreachable(channel);
  }
}

/** `type` of a webhook's body. */
export function noticeType(notice: Notice): string {
  switch (notice.kind) {
    case "incident":
      return `incident.${notice.event}`;
    case "digest":
      return "alerts.digest";
    case "report":
      return "report.daily";
    case "test":
      return "test";
    default:
      return unreachable(notice);
  }
}

/** Standard Webhooks: type, timestamp, data. The timestamp is that of what happened, not of this attempt. */
function webhookEvent({ key, at: happenedAt, notice }: OutboxEntry, { service, local }: Watched, at: Instant): object {
  const title = noticeTitle(notice, at);
  return {
    schemaVersion: 1,
    id: key,
    type: noticeType(notice),
    timestamp: toIso(happenedAt),
    service: { name: service.name, host: service.host },
    simulated: local,
    text: `${service.name}: ${title}`,
    data: eventPart(notice),
  };
}

function eventPart(notice: Notice): object {
  switch (notice.kind) {
    case "incident": {
      const { id, scope, subject, reason, openedAt, closedAt, attached, more } = notice;
      const closed = closedAt === null ? {} : { closedAt: toIso(closedAt), durationMs: closedAt - openedAt };
      return {
        incident: { id, scope, subject, reason, openedAt: toIso(openedAt), ...closed },
        attached: attached.map(toldRow),
        more,
      };
    }
    case "digest":
      return {
        since: toIso(notice.since),
        withheld: notice.withheld,
        open: notice.open.map(toldRow),
        more: notice.more,
      };
    case "report":
      return { day: notice.day, markdown: notice.markdown };
    case "test":
      return {};
    default:
      return unreachable(notice);
  }
}

function toldRow({ id, subject, reason, openedAt }: ToldIncident): object {
  return { id, subject, reason, openedAt: toIso(openedAt) };
}

function slackText(notice: Notice, { service }: Watched, at: Instant): string {
  const mark = notice.kind === "incident" ? SLACK_MARKS[notice.event] : SLACK_MARKS.other;
  const title = `${mark} *${escapeSlack(service.name)}* ${escapeSlack(noticeTitle(notice, at))}`;
  const lines = noticeLines(notice).map((line) => `• ${escapeSlack(line)}`);
  const report = notice.kind === "report" ? [`\`\`\`${escapeSlack(shortReport(notice.markdown))}\`\`\``] : [];
  return [title, ...lines, ...report].join("\n").slice(0, SLACK_CHARACTERS_MAX);
}

/** A shape of its own for each, beside the colour. */
const SLACK_MARKS = { opened: ":red_circle:", closed: ":white_check_mark:", reminder: ":hourglass:", other: ":memo:" };

/** Slack's own three (API guide, "Formatting text for app surfaces"). The back quote would end the report's block. */
function escapeSlack(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll("`", "'");
}

function shortReport(markdown: string): string {
  if (markdown.length <= SLACK_REPORT_CHARACTERS_MAX) return markdown;
  const cut = markdown.slice(0, SLACK_REPORT_CHARACTERS_MAX);
  return `${cut.slice(0, cut.lastIndexOf("\n"))}\n…`;
}

type Severity = "critical" | "error" | "warning" | "info";

const SEVERITIES: Readonly<Record<AlarmScope, Severity>> = {
  global: "critical",
  dns: "error",
  regions: "error",
  drill: "error",
  "burn-page": "critical",
  "burn-ticket": "warning",
  blind: "warning",
  other: "warning",
};

function pagerDutyEvent(
  routingKey: string,
  { key, at: happenedAt, notice }: OutboxEntry,
  watched: Watched,
  at: Instant,
) {
  const { service } = watched;
  const incident = notice.kind === "incident" ? notice : null;
  const about = {
    routing_key: routingKey,
    dedup_key: incident === null ? key : dedupKey(`${service.host} ${incident.id}`),
  };
  if (incident?.event === "closed") return { ...about, event_action: "resolve" };
  return {
    ...about,
    event_action: "trigger",
    payload: {
      summary: `${service.name}: ${noticeTitle(notice, at)}`.slice(0, SUMMARY_CHARACTERS_MAX),
      source: service.host,
      severity: incident === null ? "info" : SEVERITIES[incident.scope],
      timestamp: toIso(happenedAt),
      component: incident?.subject ?? noticeType(notice),
      group: service.name,
      class: incident?.scope ?? notice.kind,
      custom_details: eventPart(notice),
    },
  };
}

/** One routing key may serve several services. A subject may be longer than PagerDuty takes. */
function dedupKey(id: string): string {
  return id.length <= DEDUP_CHARACTERS_MAX ? id : textFingerprint(id);
}
