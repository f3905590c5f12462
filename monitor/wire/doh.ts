// DNS over HTTPS as RFC 8484 has it: GET with the message in the address, so that caches work as they do for users.
import type { DnsReply, Failure } from "../model/observation.ts";
import type { Clock, DnsQuery } from "../run/world.ts";
import { bodyTooLarge, type ByteStream, cancelQuietly, readBounded } from "./body.ts";
import { NOT_STARTED, runUntil } from "./deadline.ts";
import { makeAsk, readAnswer } from "./dns-ask.ts";
import { MESSAGE_BYTES_MAX } from "./dns-packet.ts";
import { failureOf } from "./failure.ts";
import { USER_AGENT } from "./user-agent.ts";

const CONTENT_TYPE = "application/dns-message";

/** As much of `fetch` as both runtimes' types agree on. */
export type DohFetch = (
  url: string,
  init: {
    readonly headers: Record<string, string>;
    readonly signal: AbortSignal;
    readonly redirect: "manual";
    readonly cache: "no-store";
  },
) => Promise<DohResponse>;

export interface DohResponse {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: (ByteStream & { cancel(): Promise<void> }) | null;
}

/** "https://dns.example/dns-query" with `dns=` and the message, base64url without padding. */
export function dohUrl(resolver: string, message: Uint8Array): string {
  const url = new URL(resolver);
  url.searchParams.set("dns", Buffer.from(message).toString("base64url"));
  return url.href;
}

/** One question; never rejects. The TTL is what is left of it: `Age` is taken off (RFC 8484 section 5.1). */
export async function runDohQuery(query: DnsQuery, resolver: string, fetch: DohFetch, clock: Clock): Promise<DnsReply> {
  const startedMs = clock.monotonicMs();
  if (startedMs >= query.deadlineMs) return { kind: "failed", failure: NOT_STARTED };
  const ask = makeAsk(query, "recursive", 0);
  try {
    return await runUntil(query.deadlineMs, clock, async (signal) => {
      const headers = { accept: CONTENT_TYPE, "user-agent": USER_AGENT };
      const response = await fetch(dohUrl(resolver, ask.bytes), {
        headers,
        signal,
        redirect: "manual",
        cache: "no-store",
      });
      const refusal = refusalOf(response);
      if (refusal !== null) {
        cancelQuietly(response.body);
        return { kind: "failed", failure: refusal };
      }
      const body = await readBounded(response.body, MESSAGE_BYTES_MAX);
      if (body.kind === "too-large") return { kind: "failed", failure: bodyTooLarge(MESSAGE_BYTES_MAX) };
      const reply = readAnswer(body.bytes, ask.asked, clock.monotonicMs() - startedMs);
      return aged(reply, ageSeconds(response));
    });
  } catch (thrown) {
    return { kind: "failed", failure: failureOf(thrown, { scheme: resolver.startsWith("https:") ? "https" : "http" }) };
  }
}

function refusalOf(response: DohResponse): Failure | null {
  const { status } = response;
  if (status >= 300 && status < 400)
    return { cause: "redirected", detail: `The resolver redirects (status ${status}).` };
  if (status !== 200) return { cause: "http-status", detail: `The resolver answered with status ${status}.` };
  const type = response.headers.get("content-type")?.split(";", 1)[0]?.trim().toLowerCase();
  return type === CONTENT_TYPE ? null : { cause: "malformed", detail: "The resolver's reply is not a DNS message." };
}

function ageSeconds(response: DohResponse): number {
  const age = response.headers.get("age") ?? "";
  return /^\d{1,10}$/.test(age) ? Number(age) : 0;
}

function aged(reply: DnsReply, ageS: number): DnsReply {
  if (reply.kind === "failed" || reply.ttlSeconds === null) return reply;
  return { ...reply, ttlSeconds: Math.max(0, reply.ttlSeconds - ageS) };
}
