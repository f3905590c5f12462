// One attempt to bring a batch to the monitor, signed anew, and what its answer means: it is there, it never will be, or another
// attempt may help.
import * as z from "zod/mini";
import { visibleText } from "../local/text-line.ts";
import { OBSERVATIONS_PATH } from "../run/observation-batch.ts";
import type { Clock } from "../run/world.ts";
import { SECOND_MS } from "../time.ts";
import { readBounded } from "../wire/body.ts";
import { runUntil } from "../wire/deadline.ts";
import { failureOf } from "../wire/failure.ts";
import { signedHeaders } from "../wire/signature.ts";
import { USER_AGENT } from "../wire/user-agent.ts";
import type { QueuedBatch } from "./batch-queue.ts";

export const ATTEMPT_MS_MAX = 5 * SECOND_MS;
const REPLY_BYTES_MAX = 16_384;
const WORDS_MAX = 400;
const WAIT_SECONDS_MAX = 3600;

export type SendEnd =
  | { readonly kind: "delivered"; readonly everySeconds: number | null }
  /** As it is, it will never be taken. */
  | {
      readonly kind: "refused";
      readonly word: string;
      readonly detail: string;
      readonly everySeconds: number | null;
    }
  /** `waitMs`: as the monitor asked. */
  | { readonly kind: "failed"; readonly detail: string; readonly waitMs: number };

const ANSWER = z.object({
  error: z.optional(z.string()),
  refused: z.optional(z.string()),
  everySeconds: z.optional(z.number()),
  problems: z.optional(z.array(z.object({ message: z.string(), path: z.optional(z.string()) }))),
});

/** 408, 425 and 429 ask for patience; 5xx is somebody else's trouble. */
const PATIENCE: ReadonlySet<number> = new Set([408, 425, 429]);

/** Never rejects. `monitor` is where its status page is. */
export async function sendBatch(monitor: URL, secret: string, batch: QueuedBatch, clock: Clock): Promise<SendEnd> {
  const { id, body } = batch;
  const url = new URL(`.${OBSERVATIONS_PATH}`, monitor);
  try {
    return await runUntil(clock.monotonicMs() + ATTEMPT_MS_MAX, clock, async (signal) => {
      const headers = {
        ...(await signedHeaders(id, body, secret, clock.now())),
        "content-type": "application/json",
        "user-agent": USER_AGENT,
      };
      const reply = await fetch(url, { method: "POST", headers, body, signal, redirect: "manual" });
      const read = await readBounded(reply.body, REPLY_BYTES_MAX);
      const text = read.kind === "whole" ? new TextDecoder().decode(read.bytes) : "";
      return endOf(reply.status, text, reply.headers.get("retry-after"));
    });
  } catch (thrown) {
    const { cause, detail } = failureOf(thrown, { scheme: url.protocol === "https:" ? "https" : "http" });
    return { kind: "failed", detail: `${cause}: ${detail}`, waitMs: 0 };
  }
}

export function endOf(status: number, text: string, retryAfter: string | null): SendEnd {
  const said = answerIn(text);
  const everySeconds = said?.everySeconds ?? null;
  if (said !== null && status >= 200 && status < 300) return { kind: "delivered", everySeconds };
  const detail = wordsOf(status, said);
  if (status >= 500 || PATIENCE.has(status) || (status >= 200 && status < 300)) {
    const seconds = /^\d{1,5}$/.test(retryAfter ?? "") ? Number(retryAfter) : 0;
    return { kind: "failed", detail, waitMs: Math.min(seconds, WAIT_SECONDS_MAX) * SECOND_MS };
  }
  return { kind: "refused", word: said?.refused ?? `status ${status}`, detail, everySeconds };
}

function wordsOf(status: number, said: z.infer<typeof ANSWER> | null): string {
  if (said === null && status >= 300 && status < 400) return `status ${status}: redirects are not followed`;
  if (said?.error === undefined)
    return `status ${status}, and not what a monitor answers${status === 404 ? ": no private vantage can report there" : ""}`;
  const [first] = said.problems ?? [];
  const where = first === undefined ? "" : ` (${first.path === undefined ? "" : `${first.path}: `}${first.message})`;
  return visibleText(`${said.error}${where}`.slice(0, WORDS_MAX));
}

function answerIn(text: string): z.infer<typeof ANSWER> | null {
  try {
    const parsed = z.safeParse(ANSWER, JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
