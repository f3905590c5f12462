// Records in words: which part a record plays in its group, as reasons and explanations name it.
import { unreachable } from "../problem.ts";
import { weightOf } from "./ranking.ts";
import type { GeoproximityLocation, RecordSet, Routing } from "./record-set.ts";

/** "the primary aws-us-east-1", "b (weight 3 of 10)", by record. */
export function rolesOf(group: readonly RecordSet[]): ReadonlyMap<RecordSet, string> {
  const weights = group.reduce((sum, record) => sum + weightOf(record), 0);
  return new Map(group.map((record) => [record, roleOf(record, weights)]));
}

function roleOf(record: RecordSet, weights: number): string {
  const { routing } = record;
  const id = record.setIdentifier ?? "";
  switch (routing.routing) {
    case "simple":
      return "the only record";
    case "failover":
      return `${routing.role === "PRIMARY" ? "the primary" : "the secondary"} ${id}`.trim();
    case "latency":
      return `${id} (${routing.awsRegion})`.trim();
    case "weighted":
      return `${id} (weight ${routing.weight} of ${weights})`.trim();
    case "geolocation":
      return `${id} (${placeWords(routing)})`.trim();
    case "geoproximity":
      return `${id} (${locationWords(routing.location)}${routing.bias === 0 ? "" : `, bias ${routing.bias}`})`.trim();
    case "multivalue":
      return id;
    case "ip-based":
      return `${id} (${routing.location === "*" ? "default" : `location ${routing.location}`})`.trim();
    default:
      return unreachable(routing);
  }
}

function placeWords(routing: Extract<Routing, { routing: "geolocation" }>): string {
  const { continent, country, subdivision } = routing;
  if (country === "*") return "default";
  if (country === null) return `continent ${continent ?? "?"}`;
  return subdivision === null ? `country ${country}` : `${country}-${subdivision}`;
}

function locationWords(location: GeoproximityLocation): string {
  switch (location.kind) {
    case "aws-region":
      return location.awsRegion;
    case "local-zone-group":
      return location.group;
    case "coordinates":
      return `${location.latitude}, ${location.longitude}`;
  }
}
