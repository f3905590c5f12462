// The buckets of a recent window: minutes from its rounds, hours and days from what is kept, and the one that is not over from
// its rounds again.
import type { MonitorState } from "../model/state.ts";
import { type BucketReport, makeBucketReport } from "../report/bucket-report.ts";
import { type Bucket, BUCKET_WIDTHS, type BucketWidth, rollUp } from "../report/rollup.ts";
import { HOUR_MS, type Instant, slotAt } from "../time.ts";
import type { Topology } from "../topology/topology.ts";
import { type Ledger, readCounted, runStretch } from "./period.ts";
import type { StoreResult } from "./world.ts";

export interface BucketWish {
  readonly width: BucketWidth;
  readonly windowMs: number;
}

/** The window begins on the grid of its buckets, at least `windowMs` ago; its caller bounds how many there may be. */
export async function runRecentBuckets(
  topology: Topology,
  state: MonitorState,
  { width, windowMs }: BucketWish,
  ledger: Ledger,
  at: Instant,
): Promise<StoreResult<BucketReport>> {
  const stepMs = BUCKET_WIDTHS[width];
  const window = { from: slotAt(at - windowMs, stepMs), to: at };
  const buckets: Bucket[] = [];
  // Minutes are read an hour at a time.
  const readMs = Math.max(stepMs, HOUR_MS);
  for (let from = window.from; from < window.to; from += readMs) {
    const part = { from, to: Math.min(from + readMs, window.to) };
    const found =
      width === "minute"
        ? await minutesOf(topology, part, ledger)
        : await countedOf(topology, { ...part, width, lastSlot: state.lastSlot ?? 0 }, ledger);
    if (found.kind === "failed") return found;
    buckets.push(...found.value);
  }
  return { kind: "done", value: makeBucketReport(topology, buckets, width, window, at) };
}

type Part = Pick<BucketWish, "width"> & { readonly from: Instant; readonly to: Instant; readonly lastSlot: Instant };

async function minutesOf(
  topology: Topology,
  part: Pick<Part, "from" | "to">,
  { store }: Ledger,
): Promise<StoreResult<readonly Bucket[]>> {
  const rounds = await readCounted(store, part);
  return rounds.kind === "failed" ? rounds : { kind: "done", value: rollUp(topology, rounds.value, [], "minute") };
}

async function countedOf(
  topology: Topology,
  { width, from, to, lastSlot }: Part,
  ledger: Ledger,
): Promise<StoreResult<readonly Bucket[]>> {
  const counted = await runStretch(topology, { from, to }, lastSlot, ledger);
  if (counted.kind === "failed") return counted;
  return { kind: "done", value: [{ from, width, ...counted.value }] };
}
