// How Route 53 turns looks into health, over booleans: what passes, how many in a row, how many checkers, and what
// "disabled" and "inverted" do to the outcome. Knows nothing of our own vantages.
import type { Instant } from "../time.ts";
import { CHECKER_REGIONS, HEALTHY_SHARE } from "./constants.ts";

export type Health = "healthy" | "unhealthy" | "unknown";

/**
 * Health by health check id, before `disabled` and `inverted`; an id that is missing is `unknown`. The key
 * `target:<dns name>` holds the health of an alias target outside the zone, where somebody can see it.
 */
export type HealthView = Readonly<Record<string, Health>>;

interface AnyCheck {
  readonly id: string;
  readonly disabled: boolean;
  readonly inverted: boolean;
}

/** Looks at an endpoint (Route 53 API Reference, HealthCheckConfig). */
export interface EndpointCheck extends AnyCheck {
  readonly type: "HTTP" | "HTTPS" | "HTTP_STR_MATCH" | "HTTPS_STR_MATCH" | "TCP";
  /** Null: `host` is resolved before each look, IPv4 only. */
  readonly ipAddress: string | null;
  /** The name that is resolved, or the Host header and server name beside an address. */
  readonly host: string | null;
  readonly port: number;
  /** Null for TCP. */
  readonly path: string | null;
  /** Only of the string-matching types. */
  readonly searchString: string | null;
  readonly requestIntervalSeconds: number;
  /** 1 to 10; the same number of consecutive looks in both directions. */
  readonly failureThreshold: number;
  readonly enableSni: boolean;
  /** The AWS regions whose checkers look. */
  readonly regions: readonly string[];
  readonly measureLatency: boolean;
}

/** Healthy while at least `healthThreshold` children are: 0 is always healthy, more than there are children never. */
export interface CalculatedCheck extends AnyCheck {
  readonly type: "CALCULATED";
  /** Health check ids. */
  readonly children: readonly string[];
  readonly healthThreshold: number;
}

/** Follows the data stream behind an alarm, not the alarm's state. */
export interface CloudWatchCheck extends AnyCheck {
  readonly type: "CLOUDWATCH_METRIC";
  readonly alarm: { readonly name: string; readonly region: string } | null;
  /** The alarm's own settings; null: not known. */
  readonly evaluation: { readonly periods: number; readonly periodSeconds: number } | null;
  readonly insufficientData: "Healthy" | "Unhealthy" | "LastKnownStatus";
}

/** Healthy while the routing control of Application Recovery Controller is on. */
export interface RecoveryControlCheck extends AnyCheck {
  readonly type: "RECOVERY_CONTROL";
  readonly routingControlArn: string;
}

export type HealthCheck = EndpointCheck | CalculatedCheck | CloudWatchCheck | RecoveryControlCheck;

/** What the API takes for an endpoint check when nothing is said. */
export const ENDPOINT_DEFAULTS = {
  ipAddress: null,
  searchString: null,
  enableSni: true,
  regions: CHECKER_REGIONS,
  measureLatency: false,
  disabled: false,
  inverted: false,
} as const;

export function isEndpointCheck(check: HealthCheck): check is EndpointCheck {
  return check.type !== "CALCULATED" && check.type !== "CLOUDWATCH_METRIC" && check.type !== "RECOVERY_CONTROL";
}

/** What one checker holds: its opinion, and the run of equal looks that may change it. */
export interface Opinion {
  readonly health: Health;
  readonly run: { readonly passed: boolean; readonly since: Instant; readonly count: number } | null;
}

/** Before the first look: not yet an opinion. (Route 53 itself starts at healthy; we say what we know.) */
export const NO_OPINION: Opinion = { health: "unknown", run: null };

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

/**
 * What Route 53 holds of a check that was made just now, before `disabled` and `inverted`: healthy until there is enough data
 * (Developer Guide, same page), and an alarm without data by its own setting, where no last status is healthy (API:
 * InsufficientDataHealthStatus). `unknown`: its children or a routing control tell.
 */
export function initialHealth(check: HealthCheck): Health {
  switch (check.type) {
    case "CALCULATED":
    case "RECOVERY_CONTROL":
      return "unknown";
    case "CLOUDWATCH_METRIC":
      return check.insufficientData === "Unhealthy" ? "unhealthy" : "healthy";
    default:
      return "healthy";
  }
}
