// Reads the stored rounds over which an objective that is new has yet to be counted.
import type { MonitorState } from "../model/state.ts";
import { promisesOf } from "../objective/book.ts";
import { countBack, type StoredSeen, stretchBefore } from "../objective/count-back.ts";
import { instantsOf, parseToldRound } from "../report/told-round.ts";
import { DAY_MS } from "../time.ts";
import type { Topology } from "../topology/topology.ts";
import type { Store, StoreResult } from "./world.ts";

/** What a store holds at 30 seconds. */
const BACK_MAX_MS = 7 * DAY_MS;

/** One stretch of one objective, the latest first; the state itself where there is none. Rows that cannot be read are left out. */
export async function runCountBack(
  topology: Topology,
  state: MonitorState,
  store: Pick<Store, "readRounds">,
): Promise<StoreResult<MonitorState>> {
  const { objectives = {}, lastSlot } = state;
  const due = Object.entries(objectives).toSorted(([, a], [, b]) => (b.backTo ?? 0) - (a.backTo ?? 0))[0];
  const [key = "", count] = due ?? [];
  const promised = promisesOf(topology).get(key);
  if (count?.backTo === undefined || promised === undefined || lastSlot === null) return { kind: "done", value: state };
  const stretch = stretchBefore(count.backTo, promised);
  const read = await store.readRounds(stretch.from, stretch.to - 1);
  if (read.kind === "failed") return read;
  const rounds = read.value.flatMap(({ slot, row }): readonly StoredSeen[] => {
    const told = parseToldRound(slot, row);
    return told === null ? [] : [{ ...told, slot: instantsOf(told).slot }];
  });
  const counted = countBack(count, topology, promised, rounds, stretch, lastSlot - BACK_MAX_MS);
  return { kind: "done", value: { ...state, objectives: { ...objectives, [key]: counted } } };
}
