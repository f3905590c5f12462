// Finds a running local world and speaks to its control server, for those who break and mend it from another process.
import type * as z from "zod";
import { GATE_REFUSAL, WORLD_STATE, type WorldState } from "./control.ts";
import { errorText } from "./listening.ts";
import { type FoundWorld, readLiveWorlds } from "./world-file.ts";

/** Reopening a port may take a second. */
const REQUEST_MS = 15_000;

export type WorldSearch =
  | { readonly kind: "found"; readonly world: FoundWorld }
  | { readonly kind: "none"; readonly running: readonly FoundWorld[] }
  | { readonly kind: "several"; readonly running: readonly FoundWorld[] };

/** The world on `port`, or the only one that runs. */
export async function findWorld(port: number | null): Promise<WorldSearch> {
  const running = await readLiveWorlds();
  const fitting = running.filter((world) => port === null || world.port === port);
  const [world, ...others] = fitting;
  if (world === undefined) return { kind: "none", running };
  return others.length === 0 ? { kind: "found", world } : { kind: "several", running };
}

/** Why there is none to speak to, and what helps; a sentence without its full stop. */
export function worldlessWords(search: Exclude<WorldSearch, { kind: "found" }>, port: number | null): string {
  const ports = search.running.map((world) => world.port).join(", ");
  if (search.kind === "several") return `several local worlds run, on ports ${ports}: say which with --port`;
  const where = port === null ? "" : ` on port ${port}`;
  return `no local world runs${where}: ${ports === "" ? "start one with `npm start`" : `there is one on ${ports}`}`;
}

export type ControlReply =
  | { readonly kind: "state"; readonly state: WorldState }
  /** The order makes no sense to this world. */
  | { readonly kind: "refused"; readonly refusal: z.infer<typeof GATE_REFUSAL> }
  | { readonly kind: "failed"; readonly detail: string };

export function askState(world: FoundWorld): Promise<ControlReply> {
  return exchange(world, "/", { method: "GET" });
}

/** `target` is a region id or "dns"; `onlyFrom` are the vantages that alone shall meet it, empty: everybody does. */
export function orderFault(
  world: FoundWorld,
  target: string,
  fault: string,
  onlyFrom: readonly string[] = [],
): Promise<ControlReply> {
  const headers = { "content-type": "application/json" };
  return exchange(world, "/gate", { method: "POST", headers, body: JSON.stringify({ target, fault, onlyFrom }) });
}

/** YAML text; null: the world does not answer. */
export async function askTopology(world: FoundWorld): Promise<string | null> {
  try {
    const headers = { authorization: `Bearer ${world.token}` };
    const signal = AbortSignal.timeout(REQUEST_MS);
    const response = await fetch(new URL("/topology", world.controlUrl), { headers, signal });
    return response.ok ? await response.text() : null;
  } catch {
    return null;
  }
}

async function exchange(
  world: FoundWorld,
  path: string,
  request: RequestInit & { headers?: Record<string, string> },
): Promise<ControlReply> {
  try {
    const headers = { ...request.headers, authorization: `Bearer ${world.token}` };
    const response = await fetch(new URL(path, world.controlUrl), {
      ...request,
      headers,
      signal: AbortSignal.timeout(REQUEST_MS),
    });
    const body: unknown = await response.json();
    const state = WORLD_STATE.safeParse(body);
    if (response.ok && state.success) return { kind: "state", state: state.data };
    const refusal = GATE_REFUSAL.safeParse(body);
    if (response.status === 400 && refusal.success) return { kind: "refused", refusal: refusal.data };
    return { kind: "failed", detail: `it answered ${response.status}: ${JSON.stringify(body)}` };
  } catch (error) {
    return { kind: "failed", detail: `it does not answer at ${world.controlUrl}: ${errorText(error)}` };
  }
}
