// A hosted zone in Route 53's words. Each routing policy is a member of one union, so that a switch over them cannot forget
// one. What a zone may hold is wider than what the evaluator is asked for: addresses.
import type { HealthCheck } from "./health-check.ts";

/** What the evaluator is asked for. */
export type AddressType = "A" | "AAAA";

/** What a zone may hold (API Reference, ResourceRecordSet Type). */
export type RecordType =
  | AddressType
  | "CNAME"
  | "TXT"
  | "MX"
  | "NS"
  | "SOA"
  | "SRV"
  | "CAA"
  | "PTR"
  | "SPF"
  | "NAPTR"
  | "DS"
  | "HTTPS"
  | "SVCB"
  | "TLSA"
  | "SSHFP";

export interface AliasTarget {
  readonly kind: "alias";
  /** Lower case, without the final dot. */
  readonly name: string;
  /** The hosted zone that holds `name`; null: this zone. */
  readonly hostedZoneId: string | null;
  readonly evaluateTargetHealth: boolean;
}

/** Where a record set points. */
export type RecordTarget =
  | { readonly kind: "values"; readonly values: readonly string[]; readonly ttlSeconds: number }
  | AliasTarget;

export interface Coordinates {
  /** Degrees, north and east positive. */
  readonly latitude: number;
  readonly longitude: number;
}

export type GeoproximityLocation =
  | { readonly kind: "aws-region"; readonly awsRegion: string }
  | { readonly kind: "local-zone-group"; readonly group: string }
  | { readonly kind: "coordinates"; readonly latitude: number; readonly longitude: number };

export type Routing =
  | { readonly routing: "simple" }
  | { readonly routing: "failover"; readonly role: "PRIMARY" | "SECONDARY" }
  | { readonly routing: "latency"; readonly awsRegion: string }
  /** 0 to 255. */
  | { readonly routing: "weighted"; readonly weight: number }
  /** Codes as the API has them: `continent` alone, or `country` with or without `subdivision`; country "*" is the default. */
  | {
      readonly routing: "geolocation";
      readonly continent: string | null;
      readonly country: string | null;
      readonly subdivision: string | null;
    }
  /** `bias` from -99 to 99: above zero the record draws from farther away. */
  | { readonly routing: "geoproximity"; readonly location: GeoproximityLocation; readonly bias: number }
  | { readonly routing: "multivalue" }
  /** `location` is one of the collection's, or "*", the default. */
  | { readonly routing: "ip-based"; readonly collectionId: string; readonly location: string };

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

/** Blocks in CIDR notation under the names that IP-based records use (API Reference, CidrCollection). */
export interface CidrCollection {
  readonly id: string;
  readonly locations: readonly { readonly name: string; readonly blocks: readonly string[] }[];
}

/** A hosted zone with what its records name. */
export interface Zone {
  /** Without "/hostedzone/"; null: not known, then an alias into this zone is one without a hosted zone id. */
  readonly id: string | null;
  readonly name: string;
  readonly recordSets: readonly RecordSet[];
  readonly healthChecks: readonly HealthCheck[];
  readonly cidrCollections: readonly CidrCollection[];
}

/** The values in the zone; none of an alias. */
export function valuesOf({ target }: RecordSet): readonly string[] {
  return target.kind === "values" ? target.values : [];
}

/** DNS names compare without case and without the final dot; the API writes a wildcard's asterisk as \052. */
export function normalName(name: string): string {
  return name
    .toLowerCase()
    .replace(/\.$/, "")
    .replace(/^\\052(?=\.|$)/, "*");
}
