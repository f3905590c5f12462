// What one vantage was answered, as the status report tells it: the tests care for the verdict alone.
import type { StatusReport } from "../../../monitor/report/status-schema.ts";

type DnsRow = StatusReport["dns"][number];

export function dnsRow(verdict: DnsRow["verdict"], more: Partial<DnsRow> = {}): DnsRow {
  return {
    name: "demo.example.com",
    type: "A",
    vantage: "weur",
    view: "recursive",
    server: "dns.google",
    at: "2026-11-28T03:18:00.000Z",
    answer: [],
    rcode: "NOERROR",
    ttlSeconds: 60,
    expected: [],
    reason: "",
    verdict,
    ...more,
  };
}
