// Two healths, never mixed: what Route 53 should believe (its 18 % rule over vantages), and what users get (a majority of
// distinct data centres). Only fresh opinions count; where there is none, health is unknown and never "up".
import { EMPTY_REGION } from "./book.ts";
import type { HealthBook, VantageHealth } from "../model/health.ts";
import { aggregateHealth, type Health, type HealthView } from "../policy/health-check.ts";
import type { Instant } from "../time.ts";

/** By region id. */
export type UserHealth = Readonly<Record<string, Health>>;

/** How old an opinion may be and still count. */
export interface Freshness {
  readonly ageMaxMs: number;
  /** Fewer vantages with a fresh opinion than more than half of these speak for no user. */
  readonly expected: number;
  /** Ids of those beyond them that count while they are heard: one that is silent keeps nobody else from speaking. */
  readonly guests: ReadonlySet<string>;
}

export const NO_GUESTS: ReadonlySet<string> = new Set();

/** What Route 53 should believe of each region's health check. */
export function route53View(book: HealthBook, { ageMaxMs }: Freshness, at: Instant): HealthView {
  const fresh = (voice: VantageHealth): boolean => voice.route53At !== null && at - voice.route53At <= ageMaxMs;
  return mapRegions(book, (voices) => aggregateHealth(voices.filter(fresh).map((voice) => voice.route53.health)));
}

/** What users get of each region; unknown without a quorum. */
export function userView(book: HealthBook, { ageMaxMs, expected, guests }: Freshness, at: Instant): UserHealth {
  const fresh = (voice: VantageHealth): boolean => voice.userAt !== null && at - voice.userAt <= ageMaxMs;
  return mapRegions(book, (voices, ids) => {
    const heard = ids.filter((id, index) => guests.has(id) && voices[index] !== undefined && fresh(voices[index]));
    const speaking = voices.filter((voice) => fresh(voice) && voice.user.health !== "unknown");
    return speaking.length < quorumOf(expected + heard.length) ? "unknown" : majorityByColo(speaking);
  });
}

/** More than half. */
function quorumOf(vantages: number): number {
  return Math.floor(vantages / 2) + 1;
}

function mapRegions(
  book: HealthBook,
  view: (voices: readonly VantageHealth[], ids: readonly string[]) => Health,
): Readonly<Record<string, Health>> {
  return Object.fromEntries(
    Object.entries(book).map(([id, { vantages }]) => [id, view(Object.values(vantages), Object.keys(vantages))]),
  );
}

/** Vantages in one colo share its fate, so a colo has one vote; a tie, inside a colo or between colos, is unhealthy. */
function majorityByColo(voices: readonly VantageHealth[]): Health {
  const colos = [...new Set(voices.map((voice) => voice.colo))];
  const votes = colos.map((colo) => voices.filter((voice) => voice.colo === colo).map((voice) => voice.user.health));
  return majority(votes.map((inColo) => majority(inColo)));
}

function majority(votes: readonly Health[]): Health {
  const known = votes.filter((vote) => vote !== "unknown");
  if (known.length === 0) return "unknown";
  return known.filter((vote) => vote === "healthy").length * 2 > known.length ? "healthy" : "unhealthy";
}

/** Notes when a view took the value that it has now; call it once per round, after the last observation. */
export function stampViews(before: HealthBook, after: HealthBook, freshness: Freshness, at: Instant): HealthBook {
  const old = { route53: route53View(before, freshness, at), user: userView(before, freshness, at) };
  const now = { route53: route53View(after, freshness, at), user: userView(after, freshness, at) };
  return Object.fromEntries(
    Object.entries(after).map(([id, region]) => {
      const was = before[id] ?? EMPTY_REGION;
      const route53Since = since(old.route53[id], now.route53[id], was.route53Since, at);
      const userSince = since(old.user[id], now.user[id], was.userSince, at);
      return [id, { ...region, route53Since, userSince }];
    }),
  );
}

function since(old: Health | undefined, now: Health | undefined, was: Instant | null, at: Instant): Instant | null {
  if (now === undefined || now === "unknown") return null;
  return old === now && was !== null ? was : at;
}

/** An opinion outlives one missed round, and not two. `timeoutMs` is a probe's own limit. */
export function freshnessOf(
  intervalMs: number,
  timeoutMs: number,
  expected: number,
  guests: ReadonlySet<string> = NO_GUESTS,
): Freshness {
  return { ageMaxMs: 2 * intervalMs + timeoutMs, expected, guests };
}
