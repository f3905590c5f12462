// The table of families in docs/metrics.md, made from the families themselves; what it means that one is absent stands here.
import { metricFamilies } from "../../monitor/report/metrics.ts";
import type { MetricFamily } from "../../monitor/report/prometheus-text.ts";
import { EVERY_METRIC } from "../monitor/report/every-metric.ts";
import { withMadePart } from "./made-part.ts";

export const METRICS_GUIDE = "docs/metrics.md";

export interface Size {
  readonly R: number;
  readonly V: number;
  readonly N: number;
  readonly S: number;
  readonly C: number;
  readonly O: number;
}

export interface FamilyNote {
  readonly absent: string;
  /** "6R": how many series there may be, and the same as a function. */
  readonly series: string;
  readonly seriesOf: (size: Size) => number;
}

const note = (series: string, seriesOf: FamilyNote["seriesOf"], absent: string): FamilyNote => ({
  absent,
  series,
  seriesOf,
});
const one = (absent: string): FamilyNote => note("1", () => 1, absent);
const perRegion = (absent: string): FamilyNote => note("R", ({ R }) => R, absent);
const perVantage = (absent: string): FamilyNote => note("V", ({ V }) => V, absent);
const perCell = (absent: string): FamilyNote => note("R × V", ({ R, V }) => R * V, absent);
const perObjective = (absent: string): FamilyNote => note("O", ({ O }) => O, absent);
const perAnswer = (absent: string): FamilyNote => note("N × V", ({ N, V }) => N * V, absent);

const NEVER = "never";
const NOT_LOOKED =
  "no look of the last 15 minutes says anything of the region: none was made, or it was our own failure";
const NO_DNS = "the vantage took no part in the latest round, or does not ask DNS";
const NO_ROUND = "no round was made yet";
const ROUTER_OFF = "the router is off";
const NOT_READ_AGAIN = "the topology is not read again while the monitor runs (a Worker)";
const NOTHING_PROMISED = "the topology has no objectives";
const NOT_MEASURED = "nothing was measured in the objective's window";
const NOBODY_TOLD = "no channel is configured";
const NEVER_FAILED_OVER = "the stage was never measured";

