// When an error budget burns so fast that people are told, and when it does no more: Google's SRE Workbook, "Alerting on SLOs",
// multiwindow and multi-burn-rate. Harsher with itself than what the faces show: little data, and what a drill broke, tell nobody.
import type { ObjectiveBook, ObjectiveCount, ObjectiveCounts } from "../model/counts.ts";
import type { Burn } from "../model/alert.ts";
import { type Instant, toIso } from "../time.ts";
import type { Objective, Topology } from "../topology/topology.ts";
import { allowedShare, BURN_RULES, BURN_WINDOW_MS, burnRate, type BurnWindow, type Urgency } from "./budget.ts";
import { countingKey, countingOf } from "./counting.ts";
import { NO_COUNTS } from "./looks.ts";
import { beginOf, countsIn } from "./series.ts";

/** Bad looks in the long window without which nobody is told: one vantage's stumble is no burn, whatever its share. A slice is many looks already. */
export const BAD_LOOKS_MIN = 5;

type Rule = (typeof BURN_RULES)[number];

/**
 * What burns after a round, objectives in the topology's order, a page before a ticket. An objective that pages opens no ticket
 * beside it; a ticket that was open stays.
 */
export function stepBurns(
  { objectives }: Pick<Topology, "objectives">,
  book: ObjectiveBook,
  before: readonly Burn[],
  at: Instant,
): readonly Burn[] {
  return objectives.flatMap((objective) => {
    const key = countingKey(countingOf(objective));
    const count = Object.hasOwn(book, key) ? book[key] : undefined;
    if (count === undefined) return [];
    const wished = objective.burnAlerts ?? [];
    const page = wished.includes("page") ? stepBurn(objective, "page", count, before, at) : null;
    const ticket = wished.includes("ticket") ? stepBurn(objective, "ticket", count, before, at) : null;
    const isNewTicket = ticket !== null && !before.some(({ id }) => id === ticket.id);
    return [...(page === null ? [] : [page]), ...(ticket === null || (page !== null && isNewTicket) ? [] : [ticket])];
  });
}

/** Null: it does not burn. */
function stepBurn(
  objective: Objective,
  urgency: Urgency,
  count: ObjectiveCount,
  before: readonly Burn[],
  at: Instant,
): Burn | null {
  const subject = `burn-${urgency}:${objective.name}`;
  const was = before.find((one) => one.subject === subject);
  const lit = BURN_RULES.filter((rule) => rule.urgency === urgency).filter(
    (rule) =>
      begins(rule, objective, count, at) ||
      (was?.windows.includes(rule.long) === true && !hasRecovered(rule, objective, count, at)),
  );
  const [first] = lit;
  if (first === undefined) return null;
  const windows = lit.map(({ long }) => long);
  if (was !== undefined) return { ...was, windows };
  const reason = reasonOf(first, objective, count, at);
  return { id: `${toIso(at)} ${subject}`, subject, reason, openedAt: at, windows };
}

function begins(rule: Rule, objective: Objective, count: ObjectiveCount, at: Instant): boolean {
  const over = (window: BurnWindow): boolean => cautiousRate(objective, count, window, at) > rule.rate;
  const least = objective.method === "occurrences" ? BAD_LOOKS_MIN : 1;
  return unplanned(countsOf(count, rule.long, at)).bad >= least && over(rule.long) && over(rule.short);
}

/** Only what was measured says that it is over. */
function hasRecovered({ rate, short }: Rule, objective: Objective, count: ObjectiveCount, at: Instant): boolean {
  const burns = burnRate(unplanned(countsOf(count, short, at)), allowedShare(objective));
  return burns !== null && burns <= rate;
}

/** As if everything had been good that was not measured in the window: so a rate that it reaches has really spent so much. */
function cautiousRate(objective: Objective, count: ObjectiveCount, window: BurnWindow, at: Instant): number {
  const { good, bad, unknown } = unplanned(countsOf(count, window, at));
  const known = Math.min(1, Math.max(0, at - count.since) / BURN_WINDOW_MS[window]);
  const rate = burnRate({ ...NO_COUNTS, good: good + unknown, bad }, allowedShare(objective));
  return (rate ?? 0) * known;
}

function countsOf({ series }: ObjectiveCount, window: BurnWindow, at: Instant): ObjectiveCounts {
  const { width, from } = beginOf(BURN_WINDOW_MS[window], at);
  return countsIn(series, width, from, at + 1);
}

/** What a drill was meant to break is as good as unbroken: whoever ordered it knows. */
function unplanned({ good, bad, planned, ...counts }: ObjectiveCounts): ObjectiveCounts {
  return { ...counts, good: good + planned, bad: bad - planned, planned: 0 };
}

function reasonOf(rule: Rule, objective: Objective, count: ObjectiveCount, at: Instant): string {
  const { rate, long, short } = rule;
  const over = (window: BurnWindow): string =>
    `${cautiousRate(objective, count, window, at).toFixed(1)} × in ${window}`;
  const { name, target, windowDays } = objective;
  const promise = `${Number((target * 100).toFixed(10))} % in ${windowDays} d`;
  return `the error budget of ${name} (${promise}) burns at ${over(long)} and ${over(short)}, over ${rate}`;
}
