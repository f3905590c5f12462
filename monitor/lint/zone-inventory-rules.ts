// Rules that hold a hosted zone against what else is known: the topology's regions, and the gateways and resolvers of the clusters.
import { isEndpointCheck } from "../policy/health-check.ts";
import { isWithin } from "../policy/name-lookup.ts";
import { normalName, valuesOf } from "../policy/record-set.ts";
import type { Region } from "../topology/topology.ts";
import { textAt } from "../topology/loose-value.ts";
import { type Rule, sightingAt, type Sighting, wordList } from "./rule.ts";
import type { Scene } from "./scene.ts";
import { covers, gatewayHosts } from "./topology-rules.ts";
import { eachRecord } from "./zone-health-rules.ts";
import { checkOf, type ZoneRecord, zoneSighting, type ZoneView } from "./zone-view.ts";

export const ZONE_INVENTORY_RULES: readonly Rule[] = [
  {
    id: "R53-HOST-MISMATCH",
    severity: "error",
    wrong:
      "A health check sends a host name that no Gateway serves, so it gets 404 or a TLS reset while users are served.",
    evidence:
      "a topology and Istio Gateways beside the zone: the host of a check on the service's name is in no Gateway",
    fix: "Add the name to the hosts of the Gateway, or check the address with a host name that it serves.",
    source:
      "Route 53 API Reference, HealthCheckConfig FullyQualifiedDomainName; Istio Gateway reference, servers[].hosts",
    sightings: (scene) => eachServiceRecord(scene, unservedHost),
  },
  {
    id: "R53-LAT-NONAWS",
    severity: "note",
    wrong:
      "A latency record leads outside AWS, and the latency that decides is measured to the AWS region that it borrows.",
    evidence: "a topology: a latency record with the address of a region whose cloud is not aws",
    fix: "Keep it in mind, or use geoproximity routing with the coordinates of the endpoint.",
    source: "Route 53 Developer Guide, Latency-based routing",
    sightings: (scene) => eachRecord(scene, (view, one) => outsideAws(scene, view, one)),
  },
  {
    id: "R53-LAT-REGION-CLASH",
    severity: "warning",
    wrong:
      "A latency record outside AWS borrows a region in which a cluster of ours runs, and each region can be used once.",
    evidence: "a topology: such a record whose Region is where another region of ours runs",
    fix: "Let the record outside AWS borrow a region in which no cluster of ours will live.",
    source: "Route 53 API Reference, ResourceRecordSet Region",
    sightings: (scene) => eachRecord(scene, (view, one) => borrowedRegion(scene, view, one)),
  },
  {
    id: "R53-EIP-LOST",
    severity: "error",
    wrong: "A health check looks at an address that is no region's, so it may be somebody else's by now.",
    evidence: "a topology beside the zone: a check on the service's name looks at an address that is in no region",
    fix: "Let the check look at the region's address, and add the address to the topology where it is ours.",
    source: "Route 53 Developer Guide, Best practices for Amazon Route 53 health checks",
    sightings: (scene) => eachServiceRecord(scene, strangeAddress),
  },
  {
    id: "R53-SPLIT-DNS",
    severity: "warning",
    wrong:
      "CoreDNS serves the zone by its route53 plugin, which knows no routing policies: Pods get all records at once.",
    evidence: "a ConfigMap whose Corefile has the route53 plugin for a zone with routed names",
    fix: "Forward the zone to a resolver instead of serving a copy.",
    source: "coredns/coredns issue 4701",
    sightings: copiedZones,
  },
];

/** In zones that were not made from the topology itself. */
function eachServiceRecord(
  scene: Scene,
  see: (scene: Scene, view: ZoneView, record: ZoneRecord) => readonly Sighting[],
): readonly Sighting[] {
  const host = scene.topology === null ? null : normalName(scene.topology.value.service.host);
  return eachRecord(scene, (view, one) =>
    host === null || view.origin === "topology" || one.record.name !== host ? [] : see(scene, view, one),
  );
}

function unservedHost(scene: Scene, view: ZoneView, one: ZoneRecord): readonly Sighting[] {
  const served = gatewayHosts(scene);
  const found = checkOf(view, one);
  if (served === null || found === null || !isEndpointCheck(found.check) || found.check.host === null) return [];
  const { host } = found.check;
  return served.some((gateway) => covers(gateway, host))
    ? []
    : [zoneSighting(one, `${found.subject} sends the host ${host}, and no Gateway has it`)];
}

function strangeAddress({ topology }: Scene, view: ZoneView, one: ZoneRecord): readonly Sighting[] {
  const found = checkOf(view, one);
  if (found === null || topology === null || !isEndpointCheck(found.check) || found.check.ipAddress === null) return [];
  const { ipAddress } = found.check;
  const known = topology.value.regions.flatMap(({ endpoint }) => endpoint.addresses);
  return known.includes(ipAddress)
    ? []
    : [zoneSighting(one, `${found.subject} looks at ${ipAddress}, which is no region's of the topology`)];
}

/** The region whose addresses the record answers; null: nobody says. */
function regionBehind({ topology }: Scene, { record }: ZoneRecord): Region | null {
  const values = valuesOf(record);
  return topology?.value.regions.find(({ endpoint }) => endpoint.addresses.some((one) => values.includes(one))) ?? null;
}

function isOutsideAws({ cloud }: Region): boolean {
  return cloud !== undefined && cloud.toLowerCase() !== "aws";
}

function outsideAws(scene: Scene, _: ZoneView, one: ZoneRecord): readonly Sighting[] {
  const { routing } = one.record;
  const region = regionBehind(scene, one);
  if (routing.routing !== "latency" || region === null || !isOutsideAws(region)) return [];
  return [zoneSighting(one, `${region.id} runs in ${region.cloud ?? ""} and is ranked as ${routing.awsRegion}`)];
}

function borrowedRegion(scene: Scene, _: ZoneView, one: ZoneRecord): readonly Sighting[] {
  const { routing } = one.record;
  const region = regionBehind(scene, one);
  if (routing.routing !== "latency" || region === null || !isOutsideAws(region)) return [];
  const owner = scene.topology?.value.regions.find(
    (other) => other.id !== region.id && !isOutsideAws(other) && other.region === routing.awsRegion,
  );
  return owner === undefined
    ? []
    : [zoneSighting(one, `${region.id} borrows ${routing.awsRegion}, where ${owner.id} runs`)];
}

/** "route53 example.com.:Z0123456789 { …". */
const PLUGIN_FORM = /^[ \t]*route53[ \t]+([^\s:{]+)/gm;

function copiedZones({ objects, zones }: Scene): readonly Sighting[] {
  const routed = zones.flatMap(({ groups }) => groups.filter(({ routing }) => routing !== "simple"));
  return objects
    .filter(({ kind }) => kind === "ConfigMap")
    .flatMap((object) => {
      const corefile = textAt(object.value, ["data", "Corefile"]);
      const copied = [...corefile.matchAll(PLUGIN_FORM)].map(([, name = ""]) => normalName(name));
      return copied.flatMap((zone) => {
        const names = [...new Set(routed.map(({ name }) => name))].filter((name) => isWithin(name, zone));
        const message = `the route53 plugin serves a copy of ${zone}, where ${wordList(names.slice(0, NAMES_TOLD_MAX))} is routed`;
        return names.length === 0 ? [] : [sightingAt(object, ["data", "Corefile"], message)];
      });
    });
}

const NAMES_TOLD_MAX = 3;
