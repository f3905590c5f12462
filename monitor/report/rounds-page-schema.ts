// The shape of `/rounds`, the recorded history: what replays read and what a person may keep. It tells what each look and each
// answer was, and none of the words that the world chose for a failure.
import * as z from "zod/mini";
import { FAILURE_CAUSES, PHASES } from "../model/observation.ts";

/** Of one page; a day at 30 seconds is six of them. */
export const PAGE_ROUNDS_MAX = 500;

const instant = z.iso.datetime({ precision: 3 });
const count = z.int().check(z.nonnegative());
const milliseconds = z.number().check(z.nonnegative());
const verdict = z.enum(["conforms", "converging", "deviates", "undecided"]);
const cause = z.enum(FAILURE_CAUSES);

const look = z.strictObject({
  region: z.string(),
  vantage: z.string(),
  status: z.nullable(z.int()),
  totalMs: z.nullable(milliseconds),
  phases: z.partialRecord(z.enum(PHASES), milliseconds),
  /** Null: a user would have been served. */
  cause: z.nullable(cause),
  /** What a Route 53 checker would have said; null where we cannot tell. */
  route53: z.nullable(z.boolean()),
});

/** What a server answered; the state keeps it in the same shape. */
export const GIVEN_REPLY = z.strictObject({
  kind: z.literal("reply"),
  rcode: z.string(),
  authoritative: z.boolean(),
  /** Sorted. */
  addresses: z.array(z.string()),
  ttlSeconds: z.nullable(z.number()),
  scope: z.nullable(z.int()),
  elapsedMs: z.number(),
});

const reply = z.discriminatedUnion("kind", [GIVEN_REPLY, z.strictObject({ kind: z.literal("failed"), cause })]);

export const TOLD_ROUND = z.strictObject({
  /** The grid instant that names the round, and when its last report came. */
  slot: instant,
  at: instant,
  /** Fingerprint of the topology it was judged under. */
  policy: z.string(),
  /** Slots without a round just before this one. */
  missedSlots: count,
  verdict,
  /** Ids of the regions that were under maintenance; absent: none was. */
  maintenance: z.exactOptional(z.array(z.string())),
  cells: z.array(look),
  dns: z.array(z.strictObject({ subject: z.string(), verdict, reply })),
});

export const ROUNDS_PAGE_SCHEMA = z.strictObject({
  schemaVersion: z.literal(1),
  service: z.strictObject({ name: z.string(), host: z.string() }),
  /** Of the topology that is watched now, as is its fingerprint. */
  intervalSeconds: z.number(),
  policy: z.string(),
  /** Slots from `from` to `to`, both included. */
  window: z.strictObject({ from: instant, to: instant }),
  /** The oldest first. */
  rounds: z.array(TOLD_ROUND).check(z.maxLength(PAGE_ROUNDS_MAX)),
  /** What to ask for as `from` next; null: this was the last page. */
  next: z.nullable(instant),
});

export type ToldRound = z.infer<typeof TOLD_ROUND>;
export type RoundsPage = z.infer<typeof ROUNDS_PAGE_SCHEMA>;

/** Null where it is no page of this version. */
export function parseRoundsPage(value: unknown): RoundsPage | null {
  const parsed = ROUNDS_PAGE_SCHEMA.safeParse(value);
  return parsed.success ? parsed.data : null;
}
