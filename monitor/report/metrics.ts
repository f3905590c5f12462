// The status report for Prometheus: first blackbox_exporter's own names, so that its dashboards and alerts work unchanged,
// then `edge_*` for what only we know. What was not measured has no sample: a 0 would be a claim.
import type { Phase } from "../model.ts";
import { parseIso, SECOND_MS } from "../time.ts";
import type { Meters } from "./meters.ts";
import { meterFamilies } from "./metrics-meters.ts";
import { edgeFamilies } from "./metrics-edge.ts";
import { formatMetrics, type MetricFamily, type Sample } from "./prometheus-text.ts";
import type { StatusCell, StatusReport } from "./status-schema.ts";

/** Three of the longest intervals that a topology may have: an older look is no longer the present. */
const LOOK_AGE_MAX_MS = 900 * SECOND_MS;

/** blackbox_exporter's words, in the order of its own page. */
const PHASE_WORDS: readonly (readonly [Phase, string])[] = [
  ["dns", "resolve"],
  ["connect", "connect"],
  ["tls", "tls"],
  ["ttfb", "processing"],
  ["transfer", "transfer"],
];

export interface MetricsSource {
  readonly status: StatusReport;
  readonly meters: Meters;
}

/** Prometheus text format 0.0.4. Regions and vantages stand in the order of the topology. */
export function makeMetrics(source: MetricsSource): string {
  return formatMetrics(metricFamilies(source));
}

/** Those that have nothing to say just now as well, but for parts that are switched off. */
export function metricFamilies({ status, meters }: MetricsSource): readonly MetricFamily[] {
  return [
    ...probeFamilies(freshCells(status)),
    ...dnsFamilies(status),
    ...edgeFamilies(status),
    ...meterFamilies(meters),
  ];
}

interface LabelledCell {
  readonly labels: { readonly region: string; readonly vantage: string };
  readonly cell: StatusCell;
}

/** The looks that say something of their region now. */
function freshCells({ matrix }: StatusReport): readonly LabelledCell[] {
  return Object.entries(matrix)
    .flatMap(([region, row]) =>
      Object.entries(row).map(([vantage, cell]): LabelledCell => ({ labels: { region, vantage }, cell })),
    )
    .filter(({ cell }) => ["up", "down"].includes(cell.state) && (cell.ageMs ?? Infinity) <= LOOK_AGE_MAX_MS);
}

function probeFamilies(cells: readonly LabelledCell[]): readonly MetricFamily[] {
  return [
    {
      name: "probe_success",
      type: "gauge",
      help: "Displays whether or not the probe was a success: a user would have been served.",
      samples: cells.map(({ labels, cell }) => ({ labels, value: cell.state === "up" ? 1 : 0 })),
    },
    {
      name: "probe_duration_seconds",
      type: "gauge",
      unit: "seconds",
      help: "Returns how long the probe took to complete in seconds: the fetch of the health path. Absent where it did not end.",
      samples: cells.flatMap(({ labels, cell }) => secondsOf(labels, cell.totalMs)),
    },
    {
      name: "probe_dns_lookup_time_seconds",
      type: "gauge",
      unit: "seconds",
      help: "Returns the time taken for probe dns lookup in seconds. Absent where the vantage cannot see it.",
      samples: cells.flatMap(({ labels, cell }) => secondsOf(labels, cell.phases.dns)),
    },
    {
      name: "probe_http_duration_seconds",
      type: "gauge",
      unit: "seconds",
      help: "Duration of http request by phase. A phase that was not reached, or that the vantage cannot see, is absent. From a Worker, processing begins with the request and holds its connection.",
      samples: cells.flatMap(({ labels, cell }) =>
        PHASE_WORDS.flatMap(([phase, word]) => secondsOf({ ...labels, phase: word }, cell.phases[phase])),
      ),
    },
  ];
}

function secondsOf(labels: Sample["labels"], ms: number | null | undefined): readonly Sample[] {
  return ms === null || ms === undefined ? [] : [{ labels, value: ms / SECOND_MS }];
}

/** A row whose vantage took no part in the latest round is of an earlier one, and is left out. */
function dnsFamilies({ dns, vantages, generatedAt }: StatusReport): readonly MetricFamily[] {
  const silent = new Set(vantages.filter((one) => one.missed !== undefined).map((one) => one.id));
  const oldestAt = (parseIso(generatedAt) ?? 0) - LOOK_AGE_MAX_MS;
  const fresh = dns.filter((row) => !silent.has(row.vantage) && (parseIso(row.at) ?? 0) >= oldestAt);
  const rows = fresh.map((row) => ({
    labels: { name: row.name, type: row.type, vantage: row.vantage, view: row.view },
    row,
  }));
  return [
    {
      name: "probe_dns_query_succeeded",
      type: "gauge",
      help: "Displays whether or not the query was executed successfully: any reply came, an error code included.",
      samples: rows.map(({ labels, row }) => ({ labels, value: row.rcode === null ? 0 : 1 })),
    },
    {
      name: "probe_dns_answer_rrs",
      type: "gauge",
      help: "Returns number of entries in the answer resource record list: addresses of the name and type asked for.",
      samples: rows.flatMap(({ labels, row }) => (row.rcode === null ? [] : [{ labels, value: row.answer.length }])),
    },
  ];
}
