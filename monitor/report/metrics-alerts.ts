// How alerts do, for Prometheus: what arrived, what did not, and what still waits. Whoever is paged by another way can be told so.
import { parseIso, SECOND_MS } from "../time.ts";
import { counter, gauge, seconds } from "./metric-family.ts";
import type { MetricFamily } from "./prometheus-text.ts";
import type { StatusReport } from "./status-schema.ts";

/** None where nobody is told of anything. */
export function alertFamilies({ alerts, generatedAt }: StatusReport): readonly MetricFamily[] {
  const channels = alerts?.channels ?? [];
  if (channels.length === 0) return [];
  const told = channels.filter(({ kind }) => kind !== "heartbeat");
  return [
    counter(
      "edge_alert_deliveries_total",
      "Alerts by outcome. delivered: it arrived. failed: an attempt did not, and is made again. dead: a message was given up.",
      channels.flatMap(({ name, delivered, failed, dead }) =>
        Object.entries({ delivered, failed, dead }).map(([outcome, value]) => ({
          labels: { channel: name, outcome },
          value,
        })),
      ),
    ),
    gauge(
      "edge_alert_outbox_length",
      "Alerts that wait for their delivery.",
      told.map(({ name, waiting }) => ({ labels: { channel: name }, value: waiting })),
    ),
    seconds(
      "edge_alert_outbox_age_seconds",
      "Age of the oldest alert that waits for its delivery. Absent where none does.",
      told.flatMap(({ name, waitingSince }) => {
        const since = waitingSince === null ? null : parseIso(waitingSince);
        const ageMs = since === null ? null : Math.max(0, (parseIso(generatedAt) ?? since) - since);
        return ageMs === null ? [] : [{ labels: { channel: name }, value: ageMs / SECOND_MS }];
      }),
    ),
  ];
}
