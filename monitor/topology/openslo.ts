// Objectives for the topology out of OpenSLO v1 files. Queries are not run here: what our vantages see takes their place, so a ratio
// becomes availability, and a threshold latency.
import type * as z from "zod/mini";
import type { Parsed, Problem } from "../problem.ts";
import { parseFile } from "./document.ts";
import type { Draft } from "./draft.ts";
import {
  type IndicatorKind,
  indicatorKind,
  kindOf,
  type SloContext,
  sliceMinutes,
  sloBreaches,
  type ThresholdUnit,
  thresholdMs,
  windowDays,
} from "./openslo-rules.ts";
import { OTHER_KINDS, SLI, type Sli, type Slo, SLO } from "./openslo-schema.ts";
import { readSource, type SourceLimits } from "./source.ts";
import { valueAt } from "./path.ts";
import type { Objective } from "./topology.ts";
import type { Breach } from "./wording.ts";

export const OPENSLO_LIMITS: SourceLimits = { textMax: 256 * 1024, valuesMax: 20_000 };
const DOCUMENTS_MAX = 100;

export interface OpenSloWish {
  /** Null: nobody said, and a threshold is refused. */
  readonly unit: ThresholdUnit | null;
  /** Who promises: a region's id, or null for the service. */
  readonly region: string | null;
}

export interface OpenSloImport {
  readonly objectives: readonly Objective[];
  /** What the file says beside it and nothing here takes, in sentences. */
  readonly notes: readonly string[];
}

/** Problems of all documents at once, with their places in the whole text. */
export function parseOpenSlo(text: string, wish: OpenSloWish): Parsed<OpenSloImport> {
  if (text.length > OPENSLO_LIMITS.textMax)
    return refuse(`expected at most ${OPENSLO_LIMITS.textMax} characters, found ${text.length}`);
  const parts = partsOf(text);
  if (parts.length > DOCUMENTS_MAX) return refuse(`expected at most ${DOCUMENTS_MAX} documents, found ${parts.length}`);
  const slis = parts.filter(({ kind }) => kind === "SLI").map((part) => parsePart(part, SLI, () => []));
  const context = { unit: wish.unit, indicators: indicatorsOf(slis) };
  const slos = parts
    .filter(({ kind }) => kind === "SLO" || kind === "broken")
    .map((part) => parsePart(part, SLO, (draft) => sloBreaches(draft, context)));
  const strangers = parts.filter(({ kind }) => !KINDS.has(kind)).map(strangerProblem);
  const problems = [...[...slis, ...slos].flatMap((parsed) => (parsed.ok ? [] : parsed.problems)), ...strangers];
  if (problems.length > 0) return { ok: false, problems: problems.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0)) };
  if (slos.length === 0) return refuse("expected an SLO of openslo/v1, found none");
  const read = slos.flatMap((parsed) => (parsed.ok ? [parsed.value] : []));
  return {
    ok: true,
    value: {
      objectives: read.flatMap((slo) => objectivesOf(slo, context, wish.region)),
      notes: [...new Set([...read.flatMap(notesOf), ...parts.flatMap(({ kind }) => otherNotes(kind))])],
    },
  };
}

function refuse(message: string): Parsed<OpenSloImport> {
  return { ok: false, problems: [{ message, line: 1, column: 1 }] };
}

/** One document. */
interface Part {
  readonly text: string;
  /** Lines of the file before it. */
  readonly before: number;
  /** "broken": it cannot be read. */
  readonly kind: string;
}

const KINDS: ReadonlySet<string> = new Set(["SLO", "SLI", "broken", ...OTHER_KINDS]);

