// One round, the same in the Worker and in Node: plan, let every vantage look, fold, commit. The caller says how a vantage
// is reached; a vantage that does not answer in time is missed, and the round goes on without it.
import type { IncidentChange, MonitorState, VantageOutcome, VantageReport } from "../model.ts";
import type { Instant } from "../time.ts";
import type { Topology } from "../topology/topology.ts";
import { foldRound } from "./fold.ts";
import { planRound, type VantageJob } from "./plan.ts";
import type { Clock, World } from "./world.ts";

/** Reaches a vantage; may reject, which is then the reason why it is missed. */
export type AskVantage = (job: VantageJob) => Promise<VantageReport>;

export interface RoundResult {
  readonly state: MonitorState;
  readonly changes: readonly IncidentChange[];
  /** "saved"; "known": this slot had been committed before, and `state` is unchanged; "unsaved" with the reason. */
  readonly saved: { readonly kind: "saved" | "known" } | { readonly kind: "unsaved"; readonly detail: string };
}

/** What a vantage gets on top of its own deadline, to bring its report home. */
const TRAVEL_MS = 1000;

export async function runRound(
  topology: Topology,
  slot: Instant,
  before: MonitorState,
  ask: AskVantage,
  world: Pick<World, "clock" | "store">,
  looksForOpinion = topology.dns.healthCheck.failureThreshold,
): Promise<RoundResult> {
  if (before.lastSlot !== null && slot <= before.lastSlot)
    return { state: before, changes: [], saved: { kind: "known" } };
  const outcomes = await Promise.all(planRound(topology, slot).map((job) => askInTime(job, ask, world.clock)));
  const { state, row, changes } = foldRound(topology, before, outcomes, slot, world.clock.now(), looksForOpinion);
  const committed = await world.store.commitRound(slot, JSON.stringify(row), JSON.stringify(state));
  if (committed.kind === "failed") return { state, changes, saved: { kind: "unsaved", detail: committed.detail } };
  if (!committed.value) return { state: before, changes: [], saved: { kind: "known" } };
  return { state, changes, saved: { kind: "saved" } };
}

async function askInTime(job: VantageJob, ask: AskVantage, clock: Clock): Promise<VantageOutcome> {
  const vantage = job.vantage.id;
  const limitMs = job.timeoutMs + TRAVEL_MS;
  const report = ask(job).then(
    (done): VantageOutcome => ({ kind: "reported", report: done }),
    (thrown: unknown): VantageOutcome => ({
      kind: "missed",
      vantage,
      detail: thrown instanceof Error ? thrown.message : String(thrown),
    }),
  );
  return (await clock.within(report, limitMs)) ?? { kind: "missed", vantage, detail: `no report within ${limitMs} ms` };
}
