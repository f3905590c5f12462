// From the evaluator's zone to the API's shapes: what a change batch and CreateHealthCheck take. Keys stand in the order in
// which the API Reference lists them, so that two renderings compare as texts.
import type { EndpointCheck, HealthCheck } from "../policy/health-check.ts";
import { unreachable } from "../problem.ts";
import type { RecordSet, Routing } from "../policy/record-set.ts";
import type { AwsHealthCheckConfig, AwsRecordSet } from "./aws-shapes.ts";

/** `zoneId` stands in aliases into this zone; `checkId` turns our id of a health check into Route 53's. */
export interface AwsIds {
  readonly zoneId: string;
  readonly checkId: (id: string) => string;
  /** The same for a CIDR collection; left out: it is Route 53's already. */
  readonly collectionId?: (id: string) => string;
}

/** In a change batch, where the id of a health check stands that does not exist yet. */
export function pendingCheckId(id: string): string {
  return `ID-OF-THE-HEALTH-CHECK-FOR-${id}`;
}

/** What the caller references of health checks that are rendered begin with; a fingerprint and the region's id follow. */
export const CALLER_REFERENCE_START = "multicloud-probe-";

/** The id that stands in rendered batches for the health check of that request; of another's request, its reference. */
export function requestedCheckId(callerReference: string): string {
  const [, region] = /^multicloud-probe-[0-9a-f]{16}-(.+)$/.exec(callerReference) ?? [];
  return region === undefined ? callerReference : pendingCheckId(region);
}

/** In an alias within the zone, where the zone's id stands while it is not known. */
export const PENDING_ZONE_ID = "ID-OF-THE-HOSTED-ZONE";

/** In an IP-based record, where the id of the CIDR collection stands that does not exist yet. */
export const PENDING_COLLECTION_ID = "ID-OF-THE-CIDR-COLLECTION";

export const PENDING_IDS: Required<AwsIds> = {
  zoneId: PENDING_ZONE_ID,
  checkId: pendingCheckId,
  collectionId: () => PENDING_COLLECTION_ID,
};

export function awsRecordSet(record: RecordSet, ids: AwsIds): AwsRecordSet {
  const { name, type, setIdentifier, routing, target, healthCheckId } = record;
  return {
    Name: `${name.replace(/^\*/, "\\052")}.`,
    Type: type,
    ...(setIdentifier === null ? {} : { SetIdentifier: setIdentifier }),
    ...routingKeys(routing, ids),
    ...(target.kind === "values"
      ? { TTL: target.ttlSeconds, ResourceRecords: target.values.map((Value) => ({ Value })) }
      : {
          AliasTarget: {
            HostedZoneId: target.hostedZoneId ?? ids.zoneId,
            DNSName: `${target.name}.`,
            EvaluateTargetHealth: target.evaluateTargetHealth,
          },
        }),
    ...(healthCheckId === null ? {} : { HealthCheckId: ids.checkId(healthCheckId) }),
  };
}

function routingKeys(routing: Routing, { collectionId }: AwsIds): Partial<AwsRecordSet> {
  switch (routing.routing) {
    case "simple":
      return {};
    case "failover":
      return { Failover: routing.role };
    case "latency":
      return { Region: routing.awsRegion };
    case "weighted":
      return { Weight: routing.weight };
    case "multivalue":
      return { MultiValueAnswer: true };
    case "geolocation":
      return { GeoLocation: geolocationKeys(routing) };
    case "geoproximity":
      return { GeoProximityLocation: geoproximityKeys(routing) };
    case "ip-based": {
      const CollectionId = collectionId === undefined ? routing.collectionId : collectionId(routing.collectionId);
      return { CidrRoutingConfig: { CollectionId, LocationName: routing.location } };
    }
    default:
      return unreachable(routing);
  }
}

function geolocationKeys({ continent, country, subdivision }: Extract<Routing, { routing: "geolocation" }>) {
  return {
    ...(continent === null ? {} : { ContinentCode: continent }),
    ...(country === null ? {} : { CountryCode: country }),
    ...(subdivision === null ? {} : { SubdivisionCode: subdivision }),
  };
}

function geoproximityKeys({ location, bias }: Extract<Routing, { routing: "geoproximity" }>) {
  const Bias = bias === 0 ? {} : { Bias: bias };
  switch (location.kind) {
    case "aws-region":
      return { AWSRegion: location.awsRegion, ...Bias };
    case "local-zone-group":
      return { LocalZoneGroup: location.group, ...Bias };
    case "coordinates":
      return { Coordinates: { Latitude: String(location.latitude), Longitude: String(location.longitude) }, ...Bias };
    default:
      return unreachable(location);
  }
}

/** `checkId` turns children's ids too. */
export function awsHealthCheckConfig(check: HealthCheck, { checkId }: AwsIds): AwsHealthCheckConfig {
  const flags = {
    ...(check.inverted ? { Inverted: true } : {}),
    ...(check.disabled ? { Disabled: true } : {}),
  };
  switch (check.type) {
    case "CALCULATED": {
      const ChildHealthChecks = check.children.map(checkId);
      return { Type: check.type, ...flags, HealthThreshold: check.healthThreshold, ChildHealthChecks };
    }
    case "CLOUDWATCH_METRIC": {
      const alarm = check.alarm;
      const identifier = alarm === null ? {} : { AlarmIdentifier: { Region: alarm.region, Name: alarm.name } };
      return { Type: check.type, ...flags, ...identifier, InsufficientDataHealthStatus: check.insufficientData };
    }
    case "RECOVERY_CONTROL":
      return { Type: check.type, ...flags, RoutingControlArn: check.routingControlArn };
    default:
      return endpointConfig(check, flags);
  }
}

function endpointConfig(check: EndpointCheck, flags: Partial<AwsHealthCheckConfig>): AwsHealthCheckConfig {
  const { ipAddress, host, path, searchString } = check;
  return {
    ...(ipAddress === null ? {} : { IPAddress: ipAddress }),
    Port: check.port,
    Type: check.type,
    ...(path === null ? {} : { ResourcePath: path }),
    ...(host === null ? {} : { FullyQualifiedDomainName: host }),
    ...(searchString === null ? {} : { SearchString: searchString }),
    RequestInterval: check.requestIntervalSeconds,
    FailureThreshold: check.failureThreshold,
    ...(check.measureLatency ? { MeasureLatency: true } : {}),
    ...flags,
    ...(check.type.startsWith("HTTPS") ? { EnableSNI: check.enableSni } : {}),
    Regions: [...check.regions],
  };
}
