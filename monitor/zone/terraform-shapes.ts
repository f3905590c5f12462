// Terraform's aws_route53_record and aws_route53_health_check in the API's words. Blocks are lists; "", 0 and null stand for what is
// not set. What will be known only after apply is told by name, never taken for missing.
import { isMap, listAt } from "../topology/loose-value.ts";
import { type Path, valueAt } from "../topology/path.ts";
import {
  type Configuration,
  isUnknown,
  referenceText,
  referredResource,
  type TerraformResource,
} from "./terraform-configuration.ts";

export interface RawShape {
  readonly value: Readonly<Record<string, unknown>>;
  /** Fields of the API. */
  readonly unknown: ReadonlySet<string>;
}

export const RECORD = "aws_route53_record";
export const HEALTH_CHECK_RESOURCE = "aws_route53_health_check";
export const HOSTED_ZONE = "aws_route53_zone";

/** API field, Terraform's block, and what stands in it. */
const BLOCKS = [
  ["Failover", "failover_routing_policy", (block) => block["type"]],
  ["Region", "latency_routing_policy", (block) => block["region"]],
  ["Weight", "weighted_routing_policy", (block) => block["weight"]],
  [
    "GeoLocation",
    "geolocation_routing_policy",
    (block) =>
      compact({
        ContinentCode: block["continent"],
        CountryCode: block["country"],
        SubdivisionCode: block["subdivision"],
      }),
  ],
  ["GeoProximityLocation", "geoproximity_routing_policy", geoproximity],
  [
    "CidrRoutingConfig",
    "cidr_routing_policy",
    (block) => ({ CollectionId: block["collection_id"] ?? LATER, LocationName: block["location_name"] ?? LATER }),
  ],
] as const satisfies readonly (readonly [string, string, (block: Readonly<Record<string, unknown>>) => unknown])[];

/** Stands where the API demands a text and Terraform has none yet. */
export const LATER = "(known after apply)";

export function recordShape(
  resource: TerraformResource,
  configuration: Configuration,
  place: { readonly zoneName: string | null; readonly nameOfRecord: (resource: TerraformResource) => string | null },
): RawShape {
  const { values } = resource;
  const alias = listAt(values, ["alias"])[0];
  const check = checkOf(resource, configuration);
  const policies = BLOCKS.flatMap(([field, block, read]) => {
    const [first] = listAt(values, [block]);
    return isMap(first) ? [[field, read(first)] as const] : [];
  });
  const records = listAt(values, ["records"]);
  const value = compact({
    Name: fullName(resource, place.zoneName),
    Type: values["type"],
    SetIdentifier: values["set_identifier"],
    ...Object.fromEntries(policies),
    ...(values["multivalue_answer_routing_policy"] === true ? { MultiValueAnswer: true } : {}),
    ...(alias === undefined
      ? {
          TTL: values["ttl"],
          ResourceRecords: (records.length === 0 && isUnknown(resource.unknown, ["records"]) ? [LATER] : records).map(
            (Value) => ({ Value: Value ?? LATER }),
          ),
        }
      : { AliasTarget: aliasTarget(resource, configuration, place.nameOfRecord) }),
    HealthCheckId: check,
  });
  return {
    value,
    unknown: unknownFields(resource, RECORD_FIELDS, check === undefined ? [] : ["HealthCheckId"], check),
  };
}

/** The id, of what is still to be made its address; undefined: it has none. */
function checkOf(resource: TerraformResource, configuration: Configuration): unknown {
  const id = resource.values["health_check_id"];
  if (id !== undefined && id !== null && id !== "") return id;
  if (!isUnknown(resource.unknown, ["health_check_id"])) return undefined;
  const check = referredResource(configuration, resource, ["health_check_id"], [HEALTH_CHECK_RESOURCE]);
  return check === null ? `${LATER} ${resource.address}` : idOf(check);
}

/** As Route 53 knows it, else by its address. */
export function idOf({ values, address }: TerraformResource): string {
  const id = values["id"] ?? values["zone_id"];
  return typeof id === "string" && id !== "" ? id : address;
}

function aliasTarget(
  resource: TerraformResource,
  configuration: Configuration,
  nameOfRecord: (resource: TerraformResource) => string | null,
): object {
  const alias = valueAt(resource.values, ["alias", 0]);
  const at = (field: string): unknown => valueAt(alias, [field]) ?? undefined;
  const path = (field: string): Path => ["alias", 0, field];
  const record = at("name") === undefined ? referredResource(configuration, resource, path("name"), [RECORD]) : null;
  const zone =
    at("zone_id") === undefined ? referredResource(configuration, resource, path("zone_id"), [HOSTED_ZONE]) : null;
  const said = referenceText(configuration, resource, path("name"));
  return {
    HostedZoneId: at("zone_id") ?? (zone === null ? LATER : idOf(zone)),
    DNSName: at("name") ?? (record === null ? null : nameOfRecord(record)) ?? (said === "" ? LATER : said),
    EvaluateTargetHealth: at("evaluate_target_health") ?? false,
  };
}

