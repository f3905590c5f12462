// The geo-router stops choosing one region, by the monitor's own route. It shows what the router does with a drain and nothing
// of DNS or of detection. The monitor ends it by itself.
import * as z from "zod";
import type { LeverWish } from "../drill/lever-wish.ts";
import { parseIso, SECOND_MS, toIso } from "../time.ts";
import { callHttp, type HttpAnswer, wordsOf } from "./http-call.ts";
import { done, failed, type LeverPlan, type LeverResult, type LeverStanding, refused } from "./lever.ts";
import type { Reach } from "./reach.ts";
import type { UndoOf } from "./undo.ts";

export type RouterDrainWish = Extract<LeverWish, { readonly lever: "router-drain" }>;
type DrainUndo = UndoOf<"router-drain">;

export const ADMIN_TOKEN = "ADMIN_TOKEN";

const DRAINS = z.looseObject({
  drains: z.array(z.looseObject({ region: z.string(), kind: z.string(), until: z.string() })),
});
const STATUS = z.looseObject({ router: z.optional(z.looseObject({ mode: z.string() })) });

/** Where the router is: its monitor, and under `monitor up` the port by which that is known. */
export interface RouterPlace {
  readonly monitorUrl: string | null;
  readonly worldPort: number | null;
}

export async function planRouterDrain(
  wish: RouterDrainWish,
  place: RouterPlace,
  holdMs: number,
  reach: Reach,
): Promise<LeverPlan> {
  const url = place.monitorUrl ?? (await worldUrl(place.worldPort, reach));
  if (url === null) return refused("which monitor the router belongs to is not said, and no local world runs");
  const undo: DrainUndo = {
    lever: "router-drain",
    region: wish.region,
    url,
    worldPort: place.worldPort,
    until: reach.clock.now() + holdMs,
  };
  const status = await callHttp({ method: "GET", url: new URL("/status", url), token: null });
  if (status.kind === "silent") return refused(status.detail);
  const parsed = STATUS.safeParse(status.body);
  if (!parsed.success) return refused(`${url}/status answers ${wordsOf(status)}`);
  if (parsed.data.router === undefined) return refused(`the router of ${url} is off, so nothing can be drained`);
  const standing = await readDrain(undo, reach);
  if (standing.kind === "failed") return refused(standing.detail);
  if (standing.drain !== null)
    return refused(`the router drains ${wish.region} already, until ${standing.drain.until}`);
  return {
    kind: "ready",
    steps: [`at ${url}, have the router choose other regions than ${wish.region} (PUT /v1/drains/${wish.region})`],
    warnings: [],
    undo,
    expiresBy: `the monitor itself at ${toIso(undo.until)}`,
  };
}

export async function applyRouterDrain(undo: DrainUndo, reach: Reach): Promise<LeverResult> {
  const seconds = Math.ceil((undo.until - reach.clock.now()) / SECOND_MS);
  if (seconds <= 0) return failed("refused", `its time was over at ${toIso(undo.until)}`, []);
  const standing = await readDrain(undo, reach);
  if (standing.kind === "failed") return failed(standing.cause, standing.detail, byHand(undo));
  if (standing.drain !== null)
    return isOurs(standing.drain, undo) ? done(`the router drains ${undo.region}`) : moved(undo, standing.drain);
  const answer = await ask("PUT", undo, reach, { seconds, reason: "a drill" });
  return answer.kind === "failed"
    ? failed(answer.cause, answer.detail, byHand(undo))
    : done(`the router drains ${undo.region}`);
}

export async function verifyRouterDrain(undo: DrainUndo, reach: Reach): Promise<LeverStanding> {
  if (await isWorldGone(undo, reach)) return { kind: "restored" };
  const standing = await readDrain(undo, reach);
  if (standing.kind === "failed") return { kind: "other", detail: standing.detail };
  if (standing.drain === null) return { kind: "restored" };
  return isOurs(standing.drain, undo) ? { kind: "applied" } : { kind: "other", detail: strangerWords(standing.drain) };
}

