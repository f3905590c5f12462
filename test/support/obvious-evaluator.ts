// A second evaluator, slow and obvious: it tries every outcome of every unknown check, and for each picks by the sentence of
// the Route 53 documents. It shares no code with the first.
import type { Asker } from "../../monitor/policy/answer.ts";
import type { HealthView } from "../../monitor/policy/health-check.ts";
import type { RecordSet, Zone } from "../../monitor/policy/record-set.ts";

export function obviousAnswers(zone: Zone, health: HealthView, asker: Asker): ReadonlySet<string | null> {
  const ids = zone.healthChecks.map((check) => check.id);
  const answers = new Set<string | null>();
  for (let outcome = 0; outcome < 2 ** ids.length; outcome += 1) {
    const world = Object.fromEntries(ids.map((id, bit) => [id, (outcome >> bit) % 2 === 1]));
    const possible = ids.every((id) => health[id] === "unknown" || (health[id] === "healthy") === world[id]);
    if (possible) for (const answer of pick(zone.recordSets, world, asker)) answers.add(answer);
  }
  return answers;
}

function pick(
  records: readonly RecordSet[],
  world: Readonly<Record<string, boolean>>,
  asker: Asker,
): readonly (string | null)[] {
  const well = records.filter((record) => record.healthCheckId === null || world[record.healthCheckId] === true);
  const pool = well.length > 0 ? well : records;
  const primary = pool.find((record) => record.routing.routing === "failover" && record.routing.role === "PRIMARY");
  if (primary !== undefined) return [primary.setIdentifier];
  const order = asker.latencyOrder;
  const regions = records.map((record) => (record.routing.routing === "latency" ? record.routing.awsRegion : ""));
  if (!regions.every((region) => order.includes(region))) return pool.map((record) => record.setIdentifier);
  for (const region of order) {
    const nearest = pool.find((record) => record.routing.routing === "latency" && record.routing.awsRegion === region);
    if (nearest !== undefined) return [nearest.setIdentifier];
  }
  return pool.map((record) => record.setIdentifier);
}
