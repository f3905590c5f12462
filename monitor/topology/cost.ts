// What watching costs on Cloudflare, from the topology alone, and at the worst moment: every region hangs, so every vantage
// waits for its whole timeout. A monitor that its quota stops in the middle of an outage is none.
import { privateVantages, publicVantages, recordTypes, type Topology } from "./topology.ts";

export interface DailyCost {
  /** Durable Object requests: per round one alarm, one call to each vantage, and one of each private vantage. */
  readonly requests: number;
  /** Of the coordinator and all vantages, at 128 MB each. */
  readonly gigabyteSeconds: number;
  /** SQLite rows, the alarm's own included. */
  readonly rowsWritten: number;
  /** Of the busiest single call of a vantage, not of a day. */
  readonly subrequests: number;
}

/** Free plan, per day and (subrequests) per invocation: Cloudflare's limits and pricing pages for Workers and Durable Objects, 2026. */
export const FREE_PLAN: DailyCost = {
  requests: 100_000,
  gigabyteSeconds: 13_000,
  rowsWritten: 100_000,
  subrequests: 50,
};

const DAY_SECONDS = 86_400;
const OBJECT_GIGABYTES = 0.128;
/** The round, the one that leaves the ring, the state, the meters (measured: test/worker/edge-store.test.ts), and the next alarm. */
const ROWS_PER_ROUND = 5;
/** A bucket of each hour and of the day, and the day's report, each in the place of an old one (measured there too). */
const ROWS_PER_DAY = 2 * (24 + 1 + 1);
/** How much longer than its own vantages may take a round waits for what private ones send. */
export const WAIT_MS = 1000;
/** Of one pass over all channels that people are told by, and of one call of a dead man's switch: the coordinator waits for both. */
export const DELIVERY_MS_MAX = 5000;
export const HEARTBEAT_MS_MAX = 2000;
/** To a channel that takes nothing: `backoffMs` of `run/delivery.ts` comes to about 30 in a day. */
const FAILED_ATTEMPTS_PER_DAY = 40;
/** In an hour 20 openings and reminders, as many that are over, and six digests (`run/alert-step.ts`). */
const MESSAGES_PER_DAY = 24 * (20 + 20 + 6);
/** A message comes and goes, and its channel's record (measured: test/worker/alerts.test.ts). */
const ROWS_PER_MESSAGE = 3;
const ROWS_PER_ATTEMPT = 2;

/** The vantage's place and the zone's name servers, when they are not remembered. */
const SUBREQUESTS_ONCE = 2;

export function dailyCost(topology: Topology): DailyCost {
  const { intervalSeconds, timeoutMs, phases } = topology.probe;
  const vantages = publicVantages(topology).length;
  const senders = privateVantages(topology).length;
  const rounds = DAY_SECONDS / intervalSeconds;
  const waited = senders === 0 ? 0 : rounds * (WAIT_MS / 1000);
  const perRegion = 2 + (phases === "full" ? 2 : 1);
  const alerts = alertCost(topology, rounds);
  return {
    requests: rounds * (1 + vantages + senders),
    gigabyteSeconds: (rounds * (1 + vantages) * (timeoutMs / 1000) + waited + alerts.seconds) * OBJECT_GIGABYTES,
    rowsWritten: rounds * (ROWS_PER_ROUND + senders) + ROWS_PER_DAY + alerts.rows,
    subrequests: SUBREQUESTS_ONCE + 2 * recordTypes(topology).length + perRegion * topology.regions.length,
  };
}

/** No receiver answers, and there is as much to tell as may be told. */
function alertCost({ alerts }: Topology, rounds: number): { readonly seconds: number; readonly rows: number } {
  const beats = alerts.filter(({ kind }) => kind === "heartbeat").length;
  const told = alerts.length - beats;
  return {
    seconds: (beats * rounds * HEARTBEAT_MS_MAX + told * FAILED_ATTEMPTS_PER_DAY * DELIVERY_MS_MAX) / 1000,
    // A heartbeat's record is written when it begins to fail, and when it is answered again.
    rows: beats * rounds + told * (MESSAGES_PER_DAY * ROWS_PER_MESSAGE + FAILED_ATTEMPTS_PER_DAY * ROWS_PER_ATTEMPT),
  };
}

/** A sentence for each part of the free plan that this topology would exceed, in a fixed order; none: it fits. */
export function freePlanExcess(topology: Topology): readonly string[] {
  const cost = dailyCost(topology);
  const words: readonly (readonly [keyof DailyCost, string])[] = [
    ["requests", "Durable Object requests a day"],
    ["gigabyteSeconds", "GB-seconds a day while every region hangs"],
    ["rowsWritten", "rows written a day"],
    ["subrequests", "subrequests of one vantage in a round"],
  ];
  return words
    .filter(([part]) => cost[part] > FREE_PLAN[part])
    .map(([part, what]) => `${Math.ceil(cost[part])} ${what}, the free plan has ${FREE_PLAN[part]}`);
}
