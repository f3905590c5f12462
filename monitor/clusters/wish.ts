// What is asked of an API server, and nothing else: the reader reads this list, and the ClusterRole that is enough for it is
// made of the same list. Secrets are not in it.
import { parseAllDocuments } from "yaml";
import { clusterManifests } from "../render/cluster-change.ts";
import { renderIstio } from "../render/istio.ts";
import { renderKarmada } from "../render/karmada.ts";
import { renderKubefed } from "../render/kubefed.ts";
import type { RegionBy } from "../render/manifest.ts";
import { ISTIO_GATEWAY_LABELS, ISTIO_NAMESPACE, namespaceOf, selectorOf } from "../render/names.ts";
import { textAt, type ValueMap, isMap } from "../topology/loose-value.ts";
import type { Region, Topology } from "../topology/topology.ts";

/** "none": the members alone; else whose host is looked at as well. */
export type Federation = "plain" | "kubefed" | "karmada";

export interface Wish {
  /** "pods", "deployments.apps": what RBAC calls it; a second list of one kind has its namespace added. */
  readonly key: string;
  /** "" for the core group. */
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  /** Null: no namespaced kind. */
  readonly namespace: string | null;
  /** One object by its name; null: all that the selector takes. */
  readonly name: string | null;
  readonly labelSelector: string | null;
}

export function pluralOf(kind: string): string {
  return `${kind.toLowerCase().replace(/(?<![aeiou])y$/, "ie")}s`;
}

/** As RBAC and kubectl write it. */
export function keyOf(group: string, plural: string): string {
  return group === "" ? plural : `${plural}.${group}`;
}

/** Of an object as it is written. */
export function keyOfObject(object: ValueMap): string {
  const [first = "", second] = textAt(object, ["apiVersion"]).split("/");
  return keyOf(second === undefined ? "" : first, pluralOf(textAt(object, ["kind"])));
}

export const PODS = "pods";
export const NAMESPACES = "namespaces";
export const NODES = "nodes";
export const SLICES = keyOf("discovery.k8s.io", "endpointslices");
export const GATEWAY_SERVICES = "services in the gateway's namespace";
export const KUBEFED_CLUSTERS = keyOf("core.kubefed.io", "kubefedclusters");
export const KARMADA_CLUSTERS = keyOf("cluster.karmada.io", "clusters");
export const KARMADA_BINDINGS = keyOf("work.karmada.io", "resourcebindings");
export const KUBEFED_NAMESPACE = "kube-federation-system";

/** What the topology says this cluster holds. */
export function memberObjects(topology: Topology, region: Region, regionBy: RegionBy): readonly ValueMap[] {
  return clusterManifests(topology, region, regionBy).map(({ object }) => object);
}

/** The add-on's, which not every cluster has. */
export function istioObjects(topology: Topology): readonly ValueMap[] {
  const texts = renderIstio(topology).map(({ text }) => text);
  return texts.flatMap(objectsIn).filter((object) => textAt(object, ["apiVersion"]).includes(".istio.io/"));
}

/** What the topology says the federation's host holds. */
export function hostObjects(topology: Topology, via: Federation, regionBy: RegionBy): readonly ValueMap[] {
  if (via === "plain") return [];
  const files = via === "kubefed" ? renderKubefed(topology, regionBy) : renderKarmada(topology, regionBy);
  return files.flatMap(({ text }) => objectsIn(text));
}

function objectsIn(text: string): readonly ValueMap[] {
  return parseAllDocuments(text)
    .map((document) => {
      const value: unknown = document.toJS();
      return value;
    })
    .filter(isMap);
}

/** One list for each kind that is expected, and what shows how it fares. The namespace comes first. */
export function memberWishes(topology: Topology, regionBy: RegionBy): readonly Wish[] {
  const [region] = topology.regions;
  const expected = region === undefined ? [] : memberObjects(topology, region, regionBy);
  const namespace = namespaceOf(topology);
  const { name } = topology.service;
  const list = { namespace, name: null, labelSelector: null };
  return distinct([
    ...[...expected, ...istioObjects(topology)].map((object) => wishFor(object, namespace)),
    { ...coreKind(PODS), ...list, labelSelector: selectorText(selectorOf(topology)) },
    {
      key: SLICES,
      group: "discovery.k8s.io",
      version: "v1",
      plural: "endpointslices",
      ...list,
      labelSelector: `kubernetes.io/service-name=${name}`,
    },
  ]);
}

/** The Services through which users come in. */
export function entranceWishes(topology: Topology): readonly Wish[] {
  return [
    { ...coreKind("services"), namespace: namespaceOf(topology), name: null, labelSelector: null },
    {
      ...coreKind("services"),
      key: GATEWAY_SERVICES,
      namespace: ISTIO_NAMESPACE,
      name: null,
      labelSelector: selectorText(ISTIO_GATEWAY_LABELS),
    },
  ];
}

export function nodeWish(name: string): Wish {
  return { ...coreKind(NODES), key: nodeKey(name), namespace: null, name, labelSelector: null };
}

export function nodeKey(name: string): string {
  return `${NODES}/${name}`;
}

export function hostWishes(topology: Topology, via: Federation, regionBy: RegionBy): readonly Wish[] {
  if (via === "plain") return [];
  const namespace = namespaceOf(topology);
  const expected = hostObjects(topology, via, regionBy).map((object) => wishFor(object, namespace));
  const all = { namespace: null, name: null, labelSelector: null };
  const own: readonly Wish[] =
    via === "kubefed"
      ? [
          {
            key: KUBEFED_CLUSTERS,
            group: "core.kubefed.io",
            version: "v1beta1",
            plural: "kubefedclusters",
            ...all,
            namespace: KUBEFED_NAMESPACE,
          },
        ]
      : [
          { key: KARMADA_CLUSTERS, group: "cluster.karmada.io", version: "v1alpha1", plural: "clusters", ...all },
          {
            key: KARMADA_BINDINGS,
            group: "work.karmada.io",
            version: "v1alpha2",
            plural: "resourcebindings",
            ...all,
            namespace,
          },
        ];
  return distinct([...expected, ...own]);
}

function coreKind(plural: string): Pick<Wish, "key" | "group" | "version" | "plural"> {
  return { key: plural, group: "", version: "v1", plural };
}

function selectorText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
}

/** The namespace by its name, because a list would be of all; ConfigMaps by theirs, because others' are nobody's business. */
function wishFor(object: ValueMap, namespace: string): Wish {
  const [group = "", version] = textAt(object, ["apiVersion"]).split("/");
  const kind = textAt(object, ["kind"]);
  const name = textAt(object, ["metadata", "name"]);
  return {
    key: keyOfObject(object),
    group: version === undefined ? "" : group,
    version: version ?? group,
    plural: pluralOf(kind),
    namespace: kind === "Namespace" ? null : namespace,
    name: kind === "Namespace" || kind === "ConfigMap" ? name : null,
    labelSelector: null,
  };
}

function distinct(wishes: readonly Wish[]): readonly Wish[] {
  return [...new Map(wishes.map((wish) => [wish.key, wish])).values()];
}
