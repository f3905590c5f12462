// One round, the same in the Worker and in Node: plan, let every vantage look, fold, commit. The caller says how a vantage
// is reached; a vantage that does not answer in time is missed, and the round goes on without it.
import type { OutboxEntry } from "../model/alert.ts";
import type { VantageOutcome, VantageReport } from "../model/observation.ts";
import type { IncidentChange } from "../model/verdict.ts";
import type { MonitorState } from "../model/state.ts";
import type { Instant } from "../time.ts";
import type { Topology } from "../topology/topology.ts";
import { datedBy, forgetFuture, orderOf, setBackBy } from "./clock-step.ts";
import { foldRound } from "./fold.ts";
import type { MeteredRound } from "./meter-round.ts";
import { planRound, type VantageJob } from "./plan.ts";
import type { Clock, StoredRound, StoreResult, World } from "./world.ts";

/** Reaches a vantage; may reject, which is then the reason why it is missed. */
export type AskVantage = (job: VantageJob) => Promise<VantageReport>;

/** What private vantages sent of this slot or before it; ends by itself, soon after those who are asked must have answered. */
export type HearPrivate = (slot: Instant, before: MonitorState) => Promise<readonly VantageOutcome[]>;

export const HEAR_NOBODY: HearPrivate = async () => [];

export interface RoundResult {
  /** Of an unsaved round: what it made of its looks, but what was told, counted and kept for the timeline, `lastSlot`, `rounds` and `missedSlots` as stored. */
  readonly state: MonitorState;
  readonly changes: readonly IncidentChange[];
  /** "saved"; "known": this slot had been committed before, and `state` is unchanged; "unsaved" with the reason. */
  readonly saved: Saved;
  /** For the meters; null: it was not saved, so it does not count. */
  readonly metered: MeteredRound | null;
}

type Saved = { readonly kind: "saved" | "known" } | { readonly kind: "unsaved"; readonly detail: string };

/** What a vantage gets on top of its own deadline, to bring its report home. */
const TRAVEL_MS = 1000;

/** A commit is a few rows on a disk nearby. */
const STORE_MS_MAX = 5000;

/** Ends whatever the world does, as long as its clock goes; a store that rejects or does not answer leaves the round unsaved. */
export async function runRound(
  topology: Topology,
  slot: Instant,
  before: MonitorState,
  ask: AskVantage,
  world: Pick<World, "clock" | "store">,
  hear: HearPrivate = HEAR_NOBODY,
  looksForOpinion = topology.dns.healthCheck.failureThreshold,
): Promise<RoundResult> {
  const { clock } = world;
  const beganAt = clock.now();
  const known: RoundResult = { state: before, changes: [], saved: { kind: "known" }, metered: null };
  const order = orderOf(topology, before.lastSlot, slot);
  if (order === "repeated") return known;
  const [asked, heard] = await Promise.all([
    Promise.all(planRound(topology, slot, before).map((job) => askInTime(job, ask, clock))),
    hear(slot, before),
  ]);
  const outcomes = [...asked, ...heard];
  const at = clock.now();
  const believed = forgetFuture(topology, before, at);
  const fold = foldRound(topology, believed, datedBy(at, outcomes), slot, at, looksForOpinion);
  const { state, row, changes } = fold;
  const saved = await save({ slot, row: JSON.stringify(row) }, JSON.stringify(state), fold.entries, world);
  const metered = { slot, beganAt, at, outcomes: fold.outcomes, state };
  if (saved.kind === "saved") return { state, changes, saved, metered };
  const { lastSlot } = before;
  const uncounted = uncountedState(state, before);
  if (saved.kind === "unsaved") return { state: uncounted, changes, saved, metered: null };
  if (order === "next" || lastSlot === null) return known;
  const detail = setBackBy(lastSlot, slot);
  return { state: uncounted, changes, saved: { kind: "unsaved", detail }, metered: null };
}

/** Nobody was told anything and nothing was counted, because both are stored with the round. */
function uncountedState(
  { alerts: _untold, objectives: _uncounted, trail: _unkept, ...state }: MonitorState,
  { lastSlot, rounds, missedSlots, alerts, objectives, trail }: MonitorState,
): MonitorState {
  return {
    ...state,
    lastSlot,
    rounds,
    missedSlots,
    ...(alerts === undefined ? {} : { alerts }),
    ...(objectives === undefined ? {} : { objectives }),
    ...(trail === undefined ? {} : { trail }),
  };
}

async function save(
  round: StoredRound,
  state: string,
  entries: readonly OutboxEntry[],
  { store, clock }: Pick<World, "clock" | "store">,
): Promise<Saved> {
  const committed = await answerOf(() => store.commitRound(round.slot, round.row, state, entries), clock);
  if (committed.kind === "done") return { kind: committed.value ? "saved" : "known" };
  // What failed may have been the answer alone.
  const held = await answerOf(() => store.readRounds(round.slot, round.slot), clock);
  if (held.kind === "done" && held.value[0]?.row === round.row) return { kind: "saved" };
  return { kind: "unsaved", detail: committed.detail };
}

async function answerOf<T>(ask: () => Promise<StoreResult<T>>, clock: Clock): Promise<StoreResult<T>> {
  const asked = async (): Promise<StoreResult<T>> => await ask();
  const answer = asked().catch((thrown: unknown): StoreResult<T> => ({ kind: "failed", detail: wordsOf(thrown) }));
  const late = { kind: "failed", detail: `the store gave no answer within ${STORE_MS_MAX} ms` } as const;
  return (await clock.within(answer, STORE_MS_MAX)) ?? late;
}

async function askInTime(job: VantageJob, ask: AskVantage, clock: Clock): Promise<VantageOutcome> {
  const vantage = job.vantage.id;
  const limitMs = job.timeoutMs + TRAVEL_MS;
  const asked = async (): Promise<VantageOutcome> => ({ kind: "reported", report: await ask(job) });
  const report = asked().catch((thrown: unknown): VantageOutcome => ({
    kind: "missed",
    vantage,
    detail: wordsOf(thrown),
  }));
  return (await clock.within(report, limitMs)) ?? { kind: "missed", vantage, detail: `no report within ${limitMs} ms` };
}

function wordsOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
