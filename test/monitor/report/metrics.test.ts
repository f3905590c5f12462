import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Meters, NO_METERS } from "../../../monitor/report/meters.ts";
import { makeMetrics } from "../../../monitor/report/metrics.ts";
import { makeStatus } from "../../../monitor/report/status.ts";
import type { StatusReport } from "../../../monitor/report/status-schema.ts";
import { formatMetrics } from "../../../monitor/report/prometheus-text.ts";
import { EMPTY_STATE } from "../../../monitor/run/state.ts";
import { AWS, EXAMPLE, GCP } from "../../support/example-topology.ts";
import { EVERY_METRIC } from "./every-metric.ts";
import { RICH, RICH_METERS } from "./rich-status.ts";

const GOLDEN = import.meta.glob<string>("./golden/*", { query: "?raw", import: "default", eager: true });
const metricsOf = (status: StatusReport, meters: Meters = RICH_METERS): string => makeMetrics({ status, meters });
const text = metricsOf(RICH);

/** The samples of one name, as "{labels} value". */
function samples(name: string, of: string = text): readonly string[] {
  return of
    .split("\n")
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
    .map((line) => line.slice(name.length).trim());
}

test("the page is the golden one, to the byte", () => {
  expect(text).toBe(GOLDEN["./golden/metrics.txt"]);
});

/** Those that no other monitor has. */
const OWN_NAMES = [
  "http_client_request_duration_seconds",
  "edge_probe_info",
  "edge_consensus_state",
  "edge_dns_policy_match",
  "edge_dns_answer_info",
  "edge_failover_active",
  "edge_failover_seconds",
  "edge_served_by_region_total",
  "edge_slo_error_budget_ratio",
  "edge_scheduler_lag_seconds",
  "edge_probe_age_seconds",
];

test.each(OWN_NAMES)("%s is there", (name) => {
  expect(makeMetrics(EVERY_METRIC)).toContain(`# TYPE ${name} `);
});

describe("blackbox_exporter's names", () => {
  test("a look that served is a success, one that did not is none", () => {
    expect(samples("probe_success")).toEqual([
      '{region="aws-us-east-1",vantage="enam"} 1',
      '{region="aws-us-east-1",vantage="weur"} 0',
      '{region="gcp-europe-west1",vantage="enam"} 1',
    ]);
  });

  test("a cell that is unknown or missed has no probe sample at all", () => {
    const probes = text.split("\n").filter((line) => line.startsWith("probe_") && line.includes("region="));
    expect(probes.filter((line) => line.includes('vantage="oc"'))).toEqual([]);
    expect(probes.filter((line) => line.includes(`region="${GCP.id}",vantage="weur"`))).toEqual([]);
  });

  test("a phase that was not reached is absent, and never 0", () => {
    expect(samples("probe_http_duration_seconds").filter((line) => line.includes(AWS.id))).toEqual([
      '{region="aws-us-east-1",vantage="enam",phase="resolve"} 0.002',
      '{region="aws-us-east-1",vantage="enam",phase="connect"} 0.005',
      '{region="aws-us-east-1",vantage="enam",phase="tls"} 0.0125',
      '{region="aws-us-east-1",vantage="enam",phase="processing"} 0.03',
      '{region="aws-us-east-1",vantage="enam",phase="transfer"} 0.0015',
      '{region="aws-us-east-1",vantage="weur",phase="connect"} 0.007',
    ]);
  });

  test("a probe that did not end has no duration", () => {
    expect(samples("probe_duration_seconds").map((line) => line.split(" ")[0])).toEqual([
      '{region="aws-us-east-1",vantage="enam"}',
      '{region="gcp-europe-west1",vantage="enam"}',
    ]);
  });

  test("a look of long ago is no longer a success", () => {
    const cells = RICH.matrix[AWS.id]?.["enam"];
    const aged = (ageMs: number) =>
      metricsOf({
        ...RICH,
        matrix: { [AWS.id]: { enam: { state: "up", at: null, totalMs: 1, phases: {}, ...cells, ageMs } } },
      });
    expect(samples("probe_success", aged(900_000))).toHaveLength(1);
    expect(samples("probe_success", aged(900_001))).toEqual([]);
    expect(samples("edge_probe_age_seconds", aged(900_001))).toHaveLength(1);
  });
});

