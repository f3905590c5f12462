// What speaks against a drill now: the levers' dry calls, and what the monitor, the journals and the script's own conditions
// say. Reads only; asked by the plan, and again by the run when the steady state has been watched.
import { askFingerprint } from "../conduct/monitor-client.ts";
import { preparedLevers, type PreparedLevers } from "../conduct/prepare.ts";
import { PATIENCE_MS } from "../conduct/steadiness.ts";
import { refusalsOf, type Refusal as DrillRefusal } from "../drill/preconditions.ts";
import { openJournals } from "../lever/journal.ts";
import { journalFolder, stateFolder } from "../lever/state-folder.ts";
import type { StatusReport } from "../report/status-schema.ts";
import type { Instant } from "../time.ts";
import type { DrillArguments } from "./drill-arguments.ts";
import type { DrillSetting } from "./drill-setting.ts";

export interface Readiness {
  readonly levers: PreparedLevers;
  /** Of what the monitor watches; null: not known. */
  readonly watched: string | null;
  /** In a fixed order; empty: it may begin. */
  readonly refusals: readonly DrillRefusal[];
}

/** Those that watching for a while may dissolve: they are no reason to give up before the steady state has been watched. */
const WAITED_FOR: ReadonlySet<DrillRefusal["id"]> = new Set([
  "monitor-silent",
  "not-steady",
  "incident",
  "dns-deviates",
  "standby-not-healthy",
]);

export function isWaitedFor({ id }: DrillRefusal): boolean {
  return WAITED_FOR.has(id);
}

export async function readReadiness(setting: DrillSetting, given: DrillArguments): Promise<Readiness> {
  const { scene, plan, topology, reach } = setting;
  // What drains by itself must hold until the drill has ended, and it is planned before the steady state is watched.
  const holdMs = PATIENCE_MS + plan.steadyWindowMs + plan.expiryMs;
  const place = { worldPort: scene?.worldPort ?? null, ...(scene === null ? {} : { monitorUrl: scene.monitor.url }) };
  const zone = given.zoneId === null ? {} : { zoneId: given.zoneId };
  const levers = await preparedLevers(plan, { topology, ...place, ...zone, holdMs }, reach);
  const watched = scene === null ? null : await askFingerprint(scene.monitor.url);
  const told = (await scene?.monitor.readStatus()) ?? null;
  const status = told?.kind === "answer" ? told.value : null;
  // Levers may have taken their time, and what is seen is judged by when it was seen.
  const at = reach.clock.now();
  const seen = { status, levers, watched, own: null };
  return { levers, watched, refusals: await judgeReadiness(setting, given, seen, at) };
}

export interface Seen extends Pick<Readiness, "levers" | "watched"> {
  readonly status: StatusReport | null;
  /** Id of the drill that asks, which is under way itself; null: none. */
  readonly own: string | null;
}

export async function judgeReadiness(
  { plan }: DrillSetting,
  { approvals }: DrillArguments,
  { status, levers, watched, own }: Seen,
  at: Instant,
): Promise<readonly DrillRefusal[]> {
  const journals = await openJournals(journalFolder(stateFolder(process.env)));
  const others = journals
    .map((one) => (one.kind === "unfinished" ? one.head.drill : one.path))
    .filter((id) => id !== own);
  const running = status?.drill !== undefined && status.drill.endedAt === null ? status.drill.id : null;
  return refusalsOf(
    plan,
    {
      status,
      topologyFingerprint: watched,
      runningDrill: running === own ? null : running,
      openJournals: others,
      approvals,
      leverRefusals: levers.kind === "refused" ? levers.why : [],
    },
    at,
  );
}
