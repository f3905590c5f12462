// What remains of many rounds when they are counted: by region and vantage how looks ended and how long they took, and by
// subject what was said of DNS. Tallies merge, so that an hour is counted once and a day is the sum of its hours.
import { userVote } from "../health/votes.ts";
import type { FailureCause } from "../model/observation.ts";
import type { VerdictKind } from "../model/verdict.ts";
import type { Instant } from "../time.ts";
import { fingerprint } from "../topology/fingerprint.ts";
import type { Topology } from "../topology/topology.ts";
import type { CountedRow } from "./counted-row.ts";
import { groupBy, mapValues, mergeRecords, sumOf } from "../grouping.ts";
import { EMPTY_SKETCH, mergeSketches, type Sketch, sketchOf } from "./sketch.ts";

/** A round as the store has it. */
export interface KeptRound {
  readonly slot: Instant;
  readonly row: CountedRow;
}

/** A round, and the slots without one just before it. */
export interface Gap {
  readonly slot: Instant;
  readonly missedSlots: number;
}

export interface CellTally {
  /** A user would have been served, or not; `unknown` is our own failure; `missed`: the vantage took no part. */
  readonly up: number;
  readonly down: number;
  readonly unknown: number;
  readonly missed: number;
  /** Looks while the region was under maintenance, whatever they saw: nothing else counts them. */
  readonly maintenance: number;
  /** What Route 53's checkers would have said, where we can tell. */
  readonly route53: { readonly passed: number; readonly failed: number };
  /** Failures by cause, our own included. */
  readonly causes: Readonly<Partial<Record<FailureCause, number>>>;
  /** Whole fetches; a look that was down counts as endless, one that was unknown not at all. */
  readonly totalMs: Sketch;
}

export type VerdictCounts = Readonly<Record<VerdictKind, number>>;

export interface Tally {
  readonly rounds: number;
  /** As the rounds counted found them, so those before the first of them are among them. */
  readonly missedSlots: number;
  readonly first: Gap | null;
  readonly last: Instant | null;
  /** By region id, then vantage id. */
  readonly cells: Readonly<Record<string, Readonly<Record<string, CellTally>>>>;
  /** By subject; only questions whose vantage took part. */
  readonly dns: Readonly<Record<string, VerdictCounts>>;
}

export const EMPTY_CELL: CellTally = {
  up: 0,
  down: 0,
  unknown: 0,
  missed: 0,
  maintenance: 0,
  route53: { passed: 0, failed: 0 },
  causes: {},
  totalMs: EMPTY_SKETCH,
};

export const EMPTY_TALLY: Tally = { rounds: 0, missedSlots: 0, first: null, last: null, cells: {}, dns: {} };

type Look = CountedRow["cells"][number] | "missed" | "excused";

/** Who should have looked is only known of rounds under this topology: others have no missed cells. */
export function tallyOf(topology: Topology, rounds: readonly KeptRound[]): Tally {
  if (rounds.length === 0) return EMPTY_TALLY;
  const own = fingerprint(topology);
  const looks = rounds.flatMap(({ row }) => [
    ...row.cells.map((cell) => ({ region: cell.region, vantage: cell.vantage, look: lookOf(cell, row) })),
    ...(row.policy === own ? missedLooks(topology, row) : []),
  ]);
  const cells = mapValues(
    groupBy(looks, (one) => one.region),
    (ofRegion) =>
      mapValues(
        groupBy(ofRegion, (one) => one.vantage),
        (ofCell) => cellTallyOf(ofCell.map((one) => one.look)),
      ),
  );
  const answers = groupBy(
    rounds.flatMap(({ row }) => row.dns),
    (answer) => answer.subject,
  );
  const slots = rounds.map((round) => round.slot);
  return {
    rounds: rounds.length,
    missedSlots: rounds.reduce((sum, { row }) => sum + row.missedSlots, 0),
    first: earliest(rounds.map(({ slot, row }) => ({ slot, missedSlots: row.missedSlots }))),
    last: slots.reduce((a, b) => Math.max(a, b)),
    cells,
    dns: mapValues(answers, (ofSubject) => verdictCounts(ofSubject.map((answer) => answer.verdict))),
  };
}

