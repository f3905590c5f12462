// What a snapshot says of health: CloudWatch's word, which is Route 53's own verdict, else what each checker saw last. That is
// one look and no opinion yet, so it may be ahead of Route 53 by the looks that a threshold waits for.
import { aggregateHealth, type Health, type HealthCheck, type HealthView } from "../policy/health-check.ts";
import { rawHealth } from "../policy/prove-watch.ts";
import type { Snapshot } from "../zone/snapshot.ts";

export interface SnapshotHealth {
  readonly view: HealthView;
  /** Ids of health checks by where their health is from. */
  readonly fromCloudWatch: readonly string[];
  readonly fromObservations: readonly string[];
  /** Neither of them, and it matters: disabled checks are pinned, calculated ones follow their children. */
  readonly unknown: readonly string[];
}

/** `checks`: those of the snapshot. Calculated ones without CloudWatch's word are left to their children. */
export function snapshotHealth(snapshot: Snapshot, checks: readonly HealthCheck[]): SnapshotHealth {
  const read = checks.map((check) => ({ id: check.id, check, ...healthIn(snapshot, check) }));
  const from = (source: "CloudWatch" | "observations" | "nothing"): readonly string[] =>
    read.filter((one) => one.source === source).map(({ id }) => id);
  return {
    view: Object.fromEntries(read.map(({ id, health }) => [id, health])),
    fromCloudWatch: from("CloudWatch"),
    fromObservations: from("observations"),
    unknown: read
      .filter(({ source, check }) => source === "nothing" && check.type !== "CALCULATED" && !check.disabled)
      .map(({ id }) => id),
  };
}

function healthIn(
  { cloudWatchStatus, observations }: Snapshot,
  check: HealthCheck,
): { readonly health: Health; readonly source: "CloudWatch" | "observations" | "nothing" } {
  const status = cloudWatchStatus[check.id] ?? null;
  if (status !== null)
    return { health: rawHealth(check, status === 1 ? "healthy" : "unhealthy"), source: "CloudWatch" };
  const looks = (observations[check.id] ?? []).map(({ StatusReport: report }) => lookOf(report?.Status));
  const health = aggregateHealth(looks);
  return { health, source: health === "unknown" ? "nothing" : "observations" };
}

/** Only how the text begins is documented. */
function lookOf(status: string | undefined): Health {
  if (status?.startsWith("Success") === true) return "healthy";
  return status?.startsWith("Failure") === true ? "unhealthy" : "unknown";
}
