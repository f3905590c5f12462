// The words of a drill's report: the same in every face of it.
import { formatSpan } from "../drill/bounds.ts";
import type { DrillStage } from "../drill/record.ts";
import type { Outcome } from "../drill/referee.ts";
import type { TimedFigure } from "../drill/simulation.ts";
import type { Span } from "../drill/span.ts";
import { formatDuration, parseIso } from "../time.ts";
import type { DrillPlaceRow, DrillReport } from "./drill-report-schema.ts";

const OUTCOME_WORDS: Readonly<Record<Outcome, string>> = {
  passed: "everything came as expected, inside its bounds, and is back",
  failed: "something did not come as expected",
  inconclusive: "not enough was seen to tell",
  aborted: "it was ended early",
};

/** "passed"; "under way" is none yet. */
export function outcomeWord({ outcome, underWay }: DrillReport): Outcome | "under way" {
  return underWay === undefined ? outcome : "under way";
}

export function outcomeWords({ outcome, underWay }: DrillReport): string {
  return underWay === undefined ? OUTCOME_WORDS[outcome] : "what was seen so far";
}

/** Where a drill that runs is, what comes next, and how it is ended; empty for one that does not run. */
export function courseLines({ id, underWay }: DrillReport): readonly string[] {
  if (underWay === undefined) return [];
  const { pid, stage, since, next, nextBy } = underWay;
  const clock = (iso: string): string => `${iso.slice(11, 19)} UTC`;
  const then = next === null || nextBy === null ? "" : `; ${next} comes by ${clock(nextBy)}`;
  return [
    `it runs as process ${pid}, ${stage === null ? "and nobody looks yet" : STAGE_WORDS[stage]} since ${clock(since)}${then}`,
    `Ctrl-C there, or \`kill -INT ${pid}\`, puts everything back at once; if it dies, \`monitor drill restore ${id}\` does`,
  ];
}

const STAGE_WORDS: Readonly<Record<DrillStage, string>> = {
  steady: "watching the steady state",
  fault: "with the fault standing",
  repair: "watching the repair",
  over: "writing its report",
};

/** What each figure counts, and from when. */
export const FIGURE_WORDS: Readonly<Record<TimedFigure, { readonly title: string; readonly means: string }>> = {
  detection: {
    title: "Noticed",
    means: "from the fault until our vantages, by majority, called the region unhealthy for users",
  },
  route53Detection: {
    title: "Noticed by Route 53's rules",
    means: "the same by Route 53's rules over our vantages' looks; Route 53's own checkers look at other instants",
  },
  failover: { title: "Answers moved, name servers", means: "from the fault until no answer led there any more" },
  cachesFailover: {
    title: "Answers moved, resolvers",
    means: "the same through resolvers, which keep answers for their TTL",
  },
  recovery: {
    title: "Users served again",
    means: "from the fault until the first served request after the last lost one, by the name as a cache gives it",
  },
  failback: { title: "Answers back, name servers", means: "from the repair until an answer led there again" },
  cachesFailback: { title: "Answers back, resolvers", means: "the same through resolvers" },
  gap: { title: "Longest time without service", means: "in any one place, from the last served request to the next" },
};

export const SPAN_WORDS =
  "A time from a to b: at a look a after the fault it had not happened yet, at the next look it had. The bound is held against b.";
export const SIMULATED_WORDS =
  "Simulated: the same drill in virtual time, by the same rules; where the figure lay in all trials.";
export const WORST_WORDS = "Measured is the slowest place; half of the places were no slower than the column 50 %.";

export function spanWords(span: Span | null): string {
  return span === null ? "never" : formatSpan(span);
}

/** What did not happen in a drill that ended early might have, and in one that runs it still may. */
export function neverWords({ outcome, underWay }: DrillReport): string {
  if (underWay !== undefined) return "not yet";
  return outcome === "aborted" ? "not seen" : "never";
}

