// Messages to receivers that nobody watches, by the `fetch` that both runtimes have. Whatever goes wrong is a value, and holds
// nothing of the address: that is a secret.
import type { Clock, SendReply, SendRequest, Sender } from "../run/world.ts";
import { cancelQuietly } from "./body.ts";
import { NOT_STARTED, runUntil } from "./deadline.ts";
import { failureOf } from "./failure.ts";
import { USER_AGENT } from "./user-agent.ts";

/** As much of `fetch` as both runtimes' types agree on. */
export type SendFetch = (
  url: string,
  init: {
    readonly method: string;
    readonly headers: Record<string, string>;
    readonly body: string | null;
    readonly signal: AbortSignal;
    readonly redirect: "manual";
  },
) => Promise<{
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: { cancel(): Promise<void> } | null;
}>;

export function makeSender(fetch: SendFetch, clock: Clock): Sender {
  return { send: (request) => sendOnce(request, fetch, clock) };
}

async function sendOnce(request: SendRequest, fetch: SendFetch, clock: Clock): Promise<SendReply> {
  const { url, method, body, deadlineMs } = request;
  if (clock.monotonicMs() >= deadlineMs) return { kind: "failed", failure: NOT_STARTED };
  try {
    return await runUntil(deadlineMs, clock, async (signal) => {
      const headers = { ...request.headers, "user-agent": USER_AGENT };
      const response = await fetch(url, { method, headers, body, signal, redirect: "manual" });
      cancelQuietly(response.body);
      return { kind: "reply", status: response.status, retryAfter: response.headers.get("retry-after") };
    });
  } catch (thrown) {
    return { kind: "failed", failure: failureOf(thrown, { scheme: url.startsWith("https:") ? "https" : "http" }) };
  }
}
