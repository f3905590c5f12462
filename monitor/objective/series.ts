// Counts over time in little room: minutes for the last hour, and coarser the farther back. Each width is filled from every round,
// so every one of them is exact by itself and none is made of another.
import type { CountSeries, ObjectiveCount, ObjectiveCounts, SeriesWidth, Series } from "../model/counts.ts";
import { DAY_MS, HOUR_MS, type Instant, MINUTE_MS, slotAt } from "../time.ts";
import type { Looks } from "./looks.ts";

export const SERIES_WIDTHS = {
  minute: MINUTE_MS,
  fiveMinutes: 5 * MINUTE_MS,
  hour: HOUR_MS,
  day: DAY_MS,
} as const satisfies Record<SeriesWidth, number>;

const WIDTHS = ["minute", "fiveMinutes", "hour", "day"] as const satisfies readonly SeriesWidth[];
export const COUNTERS = [
  "good",
  "bad",
  "unknown",
  "excused",
  "planned",
] as const satisfies readonly (keyof ObjectiveCounts)[];

/** Windows of up to a month begin on the hour, as those of reports do; longer ones on the day. */
export const HOURLY_DAYS_MAX = 31;
/** The longest burn rate is of three days, and reports of a week ask by the hour. */
const HOURLY_DAYS_MIN = 7;

/** How many steps of each width are kept for an objective's window: one more than the window has, because the last one is not over. */
export function stepsKept(windowDays: number): Readonly<Record<SeriesWidth, number>> {
  const hourly = windowDays > HOURLY_DAYS_MAX ? HOURLY_DAYS_MIN : Math.max(windowDays, HOURLY_DAYS_MIN);
  return {
    minute: 61,
    fiveMinutes: 6 * 12 + 1,
    hour: hourly * 24 + 1,
    day: windowDays > HOURLY_DAYS_MAX ? windowDays + 1 : 0,
  };
}

export const NO_SERIES: CountSeries = {};

/** What is older than the steps that are kept is forgotten, also when it is only told now. */
export function addCounts(series: CountSeries, looks: readonly Looks[], windowDays: number): CountSeries {
  if (looks.length === 0) return series;
  const kept = stepsKept(windowDays);
  return Object.fromEntries(
    WIDTHS.filter((width) => kept[width] > 0).map((width) => [
      width,
      addSteps(series[width], looks, SERIES_WIDTHS[width], kept[width]),
    ]),
  );
}

function addSteps(series: Series | undefined, looks: readonly Looks[], widthMs: number, stepsMax: number): Series {
  const ends = series === undefined ? [] : [series.from, series.from + (series.steps - 1) * widthMs];
  const told = looks.map(({ at, counts }) => ({ start: slotAt(at, widthMs), counts }));
  const last = [...ends, ...told.map(({ start }) => start)].reduce((a, b) => Math.max(a, b));
  const oldest = last - (stepsMax - 1) * widthMs;
  const recent = told.filter(({ start }) => start >= oldest);
  const from = [...ends, ...recent.map(({ start }) => start)].reduce((a, b) => Math.min(a, b), last);
  const first = Math.max(from, oldest);
  const gone = series === undefined ? 0 : (first - series.from) / widthMs;
  const columns = COUNTERS.map((counter) => {
    const column = Array.from(
      { length: (last - first) / widthMs + 1 },
      (_, step) => series?.[counter]?.[step + gone] ?? 0,
    );
    for (const { start, counts } of recent) {
      const step = (start - first) / widthMs;
      column[step] = (column[step] ?? 0) + counts[counter];
    }
    return [counter, column] as const;
  });
  const filled = columns.filter(([, column]) => column.some((value) => value > 0));
  return { from: first, steps: (last - first) / widthMs + 1, ...Object.fromEntries(filled) };
}

/** Without the steps that begin after `at`. */
export function cutSeries(series: CountSeries, at: Instant): CountSeries {
  const cut = (one: Series, widthMs: number): Series => {
    const steps = Math.min(one.steps, Math.floor((at - one.from) / widthMs) + 1);
    const columns = COUNTERS.map((counter) => [counter, (one[counter] ?? []).slice(0, steps)] as const);
    const filled = columns.filter(([, column]) => column.some((value) => value > 0));
    return { from: one.from, steps, ...Object.fromEntries(filled) };
  };
  return Object.fromEntries(
    WIDTHS.flatMap((width) => {
      const one = series[width];
      return one === undefined || one.from > at ? [] : [[width, cut(one, SERIES_WIDTHS[width])] as const];
    }),
  );
}

/** What happened from `from` (inclusive, on the grid of `width`) to `to` (exclusive). */
export function countsIn(series: CountSeries, width: SeriesWidth, from: Instant, to: Instant): ObjectiveCounts {
  const one = series[width];
  const widthMs = SERIES_WIDTHS[width];
  const sum = (counter: keyof ObjectiveCounts): number =>
    (one?.[counter] ?? []).reduce((total, value, index) => {
      const at = (one?.from ?? 0) + index * widthMs;
      return at >= from && at < to ? total + value : total;
    }, 0);
  return {
    good: sum("good"),
    bad: sum("bad"),
    unknown: sum("unknown"),
    excused: sum("excused"),
    planned: sum("planned"),
  };
}

/** Exactly of a period; null where nothing was counted yet, or no steps that are kept begin and end with it. */
export function countsOfPeriod({ series, since }: ObjectiveCount, from: Instant, to: Instant): ObjectiveCounts | null {
  if (to <= since) return null;
  const width = WIDTHS.find((one) => {
    const { from: first = Infinity, steps = 0 } = series[one] ?? {};
    const widthMs = SERIES_WIDTHS[one];
    const reachesBack = first <= Math.max(from, slotAt(since, widthMs));
    return (
      reachesBack &&
      slotAt(from, widthMs) === from &&
      (slotAt(to, widthMs) === to || to >= first + (steps - 1) * widthMs)
    );
  });
  return width === undefined ? null : countsIn(series, width, from, to);
}

/** The finest steps that hold a window of this length, and its beginning on their grid: at least `windowMs` ago. */
export function beginOf(windowMs: number, at: Instant): { readonly width: SeriesWidth; readonly from: Instant } {
  const width = widthFor(windowMs);
  return { width, from: slotAt(at - windowMs, SERIES_WIDTHS[width]) };
}

function widthFor(windowMs: number): SeriesWidth {
  if (windowMs <= HOUR_MS) return "minute";
  if (windowMs <= 6 * HOUR_MS) return "fiveMinutes";
  return windowMs <= HOURLY_DAYS_MAX * DAY_MS ? "hour" : "day";
}
