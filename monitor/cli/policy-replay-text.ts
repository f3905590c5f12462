// A replay in plain words: what would have been different in each fault, what it would have cost, and how sure that is.
import { formatDuration, toIso } from "../time.ts";
import type { Topology } from "../topology/topology.ts";
import type { FaultRow, PolicyTotals, Replay } from "../verify/replay.ts";
import type { Fault } from "../verify/replay-faults.ts";
import type { Following } from "../verify/replay-following.ts";
import type { Move } from "../verify/replay-moves.ts";
import { visibleText } from "../local/text-line.ts";
import type { TimingRow } from "../report/period-report-schema.ts";
import { proposalWords } from "../report/timing-words.ts";
import { alignColumns } from "./columns.ts";
import { wrapped } from "./policy-lines.ts";
import type { ReplayAsk } from "./policy-replay-arguments.ts";

/** Of a week of flapping the first ones say enough; `--json` has all. */
const ROWS_MAX = 40;

/** `timing`: what the same history says of the settings that both policies share. */
export function replayText(ask: ReplayAsk, told: Replay, timing: readonly TimingRow[]): string {
  const blocks = [
    head(ask, told),
    ...(isTooShort(told)
      ? [tooShort(told)]
      : [faults(ask, told), summary(ask, told), falseLines(ask, told), hints(timing), doubts(told)]),
  ];
  const text = blocks.filter((block) => block !== "").join("\n\n");
  // What a history says must not steer the terminal.
  return `${text.split("\n").map(visibleText).join("\n")}\n`;
}

/** Nothing can be told of a history that ends before health is known. */
export function isTooShort({ from, to, rounds, neededMs }: Replay): boolean {
  return rounds < 2 || to - from < neededMs;
}

function tooShort({ from, to, rounds, neededMs }: Replay): string {
  const least = `at least ${formatDuration(neededMs)}, which health needs to be known`;
  return folded(
    `Nothing can be told: expected a history of ${least}, found ${roundWords(rounds)} over ${formatDuration(to - from)}.`,
    "",
  );
}

function roundWords(rounds: number): string {
  return rounds === 1 ? "1 round" : `${rounds} rounds`;
}

function head({ recorded, other }: ReplayAsk, { from, to, rounds, intervalMs }: Replay): string {
  const span =
    rounds === 0
      ? "no round"
      : `${toIso(from)} to ${toIso(to)}, ${roundWords(rounds)}, one every ${formatDuration(intervalMs)}`;
  const rows = [
    ["recorded", ...settingWords(recorded)],
    ["other", ...settingWords(other)],
  ];
  return `${recorded.service.host}: ${span}\n\n${alignColumns([["", "routing", "interval", "threshold", "propagation", "TTL"], ...rows])}`;
}

function settingWords({ dns: { policy, healthCheck, timing } }: Topology): readonly string[] {
  return [
    policy.routing,
    `${healthCheck.intervalSeconds} s`,
    String(healthCheck.failureThreshold),
    `${timing.propagationSeconds} s`,
    `${policy.ttlSeconds} s`,
  ];
}

function faults({ words }: ReplayAsk, { faults: rows }: Replay): string {
  if (rows.length === 0) return "No region stopped serving users in this history.";
  const lines = rows
    .slice(0, ROWS_MAX)
    .map(({ fault, recorded, other }) => [
      fault.region,
      toIso(fault.from),
      fault.to === null ? (fault.lostAt === null ? "goes on" : "not seen") : formatDuration(fault.to - fault.from),
      followingWords(fault, recorded),
      followingWords(fault, other),
      differenceWords({ fault, recorded, other }),
    ]);
  const more = rows.length > ROWS_MAX ? `\n  … and ${rows.length - ROWS_MAX} more: --json has all` : "";
  const heads = ["fault", "first seen", "lasted", "users followed", `with ${words}`, "difference"];
  return `${alignColumns([heads, ...lines])}${more}`;
}

function followingWords(fault: Fault, { kind, usersMs }: Following): string {
  switch (kind) {
    case "followed":
      return `after ${formatDuration(usersMs ?? 0)}${(usersMs ?? 0) > lastedMs(fault) ? ", when it was over" : ""}`;
    case "stayed":
      return "not before it was over";
    case "fail-open":
      return "nowhere to go";
    case "not-concerned":
      return "none were there";
    case "not-known":
      return "not known";
  }
}

/** A duration stays on one line. */
function folded(text: string, indent: string, hanging = indent): string {
  const whole = text
    .replaceAll(/(\d) (ms|s|m|h|d)\b/g, `$1${NO_BREAK}$2`)
    .replaceAll(/\b([mhd]) (\d)/g, `$1${NO_BREAK}$2`);
  return wrapped(whole, indent, hanging).replaceAll(NO_BREAK, " ");
}

const NO_BREAK = "\u00A0";

/** Infinity: nobody saw its end. */
function lastedMs({ from, to }: Fault): number {
  return to === null ? Infinity : to - from;
}

