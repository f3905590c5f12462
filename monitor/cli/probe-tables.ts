// Several looks of `monitor probe` in rows: every address of a name, or one look after another with the spread at the end.
import { alignRows, type Line, paintLine, piece } from "../local/text-line.ts";
import { PHASES } from "../model/observation.ts";
import type { Look } from "../report/look.ts";
import type { Counts, LooksSummary, Spread } from "../report/look-summary.ts";
import { judgeLook, type LookVerdict } from "../report/look-verdict.ts";
import { type Colours, failureLines, listed, paintParts, WIDTH } from "./probe-text.ts";

const COUNTS_SHOWN_MAX = 6;
const TONES = { conforms: "good", deviates: "bad", undecided: "wait", converging: "wait" } as const;
const MARKS = { conforms: "ok", deviates: "✗", undecided: "?", converging: "?" } as const;

/** One row each, then why those that failed did. */
export function addressesText(looks: readonly Look[], colours: Colours): string {
  const heads = ["address", "", "status", ...PHASES, "total ms", "cert", "region"].map((head) => piece(head, "dim"));
  const failures = looks.map((look) => failureLines(judgeLook(look), look, look.addresses[0]));
  return paintParts([alignRows([heads, ...looks.map(addressRow)]), ...failures], colours);
}

function addressRow(look: Look): Line {
  const { verdict } = judgeLook(look);
  const tone = TONES[verdict];
  const days = look.tls?.chain[0]?.daysLeft;
  return [
    piece(look.addresses[0] ?? "", "strong"),
    piece(MARKS[verdict], tone),
    piece(String(look.reply?.status ?? ""), tone),
    ...PHASES.map((phase) => piece(look.phases[phase]?.toFixed(1) ?? "")),
    piece(look.totalMs.toFixed(1)),
    piece(days === undefined ? "" : `${days} d`, (look.tls?.problems.length ?? 0) > 0 ? "bad" : "plain"),
    piece(look.claim?.region ?? look.reply?.headers["x-region"] ?? ""),
  ];
}

/** Of a series, as it is over. */
export function seriesLine(look: Look, number: number, colours: Colours): string {
  const verdict: LookVerdict = judgeLook(look);
  const phases = PHASES.flatMap((phase) => {
    const ms = look.phases[phase];
    return ms === undefined ? [] : [`${phase} ${ms.toFixed(1)}`];
  });
  const line: Line = [
    piece(`${String(number).padStart(4)}  `, "dim"),
    piece(`${look.totalMs.toFixed(1)} ms`.padStart(11)),
    piece(`  ${MARKS[verdict.verdict]} ${look.reply?.status ?? ""}`.padEnd(9), TONES[verdict.verdict]),
    piece(`${look.remote?.address ?? ""}  `),
    ...(verdict.cause === null
      ? [piece(phases.join("  "), "dim")]
      : [piece(`${verdict.phase ?? ""} ${verdict.cause}: ${verdict.reason}`, "bad")]),
  ];
  return `${paintLine(line, WIDTH, colours)}\n`;
}

export function summaryText(summary: LooksSummary, colours: Colours): string {
  const heads = ["ms", "looks", "min", "p50", "p95", "max"].map((head) => piece(head, "dim"));
  const rows = PHASES.flatMap((phase) => {
    const spread = summary.phases[phase];
    return spread === undefined ? [] : [spreadRow(phase, spread)];
  });
  const counted: readonly (readonly [string, Counts])[] = [
    ["failures", summary.failures],
    ["status", summary.statuses],
    ["address", summary.remotes],
    ["region", summary.regions],
  ];
  const lines = counted.flatMap(([label, counts]): readonly Line[] =>
    counts.length === 0
      ? []
      : [[piece(label.padEnd(10)), piece(countWords(counts), label === "failures" ? "bad" : "plain")]],
  );
  return paintParts([alignRows([heads, ...rows, spreadRow("total", summary.total)]), lines], colours);
}

/** A failed look is endless, so a percentile among them has no figure. */
function spreadRow(name: string, { looks, minMs, p50Ms, p95Ms, maxMs }: Spread): Line {
  const figures = [minMs, p50Ms, p95Ms, maxMs].map((value) =>
    piece(value === null ? "failed" : value.toFixed(1), value === null ? "bad" : "plain"),
  );
  return [piece(name), piece(String(looks)), ...figures];
}

function countWords(counts: Counts): string {
  return listed(
    counts.map(({ name, looks }) => `${looks} × ${name}`),
    COUNTS_SHOWN_MAX,
  );
}
