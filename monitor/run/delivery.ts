// What becomes of a message after an attempt: when the channel is tried again, and when a message is given up. A channel that
// fails waits as a whole, so that its messages keep their order.
import { DAY_MS, HOUR_MS, type Instant, SECOND_MS } from "../time.ts";
import { textFingerprint } from "../topology/fingerprint.ts";
import type { SendReply } from "./world.ts";

/** About a day of attempts. */
export const ATTEMPTS_MAX = 40;
/** An older message tells nobody what to do. */
export const MESSAGE_AGE_MAX_MS = DAY_MS;
const BACKOFF_FIRST_MS = 15 * SECOND_MS;
/** Also of what a receiver asks for. */
export const BACKOFF_MAX_MS = HOUR_MS;
/** The message itself is refused, and would be again. */
const REFUSED: ReadonlySet<number> = new Set([400, 413, 422]);

export type Attempt =
  | { readonly kind: "delivered" }
  | { readonly kind: "refused"; readonly detail: string }
  /** `waitMs`: as the receiver asked; null: it did not. */
  | { readonly kind: "failed"; readonly detail: string; readonly waitMs: number | null };

export function attemptOf(reply: SendReply, at: Instant): Attempt {
  if (reply.kind === "failed") {
    const { cause, detail } = reply.failure;
    // What nobody foresaw may name the address.
    return { kind: "failed", detail: cause === "internal" ? cause : `${cause}: ${detail}`, waitMs: null };
  }
  const { status, retryAfter } = reply;
  if (status >= 200 && status < 300) return { kind: "delivered" };
  const detail = status >= 300 && status < 400 ? `status ${status}: redirects are not followed` : `status ${status}`;
  if (REFUSED.has(status)) return { kind: "refused", detail };
  return { kind: "failed", detail, waitMs: waitOf(retryAfter, at) };
}

/** RFC 9110 section 10.2.3: seconds, or a date. */
function waitOf(retryAfter: string | null, at: Instant): number | null {
  if (retryAfter === null) return null;
  const ms = /^\d{1,9}$/.test(retryAfter) ? Number(retryAfter) * SECOND_MS : Date.parse(retryAfter) - at;
  return Number.isNaN(ms) ? null : Math.min(BACKOFF_MAX_MS, Math.max(0, ms));
}

/** Twice as long after each failure, and a quarter more or less, so that monitors do not come back together: by `seed`, never by chance. */
export function backoffMs(failures: number, waitMs: number | null, seed: string): number {
  const plain = Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** Math.min(failures - 1, 20));
  const share = Number.parseInt(textFingerprint(seed).slice(-4), 16) / 0xffff;
  return Math.max(waitMs ?? 0, Math.round(plain * (0.75 + share / 2)));
}

/** Null: it may still be tried. */
export function spentReason(attempts: number, since: Instant, at: Instant): string | null {
  if (attempts >= ATTEMPTS_MAX) return `given up after ${attempts} attempts`;
  return at - since > MESSAGE_AGE_MAX_MS ? "given up after a day" : null;
}