describe("what only we have", () => {
  test("every state is 1 for exactly one of its values", () => {
    for (const [name, label] of [
      ["edge_probe_state", "state"],
      ["edge_consensus_state", "state"],
      ["edge_verdict", "verdict"],
      ["edge_subject_verdict", "verdict"],
      ["edge_dns_policy_match", "verdict"],
    ] as const) {
      const sums = new Map<string, number>();
      for (const line of samples(name)) {
        const [labels = "", value = ""] = line.split(" ");
        const rest = labels.replace(new RegExp(`,?${label}="[^"]*"`), "");
        sums.set(rest, (sums.get(rest) ?? 0) + Number(value));
      }
      expect([name, [...new Set(sums.values())]]).toEqual([name, [1]]);
    }
  });

  test("before the first round nothing is claimed of any region, and there are no rounds", () => {
    const empty = metricsOf(makeStatus(EXAMPLE, EMPTY_STATE, 0), NO_METERS);
    expect(empty).not.toMatch(/^probe_/m);
    expect(samples("edge_rounds_total", empty)).toEqual(["0"]);
    expect(samples("edge_last_round_age_seconds", empty)).toEqual([]);
    expect(samples("edge_vantage_missed", empty)).toEqual([]);
    expect(samples("edge_consensus_state", empty).filter((line) => line.includes('"unknown"} 1'))).toHaveLength(4);
  });

  test("a vantage that fell silent is told from one that failed", () => {
    expect(samples("edge_vantage_missed")).toEqual(['{vantage="enam"} 0', '{vantage="weur"} 0', '{vantage="oc"} 1']);
  });

  test("what a drill or maintenance explains counts apart, and has no beginning that could page", () => {
    const incident = { subject: `region:${AWS.id}`, openedAt: "2026-11-28T12:00:00.000Z", reason: "down" };
    const told = metricsOf({
      ...RICH,
      incidents: [
        { ...incident, id: "i1" },
        { ...incident, id: "i2", subject: "failover", causedBy: "a-drill" },
        { ...incident, id: "i3", closedAt: "2026-11-28T12:01:00.000Z" },
      ],
    });
    expect(samples("edge_incidents_open", told)).toEqual(["1"]);
    expect(samples("edge_incidents_planned", told)).toEqual(["1"]);
    expect(samples("edge_incident_opened_timestamp_seconds", told)).toEqual([
      `{subject="region:${AWS.id}"} ${Date.UTC(2026, 10, 28, 12) / 1000}`,
    ]);
  });

  test("which region is active depends on the asker where the routing does", () => {
    const both = metricsOf({
      ...RICH,
      failover: { ...RICH.failover, active: null, activeByVantage: { enam: AWS.id, weur: GCP.id, oc: null } },
    });
    expect(samples("edge_failover_active", both)).toEqual([]);
    expect(samples("edge_failover_active_by_vantage", both).filter((line) => line.endsWith(" 1"))).toEqual([
      '{vantage="enam",region="aws-us-east-1"} 1',
      '{vantage="weur",region="gcp-europe-west1"} 1',
    ]);
  });
});

test("name servers that are asked in turn are one series: the worst speaks, and the latest answer is told", () => {
  const [row] = RICH.dns;
  if (row === undefined) throw new Error("there is a row");
  const at = (seconds: number): string => `1970-01-01T00:01:${seconds}.000Z`;
  const servers = metricsOf({
    ...RICH,
    dns: [
      { ...row, server: "192.0.2.1", at: at(10), verdict: "deviates", answer: ["192.0.2.1"] },
      { ...row, server: "192.0.2.2", at: at(30), verdict: "conforms", answer: ["192.0.2.2"] },
      { ...row, server: "192.0.2.3", at: at(20), verdict: "converging", rcode: null, answer: [] },
    ],
  });
  expect(samples("edge_dns_policy_match", servers).filter((line) => line.endsWith(" 1"))).toEqual([
    expect.stringContaining('verdict="deviates"'),
  ]);
  expect(samples("edge_dns_answer_info", servers)).toEqual([expect.stringContaining('answer="192.0.2.2"')]);
  expect(samples("probe_dns_answer_rrs", servers)).toEqual([expect.stringMatching(/ 1$/)]);
  const all = servers.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  const series = all.map((line) => line.slice(0, line.lastIndexOf(" ")));
  expect(series).toEqual([...new Set(series)]);
});

