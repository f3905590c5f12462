// A recent window bucket by bucket, for charts: of each minute, hour or day what a report says of its whole window.
import * as z from "zod/mini";
import { type Instant, toIso } from "../time.ts";
import type { Topology } from "../topology/topology.ts";
import { sumOf } from "../grouping.ts";
import { looksReport, shareOf, type Window, withOthers } from "./period-report.ts";
import { count, instant, looks, share } from "./period-report-schema.ts";
import { type Bucket, BUCKET_WIDTHS, type BucketWidth } from "./rollup.ts";
import { EMPTY_CELL, mergeCells } from "./tally.ts";

export const BUCKET_REPORT_SCHEMA = z.strictObject({
  schemaVersion: z.literal(1),
  generatedAt: instant,
  /** `to` is not part of it. */
  window: z.strictObject({ from: instant, to: instant }),
  service: z.strictObject({ name: z.string(), host: z.string() }),
  width: z.enum(["minute", "hour", "day"]),
  /** The earliest first; one without a round is not there, and the last one may not be over. */
  buckets: z.array(
    z.strictObject({
      from: instant,
      to: instant,
      rounds: count,
      /** As its rounds found them: those before its first round are among them. */
      missedSlots: count,
      /** From all vantages; in the order of the topology, then those that it no longer has. */
      regions: z.array(z.strictObject({ id: z.string(), looks })),
      /** Answers within the policy, of all that were judged. */
      dnsConformance: share,
    }),
  ),
});

export type BucketReport = z.infer<typeof BUCKET_REPORT_SCHEMA>;

export function makeBucketReport(
  topology: Topology,
  buckets: readonly Bucket[],
  width: BucketWidth,
  window: Window,
  at: Instant,
): BucketReport {
  return {
    schemaVersion: 1,
    generatedAt: toIso(at),
    window: { from: toIso(window.from), to: toIso(window.to) },
    service: { name: topology.service.name, host: topology.service.host },
    width,
    buckets: buckets.filter(({ tally }) => tally.rounds > 0).map((bucket) => bucketRow(topology, bucket)),
  };
}

function bucketRow(topology: Topology, { from, width, tally }: Bucket): BucketReport["buckets"][number] {
  const known = topology.regions.map((region) => region.id);
  const verdicts = Object.values(tally.dns);
  const within = sumOf(verdicts, ({ conforms, converging }) => conforms + converging);
  return {
    from: toIso(from),
    to: toIso(from + BUCKET_WIDTHS[width]),
    rounds: tally.rounds,
    missedSlots: tally.missedSlots,
    regions: withOthers(known, Object.keys(tally.cells)).map((id) => {
      const cells = Object.values(tally.cells[id] ?? {});
      return { id, looks: looksReport(cells.length === 0 ? EMPTY_CELL : mergeCells(cells)) };
    }),
    dnsConformance: shareOf(within, within + sumOf(verdicts, ({ deviates }) => deviates)),
  };
}
