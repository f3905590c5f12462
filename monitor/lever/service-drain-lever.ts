// The service's own drain in one region. It is a switch in every Pod's memory, and from outside one meets whichever Pod the
// load balancer chooses: so it is asked on fresh connections until as many Pods as the topology counts have answered. It ends
// by itself, which is what becomes of it where nobody can reach it any more.
import * as z from "zod";
import type { LeverWish } from "../drill/lever-wish.ts";
import { type Instant, SECOND_MS, toIso } from "../time.ts";
import type { Region, Topology } from "../topology/topology.ts";
import { callHttp, wordsOf } from "./http-call.ts";
import { done, failed, type LeverPlan, type LeverResult, type LeverStanding, refused } from "./lever.ts";
import type { Reach } from "./reach.ts";
import type { UndoOf } from "./undo.ts";

export type ServiceDrainWish = Extract<LeverWish, { readonly lever: "service-drain" }>;
type DrainUndo = UndoOf<"service-drain">;

export const DRAIN_TOKEN = "DRAIN_TOKEN";
/** The service takes no more (`service/drain.ts`). */
export const DRAIN_SECONDS_MAX = 3600;
const HEALTH_PATH = "/healthz";
const WORLD_GONE = "the local world has ended";

/** Looks for Pods: enough that one of `pods` is missed less than once in ten thousand drills where each is as likely. */
function looksMax(pods: number): number {
  return 10 + Math.ceil(pods * (Math.log(pods) + 10));
}

const REPLY = z.looseObject({
  region: z.string(),
  hostname: z.string(),
  drainedUntil: z.nullable(z.string()),
});

/** `worldPort` null: no local world. `holdMs`: how long it holds when nobody ends it. */
export async function planServiceDrain(
  wish: ServiceDrainWish,
  { topology, worldPort }: { readonly topology: Topology; readonly worldPort: number | null },
  holdMs: number,
  reach: Reach,
): Promise<LeverPlan> {
  const region = topology.regions.find(({ id }) => id === wish.region);
  if (region === undefined) return refused(`the topology has no region ${wish.region}`);
  const world = worldPort === null ? null : await worldAt(worldPort, reach);
  const why = reasonsBefore(topology, world, holdMs, reach);
  if (why.length > 0) return refused(...why);
  const undo = undoFor(region, reach.clock.now() + holdMs, world);
  const met = await meetPods("GET", undo, reach, (reply) => reply.drainedUntil === null);
  if (met.kind === "gone") return refused(WORLD_GONE);
  if (met.kind === "failed") return refused(met.detail);
  const other = met.regions.find((one) => one !== region.region);
  if (other !== undefined) return refused(`the service at ${undo.url} says that it is ${other}, not ${region.region}`);
  if (met.others > 0) return refused(`the service in ${region.id} is drained already: left by a drill?`);
  const few = met.pods < undo.pods;
  return {
    kind: "ready",
    steps: [
      `at ${undo.url}, turn ${HEALTH_PATH} of ${podWords(undo.pods)} to 503 (POST /drain); they go on serving users`,
    ],
    warnings: few ? [`only ${met.pods} of ${podWords(undo.pods)} were met in ${looksMax(undo.pods)} looks`] : [],
    undo,
    expiresBy: `the service itself at ${toIso(undo.until)}`,
  };
}

type World = WorldWithDrain | "gone" | null;
interface WorldWithDrain {
  readonly port: number;
  readonly pid: number;
  /** Null: it was started by a version whose services cannot be drained. */
  readonly token: string | null;
}

async function worldAt(port: number, reach: Reach): Promise<WorldWithDrain | "gone"> {
  const search = await reach.findWorld(port);
  if (search.kind !== "found") return "gone";
  const { pid, drainToken = null } = search.world;
  return { port, pid, token: drainToken };
}

function reasonsBefore(topology: Topology, world: World, holdMs: number, reach: Reach): readonly string[] {
  const why: string[] = [];
  if (world === "gone") why.push(WORLD_GONE);
  else if (world !== null && world.token === null)
    why.push("this local world was started by an earlier version, whose services cannot be drained: start it anew");
  else if (world === null && reach.variable(DRAIN_TOKEN) === null)
    why.push(`${DRAIN_TOKEN} is not set here: it is the token of the service's /drain`);
  const [path] = topology.dns.healthCheck.path.split("?");
  if (path !== HEALTH_PATH) why.push(`health checks ask ${path ?? ""}, and the drain turns ${HEALTH_PATH} alone`);
  if (holdMs > DRAIN_SECONDS_MAX * SECOND_MS)
    why.push(
      `the service drains for at most ${DRAIN_SECONDS_MAX} s, and the drill may last ${Math.ceil(holdMs / SECOND_MS)} s`,
    );
  return why;
}

function undoFor({ id, endpoint, cluster }: Region, until: Instant, world: World): DrainUndo {
  const place = world === null || world === "gone" ? {} : { world: { port: world.port, pid: world.pid } };
  return { lever: "service-drain", region: id, url: endpoint.url, pods: cluster.replicas, until, ...place };
}

/** `token` of `/drain`, null: nobody has it here. "gone": the local world has ended, and its services with it. */
async function keyOf({ world }: DrainUndo, reach: Reach): Promise<{ readonly token: string | null } | "gone"> {
  if (world === undefined) return { token: reach.variable(DRAIN_TOKEN) };
  const found = await worldAt(world.port, reach);
  return found === "gone" || found.pid !== world.pid ? "gone" : found;
}

