// A running monitor's outbox for people: the channels, then what waits, then what was given up.
import type { OutboxFace } from "../http/alert-routes.ts";
import { alignColumns } from "./columns.ts";

export function outboxText({ channels, waiting, dead }: OutboxFace): string {
  if (channels.length === 0) return "nobody is told: the topology has no alerts";
  const rows = channels.map(({ name, kind, lastDeliveredAt, failures, detail, waiting: count, dead: buried }) => [
    name,
    kind,
    lastDeliveredAt ?? "never",
    kind === "heartbeat" ? "" : String(count),
    kind === "heartbeat" ? "" : String(buried),
    failures === 0 ? "ok" : `failed ${failures === 1 ? "once" : `${failures} times in a row`}: ${detail ?? ""}`,
  ]);
  const parts = [
    alignColumns([["channel", "kind", "delivered last", "waiting", "given up", "latest attempt"], ...rows]),
  ];
  if (waiting.length > 0)
    parts.push(
      "waiting",
      alignColumns(waiting.map(({ channel, at, attempts, text }) => [channel, at, `${attempts} attempts`, text])),
    );
  if (dead.length > 0)
    parts.push(
      "given up (monitor alert retry)",
      alignColumns(dead.map(({ channel, deadAt, detail, text }) => [channel, deadAt, detail, text])),
    );
  return parts.join("\n");
}
