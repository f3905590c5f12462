// Where a command gets a recorded history: from a running monitor, page by page, from a store's file, or from saved pages.
import { existsSync, readFileSync } from "node:fs";
import { makeNodeStore } from "../node/store.ts";
import { formatProblem } from "../problem.ts";
import { historyOf, parseSavedHistory } from "../report/history.ts";
import { parseRoundsPage, type RoundsPage } from "../report/rounds-page-schema.ts";
import { type RoundsWish, runRoundsPage } from "../run/rounds-page.ts";
import { parseState } from "../run/state.ts";
import type { Store } from "../run/world.ts";
import { type Instant, parseIso, toIso } from "../time.ts";
import type { Topology } from "../topology/topology.ts";
import type { History } from "../verify/history.ts";

export type HistorySource =
  | { readonly kind: "url"; readonly url: string }
  | { readonly kind: "store"; readonly file: string }
  | { readonly kind: "files"; readonly files: readonly string[] };

/** Slots, both included; null: the first and the last that there are. */
export interface HistoryWindow {
  readonly from: Instant;
  readonly to: Instant;
}

export type HistoryRead =
  | { readonly kind: "read"; readonly history: History; readonly pages: readonly RoundsPage[] }
  /** `usage`: what was asked for cannot be; otherwise the world did not give it. */
  | { readonly kind: "failed" | "usage"; readonly lines: readonly string[] };

type PageRead = RoundsPage | { readonly failed: string; readonly kind: "failed" | "usage" };
type ReadPage = (wish: RoundsWish) => Promise<PageRead>;

const REPLY_MS_MAX = 30_000;
/** A week at 2 seconds, the busiest that a local world is. */
const PAGES_MAX = 700;
/** Above what a page is cut at. */
const REPLY_CHARACTERS_MAX = 32 * 1024 * 1024;

/** `topology` names the service where a store's file does not. */
export async function readHistory(
  source: HistorySource,
  window: HistoryWindow,
  topology: Topology,
): Promise<HistoryRead> {
  switch (source.kind) {
    case "url":
      return readPages((wish) => fetchPage(source.url, wish), window);
    case "store":
      return readStore(source.file, window, topology);
    case "files":
      return readFiles(source.files, window);
  }
}

async function readPages(read: ReadPage, window: HistoryWindow): Promise<HistoryRead> {
  const pages: RoundsPage[] = [];
  let from: Instant | null = window.from;
  while (from !== null && pages.length < PAGES_MAX) {
    const page: PageRead = await read({ from, to: window.to });
    if ("failed" in page) return { kind: page.kind, lines: [page.failed] };
    pages.push(page);
    const next: Instant | null = page.next === null ? null : parseIso(page.next);
    // A monitor that points back would be followed for ever.
    if (next !== null && next <= from)
      return { kind: "failed", lines: [`it says that ${toIso(next)} comes after ${toIso(from)}`] };
    from = next;
  }
  return found(pages, window);
}

function found(pages: readonly RoundsPage[], { from, to }: HistoryWindow): HistoryRead {
  const inside = pages.map((page) => ({
    ...page,
    rounds: page.rounds.filter(({ slot }) => {
      const at = parseIso(slot) ?? 0;
      return at >= from && at <= to;
    }),
  }));
  return { kind: "read", history: historyOf(inside), pages: inside };
}

async function fetchPage(base: string, { from, to }: RoundsWish): Promise<PageRead> {
  const url = new URL("/rounds", base);
  if (from !== null) url.searchParams.set("from", toIso(from));
  if (to !== null) url.searchParams.set("to", toIso(to));
  const failed = (detail: string): PageRead => ({ kind: "failed", failed: `${url.origin}: ${detail}` });
  try {
    const reply = await fetch(url, { redirect: "error", signal: AbortSignal.timeout(REPLY_MS_MAX) });
    const text = await reply.text();
    if (text.length > REPLY_CHARACTERS_MAX) return failed("its page is too long");
    const body: unknown = JSON.parse(text);
    if (reply.status === 400) return { kind: "usage", failed: `${url.origin}: ${wordsOf(body)}` };
    const page = reply.ok ? parseRoundsPage(body) : null;
    return page ?? failed(`it answered ${reply.status} and no history that this version can read`);
  } catch (thrown) {
    const { message, cause } = thrown instanceof Error ? thrown : new Error(String(thrown));
    return failed(cause instanceof Error ? `${message}: ${cause.message}` : message);
  }
}

function wordsOf(body: unknown): string {
  return typeof body === "object" && body !== null && "error" in body ? String(body.error) : "it refused the window";
}

async function readStore(file: string, window: HistoryWindow, topology: Topology): Promise<HistoryRead> {
  // Opening makes a file where there is none.
  if (!existsSync(file)) return { kind: "usage", lines: [`${file}: expected the file of a store, found nothing`] };
  const opened = makeNodeStore({ file });
  if (opened.kind === "failed")
    return { kind: "usage", lines: [`${file}: expected the file of a store: ${opened.detail}`] };
  const store = opened.value;
  try {
    const last = await lastSlotOf(store);
    if (last === null) return { kind: "failed", lines: [`${file}: it has no round`] };
    const to = Math.min(window.to, last);
    const read = await readPages(
      async (wish) => {
        const page = await runRoundsPage(topology, wish, last, store);
        return page.kind === "failed" ? { kind: "failed", failed: `${file}: ${page.detail}` } : page.value;
      },
      { from: window.from, to },
    );
    return read;
  } finally {
    store.close();
  }
}

async function lastSlotOf(store: Store): Promise<Instant | null> {
  const state = await store.readState();
  const parsed = state.kind === "failed" || state.value === null ? null : parseState(state.value);
  return parsed?.ok === true ? parsed.value.lastSlot : null;
}

function readFiles(files: readonly string[], window: HistoryWindow): HistoryRead {
  const pages: RoundsPage[] = [];
  const lines: string[] = [];
  for (const file of files) {
    const text = readText(file);
    if (typeof text !== "string") lines.push(`${file}: expected saved pages of GET /rounds: ${text.detail}`);
    else {
      const parsed = parseSavedHistory(text);
      if (parsed.ok) pages.push(...parsed.value);
      else lines.push(...parsed.problems.map((problem) => formatProblem(problem, file)));
    }
  }
  return lines.length > 0 ? { kind: "usage", lines } : found(pages, window);
}

function readText(file: string): string | { readonly detail: string } {
  try {
    return readFileSync(file, "utf8");
  } catch (thrown) {
    return { detail: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}
