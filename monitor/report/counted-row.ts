// The part of a stored round that reports count, as text that an older version of ourselves may have written: checked before
// it is believed.
import * as z from "zod/mini";
import { FAILURE_CAUSES, type FailureCause } from "../model/observation.ts";
import type { VerdictKind } from "../model/verdict.ts";

export interface CountedRow {
  readonly version: 1;
  readonly policy: string;
  readonly missedSlots: number;
  /** Ids of regions under maintenance; absent: none. */
  readonly maintenance?: readonly string[];
  readonly cells: readonly {
    readonly region: string;
    readonly vantage: string;
    readonly totalMs: number | null;
    /** Null: a user would have been served. */
    readonly cause: FailureCause | null;
    /** What a Route 53 checker would have said; null where we cannot tell. */
    readonly route53: boolean | null;
  }[];
  readonly dns: readonly { readonly subject: string; readonly verdict: VerdictKind }[];
}

/** What else a row holds is for others, and left out. */
const COUNTED_ROW: z.ZodMiniType<CountedRow> = z.object({
  version: z.literal(1),
  policy: z.string(),
  missedSlots: z.int().check(z.nonnegative()),
  maintenance: z.exactOptional(z.array(z.string())),
  cells: z.array(
    z.object({
      region: z.string(),
      vantage: z.string(),
      totalMs: z.nullable(z.number()),
      cause: z.nullable(z.enum(FAILURE_CAUSES)),
      route53: z.nullable(z.boolean()),
    }),
  ),
  dns: z.array(z.object({ subject: z.string(), verdict: z.enum(["conforms", "converging", "deviates", "undecided"]) })),
});

/** Null where it is no row of a version that we know. */
export function parseCountedRow(text: string): CountedRow | null {
  try {
    const parsed = COUNTED_ROW.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
