// Told rounds as the history that replays read.
import type { Failure, Observation } from "../model/observation.ts";
import { type Parsed, type Problem } from "../problem.ts";
import { SECOND_MS } from "../time.ts";
import { type History, type HistoryRound, makeHistory, type SeenAnswer } from "../verify/history.ts";
import { parseRoundsPage, type RoundsPage, type ToldRound } from "./rounds-page-schema.ts";
import { instantsOf } from "./told-round.ts";

/** A week at 30 seconds: what a store holds. */
export const HISTORY_ROUNDS_MAX = 20_160;

/** Pages in any order; of a slot that is on several of them, one round. */
export function historyOf(pages: readonly RoundsPage[]): History {
  const intervalMs = Math.max(0, ...pages.map(({ intervalSeconds }) => intervalSeconds * SECOND_MS));
  return makeHistory(
    pages.flatMap(({ rounds }) => rounds.map((round) => historyRound(round))),
    intervalMs,
  );
}

export function historyRound(round: ToldRound): HistoryRound {
  const { slot, at } = instantsOf(round);
  return {
    slot,
    at,
    policy: round.policy,
    observations: round.cells.map((cell) => observationOf(cell, slot)),
    answers: round.dns.flatMap(({ subject, reply }) => {
      const seen = subjectParts(subject);
      if (seen === null) return [];
      const addresses = reply.kind === "reply" && reply.addresses.length > 0 ? reply.addresses : null;
      return [{ ...seen, addresses }];
    }),
  };
}

/** What votes are made of; a claim is not kept. */
function observationOf(cell: ToldRound["cells"][number], at: number): Observation {
  const { region, vantage, status, totalMs, phases } = cell;
  const failure: Failure | null = cell.cause === null ? null : { cause: cell.cause, detail: "" };
  return { region, vantage, at, status, totalMs, phases, failure, claim: null };
}

/** As `dnsSubject` writes it; null for anything else. */
function subjectParts(subject: string): Omit<SeenAnswer, "addresses"> | null {
  const [, name, vantage, view, six] = /^dns:([^:]+):([^:]+):(authoritative|recursive)(:AAAA)?$/.exec(subject) ?? [];
  if (name === undefined || vantage === undefined) return null;
  return {
    name,
    vantage,
    view: view === "recursive" ? "recursive" : "authoritative",
    type: six === undefined ? "A" : "AAAA",
  };
}

/** A file of saved pages: one, a list of them, or one a line. */
export function parseSavedHistory(text: string): Parsed<readonly RoundsPage[]> {
  const documents = parseDocuments(text);
  if (documents === null) {
    const message = "expected pages of GET /rounds as JSON: one, a list, or one a line";
    return { ok: false, problems: [{ message, line: 1, column: 1 }] };
  }
  const pages = documents.map(parseRoundsPage);
  const problems = pages.flatMap((page, index): readonly Problem[] =>
    page === null ? [{ message: "expected a page of GET /rounds of version 1", path: `[${index}]` }] : [],
  );
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: pages.filter((page) => page !== null) };
}

/** Null: neither JSON, nor lines of it; an empty file has no page. */
function parseDocuments(text: string): readonly unknown[] | null {
  const whole = parseJson(text);
  const list: unknown[] | null = Array.isArray(whole) ? whole : null;
  if (whole !== undefined) return list ?? [whole];
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const values = lines.map(parseJson);
  return lines.length === 0 || values.includes(undefined) ? null : values;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
