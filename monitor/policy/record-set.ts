// A hosted zone in Route 53's words. Each routing policy is a member of one union, so that the evaluator's switch shows
// what is known; alias targets and the other policies join the unions together with the code that evaluates them.
import type { HealthCheck } from "./health-check.ts";

export type RecordType = "A" | "AAAA";

/** Where a record set points. */
export type RecordTarget = {
  readonly kind: "values";
  readonly values: readonly string[];
  readonly ttlSeconds: number;
};

export type Routing =
  | { readonly routing: "simple" }
  | { readonly routing: "failover"; readonly role: "PRIMARY" | "SECONDARY" }
  | { readonly routing: "latency"; readonly awsRegion: string };

/** One ResourceRecordSet. `setIdentifier` is null for simple routing, and unique within name and type otherwise. */
export interface RecordSet {
  /** Lower case, without the final dot. */
  readonly name: string;
  readonly type: RecordType;
  readonly setIdentifier: string | null;
  readonly routing: Routing;
  readonly target: RecordTarget;
  /** Null: always considered healthy (Developer Guide, "How Amazon Route 53 chooses records"). */
  readonly healthCheckId: string | null;
}

/** A hosted zone with the health checks its records name. */
export interface Zone {
  readonly name: string;
  readonly recordSets: readonly RecordSet[];
  readonly healthChecks: readonly HealthCheck[];
}

/** DNS names compare without case and without the final dot. */
export function normalName(name: string): string {
  return name.toLowerCase().replace(/\.$/, "");
}
