// The page's error budgets: a gauge that browsers draw by themselves, without script or style, and beside it the same in words, so
// that nobody needs its colour.
import type { Urgency } from "../objective/budget.ts";
import { type Instant, parseIso } from "../time.ts";
import type { ObjectiveRow } from "./objective-schema.ts";
import {
  achievedWords,
  lastsWords,
  leftWords,
  measuredWords,
  rateWords,
  subjectWords,
  targetWords,
} from "./objective-words.ts";
import { section, table } from "./page-parts.ts";
import type { StatusReport } from "./status-schema.ts";
import { escapeXml } from "./xml-text.ts";

const URGENT: Readonly<Record<Urgency, { readonly kind: string; readonly words: string }>> = {
  page: { kind: "deviates", words: "burns fast: act now" },
  ticket: { kind: "converging", words: "burns: look into it" },
};

/** Under which the gauge no longer looks good. */
const LOW_SHARE = 0.25;

const HEADS = ["Objective", "Budget left", "Lasts", "Burn 1 h", "6 h", "3 d", "Achieved", "Measured"];
const TITLE = "Error budgets";

/** Nothing where nothing is promised. */
export function objectivesSection({ objectives = [], generatedAt }: StatusReport): string {
  if (objectives.length === 0) return "";
  const at = parseIso(generatedAt) ?? 0;
  const rows = objectives.map((row) => objectiveRow(row, at));
  return section("objectives", TITLE, table(TITLE, "plain", HEADS, rows));
}

/** What is left stands beside the name, where a narrow screen still shows it. */
function objectiveRow(row: ObjectiveRow, at: Instant): string {
  const { name, windowDays, burnRates } = row;
  const what = `<small>${escapeXml(subjectWords(row))}, ${unbroken(targetWords(row))} in ${windowDays}&nbsp;d</small>`;
  const rates = (["1h", "6h", "3d"] as const).map((window) => rateWords(burnRates[window]));
  const short = [lastsWords(row, at), ...rates, achievedWords(row)].map((words) => `<td>${unbroken(words)}</td>`);
  return `<tr><th scope="row">${escapeXml(name)}<br>${what}</th><td>${gauge(row)}</td>${short.join("")}<td>${escapeXml(measuredWords(row))}</td></tr>`;
}

function unbroken(words: string): string {
  return escapeXml(words).replaceAll(" ", "&nbsp;");
}

function gauge(row: ObjectiveRow): string {
  const { budgetLeft, burning } = row;
  const words = escapeXml(leftWords(row));
  if (budgetLeft === null) return `<span class="mark unknown">not measured</span>`;
  const share = Math.max(0, Math.floor(budgetLeft * 1000) / 1000);
  const meter = `<meter min="0" max="1" low="${LOW_SHARE}" high="${LOW_SHARE}" optimum="1" value="${share}" aria-label="${escapeXml(row.name)}: error budget left">${words}</meter>`;
  const spent = budgetLeft <= 0 ? [{ kind: "deviates", words }] : [];
  const marks = [...spent, ...(burning === null ? [] : [URGENT[burning]])].map(
    (one) => `<span class="mark ${one.kind}">${one.words}</span>`,
  );
  return [meter, ...(spent.length > 0 ? [] : [words]), ...marks].join("<br>");
}