/** Without those in which nothing stands. */
function partsOf(text: string): readonly Part[] {
  const lines = text.split("\n");
  const starts = lines.flatMap((line, at) => (at === 0 || /^---(\s|$)/.test(line) ? [at] : []));
  return starts.flatMap((before, index) => {
    const own = lines.slice(before, starts[index + 1]);
    if (own.every((line) => /^\s*(#|---\s*(#|$)|\.\.\.\s*$|$)/.test(line))) return [];
    const part = own.join("\n");
    return [{ text: part, before, kind: kindOfPart(part) }];
  });
}

function kindOfPart(text: string): string {
  const { tree } = readSource(text, null, OPENSLO_LIMITS);
  const kind = valueAt(tree?.value, ["kind"]);
  return tree === null ? "broken" : typeof kind === "string" ? kind : "";
}

function strangerProblem({ before, kind }: Part): Problem {
  const found = kind === "" ? "a document without a kind" : kind;
  return {
    message: `expected SLO, SLI, ${OTHER_KINDS.join(", ")}, found ${found}`,
    line: before + 1,
    column: 1,
    path: "kind",
  };
}

function parsePart<T extends z.core.$ZodType>(
  { text, before }: Part,
  schema: T,
  breaches: (draft: Draft<z.output<T>>) => readonly Breach[],
): Parsed<z.output<T>> {
  const parsed = parseFile(text, null, { schema, breaches, limits: OPENSLO_LIMITS });
  if (parsed.ok) return parsed;
  const moved = parsed.problems.map((problem) => ({ ...problem, line: (problem.line ?? 1) + before }));
  return { ok: false, problems: moved };
}

function indicatorsOf(slis: readonly Parsed<Sli>[]): ReadonlyMap<string, IndicatorKind> {
  return new Map(
    slis.flatMap((parsed): [string, IndicatorKind][] => {
      const kind = parsed.ok ? kindOf(parsed.value.spec) : null;
      return parsed.ok && kind !== null ? [[parsed.value.metadata.name, kind]] : [];
    }),
  );
}

/** One for each of its objectives; where it has several, their number is added to its name. */
function objectivesOf({ metadata, spec }: Slo, context: SloContext, region: string | null): readonly Objective[] {
  const latency = indicatorKind(spec, context) === "threshold";
  const sliced = spec.budgetingMethod === "Timeslices";
  return spec.objectives.map((entry, index): Objective => ({
    name: spec.objectives.length === 1 ? metadata.name : `${metadata.name}-${index + 1}`,
    indicator: latency ? "latency" : "availability",
    thresholdMs: latency ? thresholdMs(entry.value ?? 0, context.unit ?? "ms") : null,
    region,
    method: sliced ? "timeslices" : "occurrences",
    timeSliceTarget: sliced ? (entry.timeSliceTarget ?? null) : null,
    timeSliceMinutes: sliced ? sliceMinutes(entry.timeSliceWindow ?? "") : null,
    target: entry.target ?? Number(((entry.targetPercent ?? 0) / 100).toFixed(12)),
    windowDays: windowDays(spec.timeWindow[0]?.duration ?? "") ?? 0,
  }));
}

function notesOf({ metadata, spec }: Slo): readonly string[] {
  const policies = Array.isArray(spec.alertPolicies) && spec.alertPolicies.length > 0;
  return policies
    ? [`${metadata.name}: its alertPolicies are not taken: burn rates are judged by the rules of docs/objectives.md`]
    : [];
}

function otherNotes(kind: string): readonly string[] {
  return OTHER_KINDS.some((other) => other === kind) ? [`${kind}: it promises nothing, and is not taken`] : [];
}

/** As lines for the topology, defaults left out. */
export function objectiveLines(objectives: readonly Objective[]): readonly string[] {
  return objectives.map((one) => {
    const {
      name,
      indicator,
      thresholdMs: limit,
      region,
      method,
      timeSliceTarget,
      timeSliceMinutes,
      target,
      windowDays: days,
    } = one;
    const fields = [
      `name: ${name}`,
      ...(indicator === "latency" ? [`indicator: latency, thresholdMs: ${limit}`] : []),
      ...(region === null ? [] : [`region: ${region}`]),
      ...(method === "timeslices"
        ? [`method: timeslices, timeSliceTarget: ${timeSliceTarget}, timeSliceMinutes: ${timeSliceMinutes}`]
        : []),
      `target: ${target}`,
      `windowDays: ${days}`,
    ];
    return `  - { ${fields.join(", ")} }`;
  });
}
