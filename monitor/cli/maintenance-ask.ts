// How `monitor maintenance` speaks to a running monitor.
import * as z from "zod/mini";
import type { Asked } from "../conduct/monitor-client.ts";
import type { MaintenanceOrder } from "../maintenance/order.ts";
import { askFace, type RunningMonitor } from "./running-monitor.ts";

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
  const reply = await askFace(monitor, { method: "GET", path: "/v1/maintenance" }, LIST);
  return reply.kind === "answer" ? { kind: "answer", value: reply.value.maintenance } : reply;
}

export async function askStart(monitor: RunningMonitor, order: MaintenanceOrder): Promise<Asked<ListedWindow>> {
  const reply = await askFace(monitor, { method: "POST", path: "/v1/maintenance", body: order }, DONE);
  return reply.kind === "answer" ? { kind: "answer", value: reply.value.maintenance } : reply;
}

export function askEnd(monitor: RunningMonitor, id: string): Promise<Asked<EndedWindow>> {
  return askFace(monitor, { method: "DELETE", path: `/v1/maintenance/${encodeURIComponent(id)}` }, ENDED);
}
