// Unit tests for promtool of the rules in docs/metrics.md: each alert with series that must fire it, and with series beside them
// that must not.
const CELL = 'http_client_request_duration_seconds_bucket{region="a",vantage="enam",le=';

const SILENT = "The monitor makes no rounds, or cannot be scraped: nothing above would fire";

interface Fired {
  readonly alertname: string;
  /** In minutes. */
  readonly at: number;
  /** The series that fire, none or one, and what a person is told. */
  readonly labels: readonly Readonly<Record<string, string>>[];
  readonly summary?: string;
}

interface RuleTest {
  readonly name: string;
  /** By series, in promtool's notation. */
  readonly series: Readonly<Record<string, string>>;
  readonly fires: readonly Fired[];
}

const TESTS: readonly RuleTest[] = [
  {
    name: "a region that is down for more than a minute pages, one that a drill broke has no sample and does not",
    series: {
      'edge_incident_opened_timestamp_seconds{subject="region:a"}': "60x10",
      'edge_incident_opened_timestamp_seconds{subject="dns:x"}': "60x10",
    },
    fires: [
      { alertname: "RegionDoesNotServe", at: 2, labels: [] },
      {
        alertname: "RegionDoesNotServe",
        at: 3,
        labels: [{ subject: "region:a", severity: "page" }],
        summary: "region:a has not served users for 2m 0s",
      },
    ],
  },
  {
    name: "one vantage whose DNS is wrong pages nobody, two do",
    series: {
      ...deviating("enam", "authoritative"),
      ...deviating("weur", "authoritative"),
      ...deviating("enam", "recursive"),
    },
    fires: [
      {
        alertname: "DnsAgainstPolicy",
        at: 2,
        labels: [{ name: "x", view: "authoritative", rule: "failover", severity: "page" }],
        summary: "x (authoritative) is answered against the failover policy at 2 vantages",
      },
    ],
  },
  {
    name: "nor do two while a drill runs",
    series: { ...deviating("enam", "recursive"), ...deviating("weur", "recursive"), edge_drill_running: "1x10" },
    fires: [{ alertname: "DnsAgainstPolicy", at: 2, labels: [] }],
  },
  {
    name: "an answer without a healthy region pages after a minute",
    series: { edge_failover_fail_open: "0 1x10" },
    fires: [
      { alertname: "NoHealthyRegion", at: 1, labels: [] },
      {
        alertname: "NoHealthyRegion",
        at: 2,
        labels: [{ severity: "page" }],
        summary: "The policy has no healthy region left and answers all the same",
      },
    ],
  },
  {
    name: "a region that serves slowly is a ticket",
    series: { ...slowLooks(), 'edge_consensus_state{region="a",view="user",state="healthy"}': "1x60" },
    fires: [
      {
        alertname: "RegionSlow",
        at: 40,
        labels: [{ region: "a", vantage: "enam", severity: "ticket" }],
        summary: "a is slow from enam: p95 2.125s",
      },
    ],
  },
  {
    name: "one under maintenance may be",
    series: {
      ...slowLooks(),
      'edge_consensus_state{region="a",view="user",state="healthy"}': "1x60",
      'edge_maintenance_active{region="a"}': "1x60",
    },
    fires: [{ alertname: "RegionSlow", at: 40, labels: [] }],
  },
  {
    name: "one that does not serve is not slow",
    series: { ...slowLooks(), 'edge_consensus_state{region="a",view="user",state="healthy"}': "0x60" },
    fires: [{ alertname: "RegionSlow", at: 40, labels: [] }],
  },
  {
    name: "a budget that burns fast pages, only where both windows burn",
    series: {
      ...burning("a", { "1h": 20, "5m": 1000, "6h": 7, "30m": 5 }),
      ...burning("c", { "1h": 20, "5m": 0, "6h": 7, "30m": 0 }),
    },
    fires: [
      {
        alertname: "BudgetBurnsFast",
        at: 3,
        labels: [{ objective: "a", severity: "page" }],
        summary: "a burns its error budget 20 times as fast as its target allows",
      },
    ],
  },
  {
    name: "and so does one that burns for six hours, but not because of a drill",
    series: { ...burning("b", { "1h": 10, "5m": 10, "6h": 7, "30m": 10 }), edge_drill_running: "0x9 1x20" },
    fires: [
      {
        alertname: "BudgetBurnsFast",
        at: 3,
        labels: [{ objective: "b", severity: "page" }],
        summary: "b burns its error budget 7 times as fast as its target allows",
      },
      { alertname: "BudgetBurnsFast", at: 15, labels: [] },
    ],
  },
  {
    name: "one that burns slowly is a ticket",
    series: { ...burning("a", { "1d": 4, "2h": 5, "3d": 0.9, "6h": 2 }) },
    fires: [
      { alertname: "BudgetBurnsFast", at: 20, labels: [] },
      {
        alertname: "BudgetBurnsSlowly",
        at: 20,
        labels: [{ objective: "a", severity: "ticket" }],
        summary: "a burns its error budget 4 times as fast as its target allows",
      },
    ],
  },
  {
    name: "a monitor that makes no rounds pages",
    series: { edge_last_round_age_seconds: "10 310+60x10" },
    fires: [{ alertname: "MonitorSilent", at: 4, labels: [{ severity: "page" }], summary: SILENT }],
  },
  {
    name: "and so does one that is gone",
    series: { up: "0x10" },
    fires: [{ alertname: "MonitorSilent", at: 3, labels: [{ severity: "page" }], summary: SILENT }],
  },
  {
    name: "one that makes its rounds does not",
    series: { edge_last_round_age_seconds: "10 40 10 40 10 40" },
    fires: [{ alertname: "MonitorSilent", at: 4, labels: [] }],
  },
];

function burning(objective: string, rates: Readonly<Record<string, number>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(rates).map(([window, rate]) => [
      `edge_slo_burn_rate{objective="${objective}",window="${window}"}`,
      `${rate}x30`,
    ]),
  );
}

function deviating(vantage: string, view: string): Readonly<Record<string, string>> {
  const labels = `name="x",type="A",vantage="${vantage}",view="${view}",rule="failover"`;
  return {
    [`edge_dns_policy_match{${labels},verdict="deviates"}`]: "1x10",
    [`edge_dns_policy_match{${labels},verdict="conforms"}`]: "0x10",
  };
}

/** Two a minute, a fifth of them between 1 and 2.5 s. */
function slowLooks(): Readonly<Record<string, string>> {
  return { [`${CELL}"1.0"}`]: "0+8x60", [`${CELL}"2.5"}`]: "0+10x60", [`${CELL}"+Inf"}`]: "0+10x60" };
}

/** A file for `promtool test rules`, in JSON, which is YAML. */
export function ruleTestFile(rulesFile: string): string {
  const tests = TESTS.map(({ name, series, fires }) => ({
    name,
    interval: "1m",
    input_series: Object.entries(series).map(([of, values]) => ({ series: of, values })),
    alert_rule_test: fires.map(({ alertname, at, labels, summary }) => ({
      eval_time: `${at}m`,
      alertname,
      exp_alerts: labels.map((exp_labels) => ({ exp_labels, exp_annotations: { summary } })),
    })),
  }));
  return JSON.stringify({ rule_files: [rulesFile], evaluation_interval: "1m", tests });
}
