// The zone written by external-dns instead of by change batches: in each cluster Services that serve nobody and carry the
// annotations of its record sets. Objects of their own for each cluster, because KubeFed takes annotations out of templates.
import type { RecordSet, Routing } from "../policy/record-set.ts";
import { valuesOf } from "../policy/record-set.ts";
import { unreachable } from "../problem.ts";
import { publishedZone } from "../topology/published-zone.ts";
import type { Region, Topology } from "../topology/topology.ts";
import { splitUrl } from "../topology/url.ts";
import { regionOfSet } from "../topology/zone.ts";
import type { AwsIds } from "../zone/to-aws.ts";
import type { Manifest, RenderedFile } from "./manifest.ts";
import { labelsOf, namespaceOf } from "./names.ts";
import { yamlText } from "./yaml-text.ts";

export const EXTERNAL_DNS_FOLDER = "external-dns";

/** Of all released versions; one that reads another takes the flag --annotation-prefix. */
const PREFIX = "external-dns.alpha.kubernetes.io/";

type Annotations = Readonly<Record<string, string>>;

export function renderExternalDns(topology: Topology, ids: AwsIds): readonly RenderedFile[] {
  return topology.regions.map((region) => {
    const path = `${EXTERNAL_DNS_FOLDER}/${region.id}.yaml`;
    const services = [...ownName(topology, region), ...sharedName(topology, region, ids)];
    return { path, text: yamlText("external-dns", intro(topology, region, path, services.length), services) };
  });
}

function intro(topology: Topology, { id, cluster }: Region, path: string, services: number): string {
  const why = whyNotShared(topology);
  const applied = services === 0 ? "" : `  kubectl --context ${cluster.context} apply -f manifests/${path}\n\n`;
  return `${applied}For an external-dns in this cluster that may write the zone ${topology.dns.zone} (--source=service). Where the batches of route53/ are applied, leave these out: two writers of one record undo each other.
${why === null ? "" : `${topology.service.host} is not here: ${why}.\n`}external-dns makes no health checks: make those of route53/ first, and render with --check-id ${id}=ID. Its TXT registry writes a TXT record beside each record, under the same routing policy and with the same check; without one the API refuses that of a failover primary (InvalidChangeBatch: A non-alias primary ResourceRecordSet must have an associated health check), and nothing of the batch is done.
Each cluster's external-dns needs a --txt-owner-id of its own, and for ever the same.
Its annotations begin with ${PREFIX.slice(0, -1)}; for a version that reads others: --annotation-prefix=${PREFIX}`;
}

/** Null: external-dns has annotations for it. */
function whyNotShared(topology: Topology): string | null {
  switch (topology.dns.policy.routing) {
    case "simple":
      return "a simple record set has one owner, and each cluster would write its own address into it";
    case "ip-based":
      return "external-dns has no annotation for IP-based routing";
    default: {
      const published = publishedZone(topology, "addresses");
      return published.kind === "zone" ? null : published.why;
    }
  }
}

/** The name by which the region is probed; none where it is outside of the zone. */
function ownName(topology: Topology, region: Region): readonly Manifest[] {
  const published = publishedZone(topology, "addresses");
  const host = splitUrl(region.endpoint.url)?.host ?? "";
  const zone = published.kind === "zone" ? published.zone.recordSets : [];
  const records = zone.filter((record) => record.name === host && record.setIdentifier === null);
  return records.length === 0 ? [] : [carrier(topology, region, "dns-own", records, {})];
}

function sharedName(topology: Topology, region: Region, ids: AwsIds): readonly Manifest[] {
  const published = publishedZone(topology, "addresses");
  if (published.kind === "impossible" || whyNotShared(topology) !== null) return [];
  const records = published.zone.recordSets.filter((record) => regionOfSet(record.setIdentifier) === region.id);
  const identifiers = [...new Set(records.map((record) => record.setIdentifier ?? ""))];
  return identifiers.map((identifier, index) => {
    const group = records.filter((record) => record.setIdentifier === identifier);
    const name = identifiers.length === 1 ? "dns-shared" : `dns-shared-${index + 1}`;
    return carrier(topology, region, name, group, sharedAnnotations(group, ids));
  });
}

function sharedAnnotations([record]: readonly RecordSet[], ids: AwsIds): Annotations {
  if (record === undefined) return {};
  const { setIdentifier, healthCheckId, routing } = record;
  return {
    "set-identifier": setIdentifier ?? "",
    ...routingAnnotations(routing),
    ...(healthCheckId === null ? {} : { "aws-health-check-id": ids.checkId(healthCheckId) }),
  };
}

function routingAnnotations(routing: Routing): Annotations {
  switch (routing.routing) {
    case "failover":
      return { "aws-failover": routing.role };
    case "latency":
      return { "aws-region": routing.awsRegion };
    case "weighted":
      return { "aws-weight": String(routing.weight) };
    case "multivalue":
      return { "aws-multi-value-answer": "true" };
    case "geolocation":
      return {
        ...(routing.continent === null ? {} : { "aws-geolocation-continent-code": routing.continent }),
        ...(routing.country === null ? {} : { "aws-geolocation-country-code": routing.country }),
        ...(routing.subdivision === null ? {} : { "aws-geolocation-subdivision-code": routing.subdivision }),
      };
    case "geoproximity":
      return { ...geoproximityAnnotation(routing.location), "aws-geoproximity-bias": String(routing.bias) };
    case "simple":
    case "ip-based":
      return {};
    default:
      return unreachable(routing);
  }
}

function geoproximityAnnotation(location: Extract<Routing, { routing: "geoproximity" }>["location"]): Annotations {
  switch (location.kind) {
    case "aws-region":
      return { "aws-geoproximity-region": location.awsRegion };
    case "local-zone-group":
      return { "aws-geoproximity-local-zone-group": location.group };
    case "coordinates":
      return { "aws-geoproximity-coordinates": `${location.latitude},${location.longitude}` };
  }
}

/** `records` are of one name and set identifier, one for each type of address. */
function carrier(
  topology: Topology,
  { endpoint }: Region,
  name: string,
  records: readonly RecordSet[],
  more: Annotations,
): Manifest {
  const annotations = {
    hostname: records[0]?.name ?? "",
    target: records.flatMap(valuesOf).join(","),
    ttl: String(topology.dns.policy.ttlSeconds),
    ...more,
  };
  return {
    object: {
      apiVersion: "v1",
      kind: "Service",
      metadata: {
        name,
        namespace: namespaceOf(topology),
        labels: labelsOf(topology),
        annotations: Object.fromEntries(Object.entries(annotations).map(([key, value]) => [`${PREFIX}${key}`, value])),
      },
      spec: { type: "ExternalName", externalName: splitUrl(endpoint.url)?.host ?? "" },
    },
    notes:
      name === "dns-own"
        ? { "": "The name by which this region is probed." }
        : { "": "This region's part of the name that users resolve." },
  };
}
