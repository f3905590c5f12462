// From the API's shapes to the zone that the evaluator reads. What a record says twice, or not at all, or in words that we do
// not know, is an oddity: told with the record, because an answer worked out from the rest of it may be wrong.
import { type EndpointCheck, ENDPOINT_DEFAULTS, type HealthCheck } from "../policy/health-check.ts";
import {
  type CidrCollection,
  normalName,
  type GeoproximityLocation,
  type RecordSet,
  type RecordTarget,
  type Routing,
  type Zone,
} from "../policy/record-set.ts";
import {
  ALIAS_TARGET,
  type AwsHealthCheck,
  type AwsHealthCheckConfig,
  type AwsRecordSet,
  HEALTH_CHECK_CONFIG,
  RECORD_SET,
} from "./aws-shapes.ts";

export interface AwsZone {
  /** With or without "/hostedzone/"; null: not known. */
  readonly id: string | null;
  /** Null: guessed from the records. */
  readonly name: string | null;
  readonly recordSets: readonly AwsRecordSet[];
  readonly healthChecks: readonly AwsHealthCheck[];
  readonly cidrCollections: readonly CidrCollection[];
}

/** Something that the zone says and that was not understood. */
export interface Oddity {
  readonly of: "record-set" | "health-check";
  /** Among `recordSets` or `healthChecks`. */
  readonly index: number;
  readonly message: string;
}

export interface ReadZone {
  /** Record sets and health checks in the order given, one for one. */
  readonly zone: Zone;
  readonly oddities: readonly Oddity[];
}

/** 80 for HTTP and 443 for HTTPS (API Reference, HealthCheckConfig); a TCP check must name its port. */
const DEFAULT_PORTS = { HTTP: 80, HTTP_STR_MATCH: 80, HTTPS: 443, HTTPS_STR_MATCH: 443, TCP: 80 } as const;
const DEFAULT_INTERVAL_SECONDS = 30;
const DEFAULT_THRESHOLD = 3;

export function zoneFromAws(given: AwsZone): ReadZone {
  const id = given.id === null ? null : plainId(given.id);
  const zone: Zone = {
    id,
    name: normalName(given.name ?? guessName(given.recordSets)),
    recordSets: given.recordSets.map((record) => recordSetOf(record, id)),
    healthChecks: given.healthChecks.map(healthCheckOf),
    cidrCollections: given.cidrCollections,
  };
  const oddities = [
    ...given.recordSets.flatMap((record, index) =>
      recordOddities(record).map((message): Oddity => ({ of: "record-set", index, message })),
    ),
    ...given.healthChecks.flatMap((check, index) =>
      checkOddities(check.HealthCheckConfig).map((message): Oddity => ({ of: "health-check", index, message })),
    ),
  ];
  return { zone, oddities };
}

