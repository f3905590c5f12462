// The status report for Prometheus: first blackbox_exporter's own names, so that its dashboards and alerts work unchanged,
// then `edge_*` for what only we know. What was not measured has no sample: a 0 would be a claim.
import type { Phase } from "../model/observation.ts";
import { SECOND_MS } from "../time.ts";
import type { Meters } from "./meters.ts";
import { meterFamilies } from "./metrics-meters.ts";
import { LOOK_AGE_MAX_MS } from "./metric-family.ts";
import { dnsFamilies } from "./metrics-dns.ts";
import { edgeFamilies } from "./metrics-edge.ts";
import { formatMetrics, type MetricFamily, type Sample } from "./prometheus-text.ts";
import type { StatusCell, StatusReport } from "./status-schema.ts";

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
