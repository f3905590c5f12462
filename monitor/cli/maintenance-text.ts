// What `monitor maintenance` shows: the windows as a list, and what an order or an end of one would mean.
import { minuteWords } from "../report/maintenance-words.ts";
import type { StatusReport } from "../report/status-schema.ts";
import { formatDuration, type Instant, parseIso, SECOND_MS } from "../time.ts";
import { alignColumns } from "./columns.ts";
import type { MaintenanceOrder } from "../maintenance/order.ts";
import type { EndedWindow, ListedWindow } from "./maintenance-ask.ts";
import { visible } from "./visible.ts";

export function listText(windows: readonly ListedWindow[], at: Instant): string {
  if (windows.length === 0) return "No maintenance, and none announced.\n";
  const rows = windows.map((window) => [
    stateOf(window, at),
    window.id,
    minuteWords(window.from),
    lengthWords(instantOf(window.until) - instantOf(window.from)),
    window.regions.length === 0 ? "all regions" : window.regions.join(", "),
    `${window.title}${window.by === null ? "" : ` (${window.by})`}`,
  ]);
  return `${visible(alignColumns([["state", "id", "from", "lasts", "regions", "title"], ...rows]))}\n`;
}

function stateOf({ from, until, kind }: ListedWindow, at: Instant): string {
  if (instantOf(until) <= at) return "over";
  if (instantOf(from) <= at) return `${lengthWords(instantOf(until) - at)} left`;
  return kind === "recurring" ? "every week" : "announced";
}

/** What is known of its regions now, and what will become of users. */
export function orderText(order: MaintenanceOrder, status: StatusReport, at: Instant): string {
  const from = order.from ?? null;
  const lengthMs = instantOf(order.until) - (from === null ? at : instantOf(from));
  const meant = meantRegions(order.regions, status);
  const rows = [
    ["from", from === null ? "now" : minuteWords(from)],
    ["until", `${minuteWords(order.until)}, ${lengthWords(lengthMs)}`],
    ...meant.map((region, index) => [index === 0 ? "regions" : "", regionWords(region, status)]),
    ["id", order.id],
  ];
  const warnings = warningsOf(meant, order, status, at).map((line) => `  ! ${line}\n`);
  return visible(`${order.title}\n\n${alignColumns(rows)}\n${warnings.length === 0 ? "" : `\n${warnings.join("")}`}`);
}

function meantRegions(ids: readonly string[], { regions }: StatusReport): StatusReport["regions"] {
  return ids.length === 0 ? regions : regions.filter(({ id }) => ids.includes(id));
}

function regionWords({ id, userHealth }: StatusReport["regions"][number], status: StatusReport): string {
  return `${id}, ${userHealth} for users${isLedTo(id, status) ? ", where DNS leads them" : ""}`;
}

function isLedTo(id: string, { failover }: StatusReport): boolean {
  return failover.active === id || Object.values(failover.activeByVantage ?? {}).includes(id);
}

function warningsOf(
  meant: StatusReport["regions"],
  { from, until }: MaintenanceOrder,
  status: StatusReport,
  at: Instant,
): readonly string[] {
  const ids = meant.map(({ id }) => id);
  const led = ids.filter((id) => isLedTo(id, status));
  const others = status.regions.filter(({ id }) => !ids.includes(id));
  const sick = others.filter(({ userHealth }) => userHealth !== "healthy").map(({ id }) => id);
  const begins = from === undefined ? at : instantOf(from);
  const overlaps = status.maintenance.filter(
    (one) => instantOf(one.from) < instantOf(until) && instantOf(one.until) > begins,
  );
  const { drill } = status;
  return [
    ...(led.length === 0 || others.length === 0
      ? []
      : [`DNS leads users to ${led.join(", ")}; this does not move them: they go when its health check fails`]),
    ...(others.length === 0 ? ["these are all regions: nothing remains, and failover is excused as well"] : []),
    ...(sick.length === 0 ? [] : [`the others are to bear it, and ${sick.join(", ")} is not healthy for users`]),
    ...(drill === undefined || drill.endedAt !== null ? [] : [`the drill ${drill.id} is under way`]),
    ...overlaps.map(({ id }) => `it overlaps with ${id}`),
  ];
}

/** What its end would leave behind. */
export function endText(window: ListedWindow, status: StatusReport, at: Instant): string {
  const { id, title, from, until } = window;
  if (instantOf(until) <= at) return visible(`${title} (${id}) is over since ${minuteWords(until)}\n`);
  const what =
    instantOf(from) <= at
      ? `ends now, ${lengthWords(instantOf(until) - at)} early`
      : `will not begin at ${minuteWords(from)}`;
  const turning = turningReal(id, status).map((subject) => `  ! ${subject} still fails: that turns real, and pages\n`);
  return visible(`${title} (${id}) ${what}\n${turning.join("")}`);
}

/** Subjects of what it excuses, and no other window does. */
function turningReal(id: string, { incidents, maintenance }: StatusReport): readonly string[] {
  const others = maintenance.filter((one) => one.state === "active" && one.id !== id);
  const isExcused = (subject: string): boolean =>
    others.some(({ regions }) => regions.some((region) => subject.endsWith(`:${region}`)));
  return incidents
    .filter(({ closedAt, causedBy }) => closedAt === undefined && causedBy === `maintenance:${id}`)
    .map(({ subject }) => subject)
    .filter((subject) => !isExcused(subject));
}

export function endedText({ end, maintenance: { id, from, until } }: EndedWindow): string {
  const words = { ended: "is over", cancelled: `will not begin at ${from}`, over: `was over at ${until}` };
  return `${id} ${words[end]}\n`;
}

/** Whole seconds: the monitor's clock and ours are never the same. */
function lengthWords(ms: number): string {
  return formatDuration(Math.round(ms / SECOND_MS) * SECOND_MS);
}

function instantOf(iso: string): Instant {
  return parseIso(iso) ?? 0;
}
