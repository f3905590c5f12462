// The health checks of a plan: which are there, which can be changed in place, and which must be made anew because Route 53
// lets nobody change that part of them (API Reference, UpdateHealthCheck).
import type { HealthCheck } from "../policy/health-check.ts";
import type { Zone } from "../policy/record-set.ts";
import type { AwsHealthCheckConfig } from "./aws-shapes.ts";
import { differences, type FieldDifference } from "./field-difference.ts";
import { type AwsIds, awsHealthCheckConfig } from "./to-aws.ts";

/** `id` is the region's, `foundId` Route 53's. */
export type CheckStep =
  | { readonly kind: "same"; readonly id: string; readonly foundId: string }
  /** The record names it, and it could not be read: it may be right. */
  | { readonly kind: "unread"; readonly id: string; readonly foundId: string }
  | { readonly kind: "create"; readonly id: string; readonly config: AwsHealthCheckConfig }
  | {
      readonly kind: "update";
      readonly id: string;
      readonly foundId: string;
      readonly config: AwsHealthCheckConfig;
      readonly fields: readonly FieldDifference[];
    }
  /** `fixed`: what differs cannot be changed in a check that exists. `linked`: an AWS service made it, and it alone changes it. */
  | {
      readonly kind: "replace";
      readonly because: "fixed" | "linked";
      readonly id: string;
      readonly foundId: string;
      readonly config: AwsHealthCheckConfig;
      readonly fields: readonly FieldDifference[];
    };

/** Route 53's ids of health checks of which more is known than the zone says. */
export interface KnownChecks {
  /** Records name them, and Route 53 does not have them. */
  readonly missing: readonly string[];
  /** Made by an AWS service. */
  readonly linked: readonly string[];
}

/** In the order of `wanted`. */
export function planChecks(wanted: Zone, found: Zone, { missing, linked }: KnownChecks): readonly CheckStep[] {
  return wanted.healthChecks.map((check) => {
    const foundId = counterpartOf(check.id, wanted, found) ?? equalCheckOf(check, found);
    const other = found.healthChecks.find(({ id }) => id === foundId);
    if (foundId !== null && other === undefined && !missing.includes(foundId))
      return { kind: "unread", id: check.id, foundId };
    return checkStep(check, other ?? null, linked);
  });
}

export function idAfterStep(step: CheckStep, newCheckId: (id: string) => string): string {
  return step.kind === "create" || step.kind === "replace" ? newCheckId(step.id) : step.foundId;
}

/** The check on the counterpart of one of its record sets, of either type of address. */
function counterpartOf(id: string, wanted: Zone, found: Zone): string | null {
  const sets = wanted.recordSets.filter((record) => record.healthCheckId === id);
  const twins = found.recordSets.filter((one) =>
    sets.some((record) => record.name === one.name && record.setIdentifier === one.setIdentifier),
  );
  return twins.find(({ healthCheckId }) => healthCheckId !== null)?.healthCheckId ?? null;
}

/** Where no record tells: in another form of the zone, one that another name has already. */
function equalCheckOf(check: HealthCheck, { healthChecks }: Zone): string | null {
  const config = awsHealthCheckConfig(check, SAME_IDS);
  return healthChecks.find((other) => tellingDifferences(config, other).length === 0)?.id ?? null;
}

const SAME_IDS: AwsIds = { zoneId: "", checkId: (id) => id };

function tellingDifferences(config: AwsHealthCheckConfig, found: HealthCheck): readonly FieldDifference[] {
  return differences(config, awsHealthCheckConfig(found, SAME_IDS)).filter(({ field }) => !FREE_FIELDS.has(field));
}

function checkStep(check: HealthCheck, found: HealthCheck | null, linked: readonly string[]): CheckStep {
  const config = awsHealthCheckConfig(check, SAME_IDS);
  if (found === null) return { kind: "create", id: check.id, config };
  const fields = tellingDifferences(config, found);
  if (fields.length === 0) return { kind: "same", id: check.id, foundId: found.id };
  const step = { id: check.id, foundId: found.id, config, fields };
  if (linked.includes(found.id)) return { kind: "replace", because: "linked", ...step };
  return fields.some(isFixed) ? { kind: "replace", because: "fixed", ...step } : { kind: "update", ...step };
}

/** It decides nothing, and the topology has no opinion on it. */
const FREE_FIELDS: ReadonlySet<string> = new Set(["MeasureLatency"]);

const FIXED_FIELDS: ReadonlySet<string> = new Set(["Type", "RequestInterval"]);

/** An address may become another one, but a check by address never one by name, nor the other way round. */
function isFixed({ field, wanted, found }: FieldDifference): boolean {
  return FIXED_FIELDS.has(field) || (field === "IPAddress" && (wanted === "nothing" || found === "nothing"));
}
