// Hours of a bucket report, each by what was seen in it, for faces that draw them.
import type { BucketReport } from "../../../monitor/report/bucket-report.ts";
import { shareOf } from "../../../monitor/report/period-report.ts";
import { HOUR_MS, type Instant, toIso } from "../../../monitor/time.ts";
import type { Topology } from "../../../monitor/topology/topology.ts";

export interface HourSeen {
  readonly up: number;
  readonly down: number;
  readonly missed?: number;
  readonly unknown?: number;
  readonly maintenance?: number;
  readonly rounds?: number;
  readonly missedSlots?: number;
}

type Looks = BucketReport["buckets"][number]["regions"][number]["looks"];

function looksOf({ up, down, missed = 0, unknown = 0, maintenance }: HourSeen): Looks {
  const share = shareOf(up, up + down);
  const none = { p50Ms: null, p95Ms: null, p99Ms: null, causes: [] };
  return {
    availability: share,
    reachability: share,
    up,
    down,
    unknown,
    missed,
    ...none,
    ...(maintenance === undefined ? {} : { maintenance }),
  };
}

/** By the beginning of the hour and the region; null: there was no round in it. */
export function hourBuckets(
  topology: Topology,
  hours: readonly Instant[],
  seen: (from: Instant, region: string) => HourSeen | null,
): BucketReport {
  const [first = 0] = hours;
  const last = hours.at(-1) ?? first;
  return {
    schemaVersion: 1,
    generatedAt: toIso(last + HOUR_MS),
    window: { from: toIso(first), to: toIso(last + HOUR_MS) },
    service: { name: topology.service.name, host: topology.service.host },
    width: "hour",
    buckets: hours.flatMap((from) => {
      const regions = topology.regions.flatMap(({ id }) => {
        const hour = seen(from, id);
        return hour === null ? [] : [{ id, hour }];
      });
      const [one] = regions;
      if (one === undefined) return [];
      const { rounds = 120, missedSlots = 0 } = one.hour;
      const rows = regions.map(({ id, hour }) => ({ id, looks: looksOf(hour) }));
      const times = { from: toIso(from), to: toIso(from + HOUR_MS) };
      return [{ ...times, rounds, missedSlots, regions: rows, dnsConformance: shareOf(0, 0) }];
    }),
  };
}
