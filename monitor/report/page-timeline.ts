// The failover timeline on the status page: a bar for each region, one for where the policy leads and one for where DNS does, on
// one axis of the last hours. Shapes and words tell what colours repeat, and a list below says the same in text.
import { HOUR_MS, MINUTE_MS, parseIso, slotAt, toIso } from "../time.ts";
import { escapeHtml, section, table, time } from "./page-parts.ts";
import type { StatusReport } from "./status-schema.ts";
import type { Timeline } from "./timeline.ts";

const COLUMNS = 6;
/** Of a column, the first that shows all there is; in the last one what is older is left out. */
const COLUMN_MS = [1, 5, 10, 30, 60].map((minutes) => minutes * MINUTE_MS);
/** What turned is listed so far back, and a bar tells so much of itself to those who do not see it. */
const LISTED_MAX = 30;
const TOLD_MAX = 6;
/** In percent of the axis: a short failure among hours is still seen. */
const LOUD_WIDTH_MIN = 0.4;
/** A letter or two of a name would say nothing. */
const LABELLED_WIDTH_MIN = 4;
/** Regions beyond these have their colours again; their names stand in the bars. */
const REGION_PAINTS = 6;

interface Axis {
  readonly from: number;
  readonly to: number;
  readonly columnMs: number;
}

/** One value of a lane, in words and as it is drawn. */
interface Bar {
  readonly from: string;
  readonly to: string;
  readonly words: string;
  /** Class of its shape. */
  readonly kind: string;
  /** Written into it; null: nothing. */
  readonly label: string | null;
  /** It must be seen however short it is. */
  readonly loud: boolean;
  /** Class of a strip below it; null: none. */
  readonly strip: string | null;
}

interface Lane {
  readonly title: string;
  readonly bars: readonly Bar[];
}

export function timelineSection({ timeline, generatedAt }: StatusReport): string {
  if (timeline === undefined) return "";
  const axis = axisOf(timeline, generatedAt);
  const lanes = lanesOf(timeline);
  const title = `What turned when, over the last ${axisWords(axis)}`;
  const rows = lanes.map(
    (lane) => `<tr><th scope="row">${escapeHtml(lane.title)}</th><td>${laneSvg(lane, axis, generatedAt)}</td></tr>`,
  );
  const drawn = table(title, "lanes", ["Region", ticks(axis)], rows);
  return section("timeline", title, drawn + KEY + turnList(lanes, timeline, generatedAt));
}

function axisOf({ from }: Timeline, now: string): Axis {
  const at = parseIso(now) ?? 0;
  const axes = COLUMN_MS.map((columnMs): Axis => {
    const to = slotAt(at + columnMs - 1, columnMs);
    return { from: to - COLUMNS * columnMs, to, columnMs };
  });
  const whole = axes.find((axis) => axis.from <= (parseIso(from) ?? 0));
  return whole ?? axes.at(-1) ?? { from: at - HOUR_MS, to: at, columnMs: HOUR_MS / COLUMNS };
}

function axisWords({ columnMs }: Axis): string {
  const minutes = (COLUMNS * columnMs) / MINUTE_MS;
  return minutes < 60 ? `${minutes} minutes` : minutes === 60 ? "hour" : `${minutes / 60} hours`;
}

/** Regions first: what DNS did follows from them. */
function lanesOf({ regions, policy, dns }: Timeline): readonly Lane[] {
  const ids = regions.map(({ id }) => id);
  return [
    ...regions.map(({ id, spans }) => ({
      title: id,
      bars: spans.map(({ health, ...span }): Bar => ({
        ...span,
        words: health,
        kind: health,
        label: null,
        loud: health === "unhealthy",
        strip: null,
      })),
    })),
    { title: "Policy leads to", bars: policy.map((one) => ledBar(one, ids, { words: namesOf(one), strip: null })) },
    { title: "DNS leads to", bars: dns.map((one) => ledBar(one, ids, dnsWords(one))) },
  ];
}

type Led = Timeline["policy"][number];

function ledBar(one: Led, ids: readonly string[], { words, strip }: Pick<Bar, "words" | "strip">): Bar {
  const [first = ""] = one.regions;
  const several = one.regions.length > 1 || one.others > 0;
  const region = several ? "several" : `region-${Math.max(0, ids.indexOf(first)) % REGION_PAINTS}`;
  const known = one.regions.length > 0;
  const { from, to } = one;
  return {
    from,
    to,
    words,
    kind: known ? region : "unknown",
    label: known ? words : null,
    loud: strip !== null,
    strip,
  };
}

function namesOf({ regions, others }: Led): string {
  const names = [...regions, ...(others > 0 ? [`${others} more`] : [])];
  return names.length === 0 ? "no one region known" : names.join(", ");
}

/** An answer that conforms needs no more words than where it leads. */
function dnsWords(one: Timeline["dns"][number]): Pick<Bar, "words" | "strip"> {
  const { verdict } = one;
  if (verdict === "conforms") return { words: namesOf(one), strip: null };
  if (verdict === "undecided" && one.regions.length === 0) return { words: "not known", strip: null };
  const names = one.regions.length === 0 && verdict === "deviates" ? "none of the regions" : namesOf(one);
  return { words: `${names}, ${verdict}`, strip: verdict === "undecided" ? null : verdict };
}

