// Everything that the rules look at: all objects of all sources, what each member cluster would get of them, the topology,
// and which clusters there are. Made once, so that the rules only ask.
import type { Place } from "../model/finding.ts";
import type { Topology } from "../topology/topology.ts";
import { CHART_KINDS, enabledKinds, type FederatedKind } from "../verify/federation-kinds.ts";
import { type NamedCluster, placementOf } from "../verify/federation-placement.ts";
import { isList, listAt, mapAt, textAt, textsAt } from "../verify/federation-value.ts";
import { valueAt } from "../topology/path.ts";
import type { ManifestObject, Unread } from "./manifest.ts";
import { federatedViews, type MemberView, plainView } from "./member-view.ts";
import { type OverrideEntry, overrideEntries } from "./override-entry.ts";
import type { Sighting } from "./rule.ts";
import { versionsOf } from "./shape.ts";
import type { ZoneProblem } from "./zone-source-rules.ts";
import { documentZoneViews, type ZoneView } from "./zone-view.ts";
import type { ZoneDocument } from "../zone/document.ts";

export interface FederatedObject extends Pick<ManifestObject, "value" | "namespace" | "name" | "subject" | "placeOf"> {
  readonly object: ManifestObject;
  readonly kind: FederatedKind;
  /** False: no FederatedTypeConfig makes KubeFed look at it. */
  readonly enabled: boolean;
  /** Where it asks to be, whatever its namespace says, unknown names included; in its own order. */
  readonly placed: readonly string[];
  readonly entries: readonly OverrideEntry[];
  /** One for each cluster that gets it. */
  readonly views: readonly MemberView[];
}

export interface TopologySource {
  readonly value: Topology;
  /** Where it says how often and from where it looks. */
  readonly probePlace: Place;
}

export interface TopologyProblem {
  readonly place: Place;
  readonly message: string;
}

/** What the sources hold, each in their order. */
export interface Contents {
  /** Of the topologies. */
  readonly zoneViews: readonly ZoneView[];
  readonly zoneDocuments: readonly ZoneDocument[];
  readonly zoneProblems: readonly ZoneProblem[];
  /** Health checks of a topology by the very name that they decide: told although such a topology is valid in nothing. */
  readonly topologySelfReferences: readonly Sighting[];
  readonly objects: readonly ManifestObject[];
  readonly unread: readonly Unread[];
  readonly topology: TopologySource | null;
  readonly topologyProblems: readonly TopologyProblem[];
}

export interface Scene {
  /** Those of the topologies first. */
  readonly zones: readonly ZoneView[];
  readonly zoneProblems: readonly ZoneProblem[];
  readonly topologySelfReferences: readonly Sighting[];
  readonly objects: readonly ManifestObject[];
  readonly federated: readonly FederatedObject[];
  /** Of federated and of plain objects. */
  readonly views: readonly MemberView[];
  readonly topology: TopologySource | null;
  /** What is no object, and what is wrong with the topology itself. */
  readonly unread: readonly Unread[];
  readonly topologyProblems: readonly TopologyProblem[];
  /** By the topology and by KubeFedCluster objects; null: neither is at hand, so no name can be called wrong. */
  readonly clusters: readonly string[] | null;
}

export function makeScene(contents: Contents): Scene {
  const { objects, topology } = contents;
  const joined = objects.filter(({ kind }) => kind === "KubeFedCluster");
  const listed = topology?.value.regions.map((region) => region.cluster.context) ?? [];
  const names = [...new Set([...listed, ...joined.map(({ name }) => name)])];
  const clusters = names.length === 0 ? null : names;
  const kinds = enabledKinds(objects.map(({ value }) => value));
  const federated = objects
    .filter(isFederated)
    .map((object) => federatedObject(object, kinds, namedClusters(names, joined)));
  const plain = objects.filter((object) => !isFederated(object)).map((object) => plainView(object));
  const zones = [...contents.zoneViews, ...documentZoneViews(contents.zoneDocuments)];
  return { ...contents, federated, views: [...federated.flatMap(({ views }) => views), ...plain], clusters, zones };
}

/** A FederatedNamespace's name is that of its namespace, and it is in it. */
export function namespaceAround(scene: Scene, namespace: string): FederatedObject | null {
  return (
    scene.federated.find(
      ({ kind, ...object }) => kind.kind === "Namespace" && object.namespace === namespace && object.name === namespace,
    ) ?? null
  );
}

export function isFederated({ apiVersion, kind }: ManifestObject): boolean {
  return apiVersion.startsWith("types.kubefed.io/") && kind.startsWith("Federated");
}

/** With labels where a KubeFedCluster object tells them. */
function namedClusters(names: readonly string[], joined: readonly ManifestObject[]): readonly NamedCluster[] {
  return names.map((name) => {
    const object = joined.find((cluster) => cluster.name === name);
    return { name, labels: textsAt(object?.value, ["metadata", "labels"]) ?? {} };
  });
}

function federatedObject(
  object: ManifestObject,
  kinds: readonly FederatedKind[],
  clusters: readonly NamedCluster[],
): FederatedObject {
  const { value, namespace, name, subject, placeOf } = object;
  const known = kinds.find(({ federatedKind }) => federatedKind === object.kind);
  const kind = known ?? guessedKind(object);
  const placed = placedIn(value, clusters);
  const entries = overrideEntries(value);
  const views = federatedViews(object, kind, placed, entries);
  return {
    object,
    value,
    namespace,
    name,
    subject,
    placeOf,
    kind,
    enabled: known !== undefined,
    placed,
    entries,
    views,
  };
}

/** Good enough to look into the template of a kind that nobody enabled. */
function guessedKind({ kind: federatedKind, value }: ManifestObject): FederatedKind {
  const kind = federatedKind.slice("Federated".length);
  const written = textAt(value, ["spec", "template", "apiVersion"]);
  const [version = "", group = ""] = (written || (versionsOf(kind)[0] ?? "")).split("/").toReversed();
  const chart = CHART_KINDS.find((known) => known.federatedKind === federatedKind);
  return chart ?? { federatedKind, kind, group, version, namespaced: true };
}

/** A selector without labels of the clusters to go by is taken to select all of them. */
function placedIn(value: unknown, clusters: readonly NamedCluster[]): readonly string[] {
  if (isList(valueAt(value, ["spec", "placement", "clusters"])))
    return listAt(value, ["spec", "placement", "clusters"])
      .map((cluster) => textAt(cluster, ["name"]))
      .filter((name, index, names) => name !== "" && names.indexOf(name) === index);
  const labelled = clusters.some(({ labels }) => Object.keys(labels).length > 0);
  const selects = Object.keys(mapAt(value, ["spec", "placement"])).includes("clusterSelector");
  if (selects && !labelled) return clusters.map(({ name }) => name);
  const placed = placementOf(value, clusters);
  return placed.ok ? placed.value : [];
}
