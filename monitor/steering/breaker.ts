// A region that fails the requests which pass here is left alone for a while, without asking anybody: a breaker by the share of
// attempts that failed, opened by three in a row or by about every second one, and tried again with one request at a time.
import { SECOND_MS, type Instant } from "../time.ts";

export interface Breaker {
  /** Smoothed share of attempts that failed: 0 to 1. */
  readonly failedShare: number;
  /** Null: closed. */
  readonly open: {
    readonly since: Instant;
    /** Then one request tries it. */
    readonly until: Instant;
    readonly waitMs: number;
  } | null;
}

export const CLOSED: Breaker = { failedShare: 0, open: null };

const NEWEST_SHARE = 0.25;
const OPEN_FROM_SHARE = 0.5;
const WAIT_FIRST_MS = SECOND_MS;
const WAIT_MAX_MS = 10 * SECOND_MS;

export type Passage = "closed" | "open" | "trial";

/** "trial": one request may find out; whoever sends it must call `beginTrial` first. */
export function passageOf({ open }: Breaker, at: Instant): Passage {
  if (open === null) return "closed";
  return at < open.until ? "open" : "trial";
}

/** Keeps the others out until the trial's outcome is known, or as long as the breaker waits. */
export function beginTrial(breaker: Breaker, at: Instant): Breaker {
  const { open } = breaker;
  return open === null ? breaker : { ...breaker, open: { ...open, until: at + open.waitMs } };
}

/** `sentAt`: when the attempt began; an answer to one that began before the breaker opened does not close it. */
export function stepBreaker(breaker: Breaker, outcome: "answered" | "failed", sentAt: Instant, at: Instant): Breaker {
  const { open, failedShare } = breaker;
  if (outcome === "answered") {
    if (open !== null) return sentAt < open.since ? breaker : CLOSED;
    // Most requests find it like this, and nothing is made for them.
    return failedShare < 0.001 ? CLOSED : { failedShare: failedShare * (1 - NEWEST_SHARE), open: null };
  }
  const share = failedShare + NEWEST_SHARE * (1 - failedShare);
  if (open !== null) {
    if (sentAt < open.since) return breaker;
    const waitMs = Math.min(WAIT_MAX_MS, open.waitMs * 2);
    return { failedShare: share, open: { since: at, until: at + waitMs, waitMs } };
  }
  if (share < OPEN_FROM_SHARE) return { failedShare: share, open: null };
  return { failedShare: share, open: { since: at, until: at + WAIT_FIRST_MS, waitMs: WAIT_FIRST_MS } };
}