describe("what is counted for ever", () => {
  test("a bucket holds all that are below it, the last one all that there are, failed looks too", () => {
    const of = (part: string, cell: string) =>
      samples(`http_client_request_duration_seconds${part}`)
        .filter((line) => line.includes(cell))
        .map((line) => Number(line.split(" ")[1]));
    const cell = '{region="aws-us-east-1",vantage="enam"';
    expect(of("_bucket", cell)).toEqual([0, 0, 0, 0, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4]);
    expect([of("_sum", cell), of("_count", cell)]).toEqual([[0.204], [4]]);
    const refused = '{region="aws-us-east-1",vantage="oc"';
    expect(of("_bucket", refused)).toEqual([...Array.from({ length: 16 }, () => 0), 3]);
    expect([of("_sum", refused), of("_count", refused)]).toEqual([[0], [3]]);
  });

  test("bounds are written as Prometheus 3 keeps them", () => {
    const bounds = new Set([...text.matchAll(/,le="([^"]+)"/g)].map(([, bound]) => bound));
    expect([...bounds].filter((bound) => bound !== "+Inf" && bound?.includes(".") !== true)).toEqual([]);
    expect(bounds.size).toBe(17);
  });

  test("what was never counted or measured has no sample", () => {
    const empty = metricsOf(RICH, NO_METERS);
    for (const name of ["http_client_request", "edge_served_by", "edge_failover_seconds", "edge_scheduler_lag"])
      expect([name, empty.includes(name)]).toEqual([name, false]);
  });
});

describe("the text format", () => {
  test.each([
    { name: "a backslash", value: "a\\b", want: "a\\\\b" },
    { name: "a quote", value: 'a"b', want: 'a\\"b' },
    { name: "a line's end", value: "a\nb", want: "a\\nb" },
    { name: "a backslash before an n", value: "a\\n", want: "a\\\\n" },
  ])("$name in a label is escaped", ({ value, want }) => {
    const family = { name: "x", type: "gauge" as const, help: "h", samples: [{ labels: { l: value }, value: 1 }] };
    expect(formatMetrics([family])).toBe(`# HELP x h\n# TYPE x gauge\nx{l="${want}"} 1\n`);
  });

  test("whatever a label holds, a sample is one line and reads back as it was", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (value) => {
        const family = { name: "x", type: "gauge" as const, help: "h", samples: [{ labels: { l: value }, value: 1 }] };
        const [, , line = ""] = formatMetrics([family]).split("\n");
        const inside = /^x\{l="(.*)"\} 1$/su.exec(line)?.[1] ?? "no match";
        return inside.replaceAll(/\\([\\"n])/g, (_, c: string) => (c === "n" ? "\n" : c)) === value;
      }),
    );
  });

  test("a name stands once, and is explained before its samples", () => {
    const names = text.split("\n").flatMap((line) => /^# HELP (\S+)/.exec(line)?.[1] ?? []);
    expect(names).toEqual([...new Set(names)]);
    const used = text
      .split("\n")
      .flatMap((line) => /^([a-z_]+)[{ ]/.exec(line)?.[1] ?? [])
      .map((name) => name.replace(/^(http_client_request_duration_seconds)_(bucket|sum|count)$/, "$1"));
    expect([...new Set(used)]).toEqual(names);
  });

  test("a name that ends in its unit says so", () => {
    for (const [, name = ""] of text.matchAll(/^# TYPE (\S+)/gm)) {
      expect([name, text.includes(`# UNIT ${name} seconds\n`)]).toEqual([name, name.endsWith("_seconds")]);
    }
  });
});

test("Route 53's checkers are there only where it was asked, and make no health", () => {
  expect(text).not.toContain("edge_route53_checkers");
  const row = { healthCheck: "hc", region: AWS.id, checkers: { healthy: 14, total: 16 }, at: RICH.generatedAt };
  const asked = metricsOf({ ...RICH, route53: [row, { ...row, healthCheck: "other", region: null }] });
  const lines = asked.split("\n").filter((line) => line.startsWith("edge_route53_checkers"));
  expect(lines).toEqual([
    'edge_route53_checkers{health_check="hc",region="aws-us-east-1",look="success"} 14',
    'edge_route53_checkers{health_check="hc",region="aws-us-east-1",look="failure"} 2',
    'edge_route53_checkers{health_check="other",region="",look="success"} 14',
    'edge_route53_checkers{health_check="other",region="",look="failure"} 2',
  ]);
  const own = (metrics: string): readonly string[] =>
    metrics.split("\n").filter((line) => !line.includes("edge_route53_checkers"));
  expect(own(asked)).toEqual(own(text));
});
