// What `monitor mute` shows: the mutes as a list, and what an order or an end of one would mean.
import type { MuteOrder } from "../incident/mute-order.ts";
import { muteOf } from "../incident/mutes.ts";
import { minuteWords } from "../report/maintenance-words.ts";
import type { StatusReport } from "../report/status-schema.ts";
import { formatDuration, type Instant, parseIso, SECOND_MS } from "../time.ts";
import { alignColumns } from "./columns.ts";
import type { EndedMute, ListedMute } from "./mute-ask.ts";
import { visible } from "./visible.ts";

export function muteListText(mutes: readonly ListedMute[], at: Instant): string {
  if (mutes.length === 0) return "Nothing is muted, and nothing was in the last day.\n";
  const rows = mutes.map(({ id, subjects, until, reason, by }) => [
    instantOf(until) <= at ? "over" : `${lengthWords(instantOf(until) - at)} left`,
    id,
    minuteWords(until),
    subjects.join(", "),
    `${reason}${by === null ? "" : ` (${by})`}`,
  ]);
  return `${visible(alignColumns([["state", "id", "until", "subjects", "reason"], ...rows]))}\n`;
}

/** With what of it is open now: of that nobody would be told any more. */
export function muteOrderText(order: MuteOrder, status: StatusReport, at: Instant): string {
  const { subjects, until, reason, by, id } = order;
  const rows = [
    ...subjects.map((subject, index) => [index === 0 ? "muted" : "", subject]),
    ["until", `${minuteWords(until)}, ${lengthWords(instantOf(until) - at)}`],
    ["reason", `${reason}${by === null ? "" : ` (${by})`}`],
    ["id", id],
  ];
  const open = openUnder(subjects, status).map((subject) => `  ! ${subject} is open now: nobody is told of it again\n`);
  const unheard =
    status.alerts === undefined ? ["  ! the topology names no channel, so nobody is told of anything\n"] : [];
  const warnings = [...open, ...unheard].join("");
  return visible(`${alignColumns(rows)}\n${warnings === "" ? "" : `\n${warnings}`}`);
}

export function muteEndText(mute: ListedMute, status: StatusReport, at: Instant): string {
  const { id, subjects, until, reason } = mute;
  if (instantOf(until) <= at) return visible(`${reason} (${id}) is over since ${minuteWords(until)}\n`);
  const told = openUnder(subjects, status).map((subject) => `  ! ${subject} is open: people are told of it then\n`);
  return visible(`${reason} (${id}) ends now, ${lengthWords(instantOf(until) - at)} early\n${told.join("")}`);
}

export function muteEndedText({ end, mute: { id, until } }: EndedMute): string {
  return `${id} ${end === "ended" ? "is over" : `was over at ${until}`}\n`;
}

/** Subjects of open incidents that nobody planned. */
function openUnder(subjects: readonly string[], { incidents }: StatusReport): readonly string[] {
  const mute = { id: "", subjects, from: 0, until: 0, reason: "", by: null };
  return incidents
    .filter(({ closedAt, causedBy }) => closedAt === undefined && causedBy === undefined)
    .map(({ subject }) => subject)
    .filter((subject) => muteOf([mute], subject) !== null);
}

/** Whole seconds: the monitor's clock and ours are never the same. */
function lengthWords(ms: number): string {
  return formatDuration(Math.round(ms / SECOND_MS) * SECOND_MS);
}

function instantOf(iso: string): Instant {
  return parseIso(iso) ?? 0;
}
