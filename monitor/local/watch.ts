// Follows a running local world by its public face alone: asks `/status` again and again and hands on what came.
import { setTimeout as sleep } from "node:timers/promises";
import * as z from "zod/mini";
import { STATUS_SCHEMA } from "../report/status-schema.ts";
import type { Face, Sight } from "./faces.ts";
import { errorText } from "./listening.ts";

const POLL_MS = 1000;
/** The Worker answers `/status` from memory. */
const REPLY_MS = 3000;
const BODY_CHARACTERS_MAX = 4 * 1024 * 1024;

/** Until `signal` aborts; never rejects. */
export async function watchStatus(statusUrl: string, face: Face, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const sight = await look(statusUrl, signal);
    if (signal.aborted) return;
    face.show(sight, Date.now());
    await sleep(POLL_MS, undefined, { signal }).catch(() => {});
  }
}

async function look(statusUrl: string, signal: AbortSignal): Promise<Sight> {
  try {
    const response = await fetch(new URL("/status", statusUrl), {
      signal: AbortSignal.any([signal, AbortSignal.timeout(REPLY_MS)]),
    });
    const text = await response.text();
    if (!response.ok) return { kind: "silent", detail: `/status answers ${response.status}` };
    if (text.length > BODY_CHARACTERS_MAX) return { kind: "silent", detail: "/status is too long" };
    const parsed = z.safeParse(STATUS_SCHEMA, JSON.parse(text));
    if (parsed.success) return { kind: "report", report: parsed.data };
    return { kind: "silent", detail: `/status cannot be read: ${z.prettifyError(parsed.error).split("\n")[0] ?? ""}` };
  } catch (error) {
    return { kind: "silent", detail: errorText(error) };
  }
}