/** "/hostedzone/Z0123456789EXAMPLE" without its path. */
export function plainId(id: string): string {
  return id.replace(/^\/[a-z]+\//, "");
}

function recordSetOf(record: AwsRecordSet, zoneId: string | null): RecordSet {
  return {
    name: normalName(record.Name),
    type: record.Type,
    setIdentifier: record.SetIdentifier ?? null,
    routing: routingOf(record),
    target: targetOf(record, zoneId),
    healthCheckId: record.HealthCheckId ?? null,
  };
}

/** The first of several; the others are oddities. */
function routingOf(record: AwsRecordSet): Routing {
  if (record.Failover !== undefined) return { routing: "failover", role: record.Failover };
  if (record.Region !== undefined) return { routing: "latency", awsRegion: record.Region };
  if (record.Weight !== undefined) return { routing: "weighted", weight: record.Weight };
  if (record.GeoLocation !== undefined) {
    const { ContinentCode: continent, CountryCode: country, SubdivisionCode: subdivision } = record.GeoLocation;
    return {
      routing: "geolocation",
      continent: continent ?? null,
      country: country ?? null,
      subdivision: subdivision ?? null,
    };
  }
  if (record.GeoProximityLocation !== undefined) {
    const { Bias: bias = 0 } = record.GeoProximityLocation;
    return { routing: "geoproximity", location: geoproximityOf(record.GeoProximityLocation), bias };
  }
  if (record.CidrRoutingConfig !== undefined) {
    const { CollectionId: collectionId, LocationName: location } = record.CidrRoutingConfig;
    return { routing: "ip-based", collectionId, location };
  }
  return { routing: record.MultiValueAnswer === true ? "multivalue" : "simple" };
}

function geoproximityOf(place: NonNullable<AwsRecordSet["GeoProximityLocation"]>): GeoproximityLocation {
  const { Coordinates: point, LocalZoneGroup: group, AWSRegion: awsRegion } = place;
  if (point !== undefined)
    return { kind: "coordinates", latitude: Number(point.Latitude), longitude: Number(point.Longitude) };
  return group === undefined ? { kind: "aws-region", awsRegion: awsRegion ?? "" } : { kind: "local-zone-group", group };
}

function targetOf(
  { AliasTarget: alias, ResourceRecords: records, TTL: ttlSeconds }: AwsRecordSet,
  zoneId: string | null,
): RecordTarget {
  if (alias === undefined)
    return { kind: "values", values: (records ?? []).map(({ Value: value }) => value), ttlSeconds: ttlSeconds ?? 0 };
  const hosted = plainId(alias.HostedZoneId);
  return {
    kind: "alias",
    name: normalName(alias.DNSName),
    hostedZoneId: hosted === zoneId ? null : hosted,
    evaluateTargetHealth: alias.EvaluateTargetHealth,
  };
}

function healthCheckOf({ Id: id, HealthCheckConfig: config }: AwsHealthCheck): HealthCheck {
  const common = { id, disabled: config.Disabled ?? false, inverted: config.Inverted ?? false };
  switch (config.Type) {
    case "CALCULATED":
      return {
        ...common,
        type: config.Type,
        children: config.ChildHealthChecks ?? [],
        healthThreshold: config.HealthThreshold ?? 0,
      };
    case "CLOUDWATCH_METRIC": {
      const alarm = config.AlarmIdentifier;
      return {
        ...common,
        type: config.Type,
        alarm: alarm === undefined ? null : { name: alarm.Name, region: alarm.Region },
        evaluation: null,
        insufficientData: config.InsufficientDataHealthStatus ?? "LastKnownStatus",
      };
    }
    case "RECOVERY_CONTROL":
      return { ...common, type: config.Type, routingControlArn: config.RoutingControlArn ?? "" };
    default:
      return { ...endpointOf(config, config.Type), ...common };
  }
}

function endpointOf(config: AwsHealthCheckConfig, type: EndpointCheck["type"]): Omit<EndpointCheck, "id"> {
  const path = config.ResourcePath ?? "/";
  return {
    ...ENDPOINT_DEFAULTS,
    type,
    ipAddress: emptyAsNull(config.IPAddress),
    host: emptyAsNull(config.FullyQualifiedDomainName),
    port: config.Port ?? DEFAULT_PORTS[type],
    path: type === "TCP" ? null : path.startsWith("/") ? path : `/${path}`,
    searchString: config.SearchString ?? null,
    requestIntervalSeconds: config.RequestInterval ?? DEFAULT_INTERVAL_SECONDS,
    failureThreshold: config.FailureThreshold ?? DEFAULT_THRESHOLD,
    // Route 53's own default, as Terraform's documentation of aws_route53_health_check tells it.
    enableSni: config.EnableSNI ?? type.startsWith("HTTPS"),
    regions: (config.Regions ?? []).length === 0 ? ENDPOINT_DEFAULTS.regions : (config.Regions ?? []),
    measureLatency: config.MeasureLatency ?? false,
  };
}

function emptyAsNull(text: string | undefined): string | null {
  return text === undefined || text === "" ? null : text;
}

const POLICY_KEYS = [
  "Weight",
  "Region",
  "Failover",
  "GeoLocation",
  "GeoProximityLocation",
  "CidrRoutingConfig",
  "MultiValueAnswer",
] as const;

function recordOddities(record: AwsRecordSet): readonly string[] {
  const policies = POLICY_KEYS.filter((key) => record[key] !== undefined && record[key] !== false);
  const found: string[] = [];
  if (policies.length > 1) found.push(`expected one routing policy, found ${policies.join(" and ")}`);
  if (policies.length > 0 && record.SetIdentifier === undefined)
    found.push(`expected a SetIdentifier beside ${policies[0] ?? ""}, found none`);
  if (policies.length === 0 && record.SetIdentifier !== undefined)
    found.push(`expected a routing policy beside SetIdentifier ${record.SetIdentifier}, found none that is known here`);
  if (record.AliasTarget === undefined && (record.ResourceRecords ?? []).length === 0)
    found.push("expected ResourceRecords or an AliasTarget, found neither");
  if (record.AliasTarget !== undefined && record.ResourceRecords !== undefined && record.ResourceRecords.length > 0)
    found.push("expected ResourceRecords or an AliasTarget, found both");
  return [
    ...found,
    ...strangers(record, RECORD_SET),
    ...strangers(record.AliasTarget, ALIAS_TARGET).map((message) => `AliasTarget: ${message}`),
  ];
}

function checkOddities(config: AwsHealthCheckConfig): readonly string[] {
  return strangers(config, HEALTH_CHECK_CONFIG);
}

/** Keys that the API has and we do not know. */
function strangers(value: object | undefined, { shape }: { readonly shape: object }): readonly string[] {
  return Object.keys(value ?? {})
    .filter((key) => !Object.hasOwn(shape, key))
    .map((key) => `the key ${key} is not known here and may change what is answered`);
}

/** Its SOA record's; in a part of a zone, what all names end in: never more than the zone, perhaps less. */
function guessName(recordSets: readonly AwsRecordSet[]): string {
  const top = recordSets.find(({ Type: type }) => type === "SOA");
  if (top !== undefined) return top.Name;
  const names = recordSets.map(({ Name: name }) => normalName(name).split(".").toReversed());
  const [first = []] = names;
  const ends = first.findIndex((label, depth) => !names.every((labels) => labels[depth] === label));
  return first
    .slice(0, ends < 0 ? first.length : ends)
    .toReversed()
    .join(".");
}

/** A change batch does not say to which zone it goes; an alias to a name of its own does. */
export function ownZoneId(records: readonly AwsRecordSet[]): string | null {
  const names = new Set(records.map(({ Name: name }) => normalName(name)));
  const ids = records.flatMap(({ AliasTarget: alias }) =>
    alias !== undefined && names.has(normalName(alias.DNSName)) ? [plainId(alias.HostedZoneId)] : [],
  );
  return ids[0] ?? null;
}
