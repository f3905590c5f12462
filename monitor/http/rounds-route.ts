// The face of the recorded history: the stored rounds of a window, page by page.
import type { Context } from "hono";
import type { RoundsPage } from "../report/rounds-page-schema.ts";
import { ROUNDS_WINDOW_MAX_MS, type RoundsWish } from "../run/rounds-page.ts";
import { DAY_MS, parseIso } from "../time.ts";
import type { Route } from "./route.ts";

export type ReadRounds = (wish: RoundsWish) => Promise<RoundsPage>;

/** The years that ISO 8601 writes with four digits. */
const INSTANT_MAX = Date.UTC(9999, 11, 31);

export function roundsRoute(readRounds: ReadRounds): Route {
  return { path: "/rounds", query: ["from", "to"], answer: (c) => page(c, readRounds) };
}

async function page(c: Context, readRounds: ReadRounds): Promise<Response> {
  const [from, to] = [instantOf(c.req.query("from")), instantOf(c.req.query("to"))];
  if (from === "odd" || to === "odd")
    return c.json({ error: "from, to: expected instants such as 2026-11-22T12:00:00Z" }, 400);
  if (from !== null && to !== null && (to < from || to - from > ROUNDS_WINDOW_MAX_MS))
    return c.json(
      { error: `from, to: expected at most ${ROUNDS_WINDOW_MAX_MS / DAY_MS} days, the earlier one first` },
      400,
    );
  return c.json(await readRounds({ from, to }));
}

function instantOf(text: string | undefined): number | null | "odd" {
  if (text === undefined) return null;
  const at = parseIso(text);
  return at === null || at < 0 || at > INSTANT_MAX ? "odd" : at;
}
