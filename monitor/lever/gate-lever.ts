// The gates of the local world as levers: of a region, also in turn with nothing, and of the DNS server. A gate goes with its
// world, so a world that is gone has nothing left to restore; one of the same port with another process is another world.
import type { LeverWish } from "../drill/lever-wish.ts";
import type { WorldState } from "../local/control.ts";
import { askState, type ControlReply, orderFault, worldlessWords } from "../local/world-client.ts";
import type { FoundWorld } from "../local/world-file.ts";
import { unreachable } from "../problem.ts";
import { done, failed, type LeverPlan, type LeverResult, type LeverStanding, refused } from "./lever.ts";
import type { Reach } from "./reach.ts";
import type { UndoOf } from "./undo.ts";

type GateWish = Extract<LeverWish, { readonly lever: "gate" | "dns-gate" }>;
type GateUndo = UndoOf<"gate" | "dns-gate">;

/** `port` null: the only world there is. */
export async function planGate(wish: GateWish, port: number | null, reach: Reach): Promise<LeverPlan> {
  if (wish.lever === "gate" && wish.fault === "refuse" && wish.onlyFrom.length > 0)
    return refused("a closed port cannot tell vantages apart: choose another fault");
  const search = await reach.findWorld(port);
  if (search.kind !== "found") return refused(worldlessWords(search, port));
  const { world } = search;
  const reply = await askState(world);
  if (reply.kind !== "state") return refused(`the local world on port ${world.port}: ${wordsOf(reply)}`);
  const where = { port: world.port, worldPid: reply.state.pids.parent };
  return planOn(reply.state, undoOf(wish, where));
}

function undoOf(wish: GateWish, where: { readonly port: number; readonly worldPid: number }): GateUndo {
  if (wish.lever === "dns-gate") return { lever: wish.lever, during: wish.fault, ...where };
  const { lever, region, onlyFrom, flap, fault } = wish;
  return { lever, region, onlyFrom: [...onlyFrom], flap, during: fault, ...where };
}

function planOn(state: WorldState, undo: GateUndo): LeverPlan {
  const target = targetOf(undo);
  const before = faultAt(state, undo);
  if (before === null)
    return refused(`the local world has no region ${target}, only ${state.regions.map(({ id }) => id).join(", ")}`);
  if (before !== "open")
    return refused(`the gate of ${target} is at "${before}" already: \`monitor gate ${target} open\` mends it`);
  const { flap, onlyFrom } = undo.lever === "gate" ? undo : { flap: null, onlyFrom: [] };
  const turns = flap === null ? "" : `, ${flap.downMs / 1000} s at a time with ${flap.upMs / 1000} s between`;
  const seen = onlyFrom.length === 0 ? "" : `, for ${onlyFrom.join(", ")} alone`;
  return {
    kind: "ready",
    steps: [`set the gate of ${target} to "${undo.during}"${turns}${seen}`],
    warnings: [],
    undo,
    expiresBy: null,
  };
}

export async function applyGate(undo: GateUndo, reach: Reach): Promise<LeverResult> {
  const found = await findGate(undo, reach);
  if (found.kind === "gone") return failed("unavailable", "the local world has ended", []);
  if (found.kind === "silent") return failed("unavailable", found.detail, [mendByHand(undo)]);
  if (!isOurs(found.fault, undo)) return movedBy(found.fault, undo);
  const problem = found.fault === undo.during ? null : await order(found.world, undo, undo.during);
  if (problem !== null) return failed("unavailable", problem, [mendByHand(undo)]);
  if (undo.lever === "gate" && undo.flap !== null)
    reach.flapping.start(nameOf(undo), undo.flap, async (to) => {
      await order(found.world, undo, to === "down" ? undo.during : "open");
    });
  return done(`the gate of ${targetOf(undo)} is at "${undo.during}"`);
}

export async function verifyGate(undo: GateUndo, reach: Reach): Promise<LeverStanding> {
  const found = await findGate(undo, reach);
  if (found.kind === "gone") return { kind: "restored" };
  if (found.kind === "silent") return { kind: "other", detail: found.detail };
  // Between two faults of a flapping the gate is open, and the lever no less applied.
  if (reach.flapping.isRunning(nameOf(undo))) return { kind: "applied" };
  if (found.fault === "open") return { kind: "restored" };
  return found.fault === undo.during
    ? { kind: "applied" }
    : { kind: "other", detail: `the gate is at "${found.fault}"` };
}

export async function rollbackGate(undo: GateUndo, reach: Reach): Promise<LeverResult> {
  await reach.flapping.stop(nameOf(undo));
  const found = await findGate(undo, reach);
  if (found.kind === "gone") return done("the local world has ended, and its gates with it");
  if (found.kind === "silent") return failed("unavailable", found.detail, [mendByHand(undo)]);
  if (found.fault === "open") return done(`the gate of ${targetOf(undo)} is open`);
  if (!isOurs(found.fault, undo)) return movedBy(found.fault, undo);
  const problem = await order(found.world, undo, "open");
  return problem === null
    ? done(`the gate of ${targetOf(undo)} is open again`)
    : failed("unavailable", problem, [mendByHand(undo)]);
}

type FoundGate =
  | { readonly kind: "gate"; readonly world: FoundWorld; readonly fault: string }
  | { readonly kind: "gone" }
  | { readonly kind: "silent"; readonly detail: string };

async function findGate(undo: GateUndo, reach: Reach): Promise<FoundGate> {
  const search = await reach.findWorld(undo.port);
  if (search.kind !== "found") return { kind: "gone" };
  const reply = await askState(search.world);
  if (reply.kind !== "state") return { kind: "silent", detail: wordsOf(reply) };
  if (reply.state.pids.parent !== undo.worldPid) return { kind: "gone" };
  const fault = faultAt(reply.state, undo);
  return fault === null ? { kind: "gone" } : { kind: "gate", world: search.world, fault };
}

/** Null: no such gate. */
function faultAt(state: WorldState, undo: GateUndo): string | null {
  if (undo.lever === "dns-gate") return state.dns.fault;
  return state.regions.find(({ id }) => id === undo.region)?.fault ?? null;
}

function isOurs(fault: string, undo: GateUndo): boolean {
  return fault === "open" || fault === undo.during;
}

function movedBy(fault: string, undo: GateUndo): LeverResult {
  const target = targetOf(undo);
  return failed("moved", `the gate of ${target} is at "${fault}", which this drill did not set`, [mendByHand(undo)]);
}

/** Null: done. */
async function order(world: FoundWorld, undo: GateUndo, fault: string): Promise<string | null> {
  const onlyFrom = undo.lever === "gate" ? undo.onlyFrom : [];
  const reply = await orderFault(world, targetOf(undo), fault, onlyFrom);
  return reply.kind === "state" ? null : wordsOf(reply);
}

function targetOf(undo: GateUndo): string {
  return undo.lever === "dns-gate" ? "dns" : undo.region;
}

function nameOf(undo: GateUndo): string {
  return `${undo.port}/${targetOf(undo)}`;
}

function mendByHand(undo: GateUndo): string {
  return `npm run -s monitor -- gate --port ${undo.port} ${targetOf(undo)} open`;
}

function wordsOf(reply: Exclude<ControlReply, { readonly kind: "state" }>): string {
  switch (reply.kind) {
    case "refused":
      return reply.refusal.problem;
    case "failed":
      return reply.detail;
    default:
      return unreachable(reply);
  }
}
