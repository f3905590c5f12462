// What the local DNS server believes of each region, kept apart from everything that our own vantages see: looks become
// opinions, opinions become health by Route 53's rules, and a change waits for its propagation before answers use it.
import {
  aggregateHealth,
  type EndpointCheck,
  type Health,
  type HealthView,
  type Opinion,
  stepOpinion,
} from "../policy/health-check.ts";
import type { Instant } from "../time.ts";

/** Changes under way at one time; a change needs several looks, so this is never reached by honest intervals. */
const SPREADING_MAX = 64;

interface Change {
  readonly checkId: string;
  readonly health: Health;
  readonly visibleFrom: Instant;
}

export interface WatchedHealth {
  /** By health check id, then by number of the checker. */
  readonly opinions: Readonly<Record<string, readonly Opinion[]>>;
  /** What the checkers agree on now. */
  readonly decided: HealthView;
  /** What answers used at the latest step. */
  readonly published: HealthView;
  /** Decided and not yet published, the oldest first. */
  readonly spreading: readonly Change[];
}

export interface Look {
  readonly check: EndpointCheck;
  /** Counted from 0. */
  readonly checker: number;
  readonly passed: boolean;
}

/** A new health check starts healthy (Route 53 Developer Guide, "How Route 53 determines whether a health check is healthy"). */
export function startHealth(checks: readonly EndpointCheck[], checkers: number): WatchedHealth {
  const healthy: HealthView = Object.fromEntries(checks.map((check) => [check.id, "healthy" as const]));
  const fresh: Opinion = { health: "healthy", run: null };
  return {
    opinions: Object.fromEntries(checks.map((check) => [check.id, Array.from({ length: checkers }, () => fresh)])),
    decided: healthy,
    published: healthy,
    spreading: [],
  };
}

export function stepWatched(watched: WatchedHealth, look: Look, propagationMs: number, at: Instant): WatchedHealth {
  const { id, failureThreshold } = look.check;
  const opinions = (watched.opinions[id] ?? []).map((opinion, checker) =>
    checker === look.checker ? stepOpinion(opinion, look.passed, failureThreshold, at) : opinion,
  );
  const health = aggregateHealth(opinions.map((opinion) => opinion.health));
  const changes = health === watched.decided[id] ? [] : [{ checkId: id, health, visibleFrom: at + propagationMs }];
  return {
    opinions: { ...watched.opinions, [id]: opinions },
    decided: { ...watched.decided, [id]: health },
    published: publishedAt(watched, at),
    spreading: [...watched.spreading.filter((change) => change.visibleFrom > at), ...changes].slice(-SPREADING_MAX),
  };
}

/** The health that answers use at `at`, which is not before the latest step. */
export function publishedAt(watched: WatchedHealth, at: Instant): HealthView {
  const arrived = watched.spreading.filter((change) => change.visibleFrom <= at);
  return { ...watched.published, ...Object.fromEntries(arrived.map((change) => [change.checkId, change.health])) };
}
