// Channels for tests of what comes after the topology was parsed.
import type { AlertChannel, ToldChannel } from "../../monitor/topology/topology.ts";

type Webhook = Extract<ToldChannel, { kind: "webhook" }>;

export function webhook(edits: Partial<Webhook> = {}): Webhook {
  return {
    name: "on-call",
    kind: "webhook",
    url: "https://hooks.example.com/x",
    secret: null,
    on: ["opened", "closed", "blind"],
    subjects: ["*"],
    remindMinutes: null,
    minOpenSeconds: 0,
    ...edits,
  };
}

export function slack(name: string, url: string): ToldChannel {
  const { secret: _none, ...told } = webhook();
  return { ...told, name, kind: "slack", url };
}

export function pagerDuty(name: string, url: string): ToldChannel {
  const { secret: _none, ...told } = webhook();
  return { ...told, name, kind: "pagerduty", url, routingKey: "0123456789abcdef0123456789abcdef" };
}

export function heartbeat(name: string, url: string): AlertChannel {
  return { name, kind: "heartbeat", url };
}