/** What the other policy would have changed for the last users of one fault. */
export function differenceWords({ fault, recorded, other }: FaultRow): string {
  if (recorded.kind === "not-known" || other.kind === "not-known") return "-";
  if (recorded.usersMs !== null && other.usersMs !== null) return laterWords(other.usersMs - recorded.usersMs);
  if (other.kind === "followed" && recorded.kind === "stayed")
    return (other.serversMs ?? 0) < lastedMs(fault) ? "would have followed" : "would have moved for nothing";
  if (other.kind === "stayed" && recorded.kind === "followed") return "would not have followed";
  return recorded.kind === other.kind ? "none" : "other users";
}

function laterWords(ms: number): string {
  if (ms === 0) return "none";
  return ms < 0 ? `${formatDuration(-ms)} earlier` : `${formatDuration(ms)} later`;
}

function summary({ words }: ReplayAsk, told: Replay): string {
  const both = told.faults.flatMap(({ recorded, other }) =>
    recorded.usersMs === null || other.usersMs === null ? [] : [other.usersMs - recorded.usersMs],
  );
  const lines = [
    ...(both.length === 0 ? [] : [`With ${words} users would have followed ${spreadWords(both)}.`]),
    ...(told.faults.length === 0 ? [] : [hurtWords(told)]),
    `Failovers: ${moveWords(told.recorded)}; it would have been ${moveWords(told.other)}.`,
    ...answeredWords(told),
  ];
  return lines.map((line) => folded(line, "", "  ")).join("\n");
}

function spreadWords(differences: readonly number[]): string {
  const sorted = differences.toSorted((a, b) => a - b);
  const [least = 0, most = 0] = [sorted[0], sorted.at(-1)];
  const median = sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
  const words = (ms: number): string => (ms === 0 ? "at the same time" : laterWords(ms));
  if (sorted.length === 1) return words(median);
  if (least === most) return `${words(median)} in each of ${sorted.length} faults`;
  return `${words(median)} (the median of ${sorted.length} faults; ${words(least)} to ${words(most)})`;
}

function hurtWords({ recorded, other }: Replay): string {
  return `The last users were sent to regions that did not serve them for ${formatDuration(recorded.hurtMs)}; it would have been ${formatDuration(other.hurtMs)}.`;
}

/** Silent where no answer was seen. */
function answeredWords({ answered: { recorded, other } }: Replay): readonly string[] {
  if (recorded.seen + other.seen === 0) return [];
  return [
    `Of the answers seen ${recorded.legal} of ${recorded.seen} were legal under the recorded policy; ${other.legal} of ${other.seen} would have been.`,
  ];
}

function moveWords({ moves, falseMoves, openMoves }: PolicyTotals): string {
  const open = openMoves === 0 ? "" : ` and ${openMoves} not known`;
  return `${moves}, ${falseMoves} of them false${open}`;
}

function falseLines({ words }: ReplayAsk, { moves, falseWithinMs }: Replay): string {
  const rows = [...labelled("recorded", moves.recorded), ...labelled("other", moves.other)];
  if (rows.length === 0) return "";
  const lines = rows
    .slice(0, ROWS_MAX)
    .map(({ label, move }) => [label, move.region, toIso(move.at), move.vantages.join(", ")]);
  const rule = `False failovers: the region served users within ${formatDuration(falseWithinMs)} after the name servers had moved, or had never stopped ("other" is ${words})`;
  return `${folded(rule, "", "  ")}\n${alignColumns(lines)}`;
}

function labelled(label: string, moves: readonly Move[]): readonly { readonly label: string; readonly move: Move }[] {
  return moves.flatMap((move) => (move.isFalse === "yes" ? [{ label, move }] : []));
}

/** Silent where nothing was measured. */
function hints(timing: readonly TimingRow[]): string {
  return timing
    .filter(({ samples }) => samples > 0)
    .map((row) => {
      const most = `at most ${formatDuration(row.atMost?.maxMs ?? 0)} in ${row.changes} ${row.changes === 1 ? "change" : "changes"}`;
      return folded(
        `Measured: ${row.setting}, set to ${row.presentSeconds} s, took ${most}: ${proposalWords(row)}.`,
        "",
        "  ",
      );
    })
    .join("\n");
}

function doubts({ intervalMs, unwatched, policies, recordedPolicy, recorded, other }: Replay): string {
  const strange = policies.filter(({ policy }) => policy !== recordedPolicy);
  const gaps = unwatched.slice(0, ROWS_MAX).map(({ from, to }) => `${toIso(from)} to ${toIso(to)}`);
  const lost = Math.max(recorded.notKnown, other.notKnown);
  const lines = [
    ...(intervalMs > 0
      ? [
          `Each figure is uncertain by ${formatDuration(intervalMs)}: so far apart are the looks. A fault between two of them was not seen at all.`,
        ]
      : []),
    "Times are of the last cache, which holds the old answer for its whole TTL. Propagation is a setting, and the same for every change.",
    ...(gaps.length === 0 ? [] : [`Nobody looked from ${gaps.join(", and from ")}: what fell into that is not known.`]),
    ...(lost === 0 ? [] : [`${lost} of the faults cannot be compared.`]),
    ...strange.map(
      ({ policy, from, to, rounds }) =>
        `${roundWords(rounds)} from ${toIso(from)} to ${toIso(to)} were judged under another topology (${policy}) than the recorded one: the world was the same, what DNS answered then was not.`,
    ),
  ];
  return lines
    .slice(0, ROWS_MAX)
    .map((line) => folded(line, "", "  "))
    .join("\n");
}