export const FAMILY_NOTES: Readonly<Record<string, FamilyNote>> = {
  probe_success: perCell(NOT_LOOKED),
  probe_duration_seconds: perCell("the fetch did not end"),
  probe_dns_lookup_time_seconds: perCell("the vantage cannot see it (a Worker), or it was not reached"),
  probe_http_duration_seconds: note(
    "5 × R × V",
    ({ R, V }) => 5 * R * V,
    "the phase was not reached, or the vantage cannot see it",
  ),
  probe_dns_query_succeeded: perAnswer(NO_DNS),
  probe_dns_answer_rrs: perAnswer("there was no reply"),
  edge_service_info: one(NEVER),
  edge_simulated: one(NEVER),
  edge_consensus_state: note("6R", ({ R }) => 6 * R, NEVER),
  edge_probe_info: perCell("the vantage never took part"),
  edge_probe_state: note("4 × R × V", ({ R, V }) => 4 * R * V, NEVER),
  edge_probe_failure_info: perCell("the latest look did not fail, or the vantage took no part"),
  edge_probe_age_seconds: perCell("there was never a look"),
  edge_vantage_missed: perVantage(NO_ROUND),
  edge_vantage_private: perVantage("the vantage is not private"),
  edge_verdict: note("4", () => 4, NEVER),
  edge_subject_verdict: note("4S", ({ S }) => 4 * S, NO_ROUND),
  edge_dns_policy_match: note("4 × N × V", ({ N, V }) => 4 * N * V, "the question was never asked"),
  edge_dns_answer_info: perAnswer("the question was never asked"),
  edge_failover_active: perRegion("nobody can say, or it depends on the asker"),
  edge_failover_active_by_vantage: perCell("it does not depend on the asker, or nobody can say for that vantage"),
  edge_failover_fail_open: one(NEVER),
  edge_incidents_open: one(NEVER),
  edge_incidents_planned: one(NEVER),
  edge_incident_opened_timestamp_seconds: note(
    "S",
    ({ S }) => S,
    "the subject has no open incident, or a drill or maintenance explains it",
  ),
  edge_drill_running: one(NEVER),
  edge_drill_expires_timestamp_seconds: one("no drill runs"),
  edge_maintenance_active: perRegion(NEVER),
  edge_incidents_muted: one(NEVER),
  edge_mutes_active: one(NEVER),
  edge_router_requests_total: one(ROUTER_OFF),
  edge_router_served_total: perRegion(ROUTER_OFF),
  edge_router_retries_total: one(ROUTER_OFF),
  edge_router_vain_retries_total: one(ROUTER_OFF),
  edge_router_isolates: one(ROUTER_OFF),
  edge_router_fail_open: one(ROUTER_OFF),
  edge_router_drained: perRegion(ROUTER_OFF),
  edge_router_suspected_by: perRegion(ROUTER_OFF),
  edge_router_mismatch: perRegion(ROUTER_OFF),
  edge_route53_checkers: note("2 a health check", ({ R }) => 2 * R, "Route 53 is not asked what its checkers see"),
  edge_rounds_total: one(NEVER),
  edge_missed_slots_total: one(NEVER),
  edge_last_round_timestamp_seconds: one(NO_ROUND),
  edge_last_round_age_seconds: one(NO_ROUND),
  edge_topology_reload_success: one(NOT_READ_AGAIN),
  edge_topology_reload_timestamp_seconds: one(NOT_READ_AGAIN),
  edge_slo_objective_ratio: perObjective(NOTHING_PROMISED),
  edge_slo_achieved_ratio: perObjective(NOT_MEASURED),
  edge_slo_error_budget_ratio: perObjective(NOT_MEASURED),
  edge_slo_burn_rate: note("7O", ({ O }) => 7 * O, "nothing was measured in that window"),
  edge_slo_measured_ratio: perObjective("the objective's window has no round, or nothing but maintenance"),
  edge_alert_deliveries_total: note("3C", ({ C }) => 3 * C, NOBODY_TOLD),
  edge_alert_outbox_length: note("C", ({ C }) => C, NOBODY_TOLD),
  edge_alert_outbox_age_seconds: note("C", ({ C }) => C, "nothing waits for its delivery"),
  http_client_request_duration_seconds: note(
    "19 × R × V",
    ({ R, V }) => 19 * R * V,
    "no look ever said anything of the region",
  ),
  edge_served_by_region_total: perCell("that vantage asks no resolver"),
  edge_served_by_no_region_total: perVantage("that vantage asks no resolver"),
  edge_failover_seconds: note("4R", ({ R }) => 4 * R, NEVER_FAILED_OVER),
  edge_failover_change_timestamp_seconds: note("4R", ({ R }) => 4 * R, NEVER_FAILED_OVER),
  edge_scheduler_lag_seconds: one(NO_ROUND),
};

export function metricsGuide(): string {
  return withMadePart(METRICS_GUIDE, "the code", familyTable());
}

function familyTable(): string {
  return [
    "| family | type | unit | labels | series | what it is | absent when |",
    "|---|---|---|---|---|---|---|",
    ...metricFamilies(EVERY_METRIC).map(familyRow),
    "",
  ].join("\n");
}

function familyRow({ name, type, unit, help, samples }: MetricFamily): string {
  const labels = [...new Set(samples.flatMap((sample) => Object.keys(sample.labels)))];
  const told = FAMILY_NOTES[name];
  if (told === undefined) throw new Error(`expected a note on ${name} in test/docs/metrics-guide.ts`);
  const { series, absent } = told;
  const words = labels.map((label) => `\`${label}\``).join(", ");
  return `| \`${name}\` | ${type} | ${unitOf(name, unit)} | ${words} | ${series} | ${help} | ${absent} |`;
}

function unitOf(name: string, unit: MetricFamily["unit"]): string {
  return name.endsWith("_timestamp_seconds") ? "Unix time in seconds" : (unit ?? "");
}
