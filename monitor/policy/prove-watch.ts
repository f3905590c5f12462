// What can fail under a tree of records, and what that says about each place in it: health checks down to the children of
// calculated ones, checks that were deleted, and load balancers whose health an alias evaluates.
import { type Checks, healthOfCheck } from "./check-health.ts";
import type { Health, HealthCheck, HealthView } from "./health-check.ts";
import { staysInZone } from "./name-lookup.ts";
import type { RecordSet, Zone } from "./record-set.ts";

/** Something that a record must have healthy. */
export type Gate =
  | { readonly kind: "check"; readonly id: string }
  /** The health of an alias target outside the zone, which only AWS sees. */
  | { readonly kind: "target"; readonly name: string };

/** One key of the health view that may be either way. */
export interface Input {
  readonly key: string;
  /** As people name it: a health check's id, a load balancer's name. */
  readonly name: string;
  /** The raw health that counts as failed: of an inverted check that is `healthy`. */
  readonly failed: "healthy" | "unhealthy";
}

export function gatesOf(zone: Zone, { healthCheckId, target }: RecordSet): readonly Gate[] {
  const outside = target.kind === "alias" && target.evaluateTargetHealth && !staysInZone(zone, target);
  return [
    ...(healthCheckId === null ? [] : [{ kind: "check" as const, id: healthCheckId }]),
    ...(outside ? [{ kind: "target" as const, name: target.name }] : []),
  ];
}

export function gateHealth(checks: Checks, gate: Gate, view: HealthView): Health {
  return gate.kind === "check"
    ? healthOfCheck(checks, gate.id, view).health
    : (view[targetKey(gate.name)] ?? "unknown");
}

/** All must be healthy. */
export function gatesHealth(checks: Checks, gates: readonly Gate[], view: HealthView): Health {
  const healths = new Set(gates.map((gate) => gateHealth(checks, gate, view)));
  if (healths.has("unhealthy")) return "unhealthy";
  return healths.has("unknown") ? "unknown" : "healthy";
}

export function targetKey(name: string): string {
  return `target:${name}`;
}

export function gateInputs(checks: Checks, gate: Gate): readonly Input[] {
  if (gate.kind === "target") return [{ key: targetKey(gate.name), name: gate.name, failed: "unhealthy" }];
  return checkInputs(checks, gate.id, "may be calculated");
}

/** A calculated child of a calculated check is refused by the API; the evaluator then reads its health as it is told. */
function checkInputs(checks: Checks, id: string, depth: "may be calculated" | "as told"): readonly Input[] {
  const check = checks.get(id);
  if (check === undefined) return [{ key: `missing:${id}`, name: `${id} (no such check)`, failed: "unhealthy" }];
  if (check.disabled) return [];
  if (check.type === "CALCULATED" && depth === "may be calculated")
    return check.children.flatMap((child) => checkInputs(checks, child, "as told"));
  return [{ key: id, name: id, failed: rawHealth(check, "unhealthy") }];
}

/** What the view must say so that the check comes out as `effective`. */
export function rawHealth(check: HealthCheck, effective: "healthy" | "unhealthy"): "healthy" | "unhealthy" {
  if (!check.inverted) return effective;
  return effective === "healthy" ? "unhealthy" : "healthy";
}

/** Why this gate never shows that something is dead; null: it can. */
export function whyBlindGate(checks: Checks, gate: Gate): string | null {
  if (gate.kind === "target") return null;
  const check = checks.get(gate.id);
  if (check === undefined) return `its health check ${gate.id} does not exist`;
  if (healthOfCheck(checks, gate.id, {}).health !== "healthy") return null;
  return `its health check ${gate.id} is healthy whatever happens`;
}
