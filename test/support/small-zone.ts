// Zones of a few records, written as a test reads: `a` under example.com with a health check of its own name.
import type { Answer, Asker } from "../../monitor/policy/answer.ts";
import { ANYONE } from "../../monitor/policy/answer.ts";
import { expectedAnswer } from "../../monitor/policy/evaluator.ts";
import {
  ENDPOINT_DEFAULTS,
  type EndpointCheck,
  type Health,
  type HealthCheck,
  type HealthView,
} from "../../monitor/policy/health-check.ts";
import type { AliasTarget, CidrCollection, RecordSet, Routing, Zone } from "../../monitor/policy/record-set.ts";

export const WWW = "www.example.com";

export const H: Health = "healthy";
export const U: Health = "unhealthy";

export function endpointCheck(id: string, over: Partial<EndpointCheck> = {}): EndpointCheck {
  return {
    ...ENDPOINT_DEFAULTS,
    id,
    type: "HTTPS",
    host: `${id}.example.com`,
    port: 443,
    path: "/healthz",
    requestIntervalSeconds: 30,
    failureThreshold: 3,
    ...over,
  };
}

/** A record of one value, which is its identifier, and a health check of the same id. */
export function leaf(id: string, routing: Routing, over: Partial<RecordSet> = {}): RecordSet {
  return {
    name: WWW,
    type: "A",
    setIdentifier: id,
    routing,
    target: { kind: "values", values: [id], ttlSeconds: 60 },
    healthCheckId: id,
    ...over,
  };
}

/** An alias record without a check of its own. */
export function alias(id: string, routing: Routing, target: Partial<AliasTarget> & { name: string }): RecordSet {
  const whole: AliasTarget = { kind: "alias", hostedZoneId: null, evaluateTargetHealth: true, ...target };
  return leaf(id, routing, { target: whole, healthCheckId: null });
}

export const UNCHECKED = { healthCheckId: null } as const;
export const PRIMARY: Routing = { routing: "failover", role: "PRIMARY" };
export const SECONDARY: Routing = { routing: "failover", role: "SECONDARY" };

export function weight(value: number): Routing {
  return { routing: "weighted", weight: value };
}

/** Each health check that a record names exists, unless `checks` has it in a form of its own. */
export function smallZone(
  records: readonly RecordSet[],
  checks: readonly HealthCheck[] = [],
  cidrCollections: readonly CidrCollection[] = [],
): Zone {
  const named = [...new Set(records.flatMap((record) => record.healthCheckId ?? []))];
  const missing = named.filter((id) => !checks.some((check) => check.id === id));
  const healthChecks = [...missing.map((id) => endpointCheck(id)), ...checks];
  return { id: "ZOWN", name: "example.com", recordSets: records, healthChecks, cidrCollections };
}

/** Every check of the zone healthy, but for those that are named otherwise. */
export function healthIn(zone: Zone, over: HealthView = {}): HealthView {
  return { ...Object.fromEntries(zone.healthChecks.map((check) => [check.id, H])), ...over };
}

export function askIn(zone: Zone, over: HealthView, asker: Partial<Asker> = {}, name = WWW): Answer {
  return expectedAnswer(zone, { name, type: "A", asker: { ...ANYONE, ...asker } }, healthIn(zone, over));
}

/** "p/a=1,2" for each choice: its path, then its values or the name outside the zone; "!" marks fail-open, "-" no records. */
export function told({ acceptable, mayBeEmpty, kind }: Answer): readonly string[] {
  const choices = acceptable.map(({ path, alias: outside, values, failOpen, kind: form }) => {
    const what = outside === null ? values.join(",") : `@${outside}`;
    return `${path.join("/")}=${form === "subset" ? "~" : ""}${what}${failOpen ? "!" : ""}`;
  });
  return [...choices, ...(mayBeEmpty ? ["-"] : []), ...(kind === "no-such-record" ? ["none"] : [])];
}
