import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  COMPONENT_STATES,
  type Component,
  type ComponentState,
  componentsOf,
  overallOf,
} from "../../../monitor/report/component-state.ts";
import { makeStatus } from "../../../monitor/report/status.ts";
import type { StatusCell, StatusReport } from "../../../monitor/report/status-schema.ts";
import { EMPTY_STATE } from "../../../monitor/run/state.ts";
import { AWS, EXAMPLE, GCP } from "../../support/example-topology.ts";
import { dnsRow } from "./dns-row.ts";

const EMPTY = makeStatus(EXAMPLE, EMPTY_STATE, 0);
const SINCE = "2026-11-28T12:00:00.000Z";
type Health = StatusReport["regions"][number]["userHealth"];
type Verdict = StatusReport["verdict"];

function reportOf(aws: Health, gcp: Health, more: Partial<StatusReport> = {}): StatusReport {
  const health = { [AWS.id]: aws, [GCP.id]: gcp };
  const regions = EMPTY.regions.map((region) => ({
    ...region,
    userHealth: health[region.id] ?? "unknown",
    userSince: SINCE,
  }));
  const failover = { ...EMPTY.failover, verdict: "conforms" as const };
  return { ...EMPTY, regions, failover, dns: [dnsRow("conforms")], ...more };
}
const statesOf = (report: StatusReport): readonly ComponentState[] => componentsOf(report).map(({ state }) => state);
const cell = (state: StatusCell["state"]): StatusCell => ({ state, at: SINCE, ageMs: 0, totalMs: 1, phases: {} });
const verdictOf = (subject: string, verdict: Verdict): StatusReport["verdicts"] => [
  { subject, verdict, reason: "because" },
];
const openIncident = { id: "i", subject: `region:${AWS.id}`, openedAt: SINCE, reason: "" };

describe("the state of a region", () => {
  test.each<[string, StatusReport, ComponentState]>([
    ["serves users", reportOf("healthy", "healthy"), "operational"],
    ["does not serve users", reportOf("unhealthy", "healthy"), "major_outage"],
    ["is not known", reportOf("unknown", "healthy"), "degraded_performance"],
    ["is not known, and was down", reportOf("unknown", "healthy", { incidents: [openIncident] }), "major_outage"],
    [
      "is not known, and was down and up again",
      reportOf("unknown", "healthy", { incidents: [{ ...openIncident, closedAt: SINCE }] }),
      "degraded_performance",
    ],
    [
      "serves users, and one vantage's latest look failed",
      reportOf("healthy", "healthy", { matrix: { [AWS.id]: { a: cell("down"), b: cell("up"), c: cell("missed") } } }),
      "operational",
    ],
    [
      "serves users, and two vantages' latest looks failed",
      reportOf("healthy", "healthy", { matrix: { [AWS.id]: { a: cell("down"), b: cell("up"), c: cell("down") } } }),
      "partial_outage",
    ],
    [
      "claims to be another",
      reportOf("healthy", "healthy", { verdicts: verdictOf(`claim:${AWS.id}`, "deviates") }),
      "partial_outage",
    ],
  ])("that %s", (_name, report, want) => {
    expect(statesOf(report)[0]).toBe(want);
  });

  test.each<Health>(["healthy", "unhealthy", "unknown"])("under maintenance is that, though it is %s", (health) => {
    const report = reportOf(health, "healthy");
    const regions = report.regions.map((region) => (region.id === AWS.id ? { ...region, maintenance: "m1" } : region));
    expect(componentsOf({ ...report, regions })[0]).toMatchObject({ state: "under_maintenance", known: true });
  });

  test("that is not known says so in its description", () => {
    expect(componentsOf(reportOf("unknown", "healthy"))[0]).toMatchObject({
      known: false,
      description: "us-east-1: not enough fresh looks for an opinion",
    });
  });
});

describe("the state of DNS", () => {
  test.each<[string, Partial<StatusReport>, ComponentState]>([
    ["that conforms", {}, "operational"],
    ["that converges", { dns: [dnsRow("conforms"), dnsRow("converging")] }, "degraded_performance"],
    ["that deviates somewhere", { dns: [dnsRow("conforms"), dnsRow("deviates")] }, "partial_outage"],
    ["that deviates everywhere", { dns: [dnsRow("deviates"), dnsRow("deviates")] }, "major_outage"],
    ["that could not be judged", { dns: [dnsRow("conforms"), dnsRow("undecided")] }, "degraded_performance"],
    ["that nobody asked", { dns: [] }, "degraded_performance"],
    ["under a policy that is not kept to", { failover: { ...EMPTY.failover, verdict: "deviates" } }, "partial_outage"],
    ["that fails open", { failover: { ...EMPTY.failover, verdict: "deviates", failOpen: true } }, "major_outage"],
  ])("%s", (_name, more, want) => {
    expect(statesOf(reportOf("healthy", "healthy", more)).at(-1)).toBe(want);
  });

  test("of a monitor that has gone blind is not known, whatever it saw last", () => {
    expect(componentsOf(reportOf("unknown", "unknown")).at(-1)).toMatchObject({ known: false });
  });
});

describe("all components together", () => {
  const component = (state: ComponentState, known = true): Component => ({
    key: state,
    name: state,
    description: "",
    state,
    known,
    since: null,
  });
  const [up, maintained, degraded, partial, major] = COMPONENT_STATES.map((state) => component(state));
  const unknown = component("degraded_performance", false);

  test.each([
    [[up, up], "none", "All Systems Operational"],
    [[up, maintained], "maintenance", "Service Under Maintenance"],
    [[up, degraded], "minor", "Partially Degraded Service"],
    [[degraded, degraded], "minor", "Degraded System Service"],
    [[up, partial], "minor", "Minor Service Outage"],
    [[partial, partial], "major", "Partial System Outage"],
    [[up, major], "major", "Partial System Outage"],
    [[partial, major], "major", "Partial System Outage"],
    [[major, major], "critical", "Major System Outage"],
    [[up, unknown], "minor", "Status Partly Unknown"],
    [[unknown, unknown], "minor", "Status Unknown"],
    [[unknown, degraded], "minor", "Degraded System Service"],
    [[unknown, maintained], "minor", "Status Partly Unknown"],
  ])("case %#: %s is told as %s", (components, indicator, description) => {
    expect(overallOf(components.flatMap((one) => one ?? []))).toMatchObject({ indicator, description });
  });

  test("nothing that is not known is ever told as operational, nor the whole as fine", () => {
    const health = fc.constantFrom<Health>("healthy", "unhealthy", "unknown");
    const verdict = fc.constantFrom<Verdict>("conforms", "converging", "deviates", "undecided");
    fc.assert(
      fc.property(health, health, fc.array(verdict), verdict, (aws, gcp, dns, failover) => {
        const report = reportOf(aws, gcp, {
          dns: dns.map((one) => dnsRow(one)),
          failover: { ...EMPTY.failover, verdict: failover },
        });
        const components = componentsOf(report);
        for (const { known, state } of components) if (!known) expect(state).not.toBe("operational");
        const fine = aws === "healthy" && gcp === "healthy" && failover === "conforms";
        expect(overallOf(components).indicator === "none").toBe(
          fine && dns.length > 0 && dns.every((one) => one === "conforms"),
        );
      }),
    );
  });

  test("a monitor that has just begun knows nothing", () => {
    expect(overallOf(componentsOf(EMPTY))).toEqual({ indicator: "minor", description: "Status Unknown", known: false });
  });
});
