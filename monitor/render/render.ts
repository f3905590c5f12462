// All renderings by name, and what a topology must be besides valid before any of them is made.
import type { Parsed, Problem } from "../problem.ts";
import { formatPath } from "../topology/path.ts";
import type { Topology } from "../topology/topology.ts";
import { type AwsIds, PENDING_IDS } from "../zone/to-aws.ts";
import { renderArgocd } from "./argocd.ts";
import { EXTERNAL_DNS_FOLDER, renderExternalDns } from "./external-dns.ts";
import { renderIstio } from "./istio.ts";
import { renderKarmada } from "./karmada.ts";
import { renderKubefed } from "./kubefed.ts";
import { renderKubefedTypes } from "./kubefed-types.ts";
import { renderLoadbalancer } from "./loadbalancer.ts";
import type { RegionBy, RenderedFile } from "./manifest.ts";
import { renderPlain } from "./plain.ts";
import { ROUTE53_FOLDER, renderRoute53 } from "./route53.ts";

export interface RenderOptions {
  readonly regionBy: RegionBy;
  /** Route 53's ids, as far as they are known. */
  readonly ids: AwsIds;
}

export interface Rendering {
  readonly render: (topology: Topology, options: RenderOptions) => readonly RenderedFile[];
  /** Files are left over when they stand in this folder and are no longer rendered; null: none can be. */
  readonly folder: string | null;
}

/** In the order in which "all" renders them. */
export const RENDERINGS: Readonly<Record<string, Rendering>> = {
  kubefed: {
    render: (topology, { regionBy }) => [...renderKubefedTypes(), ...renderKubefed(topology, regionBy)],
    folder: null,
  },
  istio: { render: renderIstio, folder: null },
  loadbalancer: { render: renderLoadbalancer, folder: "loadbalancer" },
  karmada: { render: (topology, { regionBy }) => renderKarmada(topology, regionBy), folder: "karmada" },
  argocd: { render: (topology, { regionBy }) => renderArgocd(topology, regionBy), folder: "argocd" },
  plain: { render: (topology, { regionBy }) => renderPlain(topology, regionBy), folder: "plain" },
  route53: { render: (topology, { ids }) => renderRoute53(topology, ids), folder: ROUTE53_FOLDER },
  "external-dns": { render: (topology, { ids }) => renderExternalDns(topology, ids), folder: EXTERNAL_DNS_FOLDER },
};

/** The longest name here is that with "-tls"; a Service's name is one label (RFC 1035), which starts with a letter. */
const NAME = /^[a-z]([a-z0-9-]{0,57}[a-z0-9])?$/;
/** KubeFed's controllers ignore these, and whatever starts with "kube-". */
const RESERVED: ReadonlySet<string> = new Set(["default", "kube-federation-system"]);
/** A KubeFedCluster's name is that of a Kubernetes object. */
const CLUSTER_NAME = /^(?=.{1,253}$)[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/;

/** Files by path; all that keeps the topology from being rendered. `names` are keys of RENDERINGS. */
export function renderFiles(
  topology: Topology,
  names: readonly string[],
  regionBy: RegionBy,
  ids: AwsIds = PENDING_IDS,
): Parsed<readonly RenderedFile[]> {
  const problems = renderProblems(topology);
  if (problems.length > 0) return { ok: false, problems };
  const files = names.flatMap((name) => RENDERINGS[name]?.render(topology, { regionBy, ids }) ?? []);
  return { ok: true, value: files.toSorted((a, b) => (a.path < b.path ? -1 : 1)) };
}

function renderProblems(topology: Topology): readonly Problem[] {
  const found: Problem[] = [];
  const { name } = topology.service;
  if (topology.local)
    found.push({ path: "local", message: "expected a topology of real clusters, found one of the local world" });
  if (!NAME.test(name)) {
    const expected = "a name for a Kubernetes Service: a letter first, at most 59 characters";
    found.push({ path: "service.name", message: `expected ${expected}, found "${name}"` });
  }
  if (RESERVED.has(name) || name.startsWith("kube-")) {
    const expected = "a name that is not one of Kubernetes' own namespaces, because the namespace is called the same";
    found.push({ path: "service.name", message: `expected ${expected}, found "${name}"` });
  }
  topology.regions.forEach(({ cluster }, index) => {
    if (CLUSTER_NAME.test(cluster.context)) return;
    const expected = "a name that a cluster can have in federation, of lower case letters, digits, hyphens and dots";
    const way = `kubectl config rename-context ${cluster.context} NAME`;
    found.push({
      path: formatPath(["regions", index, "cluster", "context"]),
      message: `expected ${expected}, found "${cluster.context}" (${way})`,
    });
  });
  return found;
}
