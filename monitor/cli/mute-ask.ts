// How `monitor mute` speaks to a running monitor.
import * as z from "zod/mini";
import type { Asked } from "../conduct/monitor-client.ts";
import type { MuteOrder } from "../incident/mute-order.ts";
import { askFace, type RunningMonitor } from "./running-monitor.ts";

const MUTE = z.object({
  id: z.string(),
  subjects: z.array(z.string()),
  from: z.string(),
  until: z.string(),
  reason: z.string(),
  by: z.nullable(z.string()),
});
/** As the monitor lists it: times as text. */
export type ListedMute = z.infer<typeof MUTE>;

const LIST = z.object({ mutes: z.array(MUTE) });
const DONE = z.object({ mute: MUTE });
const ENDED = z.object({ end: z.enum(["ended", "over"]), mute: MUTE });
export type EndedMute = z.infer<typeof ENDED>;

export async function askMutes(monitor: RunningMonitor): Promise<Asked<readonly ListedMute[]>> {
  const reply = await askFace(monitor, { method: "GET", path: "/v1/mutes" }, LIST);
  return reply.kind === "answer" ? { kind: "answer", value: reply.value.mutes } : reply;
}

export async function askMuteStart(monitor: RunningMonitor, order: MuteOrder): Promise<Asked<ListedMute>> {
  const reply = await askFace(monitor, { method: "POST", path: "/v1/mutes", body: order }, DONE);
  return reply.kind === "answer" ? { kind: "answer", value: reply.value.mute } : reply;
}

export function askMuteEnd(monitor: RunningMonitor, id: string): Promise<Asked<EndedMute>> {
  return askFace(monitor, { method: "DELETE", path: `/v1/mutes/${encodeURIComponent(id)}` }, ENDED);
}
