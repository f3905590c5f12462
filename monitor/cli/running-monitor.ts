// Which running monitor a command speaks to, and with what token: the one at a URL, or that of a local world.
import * as z from "zod/mini";
import { askMonitor, type Asked } from "../conduct/monitor-client.ts";
import { findWorld, worldlessWords } from "../local/world-client.ts";
import type { StatusReport } from "../report/status-schema.ts";
import { readPort } from "./local-port.ts";
import type { Refusal } from "./refusal.ts";
import { fetchStatus } from "./status-source.ts";

export const TOKEN_VARIABLE = "ADMIN_TOKEN";
const USUAL_URL = "http://127.0.0.1:8787";

export interface RunningMonitor {
  readonly url: URL;
  readonly token: string;
}

/** Without `--port` and `--url` the only local world that runs. */
export async function findMonitor(values: {
  readonly port?: string | undefined;
  readonly url?: string | undefined;
}): Promise<RunningMonitor | Refusal> {
  const read = readPort(values.port);
  if (read.kind === "refused") return { refusal: read.why };
  if (values.url !== undefined)
    return read.port === null ? monitorAt(values.url) : { refusal: "expected --port or --url, found both" };
  const search = await findWorld(read.port);
  if (search.kind === "found") return { url: new URL(search.world.statusUrl), token: search.world.token };
  return { refusal: worldlessWords(search, read.port) };
}

/** A local world's token is in its file. */
export async function monitorAt(given: string): Promise<RunningMonitor | Refusal> {
  if (!URL.canParse(given) || !/^https?:$/.test(new URL(given).protocol))
    return { refusal: `--url: expected an http or https URL, found "${given}"` };
  const url = new URL(given);
  const search = await findWorld(Number(url.port));
  const local =
    search.kind === "found" && new URL(search.world.statusUrl).origin === url.origin ? search.world.token : "";
  const token = process.env[TOKEN_VARIABLE] || local;
  return token === "" ? { refusal: `--url: expected its token in ${TOKEN_VARIABLE}` } : { url, token };
}

/** Where a command that needs no token asks when it is not told: the only local world that runs, or else where `monitor up` would listen. */
export async function defaultMonitorUrl(): Promise<string> {
  const search = await findWorld(null);
  return search.kind === "found" ? search.world.statusUrl : USUAL_URL;
}

export interface FaceCall {
  readonly method: string;
  readonly path: string;
  readonly body?: object;
}

/** Of a face behind the token, in the shape that this version can read. */
export async function askFace<T>(
  { url, token }: RunningMonitor,
  { method, path, body }: FaceCall,
  schema: z.ZodMiniType<T>,
): Promise<Asked<T>> {
  const reply = await askMonitor(new URL(path, url), { method, token, body: body ?? null });
  if (reply.kind !== "answer") return reply;
  const parsed = z.safeParse(schema, reply.value);
  return parsed.success
    ? { kind: "answer", value: parsed.data }
    : { kind: "silent", detail: `${url.origin}: ${path} answers nothing that this version can read` };
}

export async function readStatusOf({ url }: RunningMonitor): Promise<Asked<StatusReport>> {
  const read = await fetchStatus(url.href);
  return read.kind === "read" ? { kind: "answer", value: read.status } : { kind: "silent", detail: read.detail };
}
