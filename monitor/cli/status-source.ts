// `/status` for a command: from a running monitor, or from a file that somebody saved.
import { readFileSync } from "node:fs";
import { STATUS_SCHEMA, type StatusReport } from "../report/status-schema.ts";

export type StatusRead =
  | { readonly kind: "read"; readonly status: StatusReport }
  /** `usage`: what was asked for cannot be; otherwise nobody gave it. */
  | { readonly kind: "usage"; readonly detail: string }
  | { readonly kind: "failed"; readonly detail: string };

const REPLY_MS_MAX = 10_000;
const CHARACTERS_MAX = 16 * 1024 * 1024;

export async function fetchStatus(base: string): Promise<StatusRead> {
  const url = new URL("/status", base);
  try {
    const reply = await fetch(url, { redirect: "error", signal: AbortSignal.timeout(REPLY_MS_MAX) });
    const text = await reply.text();
    if (!reply.ok) return { kind: "failed", detail: `${url.origin}: /status answers ${reply.status}` };
    const status = parseStatus(text);
    return status === null
      ? { kind: "failed", detail: `${url.origin}: its /status is none that this version can read` }
      : { kind: "read", status };
  } catch (thrown) {
    const { message, cause } = thrown instanceof Error ? thrown : new Error(String(thrown));
    return {
      kind: "failed",
      detail: `${url.origin}: ${cause instanceof Error ? `${message}: ${cause.message}` : message}`,
    };
  }
}

export function readStatusFile(file: string): StatusRead {
  try {
    const status = parseStatus(readFileSync(file, "utf8"));
    if (status !== null) return { kind: "read", status };
    return { kind: "usage", detail: `${file}: expected what GET /status gave, found something else` };
  } catch (thrown) {
    const detail = thrown instanceof Error ? thrown.message : String(thrown);
    return { kind: "usage", detail: `${file}: expected what GET /status gave: ${detail}` };
  }
}

/** Null: too long, no JSON, or of another shape. */
function parseStatus(text: string): StatusReport | null {
  if (text.length > CHARACTERS_MAX) return null;
  try {
    const parsed = STATUS_SCHEMA.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
