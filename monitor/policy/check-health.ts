// What a health check says to the records that name it, and why, in words. Endpoints, alarms and routing controls are read
// from the view; a calculated check is worked out from its children, because the API tells nothing about it.
import { HEALTHY_SHARE } from "./constants.ts";
import {
  type CalculatedCheck,
  effectiveHealth,
  type Health,
  type HealthCheck,
  type HealthView,
} from "./health-check.ts";

export interface CheckHealth {
  readonly health: Health;
  readonly why: string;
  /** Keys of the view whose unknown health makes this one unknown; empty unless `health` is unknown. */
  readonly waitsFor: readonly string[];
}

/** By id. */
export type Checks = ReadonlyMap<string, HealthCheck>;

export function checksOf(checks: readonly HealthCheck[]): Checks {
  return new Map(checks.map((check) => [check.id, check]));
}

export function healthOfCheck(checks: Checks, id: string, view: HealthView): CheckHealth {
  const check = checks.get(id);
  if (check === undefined) return missing(id, view);
  if (check.disabled) {
    const health = effectiveHealth(check, "healthy");
    return {
      health,
      why: `health check ${id} is disabled${check.inverted ? " and inverted" : ""}: ${health}`,
      waitsFor: [],
    };
  }
  const raw = rawHealth(checks, check, view);
  const health = effectiveHealth(check, raw.health);
  return { ...raw, health, why: check.inverted ? `${raw.why}, inverted: ${health}` : raw.why };
}

/**
 * A check that the zone does not have was deleted or cannot be read, and what is said of it elsewhere counts for nothing
 * (Developer Guide, "Updating or deleting health checks"). The key of its own is for who tries both outcomes.
 */
function missing(id: string, view: HealthView): CheckHealth {
  const key = `missing:${id}`;
  const why = `health check ${id} does not exist or cannot be read`;
  const health = view[key] ?? "unknown";
  return { health, why, waitsFor: health === "unknown" ? [key] : [] };
}

function rawHealth(checks: Checks, check: HealthCheck, view: HealthView): CheckHealth {
  const seen = view[check.id] ?? "unknown";
  if (check.type === "CALCULATED" && seen === "unknown") return calculated(checks, check, view);
  if (seen === "unknown") return unknownBecause(`nothing is known of health check ${check.id}`, [check.id]);
  return { health: seen, why: `health check ${check.id} is ${seen}: ${grounds(check, seen)}`, waitsFor: [] };
}

function grounds(check: HealthCheck, health: "healthy" | "unhealthy"): string {
  const well = health === "healthy";
  switch (check.type) {
    case "CALCULATED":
      return `${well ? "at least" : "fewer than"} ${check.healthThreshold} children are healthy`;
    case "CLOUDWATCH_METRIC":
      return well ? "its metric is in order" : "its metric is beyond the alarm's threshold";
    case "RECOVERY_CONTROL":
      return `its routing control is ${well ? "on" : "off"}`;
    default:
      return `${well ? "more than" : "at most"} ${HEALTHY_SHARE * 100} % of its checkers say healthy`;
  }
}

/** Healthy when enough children are, whatever the unknown ones turn out to be; unhealthy when too few can be. */
function calculated(checks: Checks, check: CalculatedCheck, view: HealthView): CheckHealth {
  const children = check.children.map((id) => childHealth(checks, id, view));
  const healthy = children.filter((child) => child.health === "healthy").length;
  const unknown = children.filter((child) => child.health === "unknown");
  const counted = `${healthy} of ${children.length} children healthy, ${check.healthThreshold} needed`;
  if (healthy >= check.healthThreshold)
    return { health: "healthy", why: `health check ${check.id} is healthy: ${counted}`, waitsFor: [] };
  if (healthy + unknown.length < check.healthThreshold)
    return { health: "unhealthy", why: `health check ${check.id} is unhealthy: ${counted}`, waitsFor: [] };
  const waitsFor = unknown.flatMap((child) => child.waitsFor);
  return unknownBecause(
    `health check ${check.id} depends on what is not known: ${counted}, ${unknown.length} unknown`,
    waitsFor,
  );
}

/** The API refuses a calculated check inside another one: such a child is read from the view or unknown. */
function childHealth(checks: Checks, id: string, view: HealthView): CheckHealth {
  const child = checks.get(id);
  if (child?.type === "CALCULATED" && !child.disabled && (view[id] ?? "unknown") === "unknown")
    return unknownBecause(`health check ${id} is calculated from calculated ones`, [id]);
  return healthOfCheck(checks, id, view);
}

function unknownBecause(why: string, waitsFor: readonly string[]): CheckHealth {
  return { health: "unknown", why, waitsFor };
}
