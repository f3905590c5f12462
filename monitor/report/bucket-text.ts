// A bucket as the text that is kept of it, which an older version of ourselves may have written: checked before it is believed.
// A sketch's bins are one flat list, because they are most of the text.
import * as z from "zod/mini";
import { INCIDENT_SCHEMA } from "../incident/incident-schema.ts";
import { FAILURE_CAUSES } from "../model/observation.ts";
import { mapValues } from "../grouping.ts";
import { type Bucket, type BucketWidth, type Stretch } from "./rollup.ts";
import type { CellTally, Tally } from "./tally.ts";

const count = z.int().check(z.nonnegative());
const instant = z.int();

const cell = z.strictObject({
  up: count,
  down: count,
  unknown: count,
  missed: count,
  /** Left out: none. Buckets from before there was maintenance have none. */
  maintenance: z.exactOptional(count),
  route53: z.strictObject({ passed: count, failed: count }),
  causes: z.partialRecord(z.enum(FAILURE_CAUSES), count),
  zeros: count,
  endless: count,
  /** Key, count, key, count, …; keys ascend. */
  bins: z.array(z.int()),
});

const verdicts = z.strictObject({ conforms: count, converging: count, deviates: count, undecided: count });

const KEPT = z.strictObject({
  version: z.literal(1),
  rounds: count,
  missedSlots: count,
  first: z.nullable(z.strictObject({ slot: instant, missedSlots: count })),
  last: z.nullable(instant),
  cells: z.record(z.string(), z.record(z.string(), cell)),
  dns: z.record(z.string(), verdicts),
  closed: z.array(INCIDENT_SCHEMA),
});

type KeptCell = z.infer<typeof cell>;

export function bucketText({ tally, closed }: Stretch): string {
  const cells = mapValues(tally.cells, (row) => mapValues(row, flattened));
  const kept: z.input<typeof KEPT> = { version: 1, ...tally, cells, closed: [...closed] };
  return JSON.stringify(kept);
}

/** Null where it is no bucket of a version that we know. */
export function parseBucket(text: string, width: BucketWidth, from: number): Bucket | null {
  try {
    const parsed = KEPT.safeParse(JSON.parse(text));
    if (!parsed.success) return null;
    const { version: _known, closed, cells, ...counts } = parsed.data;
    const tally: Tally = { ...counts, cells: mapValues(cells, (row) => mapValues(row, unfolded)) };
    return { from, width, tally, closed };
  } catch {
    return null;
  }
}

function flattened({ totalMs: { zeros, endless, bins }, maintenance, ...counts }: CellTally): KeptCell {
  return { ...counts, ...(maintenance === 0 ? {} : { maintenance }), zeros, endless, bins: bins.flat() };
}

function unfolded({ zeros, endless, bins: flat, maintenance = 0, ...counts }: KeptCell): CellTally {
  const bins = Array.from({ length: flat.length / 2 }, (_, at) => [flat[2 * at] ?? 0, flat[2 * at + 1] ?? 0] as const);
  return { ...counts, maintenance, totalMs: { zeros, bins, endless } };
}
