// The last 24 hours on the status page: a bar for each region and hour. It is a table whose cells are drawn, so that whoever
// does not see the bars reads the same figures. What nobody looked at is hatched, never green and never blank.
import { sumOf } from "../grouping.ts";
import { HOUR_MS, parseIso, slotAt, toIso } from "../time.ts";
import type { BucketReport } from "./bucket-report.ts";
import { escapeHtml, section, table } from "./page-parts.ts";
import { shareOf } from "./period-report.ts";
import { percentWords } from "./period-words.ts";
import type { StatusReport } from "./status-schema.ts";

const HOURS = 24;
/** A bar is drawn in as many steps; a single bad look shows as one of them. */
const STEPS = 10;
const TITLED_HOURS = 6;

interface HourLooks {
  readonly from: string;
  readonly up: number;
  readonly down: number;
  /** Looks that were due and told nothing. */
  readonly unseen: number;
  /** Looks under maintenance, which count for nothing. */
  readonly excused: number;
}

/** Null: it could not be read, which keeps nobody from seeing the rest. */
export function historySection(report: StatusReport, buckets: BucketReport | null): string {
  const title = "The last 24 hours, by hour";
  if (buckets === null)
    return section("history", title, '<p>Could not be read; <a href="/healthz">/healthz</a> says more.</p>');
  const hours = lastHours(report.generatedAt);
  const missed = missedByHour(buckets, hours);
  const rows = report.regions.map(({ id }) => {
    const looks = hours.map((from) => hourLooks(buckets, id, from, (missed.get(from) ?? 0) * report.vantages.length));
    return `<tr><th scope="row">${escapeHtml(id)}</th>${looks.map(bar).join("")}<td>${dayWords(looks)}</td></tr>`;
  });
  const heads = hours.map((from, index) => hourHead(from, index % TITLED_HOURS === 0));
  const key = `<p class="key"><span class="d0 u0"><b></b></span> served <span class="d${STEPS} u0"><b></b></span> not served <span class="d0 u${STEPS}"><b></b></span> not looked at <span class="d0 u0 m${STEPS}"><b></b></span> maintenance; hours of UTC, the last one is not over</p>`;
  return section("history", title, table(title, "bars", ["Region", ...heads, "Served"], rows) + key);
}

/** The beginnings of the last hours, the earliest first. */
function lastHours(now: string): readonly string[] {
  const last = slotAt(parseIso(now) ?? 0, HOUR_MS);
  return Array.from({ length: HOURS }, (_, index) => toIso(last - (HOURS - 1 - index) * HOUR_MS));
}

/**
 * Slots without a round, by the beginning of their hour. They are told by the round after them, perhaps hours later: an hour has
 * no more of them than it has slots, and the others were in the hours before it.
 */
function missedByHour({ buckets }: BucketReport, hours: readonly string[]): ReadonlyMap<string, number> {
  const slots = Math.max(0, ...buckets.map(({ rounds }) => rounds));
  const missed = new Map<string, number>();
  let told = 0;
  for (const from of hours.toReversed()) {
    const { rounds = 0, missedSlots = 0 } = buckets.find((one) => one.from === from) ?? {};
    told += missedSlots;
    const here = Math.min(told, Math.max(0, slots - rounds));
    missed.set(from, here);
    told -= here;
  }
  return missed;
}

/** `unlooked`: looks of slots without a round. */
function hourLooks({ buckets }: BucketReport, region: string, from: string, unlooked: number): HourLooks | null {
  const looks = buckets.find((one) => one.from === from)?.regions.find(({ id }) => id === region)?.looks;
  if (looks === undefined) return null;
  const unseen = looks.unknown + looks.missed + unlooked;
  return { from, up: looks.up, down: looks.down, unseen, excused: looks.maintenance ?? 0 };
}

function bar(looks: HourLooks | null): string {
  if (looks === null) return `<td class="d0 u${STEPS}" title="not looked at"><b>not looked at</b></td>`;
  const { from, up, down, unseen, excused } = looks;
  const all = up + down + unseen + excused;
  const words = [
    up + down === 0 ? "no look told anything" : `${percentWords(shareOf(up, up + down))} of ${up + down} looks served`,
    ...(unseen === 0 ? [] : [`${unseen} told nothing`]),
    ...(excused === 0 ? [] : [`${excused} under maintenance`]),
  ].join(", ");
  const kind = excused === 0 ? "" : ` m${stepsOf(excused, all)}`;
  return `<td class="d${stepsOf(down, all)} u${stepsOf(unseen, all)}${kind}" title="${from.slice(11, 16)} UTC: ${words}"><b>${words}</b></td>`;
}

/** Rounded up: what happened at all is seen. */
function stepsOf(part: number, all: number): number {
  return all === 0 ? STEPS : Math.ceil((part / all) * STEPS);
}

function hourHead(from: string, titled: boolean): string {
  const words = from.slice(11, 13);
  return titled ? `<span>${words}</span>` : `<span class="unseen">${words}</span>`;
}

function dayWords(looks: readonly (HourLooks | null)[]): string {
  const [up, down] = [sumOf(looks, (one) => one?.up ?? 0), sumOf(looks, (one) => one?.down ?? 0)];
  return percentWords(shareOf(up, up + down));
}
