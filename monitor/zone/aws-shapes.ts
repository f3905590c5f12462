// Record sets and health checks as the Route 53 API, its command line and change batches write them (API Reference,
// ResourceRecordSet and HealthCheckConfig). Fields that we do not know are kept: one of them may change an answer, so
// they are found and told, not refused.
import * as z from "zod/mini";
import { list, oneOf, text, wholeNumber } from "../topology/form.ts";

/** Record sets of one hosted zone (quota of 10,000, which AWS raises on request). */
export const RECORD_SETS_MAX = 100_000;
const VALUES_MAX = 1000;
export const HEALTH_CHECKS_MAX = 10_000;
const CHILDREN_MAX = 256;

export const RECORD_TYPES = [
  "A",
  "AAAA",
  "CAA",
  "CNAME",
  "DS",
  "HTTPS",
  "MX",
  "NAPTR",
  "NS",
  "PTR",
  "SOA",
  "SPF",
  "SRV",
  "SSHFP",
  "SVCB",
  "TLSA",
  "TXT",
] as const;

export const HEALTH_CHECK_TYPES = [
  "HTTP",
  "HTTPS",
  "HTTP_STR_MATCH",
  "HTTPS_STR_MATCH",
  "TCP",
  "CALCULATED",
  "CLOUDWATCH_METRIC",
  "RECOVERY_CONTROL",
] as const;

const flag = z.boolean("true or false");
const word = (what: string) => text((value) => value !== "", what);

/** An object of the API: unknown keys stay in it. */
export function shape<const T extends z.core.$ZodLooseShape>(fields: T) {
  return z.looseObject(fields, { error: `an object with the keys ${Object.keys(fields).join(", ")}` });
}

export const ALIAS_TARGET = shape({
  HostedZoneId: word("the id of a hosted zone"),
  DNSName: word("a DNS name"),
  EvaluateTargetHealth: flag,
});

const GEO_LOCATION = shape({
  ContinentCode: z.optional(word("a continent code such as EU")),
  CountryCode: z.optional(word("a country code such as BE, or *")),
  SubdivisionCode: z.optional(word("a subdivision code such as CA")),
});

const GEO_PROXIMITY = shape({
  AWSRegion: z.optional(word("an AWS region code")),
  LocalZoneGroup: z.optional(word("a Local Zone group")),
  Coordinates: z.optional(shape({ Latitude: word("a latitude as text"), Longitude: word("a longitude as text") })),
  Bias: z.optional(wholeNumber([-99, 99], "")),
});

export const RECORD_SET = shape({
  Name: word("a DNS name"),
  Type: oneOf(RECORD_TYPES, "a record type of Route 53"),
  SetIdentifier: z.optional(word("a set identifier")),
  Weight: z.optional(wholeNumber([0, 255], "")),
  Region: z.optional(word("an AWS region code")),
  Failover: z.optional(oneOf(["PRIMARY", "SECONDARY"], "PRIMARY or SECONDARY")),
  MultiValueAnswer: z.optional(flag),
  GeoLocation: z.optional(GEO_LOCATION),
  GeoProximityLocation: z.optional(GEO_PROXIMITY),
  CidrRoutingConfig: z.optional(
    shape({ CollectionId: word("the id of a CIDR collection"), LocationName: word("a location's name, or *") }),
  ),
  TTL: z.optional(wholeNumber([0, 2_147_483_647], "seconds")),
  ResourceRecords: z.optional(list(shape({ Value: z.string("a text") }), [0, VALUES_MAX], "values")),
  AliasTarget: z.optional(ALIAS_TARGET),
  HealthCheckId: z.optional(word("the id of a health check")),
  TrafficPolicyInstanceId: z.optional(word("an id")),
});

export const HEALTH_CHECK_CONFIG = shape({
  Type: oneOf(HEALTH_CHECK_TYPES, "a type of health check"),
  IPAddress: z.optional(z.string("an address")),
  Port: z.optional(wholeNumber([1, 65_535], "")),
  ResourcePath: z.optional(z.string("a path")),
  FullyQualifiedDomainName: z.optional(z.string("a DNS name")),
  SearchString: z.optional(z.string("a text")),
  RequestInterval: z.optional(wholeNumber([1, 3600], "seconds")),
  FailureThreshold: z.optional(wholeNumber([1, 10], "")),
  MeasureLatency: z.optional(flag),
  Inverted: z.optional(flag),
  Disabled: z.optional(flag),
  HealthThreshold: z.optional(wholeNumber([0, 256], "")),
  ChildHealthChecks: z.optional(list(word("the id of a health check"), [0, CHILDREN_MAX], "ids")),
  EnableSNI: z.optional(flag),
  Regions: z.optional(list(word("an AWS region code"), [0, 64], "checker regions")),
  AlarmIdentifier: z.optional(shape({ Region: word("an AWS region code"), Name: word("an alarm's name") })),
  InsufficientDataHealthStatus: z.optional(
    oneOf(["Healthy", "Unhealthy", "LastKnownStatus"], "a health for missing data"),
  ),
  RoutingControlArn: z.optional(word("an ARN")),
});

export const HEALTH_CHECK = shape({
  Id: word("the id of a health check"),
  HealthCheckVersion: z.optional(wholeNumber([1, Number.MAX_SAFE_INTEGER], "")),
  HealthCheckConfig: HEALTH_CHECK_CONFIG,
  /** Present: an AWS service made it, and nobody else may change it. */
  LinkedService: z.optional(
    shape({ ServicePrincipal: z.optional(z.string("a text")), Description: z.optional(z.string("a text")) }),
  ),
});

export type AwsRecordSet = z.output<typeof RECORD_SET>;
export type AwsHealthCheckConfig = z.output<typeof HEALTH_CHECK_CONFIG>;
export type AwsHealthCheck = z.output<typeof HEALTH_CHECK>;
