// The page's error budgets: a gauge that browsers draw by themselves, without script or style, and beside it the same in words, so
// that nobody needs its colour.
import type { Urgency } from "../objective/budget.ts";
import { type Instant, parseIso } from "../time.ts";
import type { ObjectiveRow } from "./objective-schema.ts";
import { leftWords, OBJECTIVE_HEADS, objectiveCells } from "./objective-words.ts";
import type { StatusReport } from "./status-schema.ts";
import { escapeXml } from "./xml-text.ts";

const URGENT: Readonly<Record<Urgency, { readonly kind: string; readonly words: string }>> = {
  page: { kind: "deviates", words: "burns fast: act now" },
  ticket: { kind: "converging", words: "burns: look into it" },
};

/** Under which the gauge no longer looks good. */
const LOW_SHARE = 0.25;

/** Nothing where nothing is promised. */
export function objectivesSection({ objectives = [], generatedAt }: StatusReport): string {
  if (objectives.length === 0) return "";
  const at = parseIso(generatedAt) ?? 0;
  const heads = OBJECTIVE_HEADS.map((head) => `<th scope="col">${head}</th>`).join("");
  const rows = objectives.map((row) => objectiveRow(row, at));
  return `<section><h2>Error budgets</h2><div class="wide"><table><thead><tr>${heads}</tr></thead><tbody>${rows.join("\n")}</tbody></table></div></section>\n`;
}

function objectiveRow(row: ObjectiveRow, at: Instant): string {
  const [name = "", subject = "", target = "", achieved = "", _left, ...rest] = objectiveCells(row, at);
  const cell = (words: string): string => `<td>${escapeXml(words)}</td>`;
  return `<tr><th scope="row">${escapeXml(name)}</th>${[subject, target, achieved].map(cell).join("")}<td>${gauge(row)}</td>${rest.map(cell).join("")}</tr>`;
}

function gauge(row: ObjectiveRow): string {
  const { budgetLeft, burning } = row;
  const words = escapeXml(leftWords(row));
  if (budgetLeft === null) return `<span class="mark unknown">${words === "-" ? "not measured" : words}</span>`;
  const share = Math.max(0, Math.floor(budgetLeft * 1000) / 1000);
  const meter = `<meter min="0" max="1" low="${LOW_SHARE}" high="${LOW_SHARE}" optimum="1" value="${share}" aria-label="${escapeXml(row.name)}: error budget left">${words}</meter>`;
  const spent = budgetLeft <= 0 ? [{ kind: "deviates", words }] : [];
  const marks = [...spent, ...(burning === null ? [] : [URGENT[burning]])].map(
    (one) => `<span class="mark ${one.kind}">${one.words}</span>`,
  );
  return [meter, ...(spent.length > 0 ? [] : [words]), ...marks].join(" ");
}