export async function applyServiceDrain(undo: DrainUndo, reach: Reach): Promise<LeverResult> {
  if (reach.clock.now() >= undo.until) return failed("refused", `its time was over at ${toIso(undo.until)}`, []);
  const met = await meetPods("POST", undo, reach, (reply) => reply.drainedUntil !== null);
  if (met.kind === "gone") return failed("unavailable", WORLD_GONE, []);
  if (met.kind === "failed") return failed(met.cause, met.detail, byHand(undo));
  if (met.pods >= undo.pods) return done(`${podWords(met.pods)} in ${undo.region} drained`);
  return failed("refused", `only ${met.pods} of ${podWords(undo.pods)} in ${undo.region} were met`, byHand(undo));
}

export async function verifyServiceDrain(undo: DrainUndo, reach: Reach): Promise<LeverStanding> {
  if (reach.clock.now() >= undo.until) return { kind: "restored" };
  const met = await meetPods("GET", undo, reach, (reply) => reply.drainedUntil !== null);
  if (met.kind === "gone") return { kind: "restored" };
  if (met.kind === "failed") return { kind: "other", detail: met.detail };
  if (met.pods === 0) return { kind: "restored" };
  if (met.others === 0) return { kind: "applied" };
  return { kind: "other", detail: `of ${podWords(met.pods + met.others)} ${met.pods} drained and ${met.others} not` };
}

export async function rollbackServiceDrain(undo: DrainUndo, reach: Reach): Promise<LeverResult> {
  if (reach.clock.now() >= undo.until) return done(`the drain ended by itself at ${toIso(undo.until)}`);
  const met = await meetPods("DELETE", undo, reach, (reply) => reply.drainedUntil === null);
  if (met.kind === "gone") return done(`${WORLD_GONE}, and the drain with it`);
  if (met.kind === "failed") return failed(met.cause, met.detail, byHand(undo));
  if (met.pods >= undo.pods) return done(`${podWords(met.pods)} in ${undo.region} no longer drained`);
  const rest = `only ${met.pods} of ${podWords(undo.pods)} in ${undo.region} were met; the others end by themselves`;
  return failed("unavailable", `${rest} at ${toIso(undo.until)}`, byHand(undo));
}

type Met =
  /** By hostname: how many Pods answered as wanted, how many otherwise; and every region that they claimed, sorted. */
  | { readonly kind: "met"; readonly pods: number; readonly others: number; readonly regions: readonly string[] }
  /** The local world has ended. */
  | { readonly kind: "gone" }
  | { readonly kind: "failed"; readonly cause: "unavailable" | "refused"; readonly detail: string };

async function meetPods(
  method: "GET" | "POST" | "DELETE",
  undo: DrainUndo,
  reach: Reach,
  isWanted: (reply: z.infer<typeof REPLY>) => boolean,
): Promise<Met> {
  const key = await keyOf(undo, reach);
  if (key === "gone") return { kind: "gone" };
  const { token } = key;
  if (token === null) return { kind: "failed", cause: "refused", detail: `${DRAIN_TOKEN} is not set here` };
  const seconds = Math.min(DRAIN_SECONDS_MAX, Math.ceil((undo.until - reach.clock.now()) / SECOND_MS));
  const body = method === "POST" ? { body: { seconds } } : {};
  const [wanted, others, regions] = [new Set<string>(), new Set<string>(), new Set<string>()];
  for (let look = 0; look < looksMax(undo.pods) && wanted.size + others.size < undo.pods; look += 1) {
    const answer = await callHttp({ method, url: new URL("/drain", undo.url), token, ...body });
    if (answer.kind === "silent") return { kind: "failed", cause: "unavailable", detail: answer.detail };
    const reply = REPLY.safeParse(answer.body);
    if (answer.status !== 200 || !reply.success) return unexpected(answer, undo);
    regions.add(reply.data.region);
    (isWanted(reply.data) ? wanted : others).add(reply.data.hostname);
  }
  return { kind: "met", pods: wanted.size, others: others.size, regions: [...regions].toSorted() };
}

function unexpected(
  answer: { readonly kind: "answer"; readonly status: number; readonly body: unknown },
  { url }: DrainUndo,
): Met {
  const said = `${url}/drain answers ${wordsOf(answer)}`;
  const hint =
    answer.status === 404
      ? `: ${DRAIN_TOKEN} is not set in its Pods, or its version has no drain`
      : answer.status === 401
        ? `: ${DRAIN_TOKEN} here is not the one of its Pods`
        : "";
  return { kind: "failed", cause: answer.status >= 500 ? "unavailable" : "refused", detail: `${said}${hint}` };
}

function byHand({ url, pods, until, world }: DrainUndo): readonly string[] {
  if (world !== undefined)
    return [`end the local world on port ${world.port}, or wait: it ends by itself at ${toIso(until)}`];
  return [
    `curl -X DELETE -H "authorization: Bearer $${DRAIN_TOKEN}" ${url}/drain   # until each of ${pods} Pods has answered; else it ends by itself at ${toIso(until)}`,
  ];
}

function podWords(count: number): string {
  return count === 1 ? "1 Pod" : `${count} Pods`;
}
