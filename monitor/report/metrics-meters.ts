// The metrics that need a memory of their own: how long looks took, where resolvers led users, how late rounds begin, and how
// long failovers took. What was never counted or measured has no sample.
import { SECOND_MS } from "../time.ts";
import { FAILOVER_STAGES, type StageTime } from "../verify/failover-times.ts";
import { alone, counter, seconds } from "./metric-family.ts";
import { BUCKET_SECONDS, type LookMeter, type Meters } from "./meters.ts";
import type { MetricFamily, Sample } from "./prometheus-text.ts";

export function meterFamilies(meters: Meters): readonly MetricFamily[] {
  return [
    lookFamily(meters),
    ...ledFamilies(meters),
    ...failoverTimeFamilies(meters),
    seconds(
      "edge_scheduler_lag_seconds",
      "How late after its slot the latest round began. A round that is an interval late is a missed slot instead.",
      meters.lagMs === null ? [] : [alone(meters.lagMs / SECOND_MS)],
    ),
  ];
}

function lookFamily({ looks }: Meters): MetricFamily {
  return {
    name: "http_client_request_duration_seconds",
    type: "histogram",
    unit: "seconds",
    help: "How long the fetch of the health path took. A look that failed counts as longer than every bucket, and is not in the sum.",
    samples: eachCell(looks, (labels, meter) => histogramSamples(labels, meter)),
  };
}

/** Cumulative, as the format wants it. Bounds always have a decimal point: Prometheus 3 writes them so, and queries name them. */
function histogramSamples(labels: Sample["labels"], { counts, sumMs }: LookMeter): readonly Sample[] {
  let passed = 0;
  const buckets = counts.map((count, index): Sample => {
    passed += count;
    const bound = BUCKET_SECONDS[index];
    const le = bound === undefined ? "+Inf" : Number.isInteger(bound) ? `${bound}.0` : `${bound}`;
    return { suffix: "_bucket", labels: { ...labels, le }, value: passed };
  });
  return [
    ...buckets,
    { suffix: "_sum", labels, value: sumMs / SECOND_MS },
    { suffix: "_count", labels, value: passed },
  ];
}

function ledFamilies({ led, astray }: Meters): readonly MetricFamily[] {
  return [
    counter(
      "edge_served_by_region_total",
      "Rounds in which DNS as users have it led that vantage to the region. An answer with addresses of several regions counts for each.",
      eachCell(led, (labels, value) => [{ labels, value }]),
    ),
    counter(
      "edge_served_by_no_region_total",
      "Rounds in which DNS as users have it led that vantage to none of the regions: other addresses, or no answer.",
      Object.entries(astray).map(([vantage, value]) => ({ labels: { vantage }, value })),
    ),
  ];
}

function failoverTimeFamilies({ failovers }: Meters): readonly MetricFamily[] {
  const samples = (valueMs: (time: StageTime) => number): readonly Sample[] =>
    Object.entries(failovers).flatMap(([region, times]) =>
      FAILOVER_STAGES.flatMap((stage) => {
        const time = times[stage];
        return time === undefined ? [] : [{ labels: { region, stage }, value: valueMs(time) / SECOND_MS }];
      }),
    );
  return [
    seconds(
      "edge_failover_seconds",
      "How long the latest measured failover of a region took, as an upper bound at the slowest vantage: detection (fault to unhealthy), failover (fault to name servers moved), recovery (fault to users led to a region that serves), failback (repair to name servers back).",
      samples(({ tookMs }) => tookMs),
    ),
    seconds(
      "edge_failover_change_timestamp_seconds",
      "When the fault or the repair from which that stage is counted was seen, in Unix time: stages with the same are of one failover.",
      samples(({ changedBy }) => changedBy),
    ),
  ];
}

type ByCell<T> = Readonly<Record<string, Readonly<Record<string, T>>>>;

function eachCell<T>(
  cells: ByCell<T>,
  samplesOf: (labels: Sample["labels"], value: T) => readonly Sample[],
): readonly Sample[] {
  return Object.entries(cells).flatMap(([region, row]) =>
    Object.entries(row).flatMap(([vantage, value]) => samplesOf({ region, vantage }, value)),
  );
}
