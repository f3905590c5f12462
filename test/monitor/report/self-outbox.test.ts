import { describe, expect, test } from "vitest";
import type { ChannelStanding } from "../../../monitor/model/alert.ts";
import { alertFamilies } from "../../../monitor/report/metrics-alerts.ts";
import { formatMetrics } from "../../../monitor/report/prometheus-text.ts";
import { checkOutbox, WAITING_MS_MAX } from "../../../monitor/report/self-outbox.ts";
import { makeSelf } from "../../../monitor/report/self.ts";
import { makeStatus } from "../../../monitor/report/status.ts";
import { EMPTY_STATE } from "../../../monitor/run/state.ts";
import { EXAMPLE } from "../../support/example-topology.ts";

const AT = 1_767_225_600_000;
const DAY_MS = 86_400_000;

function channel(edits: Partial<ChannelStanding> = {}): ChannelStanding {
  return {
    name: "on-call",
    kind: "webhook",
    lastDeliveredAt: AT - 1000,
    failures: 0,
    detail: null,
    waiting: 0,
    waitingSince: null,
    delivered: 3,
    failed: 1,
    dead: 0,
    deadAt: null,
    ...edits,
  };
}

describe("the outbox in /healthz", () => {
  test.each([
    { name: "is not there where nobody is told", channels: [], want: null },
    { name: "is well", channels: [channel()], want: { status: "pass", observedValue: 0, observedUnit: "s" } },
    {
      name: "warns of a channel that fails",
      channels: [channel({ failures: 2, waiting: 1, waitingSince: AT - 60_000 })],
      want: { status: "warn", observedValue: 60, observedUnit: "s", output: "the latest attempt failed (on-call)" },
    },
    {
      name: "fails when a message waits for too long",
      channels: [channel({ name: "a" }), channel({ name: "b", waiting: 1, waitingSince: AT - WAITING_MS_MAX - 1 })],
      want: { status: "fail", observedValue: 900, observedUnit: "s", output: "alerts wait for 15 m (b)" },
    },
    {
      name: "warns for a day of what was given up",
      channels: [channel({ dead: 1, deadAt: AT - DAY_MS })],
      want: {
        status: "warn",
        observedValue: 0,
        observedUnit: "s",
        output: "alerts were given up within a day (on-call)",
      },
    },
    {
      name: "and no longer",
      channels: [channel({ dead: 1, deadAt: AT - DAY_MS - 1 })],
      want: { status: "pass", observedValue: 0, observedUnit: "s" },
    },
  ])("$name", ({ channels, want }) => {
    expect(checkOutbox(channels, AT)).toEqual(want);
  });

  test("fails the monitor as a whole only where messages wait for too long", () => {
    const selfWith = (one: ChannelStanding) =>
      makeSelf(EXAMPLE, { ...EMPTY_STATE, lastRoundAt: AT, channels: [one] }, { storage: null, round: null }, AT, AT);
    expect(selfWith(channel({ failures: 1 }))).toMatchObject({
      status: "pass",
      checks: { "alerts:outbox": [{ status: "warn" }] },
    });
    expect(selfWith(channel({ waiting: 1, waitingSince: AT - 3_600_000 }))).toMatchObject({
      status: "fail",
      problems: ["alerts wait for 1 h (on-call)"],
      checks: { "alerts:outbox": [{ status: "fail" }] },
    });
  });
});

test("metrics count what arrived, what did not, and what waits", () => {
  const channels = [
    channel({ waiting: 2, waitingSince: AT - 90_000 }),
    channel({ name: "beat", kind: "heartbeat", delivered: 7, failed: 0 }),
  ];
  const status = makeStatus(EXAMPLE, { ...EMPTY_STATE, channels }, AT);
  const text = formatMetrics(alertFamilies(status));
  expect(text.split("\n").filter((line) => !line.startsWith("#") && line !== "")).toEqual([
    'edge_alert_deliveries_total{channel="on-call",outcome="delivered"} 3',
    'edge_alert_deliveries_total{channel="on-call",outcome="failed"} 1',
    'edge_alert_deliveries_total{channel="on-call",outcome="dead"} 0',
    'edge_alert_deliveries_total{channel="beat",outcome="delivered"} 7',
    'edge_alert_deliveries_total{channel="beat",outcome="failed"} 0',
    'edge_alert_deliveries_total{channel="beat",outcome="dead"} 0',
    'edge_alert_outbox_length{channel="on-call"} 2',
    'edge_alert_outbox_age_seconds{channel="on-call"} 90',
  ]);
  expect(alertFamilies(makeStatus(EXAMPLE, EMPTY_STATE, AT))).toEqual([]);
});
