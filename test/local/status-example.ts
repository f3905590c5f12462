// A `/status` report by hand: the quiet state, and what a test wants to be different in it.
import type { StatusCell, StatusReport } from "../../monitor/report/status-schema.ts";

export const GENERATED_AT = Date.parse("2026-11-22T12:34:56.000Z");
const AT = "2026-11-22T12:34:56.000Z";
const VANTAGES = ["enam", "wnam", "weur", "apac-se", "oc"];
const REGIONS = ["aws-us-east-1", "gcp-europe-west1"];

export function upCell(totalMs: number): StatusCell {
  return { state: "up", at: AT, ageMs: 0, totalMs, phases: { connect: 1 } };
}

export function downCell(cause: "refused" | "timeout" | "http-status"): StatusCell {
  return { state: "down", at: AT, ageMs: 0, totalMs: null, phases: {}, failure: { cause, detail: `It was ${cause}.` } };
}

type DnsRow = StatusReport["dns"][number];

export function dnsRows(change: (row: DnsRow) => Partial<DnsRow> = () => ({})): DnsRow[] {
  return VANTAGES.flatMap((vantage) =>
    (["authoritative", "recursive"] as const).map((view): DnsRow => {
      const row: DnsRow = {
        name: "demo.multicloud.example.com",
        type: "A",
        vantage,
        view,
        server: "127.0.0.1:5353",
        at: AT,
        answer: ["127.0.10.1"],
        rcode: "NOERROR",
        ttlSeconds: 2,
        expected: ["127.0.10.1"],
        reason: "the primary aws-us-east-1, which is healthy",
        verdict: "conforms",
      };
      return { ...row, ...change(row) };
    }),
  );
}

export function exampleStatus(changes: Partial<StatusReport> = {}): StatusReport {
  return {
    schemaVersion: 1,
    generatedAt: AT,
    verdict: "conforms",
    simulated: true,
    service: { name: "multicloud-demo", host: "demo.multicloud.example.com" },
    regions: REGIONS.map((id) => ({
      id,
      region: id.slice(4),
      health: "healthy",
      since: AT,
      userHealth: "healthy",
      userSince: AT,
      lastAt: AT,
    })),
    vantages: VANTAGES.map((id) => ({ id, colo: `local-${id}`, lastAt: AT })),
    matrix: Object.fromEntries(
      REGIONS.map((id, row) => [
        id,
        Object.fromEntries(VANTAGES.map((vantage, column) => [vantage, upCell(3 + 10 * row + column + 0.4)])),
      ]),
    ),
    dns: dnsRows(),
    failover: {
      routing: "failover",
      active: "aws-us-east-1",
      failOpen: false,
      verdict: "conforms",
      reason: "the primary is healthy and serves",
    },
    verdicts: [
      { subject: "failover", verdict: "conforms", reason: "the primary is healthy and serves" },
      { subject: "region:aws-us-east-1", verdict: "conforms", reason: "users are served" },
    ],
    incidents: [],
    maintenance: [],
    self: { lastRoundAt: AT, rounds: 12, missedSlots: 0 },
    ...changes,
  };
}

/** The primary is down, DNS has not followed at every vantage. */
export function brokenStatus(): StatusReport {
  const quiet = exampleStatus();
  const [primary, secondary] = quiet.regions;
  if (primary === undefined || secondary === undefined) throw new Error("the example has two regions");
  return exampleStatus({
    verdict: "deviates",
    regions: [{ ...primary, health: "unhealthy", userHealth: "unhealthy" }, secondary],
    matrix: {
      ...quiet.matrix,
      "aws-us-east-1": {
        enam: downCell("refused"),
        wnam: downCell("timeout"),
        weur: downCell("http-status"),
        "apac-se": { state: "missed", at: AT, ageMs: 0, totalMs: null, phases: {} },
        oc: { state: "unknown", at: null, ageMs: null, totalMs: null, phases: {} },
      },
    },
    dns: dnsRows((row) => {
      const expected = { expected: ["127.0.10.2"] };
      if (row.view === "recursive") return { ...expected, verdict: "converging", deadline: AT };
      if (row.vantage === "oc") return { ...expected, answer: [], rcode: null, verdict: "undecided" };
      if (row.vantage === "weur") return { ...expected, answer: [], rcode: "SERVFAIL", verdict: "deviates" };
      return { ...expected, answer: ["127.0.10.2"] };
    }),
    failover: {
      routing: "failover",
      active: "gcp-europe-west1",
      failOpen: false,
      verdict: "converging",
      reason: "the primary is unhealthy, the secondary serves",
    },
    incidents: [
      {
        id: "i1",
        subject: "region:aws-us-east-1",
        openedAt: "2026-11-22T12:34:36.000Z",
        reason: "3 of 3 vantages refused",
      },
      {
        id: "i0",
        subject: "region:gcp-europe-west1",
        openedAt: "2026-11-22T12:00:00.000Z",
        closedAt: "2026-11-22T12:10:00.000Z",
        reason: "it is over",
      },
    ],
    self: { lastRoundAt: AT, rounds: 20, missedSlots: 2 },
  });
}
