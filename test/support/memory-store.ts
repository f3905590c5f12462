// A store without a disk, for rounds whose storage is to be looked into: it keeps to the contract of `Store`.
import type { Store, StoredRound } from "../../monitor/run/world.ts";

export interface MemoryStore extends Store {
  /** The oldest slot first. */
  readonly rounds: () => readonly StoredRound[];
  readonly state: () => string | null;
}

export function makeMemoryStore(): MemoryStore {
  const rows = new Map<number, string>();
  let latest: string | null = null;
  const rounds = (): readonly StoredRound[] =>
    [...rows].map(([slot, row]) => ({ slot, row })).toSorted((a, b) => a.slot - b.slot);
  return {
    rounds,
    state: () => latest,
    readState: () => Promise.resolve({ kind: "done", value: latest }),
    commitRound: (slot, row, state) => {
      if (rows.has(slot)) return Promise.resolve({ kind: "done", value: false });
      rows.set(slot, row);
      latest = state;
      return Promise.resolve({ kind: "done", value: true });
    },
    readRounds: (from, to) =>
      Promise.resolve({ kind: "done", value: rounds().filter(({ slot }) => slot >= from && slot <= to) }),
  };
}
