// The largest book of what people were told that there can be beside a state: every region in an alarm of its own, every channel
// told of each and out of breath.
import type { AlertBook, ChannelStanding } from "../../monitor/model/alert.ts";
import { BLIND_SUBJECT } from "../../monitor/incident/alarms.ts";
import { REASON_MAX } from "../../monitor/incident/book.ts";
import type { MonitorState } from "../../monitor/model/state.ts";
import { MESSAGES_MAX } from "../../monitor/run/alert-step.ts";
import type { Topology } from "../../monitor/topology/topology.ts";

const AT = 1_767_225_600_000;
const REASON = "x".repeat(REASON_MAX);

export function heaviestAlerts({ regions, alerts }: Topology, { incidents }: MonitorState): AlertBook {
  const told = Object.fromEntries(alerts.map(({ name }) => [name, AT]));
  const [longest = ""] = incidents.open.map(({ subject }) => subject).toSorted((a, b) => b.length - a.length);
  const subjects = [...regions.map(({ id }) => `region:${id}`), longest, "failover", BLIND_SUBJECT];
  const ids = incidents.open.map(({ id }) => id);
  const share = Math.ceil(ids.length / subjects.length);
  const alarms = subjects.map((subject, index) => ({
    id: `${new Date(AT).toISOString()} ${subject}`,
    scope: "regions" as const,
    subject,
    reason: REASON,
    regions: [subject],
    openedAt: AT,
    incidents: ids.slice(index * share, (index + 1) * share),
    quietSince: AT,
    told,
  }));
  const pace = { sentAt: Array.from({ length: MESSAGES_MAX }, () => AT), withheld: 1000, withheldSince: AT };
  const incident = { id: `${AT} ${BLIND_SUBJECT}`, subject: BLIND_SUBJECT, openedAt: AT, reason: REASON };
  return {
    alarms,
    blind: { rounds: 3, incident },
    pace: Object.fromEntries(alerts.map(({ name }) => [name, pace])),
  };
}

export function heaviestChannels({ alerts }: Topology): readonly ChannelStanding[] {
  return alerts.map(({ name }) => ({
    name,
    kind: "pagerduty",
    lastDeliveredAt: AT,
    failures: 100,
    detail: "x".repeat(200),
    waiting: 1000,
    waitingSince: AT,
    delivered: 1e9,
    failed: 1e9,
    dead: 1e9,
    deadAt: AT,
  }));
}