/** The provider takes a name with and without the zone's. */
export function fullName({ values }: TerraformResource, zoneName: string | null): unknown {
  const { fqdn, name } = values;
  if (typeof fqdn === "string" && fqdn !== "") return fqdn;
  if (typeof name !== "string" || zoneName === null) return name;
  const [short, zone] = [name.replace(/\.$/, ""), zoneName.replace(/\.$/, "")];
  if (short === "") return zone;
  return short.toLowerCase() === zone.toLowerCase() || short.toLowerCase().endsWith(`.${zone.toLowerCase()}`)
    ? short
    : `${short}.${zone}`;
}

function geoproximity(block: Readonly<Record<string, unknown>>): object {
  const point = listAt(block, ["coordinates"])[0];
  return compact({
    AWSRegion: block["aws_region"],
    LocalZoneGroup: block["local_zone_group"],
    Bias: block["bias"] === 0 ? undefined : block["bias"],
    ...(isMap(point) ? { Coordinates: { Latitude: point["latitude"], Longitude: point["longitude"] } } : {}),
  });
}

const RECORD_FIELDS: Readonly<Record<string, string>> = {
  ttl: "TTL",
  records: "ResourceRecords",
  alias: "AliasTarget",
  set_identifier: "SetIdentifier",
  failover_routing_policy: "Failover",
  latency_routing_policy: "Region",
  weighted_routing_policy: "Weight",
  geolocation_routing_policy: "GeoLocation",
  geoproximity_routing_policy: "GeoProximityLocation",
  cidr_routing_policy: "CidrRoutingConfig",
};

/** Terraform's name, the API's. */
const CHECK_FIELDS: Readonly<Record<string, string>> = {
  type: "Type",
  ip_address: "IPAddress",
  fqdn: "FullyQualifiedDomainName",
  port: "Port",
  resource_path: "ResourcePath",
  search_string: "SearchString",
  request_interval: "RequestInterval",
  failure_threshold: "FailureThreshold",
  measure_latency: "MeasureLatency",
  invert_healthcheck: "Inverted",
  disabled: "Disabled",
  enable_sni: "EnableSNI",
  regions: "Regions",
  child_health_threshold: "HealthThreshold",
  child_healthchecks: "ChildHealthChecks",
  insufficient_data_health_status: "InsufficientDataHealthStatus",
  routing_control_arn: "RoutingControlArn",
};

export function healthCheckShape(resource: TerraformResource, configuration: Configuration): RawShape {
  const { values } = resource;
  const calculated = String(values["type"]).toUpperCase() === "CALCULATED";
  const fields = Object.entries(CHECK_FIELDS).map(([key, field]) => [field, values[key]] as const);
  const { cloudwatch_alarm_name: Name, cloudwatch_alarm_region: Region } = values;
  const config = compact({
    ...Object.fromEntries(fields),
    Type: typeof values["type"] === "string" ? values["type"].toUpperCase() : values["type"],
    ...(typeof Name === "string" && Name !== "" ? { AlarmIdentifier: { Name, Region: Region ?? LATER } } : {}),
    HealthThreshold: calculated ? (values["child_health_threshold"] ?? 0) : undefined,
    ChildHealthChecks: calculated ? childrenOf(resource, configuration) : undefined,
  });
  // Of a calculated check a threshold of 0 says much; of all else 0 is not set.
  const value = { Id: idOf(resource), HealthCheckConfig: calculated ? config : without(config, "HealthThreshold") };
  return { value, unknown: unknownFields(resource, CHECK_FIELDS, [], undefined) };
}

function childrenOf(resource: TerraformResource, configuration: Configuration): readonly unknown[] {
  const known = listAt(resource.values, ["child_healthchecks"]);
  if (known.length > 0) return known.map((id) => id ?? LATER);
  const child = referredResource(configuration, resource, ["child_healthchecks"], [HEALTH_CHECK_RESOURCE]);
  return child === null ? [] : [idOf(child)];
}

function unknownFields(
  { unknown }: TerraformResource,
  fields: Readonly<Record<string, string>>,
  known: readonly string[],
  check: unknown,
): ReadonlySet<string> {
  const later = Object.entries(fields).flatMap(([key, field]) =>
    isUnknown(unknown, [key]) && !known.includes(field) ? [field] : [],
  );
  const deep = [
    ...(isUnknown(unknown, ["alias", 0, "name"]) ? ["DNSName"] : []),
    ...(isUnknown(unknown, ["alias", 0, "evaluate_target_health"]) ? ["EvaluateTargetHealth"] : []),
    ...(typeof check === "string" && check.startsWith(LATER) ? ["HealthCheckId"] : []),
  ];
  return new Set([...later, ...deep]);
}

/** Without what Terraform says for "not set". */
function compact(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(fields).filter(
      ([field, value]) =>
        value !== undefined && value !== null && value !== "" && !(value === 0 && !ZERO_MEANS.has(field)),
    ),
  );
}

const ZERO_MEANS: ReadonlySet<string> = new Set(["Weight", "HealthThreshold", "TTL"]);

function without(fields: Readonly<Record<string, unknown>>, key: string): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(fields).filter(([field]) => field !== key));
}