export async function rollbackRouterDrain(undo: DrainUndo, reach: Reach): Promise<LeverResult> {
  if (reach.clock.now() >= undo.until) return done(`the drain ended by itself at ${toIso(undo.until)}`);
  if (await isWorldGone(undo, reach)) return done("the local world has ended, and the drain with it");
  const standing = await readDrain(undo, reach);
  if (standing.kind === "failed") return failed(standing.cause, standing.detail, byHand(undo));
  if (standing.drain === null) return done(`the router does not drain ${undo.region}`);
  if (!isOurs(standing.drain, undo)) return moved(undo, standing.drain);
  const answer = await ask("DELETE", undo, reach);
  return answer.kind === "failed"
    ? failed(answer.cause, answer.detail, byHand(undo))
    : done(`the router does not drain ${undo.region} any more`);
}

type Failed = { readonly kind: "failed"; readonly cause: "unavailable" | "refused"; readonly detail: string };
type Drained = {
  readonly kind: "known";
  /** Null: it is not drained. */
  readonly drain: Drain | null;
};
type Drain = { readonly kind: string; readonly until: string };

/** For clocks that differ: its end is by the monitor's. */
const END_APART_MS_MAX = 60 * SECOND_MS;

/** The drill's own ends when the drill's time is over; one that somebody else began or prolonged ends at another time. */
function isOurs({ kind, until }: Drain, undo: DrainUndo): boolean {
  return kind === "drain" && Math.abs((parseIso(until) ?? Infinity) - undo.until) <= END_APART_MS_MAX;
}

async function isWorldGone({ worldPort }: DrainUndo, reach: Reach): Promise<boolean> {
  return worldPort !== null && (await reach.findWorld(worldPort)).kind !== "found";
}

async function readDrain(undo: DrainUndo, reach: Reach): Promise<Drained | Failed> {
  const answer = await ask("GET", undo, reach);
  if (answer.kind === "failed") return answer;
  const parsed = DRAINS.safeParse(answer.body);
  if (!parsed.success)
    return { kind: "failed", cause: "refused", detail: `${undo.url}/v1/drains is not a list of drains` };
  return { kind: "known", drain: parsed.data.drains.find(({ region }) => region === undo.region) ?? null };
}

async function ask(
  method: "GET" | "PUT" | "DELETE",
  undo: DrainUndo,
  reach: Reach,
  body?: object,
): Promise<{ readonly kind: "answer"; readonly body: unknown } | Failed> {
  const token = await tokenFor(undo, reach);
  if (token === null) return { kind: "failed", cause: "refused", detail: `${ADMIN_TOKEN} is not set here` };
  const path = method === "GET" ? "/v1/drains" : `/v1/drains/${encodeURIComponent(undo.region)}`;
  const url = new URL(path, undo.url);
  const answer = await callHttp({ method, url, token, ...(body === undefined ? {} : { body }) });
  if (answer.kind === "silent") return { kind: "failed", cause: "unavailable", detail: answer.detail };
  return answer.status === 200 ? answer : unexpected(answer, url);
}

function unexpected(answer: Extract<HttpAnswer, { readonly kind: "answer" }>, url: URL): Failed {
  const hint = answer.status === 404 ? `: ${ADMIN_TOKEN} is not set there, or it knows no drains` : "";
  const cause = answer.status >= 500 ? "unavailable" : "refused";
  return { kind: "failed", cause, detail: `${url.href} answers ${wordsOf(answer)}${hint}` };
}

/** A local world has a token of its own, in its file. */
async function tokenFor({ worldPort }: DrainUndo, reach: Reach): Promise<string | null> {
  if (worldPort === null) return reach.variable(ADMIN_TOKEN);
  const search = await reach.findWorld(worldPort);
  return search.kind === "found" ? search.world.token : null;
}

async function worldUrl(port: number | null, reach: Reach): Promise<string | null> {
  const search = port === null ? null : await reach.findWorld(port);
  return search?.kind === "found" ? new URL(search.world.statusUrl).origin : null;
}

function moved(undo: DrainUndo, drain: Drain): LeverResult {
  const words = `${undo.region}: ${strangerWords(drain)}, which this drill did not set`;
  return failed("moved", words, byHand(undo));
}

function strangerWords({ kind, until }: Drain): string {
  return `the router has it in ${kind} until ${until}`;
}

function byHand({ url, region, until }: DrainUndo): readonly string[] {
  return [
    `curl -X DELETE -H "authorization: Bearer $${ADMIN_TOKEN}" ${url}/v1/drains/${region}   # else it ends by itself at ${toIso(until)}`,
  ];
}
