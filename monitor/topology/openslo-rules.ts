// What of an SLO can be promised here, and what cannot: calendar windows, averages of slices, composites, and thresholds of which
// nobody says the unit.
import type { Draft } from "./draft.ts";
import { WINDOW_DAYS_MAX } from "./schema.ts";
import type { Path } from "./path.ts";
import type { Slo } from "./openslo-schema.ts";
import type { Breach } from "./wording.ts";

/** Of thresholds: OpenSLO has none, and a query's unit is its own. */
export type ThresholdUnit = "ms" | "s";

export type IndicatorKind = "ratio" | "threshold";

export interface SloContext {
  /** Null: nobody said. */
  readonly unit: ThresholdUnit | null;
  /** What the file's SLIs are, by name. */
  readonly indicators: ReadonlyMap<string, IndicatorKind>;
}

type Spec = NonNullable<Draft<Slo>["spec"]>;
type Entry = NonNullable<NonNullable<Spec["objectives"]>[number]>;

const SLICE_MINUTES_MAX = 60;

export function sloBreaches({ spec }: Draft<Slo>, context: SloContext): readonly Breach[] {
  if (spec === undefined) return [];
  const kind = indicatorKind(spec, context);
  const entries = (spec.objectives ?? []).flatMap((entry, index) =>
    entry === undefined ? [] : entryBreaches(entry, ["spec", "objectives", index], { spec, kind, context }),
  );
  return [...indicatorBreaches(spec, kind), ...windowBreaches(spec), ...methodBreaches(spec), ...entries];
}

/** Null: there is none, or it is in no document of the file. */
export function indicatorKind({ indicator, indicatorRef }: Spec, { indicators }: SloContext): IndicatorKind | null {
  if (indicator?.spec !== undefined) return kindOf(indicator.spec);
  return indicatorRef === undefined ? null : (indicators.get(indicatorRef) ?? null);
}

export function kindOf(spec: Draft<Slo["spec"]["indicator"] & object>["spec"]): IndicatorKind | null {
  if (spec?.thresholdMetric !== undefined) return "threshold";
  return spec?.ratioMetric === undefined ? null : "ratio";
}

function indicatorBreaches({ indicator, indicatorRef }: Spec, kind: IndicatorKind | null): readonly Breach[] {
  if (kind !== null) return [];
  if (indicatorRef !== undefined && indicator === undefined)
    return [
      {
        path: ["spec", "indicatorRef"],
        expected: "the name of an SLI with a ratioMetric or a thresholdMetric in this file",
      },
    ];
  return [
    {
      path: ["spec", "indicator"],
      expected: "an indicator with a ratioMetric or a thresholdMetric, or an indicatorRef",
    },
  ];
}

function windowBreaches({ timeWindow }: Spec): readonly Breach[] {
  const path: Path = ["spec", "timeWindow", 0];
  const window = timeWindow?.[0];
  if (window === undefined) return [];
  const rolling = "a rolling window, because one by the calendar is not counted here";
  if (window.calendar !== undefined && window.calendar !== null)
    return [{ path: [...path, "calendar"], expected: rolling }];
  if (window.isRolling === false) return [{ path: [...path, "isRolling"], expected: rolling }];
  if (window.duration === undefined || windowDays(window.duration) !== null) return [];
  const expected = `whole days or weeks, at most ${WINDOW_DAYS_MAX} days, such as 28d or 4w (a month or a quarter has no length of its own)`;
  return [{ path: [...path, "duration"], expected }];
}

function methodBreaches({ budgetingMethod }: Spec): readonly Breach[] {
  if (budgetingMethod !== "RatioTimeslices") return [];
  return [
    {
      path: ["spec", "budgetingMethod"],
      expected: "Occurrences or Timeslices, because averages of slices are not counted here",
    },
  ];
}

interface Around {
  readonly spec: Spec;
  readonly kind: IndicatorKind | null;
  readonly context: SloContext;
}

function entryBreaches(entry: Entry, path: Path, around: Around): readonly Breach[] {
  const { target, targetPercent } = entry;
  const composite = (["indicator", "indicatorRef", "compositeWeight"] as const).filter(
    (key) => entry[key] !== undefined,
  );
  return [
    ...composite.map((key) => ({ path: [...path, key], expected: "nothing, because composites are not counted here" })),
    ...(target === undefined && targetPercent === undefined
      ? [{ path: [...path, "target"], expected: "a target, or a targetPercent" }]
      : []),
    ...(target !== undefined && targetPercent !== undefined
      ? [{ path: [...path, "targetPercent"], expected: "nothing beside a target" }]
      : []),
    ...thresholdBreaches(entry, path, around),
    ...sliceBreaches(entry, path, around),
  ];
}

function thresholdBreaches({ op, value }: Entry, path: Path, { kind, context }: Around): readonly Breach[] {
  if (kind !== "threshold") return [];
  if (op === "gte" || op === "gt")
    return [{ path: [...path, "op"], expected: "lte or lt, because of thresholds only latencies are counted here" }];
  const at = [...path, "value"];
  if (value === undefined) return [{ path: at, expected: "the threshold of the latency" }];
  if (context.unit === null)
    return [{ path: at, expected: "its unit from the command line, --unit ms or --unit s, because OpenSLO has none" }];
  const ms = thresholdMs(value, context.unit);
  return ms === null ? [{ path: at, expected: "a whole number of milliseconds from 1 to 60000" }] : [];
}

function sliceBreaches({ timeSliceTarget, timeSliceWindow }: Entry, path: Path, { spec }: Around): readonly Breach[] {
  if (spec.budgetingMethod !== "Timeslices") return [];
  const length = `whole minutes, at most ${SLICE_MINUTES_MAX}, such as 5m`;
  return [
    ...(timeSliceTarget === undefined
      ? [
          {
            path: [...path, "timeSliceTarget"],
            expected: "the share that makes a slice good, because slices are counted",
          },
        ]
      : []),
    ...(timeSliceWindow === undefined || sliceMinutes(timeSliceWindow) === null
      ? [{ path: [...path, "timeSliceWindow"], expected: length }]
      : []),
  ];
}

const HOURS: Readonly<Record<string, number>> = { h: 1, d: 24, w: 168 };

/** Null: no whole number of days that can be kept. */
export function windowDays(duration: string): number | null {
  const [, amount = "", unit = ""] = /^(\d{1,5})([hdw])$/.exec(duration) ?? [];
  const days = (Number(amount) * (HOURS[unit] ?? 0)) / 24;
  return Number.isInteger(days) && days >= 1 && days <= WINDOW_DAYS_MAX ? days : null;
}

/** A number is minutes. */
export function sliceMinutes(length: number | string): number | null {
  const [, amount = "", unit = "m"] = /^(\d{1,6})(s|m|h)?$/.exec(String(length)) ?? [];
  const minutes = (Number(amount) * (unit === "h" ? 3600 : unit === "m" ? 60 : 1)) / 60;
  return amount !== "" && Number.isInteger(minutes) && minutes >= 1 && minutes <= SLICE_MINUTES_MAX ? minutes : null;
}

export function thresholdMs(value: number, unit: ThresholdUnit): number | null {
  const ms = Number((value * (unit === "s" ? 1000 : 1)).toFixed(6));
  return Number.isInteger(ms) && ms >= 1 && ms <= 60_000 ? ms : null;
}
