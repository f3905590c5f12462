// How a drill speaks to the monitor that watches it: reads its status, tells it that the drill begins and is over. Whatever
// happens on the way is a value, because a drill must go on to its repair.
import * as z from "zod/mini";
import { errorText } from "../local/listening.ts";
import { STATUS_SCHEMA, type StatusReport } from "../report/status-schema.ts";
import type { DrillOrder } from "../run/drill-order.ts";
import { readBounded } from "../wire/body.ts";

/** The monitor answers from memory; more is a monitor that does not answer. */
const REPLY_MS = 5000;
const BODY_BYTES_MAX = 4 * 1024 * 1024;

export type Asked<T> =
  | { readonly kind: "answer"; readonly value: T }
  /** The monitor said no, in its own words. */
  | { readonly kind: "refused"; readonly status: number; readonly detail: string }
  /** It did not answer, or nothing that we understand. */
  | { readonly kind: "silent"; readonly detail: string };

export interface MonitorClient {
  /** An origin: "http://127.0.0.1:8787". */
  readonly url: string;
  readStatus(): Promise<Asked<StatusReport>>;
  /** What quicker rounds cost, in words; null: there are none. */
  startDrill(order: DrillOrder): Promise<Asked<string | null>>;
  endDrill(id: string): Promise<Asked<null>>;
}

/** `token` null: none is known, so the monitor cannot be told of a drill. */
export function makeMonitorClient(url: string, token: string | null): MonitorClient {
  const ask = (method: string, path: string, body?: object): Promise<Asked<unknown>> =>
    askMonitor(new URL(path, url), { method, token, body: body ?? null });
  return {
    url: new URL(url).origin,
    readStatus: async () => {
      const reply = await ask("GET", "/status");
      if (reply.kind !== "answer") return reply;
      const parsed = z.safeParse(STATUS_SCHEMA, reply.value);
      if (parsed.success) return { kind: "answer", value: parsed.data };
      const [first = ""] = z.prettifyError(parsed.error).split("\n");
      return { kind: "silent", detail: `/status cannot be read: ${first}` };
    },
    startDrill: async (order) => {
      const reply = await ask("POST", "/v1/drills", order);
      return reply.kind === "answer" ? { kind: "answer", value: textAt(reply.value, "cost") } : reply;
    },
    endDrill: async (id) => {
      const reply = await ask("DELETE", `/v1/drills/${encodeURIComponent(id)}`);
      return reply.kind === "answer" ? { kind: "answer", value: null } : reply;
    },
  };
}

/** Of the topology that the monitor watches; null: it does not say. A page of its history without a round in it names it. */
export async function askFingerprint(url: string): Promise<string | null> {
  const none = "1970-01-01T00:00:00Z";
  const page = new URL(`/rounds?from=${none}&to=${none}`, url);
  const told = await askMonitor(page, { method: "GET", token: null, body: null });
  return told.kind === "answer" ? textAt(told.value, "policy") : null;
}

export interface Sent {
  readonly method: string;
  readonly token: string | null;
  readonly body: object | null;
}

/** One request for JSON, and its answer as a value. */
export async function askMonitor(url: URL, { method, token, body }: Sent): Promise<Asked<unknown>> {
  try {
    const response = await fetch(url, {
      method,
      redirect: "error",
      signal: AbortSignal.timeout(REPLY_MS),
      headers: token === null ? {} : { authorization: `Bearer ${token}` },
      ...(body === null ? {} : { body: JSON.stringify(body) }),
    });
    const read = await readBounded(response.body, BODY_BYTES_MAX);
    if (read.kind === "too-large") return { kind: "silent", detail: `${url.pathname} is too long` };
    const text = new TextDecoder().decode(read.bytes);
    if (response.ok) return { kind: "answer", value: JSON.parse(text) as unknown };
    const value = jsonOrNull(text);
    return { kind: "refused", status: response.status, detail: refusalOf(value, response.status) };
  } catch (thrown) {
    return { kind: "silent", detail: `${url.origin}: ${errorText(thrown)}` };
  }
}

/** What says no need not say it in JSON. */
function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The monitor's sentence, and what it says is wrong with a body. */
function refusalOf(value: unknown, status: number): string {
  const said = textAt(value, "error") ?? wordlessRefusal(status);
  const problems = typeof value === "object" && value !== null && "problems" in value ? value.problems : [];
  const words = Array.isArray(problems)
    ? problems.map((one) => `${textAt(one, "path") ?? ""}: ${textAt(one, "message") ?? ""}`)
    : [];
  return [said, ...words].join("; ");
}

/** What is told of a no that does not say why. */
export function wordlessRefusal(status: number): string {
  return `it answered ${status}`;
}

function textAt(value: unknown, key: string): string | null {
  if (typeof value !== "object" || value === null) return null;
  const fields: Readonly<Record<string, unknown>> = { ...value };
  const found = fields[key];
  return typeof found === "string" ? found : null;
}
