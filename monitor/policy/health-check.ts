// How Route 53 turns looks into health, over booleans: what passes, how many in a row, how many checkers, and what
// "disabled" and "inverted" do to the outcome. Knows nothing of our own vantages.
import type { Instant } from "../time.ts";

export type Health = "healthy" | "unhealthy" | "unknown";

/** Health by health check id; an id that is missing is `unknown`. */
export type HealthView = Readonly<Record<string, Health>>;

/** An endpoint health check (Route 53 API Reference, HealthCheckConfig). */
export interface HealthCheck {
  readonly id: string;
  readonly type: "HTTP" | "HTTPS";
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly requestIntervalSeconds: number;
  /** 1 to 10; the same number of consecutive looks in both directions. */
  readonly failureThreshold: number;
  readonly disabled: boolean;
  readonly inverted: boolean;
}

/** What one checker holds: its opinion, and the run of equal looks that may change it. */
export interface Opinion {
  readonly health: Health;
  readonly run: { readonly passed: boolean; readonly since: Instant; readonly count: number } | null;
}

/** Before the first look: not yet an opinion. (Route 53 itself starts at healthy; we say what we know.) */
export const NO_OPINION: Opinion = { health: "unknown", run: null };

/**
 * More than this share of checkers must say healthy. "Might change in a future release": Route 53 Developer Guide, "How
 * Amazon Route 53 determines whether a health check is healthy" (text of 2023).
 */
export const HEALTHY_SHARE = 0.18;

/** An HTTP look passes with a 2xx or 3xx; the redirect's target is never consulted (Developer Guide, same page). */
export function statusPasses(status: number): boolean {
  return status >= 200 && status < 400;
}

/** One look of one checker: the opinion flips at `threshold` looks in a row, the same number in both directions. */
export function stepOpinion(opinion: Opinion, passed: boolean, threshold: number, at: Instant): Opinion {
  const same = opinion.run !== null && opinion.run.passed === passed ? opinion.run : null;
  const run = same === null ? { passed, since: at, count: 1 } : { ...same, count: Math.min(same.count + 1, threshold) };
  const flips = run.count >= threshold;
  return { health: flips ? (passed ? "healthy" : "unhealthy") : opinion.health, run };
}

/** The 18 % rule over the checkers that have an opinion; `unknown` when none has. */
export function aggregateHealth(opinions: readonly Health[]): Health {
  const known = opinions.filter((health) => health !== "unknown");
  if (known.length === 0) return "unknown";
  const healthy = known.filter((health) => health === "healthy").length;
  return healthy > HEALTHY_SHARE * known.length ? "healthy" : "unhealthy";
}

/** Disabled pins to healthy first, then inversion applies: both together are "pinned unhealthy" (API: UpdateHealthCheck). */
export function effectiveHealth(check: HealthCheck, raw: Health): Health {
  const pinned = check.disabled ? "healthy" : raw;
  if (!check.inverted || pinned === "unknown") return pinned;
  return pinned === "healthy" ? "unhealthy" : "healthy";
}
