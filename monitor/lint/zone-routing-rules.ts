// Rules about the records of one name together: what a routing policy needs to be whole, and what users are left with.
import { CHECKED_TTL_SECONDS_MAX } from "../policy/constants.ts";
import { placeOfRegion } from "../policy/aws-places.ts";
import { isEndpointCheck } from "../policy/health-check.ts";
import { type RecordSet, valuesOf } from "../policy/record-set.ts";
import { type Rule, type Sighting, wordList } from "./rule.ts";
import { eachGroup, eachRecord } from "./zone-health-rules.ts";
import {
  absence,
  checkOf,
  groupOf,
  isWatched,
  type RecordGroup,
  type ZoneRecord,
  zoneSighting,
  type ZoneView,
} from "./zone-view.ts";

export const ZONE_ROUTING_RULES: readonly Rule[] = [
  {
    id: "R53-FAILOVER-PAIR",
    severity: "error",
    wrong: "A primary has no secondary or a secondary no primary, so there is nothing to fail over to.",
    evidence: "a failover group without a PRIMARY or a SECONDARY; a note in a part of a zone",
    fix: "Add the other record of the pair.",
    source: "AWS Trusted Advisor b73EEdD790, Amazon Route 53 Failover Resource Record Sets",
    sightings: (scene) => eachGroup(scene, brokenPair),
  },
  {
    id: "R53-TTL-HIGH",
    severity: "warning",
    wrong: "A record that fails over may be kept by resolvers for longer than a minute after its health changed.",
    evidence: "a TTL over 60 on a failover record or one with a health check",
    fix: "Set a TTL of 60 seconds or less.",
    source: "AWS Trusted Advisor C056F80cR3, Amazon Route 53 High TTL Resource Record Sets; API Reference, TTL",
    sightings: (scene) => eachRecord(scene, highTtl),
  },
  {
    id: "R53-WEIGHT-TTL-MIX",
    severity: "warning",
    wrong:
      "Weighted records of one name have several TTLs, so resolvers keep some answers longer than their weight says.",
    evidence: "several TTLs in one weighted group",
    fix: "Give all of them the same TTL.",
    source: "Route 53 API Reference, ResourceRecordSet TTL",
    sightings: (scene) => eachGroup(scene, mixedTtls),
  },
  {
    id: "R53-LAT-SINGLE",
    severity: "warning",
    wrong: "There is only one latency record, so there is nothing to choose between.",
    evidence: "a latency group of one; a note in a part of a zone",
    fix: "Add records of other regions, or make it a simple record.",
    source: "AWS Trusted Advisor 51fC20e7I2, Amazon Route 53 Latency Resource Record Sets",
    sightings: (scene) => eachGroup(scene, singleLatency),
  },
  {
    id: "R53-LAT-REGION-UNKNOWN",
    severity: "warning",
    wrong: "A latency record stands for a region that is none of AWS's, which the API refuses.",
    evidence: "a Region that is none of AWS's, such as EU",
    fix: "Use the code of the AWS region that is nearest to the endpoint, such as eu-west-3.",
    source: "Route 53 API Reference, ResourceRecordSet Region; the regions that this version knows",
    sightings: (scene) => eachRecord(scene, unknownRegion),
  },
  {
    id: "R53-GEO-NO-DEFAULT",
    severity: "error",
    wrong: "Askers whom no geolocation or IP-based record fits get no answer at all.",
    evidence: "a geolocation group without country * or an IP-based one without location *; a note in a part of a zone",
    fix: 'Add a record for everybody else: country "*", or the location "*".',
    source: "Route 53 API Reference, GeoLocation; Developer Guide, Best practices for Amazon Route 53 DNS",
    sightings: (scene) => eachGroup(scene, noDefault),
  },
  {
    id: "R53-STATIC-ELB-IP",
    severity: "error",
    wrong: "A record holds an address of a load balancer whose addresses change.",
    evidence:
      "an A or AAAA record with values whose check looks at the name of an Application or Classic Load Balancer",
    fix: "Make the record an alias of the load balancer.",
    source: "Route 53 Developer Guide, Choosing between alias and non-alias records",
    sightings: (scene) => eachRecord(scene, loadBalancerAddress),
  },
  {
    id: "R53-AAAA-GAP",
    severity: "warning",
    wrong:
      "A name's AAAA records follow another policy or health than its A records, so IPv6 users are sent elsewhere.",
    evidence:
      "AAAA and A records of one name that differ in routing, members or having health; an AAAA record whose check looks by name. A note where some regions merely have no IPv6",
    fix: "Give the AAAA records the same routing, members and health checks.",
    source: "Route 53 API Reference, ResourceRecordSet and HealthCheckConfig FullyQualifiedDomainName",
    sightings: (scene) => eachGroup(scene, otherOverIpv6),
  },
  {
    id: "R53-EXTDNS-TXT",
    severity: "note",
    wrong:
      "The TXT record in which external-dns keeps its ownership fails over too and has no health check, which the API refuses.",
    evidence: "a TXT record with failover routing and no health check",
    fix: "Give the annotation aws-health-check-id to the Service, or use a registry that is no TXT record.",
    source: "kubernetes-sigs/external-dns issues 1420, 2362 and 2469",
    sightings: (scene) => eachRecord(scene, ownershipText),
  },
];

function brokenPair(view: ZoneView, { members, routing, first }: RecordGroup): readonly Sighting[] {
  if (routing !== "failover" || members.some(({ unknown }) => unknown.has("Failover"))) return [];
  const roles = new Set(
    members.flatMap(({ record }) => (record.routing.routing === "failover" ? [record.routing.role] : [])),
  );
  return (["PRIMARY", "SECONDARY"] as const)
    .filter((role) => !roles.has(role))
    .map((role) => zoneSighting(first, ...absence(view, `there is no ${role} of ${first.record.name}`)));
}