function lookOf(cell: CountedRow["cells"][number], { maintenance = [] }: CountedRow): Look {
  return maintenance.includes(cell.region) ? "excused" : cell;
}

function missedLooks(topology: Topology, row: CountedRow) {
  const reported = new Set(row.cells.map((cell) => cell.vantage));
  const silent = topology.probe.vantages.filter(({ id }) => !reported.has(id));
  return topology.regions.flatMap((region) =>
    silent.map((vantage) => ({ region: region.id, vantage: vantage.id, look: "missed" as const })),
  );
}

function cellTallyOf(looks: readonly Look[]): CellTally {
  const seen = looks.flatMap((look) => (typeof look === "string" ? [] : [look]));
  const votes = seen.map(({ cause }) => userVote({ failure: cause === null ? null : { cause, detail: "" } }));
  const times = seen.flatMap(({ totalMs }, index) =>
    votes[index] === null ? [] : [votes[index] === true && totalMs !== null ? totalMs : Infinity],
  );
  const causes = groupBy(
    seen.flatMap(({ cause }) => (cause === null ? [] : [cause])),
    (cause) => cause,
  );
  return {
    up: votes.filter((vote) => vote === true).length,
    down: votes.filter((vote) => vote === false).length,
    unknown: votes.filter((vote) => vote === null).length,
    missed: looks.filter((look) => look === "missed").length,
    maintenance: looks.filter((look) => look === "excused").length,
    route53: {
      passed: seen.filter((look) => look.route53 === true).length,
      failed: seen.filter((look) => look.route53 === false).length,
    },
    causes: mapValues(causes, (same) => same.length),
    totalMs: sketchOf(times),
  };
}

function verdictCounts(verdicts: readonly VerdictKind[]): VerdictCounts {
  const count = (kind: VerdictKind): number => verdicts.filter((verdict) => verdict === kind).length;
  return {
    conforms: count("conforms"),
    converging: count("converging"),
    deviates: count("deviates"),
    undecided: count("undecided"),
  };
}

export function mergeTallies(tallies: readonly Tally[]): Tally {
  return {
    rounds: sumOf(tallies, (tally) => tally.rounds),
    missedSlots: sumOf(tallies, (tally) => tally.missedSlots),
    first: earliest(tallies.flatMap(({ first }) => (first === null ? [] : [first]))),
    last: tallies.reduce<Instant | null>(
      (latest, { last }) => (latest === null || (last ?? latest) > latest ? last : latest),
      null,
    ),
    cells: mergeRecords(
      tallies.map((tally) => tally.cells),
      (rows) => mergeRecords(rows, mergeCells),
    ),
    dns: mergeRecords(
      tallies.map((tally) => tally.dns),
      mergeVerdicts,
    ),
  };
}

export function mergeCells(cells: readonly CellTally[]): CellTally {
  return {
    up: sumOf(cells, (cell) => cell.up),
    down: sumOf(cells, (cell) => cell.down),
    unknown: sumOf(cells, (cell) => cell.unknown),
    missed: sumOf(cells, (cell) => cell.missed),
    maintenance: sumOf(cells, (cell) => cell.maintenance),
    route53: {
      passed: sumOf(cells, (cell) => cell.route53.passed),
      failed: sumOf(cells, (cell) => cell.route53.failed),
    },
    causes: mergeRecords(
      cells.map((cell) => cell.causes),
      (counts) => sumOf(counts, (count) => count),
    ),
    totalMs: mergeSketches(cells.map((cell) => cell.totalMs)),
  };
}

function mergeVerdicts(counts: readonly VerdictCounts[]): VerdictCounts {
  return {
    conforms: sumOf(counts, (one) => one.conforms),
    converging: sumOf(counts, (one) => one.converging),
    deviates: sumOf(counts, (one) => one.deviates),
    undecided: sumOf(counts, (one) => one.undecided),
  };
}

function earliest(gaps: readonly Gap[]): Gap | null {
  return gaps.reduce<Gap | null>((first, gap) => (first === null || gap.slot < first.slot ? gap : first), null);
}
