// Rules that compare manifests with the topology, the one source that they should follow from.
import { freePlanExcess } from "../topology/cost.ts";
import { valueAt } from "../topology/path.ts";
import { listAt, textAt } from "../verify/federation-value.ts";
import type { ManifestObject } from "./manifest.ts";
import { type Rule, sightingAt, sightingIn, type Sighting } from "./rule.ts";
import type { FederatedObject, Scene } from "./scene.ts";
import { appContainer } from "./workload.ts";

const RENDER = "`monitor render kubefed` writes the manifests from the topology.";

export const TOPOLOGY_RULES: readonly Rule[] = [
  {
    id: "TOPO-CLUSTER-NOT-PLACED",
    severity: "error",
    wrong: "A cluster of the topology is not in the placement of the service's objects.",
    fix: `Add it to the placement: ${RENDER}`,
    source: "manifests/topology.yaml, regions[].cluster.context",
    sightings: (scene) => serviceObjects(scene).flatMap((object) => notPlaced(object, scene)),
  },
  {
    id: "TOPO-REPLICAS-DIFFER",
    severity: "error",
    wrong: "A cluster would run another number of replicas than the topology has for it.",
    fix: `Override /spec/replicas for the cluster: ${RENDER}`,
    source: "manifests/topology.yaml, regions[].cluster.replicas",
    sightings: (scene) => serviceDeployments(scene).flatMap((object) => replicasDiffer(object, scene)),
  },
  {
    id: "TOPO-IMAGE-DIFFERS",
    severity: "error",
    wrong: "A cluster would run another image than the topology has for the service.",
    fix: `Set the image of the topology: ${RENDER}`,
    source: "manifests/topology.yaml, service.image",
    sightings: (scene) => serviceDeployments(scene).flatMap((object) => imagesDiffer(object, scene)),
  },
  {
    id: "TOPO-HOST-NOT-SERVED",
    severity: "error",
    wrong:
      "A name under which the service is looked at is in no Gateway, so the gateway answers it with 404 or a TLS reset.",
    fix: "Add the name to the hosts of the Gateway and the VirtualService, and to the certificate.",
    source:
      "Istio Gateway reference, servers[].hosts; manifests/topology.yaml, service.host and regions[].endpoint.url",
    sightings: hostsNotServed,
  },
  {
    id: "TOPO-FREE-PLAN",
    severity: "note",
    wrong:
      "Watching by this topology does not fit Cloudflare's free plan, which would stop it for the rest of the day.",
    fix: "Look less often, from fewer vantages or with a shorter timeout; or use a paid plan, and waive this.",
    source: "Cloudflare, Durable Objects pricing and Workers limits, 2026",
    sightings: beyondFreePlan,
  },
];

/** The local world is never deployed. */
function beyondFreePlan({ topology }: Scene): readonly Sighting[] {
  if (topology === null || topology.value.local) return [];
  const { probePlace: place } = topology;
  return freePlanExcess(topology.value).map((message) => ({ place, subject: "topology", message }));
}

/** The federated objects that carry the service's name, and its namespace. */
function serviceObjects({ federated, topology }: Scene): readonly FederatedObject[] {
  const name = topology?.value.service.name;
  return federated.filter(
    (object) => object.name === name && ["Namespace", "Deployment", "Service"].includes(object.kind.kind),
  );
}

function serviceDeployments(scene: Scene): readonly FederatedObject[] {
  return serviceObjects(scene).filter(({ kind }) => kind.kind === "Deployment");
}

/** An empty or missing placement is told by its own rules. */
function notPlaced({ object, placed }: FederatedObject, { topology }: Scene): readonly Sighting[] {
  if (placed.length === 0) return [];
  const clusters = topology?.value.regions.map((region) => region.cluster.context) ?? [];
  return clusters
    .filter((name) => !placed.includes(name))
    .map((name) => sightingAt(object, ["spec", "placement"], `"${name}" of the topology is not in the placement`));
}

/** Where something else decides on replicas, the topology's number is only where it starts. */
function replicasDiffer(object: FederatedObject, { topology, objects }: Scene): readonly Sighting[] {
  const scheduled = objects.some(
    ({ kind, namespace, name }) =>
      kind === "ReplicaSchedulingPreference" && namespace === object.namespace && name === object.name,
  );
  if (scheduled || valueAt(object.value, ["spec", "retainReplicas"]) === true) return [];
  return object.views.flatMap((view) => {
    const region = topology?.value.regions.find(({ cluster }) => cluster.context === view.cluster);
    const replicas = valueAt(view.value, ["spec", "replicas"]) ?? 1;
    if (region === undefined || replicas === region.cluster.replicas) return [];
    const message = `${JSON.stringify(replicas)} replicas, the topology says ${region.cluster.replicas}`;
    return [sightingIn(view, ["spec", "replicas"], message)];
  });
}

function imagesDiffer({ views }: FederatedObject, { topology }: Scene): readonly Sighting[] {
  if (topology === null) return [];
  const { name, image } = topology.value.service;
  return views.flatMap((view) => {
    const app = appContainer(view.value, name);
    const found = app === null ? "" : textAt(app.value, ["image"]);
    if (app === null || found === image) return [];
    return [sightingIn(view, [...app.path, "image"], `image ${found}, the topology says ${image}`)];
  });
}

/** Only where there is a Gateway at all: Istio is an add-on. */
function hostsNotServed(scene: Scene): readonly Sighting[] {
  const [first] = gatewaysOf(scene);
  const served = gatewayHosts(scene);
  if (first === undefined || served === null || scene.topology === null) return [];
  const { service, regions } = scene.topology.value;
  const names = [service.host, ...regions.map(({ endpoint }) => hostOf(endpoint.url))];
  return names
    .filter((name) => !served.some((host) => covers(host, name)))
    .map((name) => sightingAt(first, ["spec", "servers"], `${name} is in no server of a Gateway`));
}

function gatewaysOf({ objects }: Scene): readonly ManifestObject[] {
  return objects.filter(({ apiVersion, kind }) => kind === "Gateway" && apiVersion.startsWith("networking.istio.io/"));
}

/** Of all servers of all Gateways, as `covers` takes them; null: there is no Gateway. */
export function gatewayHosts(scene: Scene): readonly string[] | null {
  const gateways = gatewaysOf(scene);
  if (gateways.length === 0) return null;
  return gateways.flatMap(({ value }) =>
    listAt(value, ["spec", "servers"]).flatMap((server) => listAt(server, ["hosts"]).map(String)),
  );
}

function hostOf(url: string): string {
  return url.replace(/^https?:\/\//, "").replace(/:\d+$/, "");
}

/** "ns/*.example.com" covers "a.example.com". */
export function covers(gatewayHost: string, name: string): boolean {
  const host = gatewayHost.split("/").at(-1) ?? "";
  return host === "*" || host === name || (host.startsWith("*.") && name.endsWith(host.slice(1)));
}