function highTtl(_: ZoneView, { record, ...one }: ZoneRecord): readonly Sighting[] {
  const { target, routing, healthCheckId } = record;
  if (target.kind === "alias" || target.ttlSeconds <= CHECKED_TTL_SECONDS_MAX || one.unknown.has("TTL")) return [];
  if (healthCheckId === null && routing.routing !== "failover") return [];
  return [zoneSighting(one, `the TTL is ${target.ttlSeconds} s, expected at most ${CHECKED_TTL_SECONDS_MAX}`)];
}

function mixedTtls(_: ZoneView, { members, routing, first }: RecordGroup): readonly Sighting[] {
  if (routing !== "weighted") return [];
  const ttls = members.flatMap(({ record, unknown }) =>
    record.target.kind === "values" && !unknown.has("TTL") ? [record.target.ttlSeconds] : [],
  );
  const distinct = [...new Set(ttls)].toSorted((a, b) => a - b);
  return distinct.length < 2
    ? []
    : [zoneSighting(first, `the records of ${first.record.name} have TTLs of ${wordList(distinct.map(String))} s`)];
}

function singleLatency(view: ZoneView, { members, routing, first }: RecordGroup): readonly Sighting[] {
  return routing === "latency" && members.length === 1
    ? [zoneSighting(first, ...absence(view, `it is the only latency record of ${first.record.name}`))]
    : [];
}

function unknownRegion(_: ZoneView, { record, ...one }: ZoneRecord): readonly Sighting[] {
  const { routing } = record;
  if (routing.routing !== "latency" || one.unknown.has("Region") || placeOfRegion(routing.awsRegion) !== null)
    return [];
  return [zoneSighting(one, `expected an AWS region, found ${JSON.stringify(routing.awsRegion)}`)];
}

function noDefault(view: ZoneView, { members, routing, first }: RecordGroup): readonly Sighting[] {
  if (routing !== "geolocation" && routing !== "ip-based") return [];
  const later = members.some(({ unknown }) => unknown.has("GeoLocation") || unknown.has("CidrRoutingConfig"));
  if (later || members.some(({ record }) => isDefault(record.routing))) return [];
  return [zoneSighting(first, ...absence(view, `no record of ${first.record.name} is for everybody else`))];
}

function isDefault(routing: RecordSet["routing"]): boolean {
  if (routing.routing === "geolocation") return routing.country === "*";
  return routing.routing === "ip-based" && routing.location === "*";
}

/** Of Application and Classic Load Balancers; a Network Load Balancer's, "elb.us-east-1", may be fixed. */
const MOVING_BALANCER = /\.elb\.amazonaws\.com(\.cn)?$/i;

function loadBalancerAddress(view: ZoneView, one: ZoneRecord): readonly Sighting[] {
  const { target, type } = one.record;
  const found = checkOf(view, one);
  if (target.kind === "alias" || (type !== "A" && type !== "AAAA") || found === null) return [];
  const host = isEndpointCheck(found.check) ? (found.check.host ?? "").replace(/\.$/, "") : "";
  return MOVING_BALANCER.test(host)
    ? [zoneSighting(one, `it answers ${wordList(target.values)}, and its health check looks at ${host}`)]
    : [];
}

function otherOverIpv6(view: ZoneView, group: RecordGroup): readonly Sighting[] {
  if (group.type !== "AAAA") return [];
  const other = groupOf(view, "A", group.name);
  if (other === null) return [];
  const [own = [], ipv4 = []] = [group, other].map(membersOf);
  const told = `IPv6 users get ${policyWords(group)}, IPv4 users ${policyWords(other)}`;
  // Regions without IPv6 are no mistake; who has it then gets another region, which is worth a word.
  const fewer =
    own.length < ipv4.length && own.every((member) => ipv4.includes(member)) && group.routing !== "failover";
  return [
    ...(JSON.stringify(own) === JSON.stringify(ipv4)
      ? []
      : [zoneSighting(group.first, told, fewer ? "note" : "warning")]),
    ...group.members.flatMap((one) => (looksByName(view, one) ? [zoneSighting(one, LOOKS_BY_IPV4)] : [])),
  ];
}

const LOOKS_BY_IPV4 = "its health check resolves a name, which is looked at by IPv4 alone";

function looksByName(view: ZoneView, one: ZoneRecord): boolean {
  const found = checkOf(view, one);
  return (
    found !== null && isEndpointCheck(found.check) && found.check.ipAddress === null && !found.unknown.has("IPAddress")
  );
}

/** What has to be the same for both kinds of address; the values are not. */
function membersOf({ members }: RecordGroup): readonly string[] {
  return members
    .map((one) => JSON.stringify([one.record.routing, isWatched(one)]))
    .toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

function policyWords({ members, routing, first }: RecordGroup): string {
  const unchecked = members.filter(({ record }) => record.target.kind === "values" && record.healthCheckId === null);
  const health = unchecked.length === 0 ? "" : `, ${unchecked.length} without a health check`;
  return `${routing === "simple" ? "a simple record" : `${members.length} ${first.record.routing.routing} records`}${health}`;
}

function ownershipText(_: ZoneView, one: ZoneRecord): readonly Sighting[] {
  const { type, routing, healthCheckId } = one.record;
  if (type !== "TXT" || routing.routing !== "failover" || healthCheckId !== null) return [];
  if (one.unknown.has("HealthCheckId")) return [];
  const owner = valuesOf(one.record).some((value) => value.includes("heritage=external-dns"));
  return [
    zoneSighting(one, `a TXT record with failover routing and no health check${owner ? ", made by external-dns" : ""}`),
  ];
}