/** Percentages: it is as wide as its column, and its words keep their shape. What must be seen is drawn last. */
function laneSvg({ title, bars }: Lane, axis: Axis, now: string): string {
  const shown = bars.filter(({ to }) => (parseIso(to) ?? 0) > axis.from);
  const drawn = shown.toSorted((a, b) => Number(a.loud) - Number(b.loud)).map((bar) => drawBar(bar, axis, now));
  const told = shown.slice(-TOLD_MAX).map((bar) => spanWords(bar, now));
  const earlier = shown.length > TOLD_MAX ? `${shown.length - TOLD_MAX} earlier spans; ` : "";
  const words = shown.length === 0 ? "nothing known" : earlier + told.join("; ");
  return `<svg class="lane" role="img" width="100%" height="22" aria-label="${escapeHtml(`${title}: ${words}`)}">${drawn.join("")}</svg>`;
}

function drawBar(bar: Bar, axis: Axis, now: string): string {
  const place = (iso: string): number =>
    Math.min(1, Math.max(0, ((parseIso(iso) ?? 0) - axis.from) / (axis.to - axis.from))) * 100;
  const width = Math.max(place(bar.to) - place(bar.from), bar.loud ? LOUD_WIDTH_MIN : 0);
  const x = Math.min(place(bar.from), 100 - width);
  const shape =
    bar.kind === "healthy"
      ? '<rect class="healthy" y="7" width="100%" height="8"/>'
      : `<rect class="${bar.kind}" width="100%" height="100%"${bar.kind === "unknown" ? ' fill="url(#unwatched)"' : ""}/>`;
  const strip = bar.strip === null ? "" : `<rect class="${bar.strip}" y="17" width="100%" height="5"/>`;
  const label =
    bar.label === null || width < LABELLED_WIDTH_MIN ? "" : `<text x="4" y="13">${escapeHtml(bar.label)}</text>`;
  return `<svg x="${percent(x)}" width="${percent(width)}" height="22"><title>${escapeHtml(spanWords(bar, now))}</title>${shape}${strip}${label}</svg>`;
}

function percent(share: number): string {
  return `${Math.round(share * 100) / 100}%`;
}

/** "unhealthy 19:20:38 to 19:25:02", "healthy since 19:25:02". */
function spanWords({ words, from, to }: Bar, now: string): string {
  return to === now ? `${words} since ${clock(from, now)}` : `${words} ${clock(from, now)} to ${clock(to, now)}`;
}

/** With the day where it is not today's. */
function clock(iso: string, now: string): string {
  return iso.slice(0, 10) === now.slice(0, 10) ? iso.slice(11, 19) : `${iso.slice(0, 10)} ${iso.slice(11, 19)}`;
}

/** Where each column begins. */
function ticks({ from, columnMs }: Axis): string {
  const starts = Array.from({ length: COLUMNS }, (_, index) => toIso(from + index * columnMs).slice(11, 16));
  return `<span class="ticks">${starts.map((start) => `<span>${start}</span>`).join(" ")}</span>`;
}

/** The latest first; what turned in the same round shares an entry. */
function turnList(lanes: readonly Lane[], { from }: Timeline, now: string): string {
  const turns = lanes.flatMap(({ title, bars }) =>
    bars
      .slice(1)
      .map((bar, index) => ({ at: bar.from, words: `${title}: ${bars[index]?.words ?? ""} → ${bar.words}` })),
  );
  const instants = [...new Set(turns.map(({ at }) => at))].toSorted().toReversed();
  const items = instants.slice(0, LISTED_MAX).map((at) => {
    const words = turns.filter((turn) => turn.at === at).map((turn) => turn.words);
    return `<li>${time(at, now)} ${escapeHtml(words.join("; "))}</li>`;
  });
  const rest = instants.length - items.length;
  const more = rest > 0 ? `<li>${rest} earlier: in <a href="/status">/status</a></li>` : "";
  const none = `<li>Nothing since ${time(from, now)}.</li>`;
  return `<details><summary>The same in words</summary><ul class="rows">${items.length === 0 ? none : items.join("\n") + more}</ul></details>`;
}

/** Its hatching is that of the bars. */
const PATTERN =
  '<defs><pattern id="unwatched" width="6" height="6" patternUnits="userSpaceOnUse"><path d="M0 6L6 0" stroke="currentColor" stroke-opacity=".5"/></pattern></defs>';

const KEY = `<p class="legend">${[
  swatch("served users", '<rect class="healthy" y="4" width="100%" height="8"/>'),
  swatch("did not", '<rect class="unhealthy" width="100%" height="100%"/>'),
  swatch("not known", `${PATTERN}<rect class="unknown" width="100%" height="100%" fill="url(#unwatched)"/>`),
  swatch("answers converge", '<rect class="converging" y="9" width="100%" height="5"/>'),
  swatch("answers deviate", '<rect class="deviates" y="9" width="100%" height="5"/>'),
].join(" ")} <span>times of UTC</span></p>`;

function swatch(words: string, drawn: string): string {
  return `<span><svg class="lane" width="14" height="16" aria-hidden="true">${drawn}</svg> ${words}</span>`;
}
