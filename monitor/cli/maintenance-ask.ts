// How `monitor maintenance` speaks to a running monitor.
import * as z from "zod/mini";
import { askMonitor, type Asked } from "../conduct/monitor-client.ts";
import type { MaintenanceOrder } from "../maintenance/order.ts";
import type { RunningMonitor } from "./running-monitor.ts";

const WINDOW = z.object({
  id: z.string(),
  title: z.string(),
  regions: z.array(z.string()),
  from: z.string(),
  until: z.string(),
  by: z.nullable(z.string()),
  kind: z.enum(["once", "recurring"]),
});
/** As the monitor lists it: times as text, no regions for all. */
export type ListedWindow = z.infer<typeof WINDOW>;

const LIST = z.object({ maintenance: z.array(WINDOW) });
const DONE = z.object({ maintenance: WINDOW });
const ENDED = z.object({ end: z.enum(["ended", "cancelled", "over"]), maintenance: WINDOW });
export type EndedWindow = z.infer<typeof ENDED>;

export async function askList(monitor: RunningMonitor): Promise<Asked<readonly ListedWindow[]>> {
  const reply = await ask(monitor, "GET", "/v1/maintenance", LIST);
  return reply.kind === "answer" ? { kind: "answer", value: reply.value.maintenance } : reply;
}

export async function askStart(monitor: RunningMonitor, order: MaintenanceOrder): Promise<Asked<ListedWindow>> {
  const reply = await ask(monitor, "POST", "/v1/maintenance", DONE, order);
  return reply.kind === "answer" ? { kind: "answer", value: reply.value.maintenance } : reply;
}

export function askEnd(monitor: RunningMonitor, id: string): Promise<Asked<EndedWindow>> {
  return ask(monitor, "DELETE", `/v1/maintenance/${encodeURIComponent(id)}`, ENDED);
}

async function ask<T>(
  { url, token }: RunningMonitor,
  method: string,
  path: string,
  schema: z.ZodMiniType<T>,
  body: object | null = null,
): Promise<Asked<T>> {
  const reply = await askMonitor(new URL(path, url), { method, token, body });
  if (reply.kind !== "answer") return reply;
  const parsed = z.safeParse(schema, reply.value);
  return parsed.success
    ? { kind: "answer", value: parsed.data }
    : { kind: "silent", detail: `${url.origin}: ${path} answers nothing that this version can read` };
}
