// What every part of the bench is, and what it hands back: a table for people, figures for machines, words for both.
import type { Belongings } from "./belongings.ts";

export interface BenchContext {
  /** A tenth of the work: enough to see that everything runs, too little to quote. */
  readonly quick: boolean;
  readonly belongings: Belongings;
}

export interface PartResult {
  readonly columns: readonly string[];
  /** As many cells a row as there are columns. */
  readonly rows: readonly (readonly string[])[];
  /** By name, with the unit last: "httpRatio", "cpuPerCellUs". Null: could not be measured here, and `notes` says why. */
  readonly figures: Readonly<Record<string, number | boolean | null>>;
  /** Sentences below the table. */
  readonly notes: readonly string[];
}

export interface Part {
  readonly name: string;
  readonly title: string;
  readonly run: (context: BenchContext) => Promise<PartResult>;
}
