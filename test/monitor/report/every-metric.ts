// A source in which every family has a sample: the rich status with all that may be switched on, a drill that runs, and its meters.
import type { MetricsSource } from "../../../monitor/report/metrics.ts";
import type { StatusReport } from "../../../monitor/report/status-schema.ts";
import { AWS, GCP } from "../../support/example-topology.ts";
import { RICH, RICH_METERS } from "./rich-status.ts";

const AT = RICH.generatedAt;

const EXTRAS: Partial<StatusReport> = {
  vantages: RICH.vantages.map((vantage) => (vantage.id === "weur" ? { ...vantage, private: true } : vantage)),
  route53: [{ healthCheck: "hc", region: AWS.id, checkers: { healthy: 14, total: 16 }, at: AT }],
  failover: { ...RICH.failover, activeByVantage: { enam: AWS.id, weur: GCP.id, oc: null } },
  drill: {
    id: "d",
    title: "A drill",
    state: "running",
    regions: [AWS.id],
    causes: ["region"],
    startedAt: AT,
    expiresAt: AT,
    endedAt: null,
    probeEverySeconds: null,
  },
  alerts: {
    channels: [
      {
        name: "hook",
        kind: "webhook",
        lastDeliveredAt: AT,
        failing: true,
        waiting: 1,
        waitingSince: AT,
        delivered: 3,
        failed: 2,
        dead: 0,
      },
    ],
  },
  objectives: [
    {
      name: "availability",
      indicator: "availability",
      thresholdMs: null,
      region: null,
      method: "occurrences",
      timeSliceTarget: null,
      timeSliceMinutes: null,
      target: 0.999,
      windowDays: 30,
      from: AT,
      since: AT,
      counts: { good: 999, bad: 1, unknown: 0, excused: 0, planned: 0 },
      achieved: 0.999,
      budgetLeft: 0,
      burnRates: { "5m": 1, "30m": 1, "1h": 1, "2h": 1, "6h": 1, "1d": 1, "3d": 1 },
      burning: null,
      exhaustedAt: null,
    },
  ],
  self: { ...RICH.self, topology: { takenAt: AT } },
  router: {
    mode: "proxy",
    steering: "failover",
    host: "demo.multicloud.example.com",
    regions: [AWS, GCP].map(({ id }) => ({ id, drain: null, suspectedBy: 0, served: 1, mismatch: null })),
    failOpen: false,
    failedOpenAt: null,
    isolates: 1,
    requests: 12,
    retries: 3,
    vainRetries: 1,
  },
};

export const EVERY_METRIC: MetricsSource = { status: { ...RICH, ...EXTRAS }, meters: RICH_METERS };