/** What a place shows of each figure; what was not to happen and did not is no reproach. */
export function placeCells(report: DrillReport, row: DrillPlaceRow): PlaceCells {
  const stays = report.expect.answers === "stay" ? "stayed" : neverWords(report);
  const lost = report.expect.users === "lost" ? "not before the repair" : neverWords(report);
  const words = (at: DrillPlaceRow["failover"], instead: string): string => {
    if (at === "not concerned") return "-";
    return at === null ? instead : formatSpan(at);
  };
  return {
    failover: words(row.failover, stays),
    cachesFailover: words(row.cachesFailover, stays),
    recovery: words(row.recovery, lost),
    failback: words(row.failback, neverWords(report)),
    cachesFailback: words(row.cachesFailback, neverWords(report)),
    lost: `${row.lost} of ${row.tried}`,
  };
}

export type PlaceCells = Readonly<
  Record<"failover" | "cachesFailover" | "recovery" | "failback" | "cachesFailback" | "lost", string>
>;

/** "dns: authoritative from 5 places"; the DNS subjects of all places are one line each view. */
export function noticeLines({
  notices,
  service,
}: DrillReport): readonly { readonly subject: string; readonly after: string }[] {
  const lineOf = (subject: string): string => {
    const [kind, host, , ...view] = subject.split(":");
    return kind === "dns" && host === service.host ? `DNS (${view.join(", ")})` : subject;
  };
  const lines = [...new Set(notices.map(({ subject }) => lineOf(subject)))];
  return lines.map((line) => {
    const own = notices.filter(({ subject }) => lineOf(subject) === line);
    const first = own[0]?.after ?? null;
    return {
      subject: own.length === 1 ? (own[0]?.subject ?? line) : `${line} from ${own.length} places`,
      after: spanWords(first),
    };
  });
}

/** "12 ms (95 %: 30 ms) before, 420 ms (95 %: 900 ms) while the fault stood"; empty where nothing was served. */
export function latencyWords({ traffic: { medianMs, p95Ms } }: DrillReport): string {
  const words = (when: "before" | "during", then: string): readonly string[] => {
    const [half, most] = [medianMs[when], p95Ms?.[when] ?? null];
    const beside = most === null ? "" : ` (95 %: ${formatDuration(most)})`;
    return half === null ? [] : [`${formatDuration(half)}${beside} ${then}`];
  };
  return [...words("before", "before"), ...words("during", "while the fault stood")].join(", ");
}

/** What kind of truth this is; null: measured in real places. */
export function caveatWords({ simulated, local }: DrillReport): string | null {
  if (simulated) return "Simulated: no lever acted, everything here is calculated.";
  if (local) return "Measured in the local world, where all places are one machine: it says nothing of real places.";
  return null;
}

/** "2026-11-28 12:40:03 UTC, for 1 m 5 s". */
export function whenWords({ startedAt, endedAt, underWay }: DrillReport): string {
  const at = `${startedAt.slice(0, 10)} ${startedAt.slice(11, 19)} UTC`;
  if (underWay !== undefined) return `${at}, and still running`;
  if (endedAt === null) return `${at}, broken off`;
  return `${at}, for ${formatDuration((parseIso(endedAt) ?? 0) - (parseIso(startedAt) ?? 0))}`;
}

export function expectationWords({ expect }: DrillReport): string {
  const answers = { move: "answers move", stay: "answers stay", either: "answers may move or stay" }[expect.answers];
  const users = {
    recover: "users are served again",
    "never-lost": "no user is lost",
    lost: "users are lost until the repair",
  }[expect.users];
  const subjects = expect.notices.map((kind) => ({ region: "the region", dns: "DNS", failover: "failover" })[kind]);
  const notices = subjects.length === 0 ? "nothing is called deviating" : `${subjects.join(" and ")} called deviating`;
  return `${answers}, ${users}, ${notices}`;
}
