// The Flux example beside the ApplicationSet: one source, and one Kustomization for each cluster.
import type { Topology } from "../topology/topology.ts";
import type { Manifest } from "./manifest.ts";

const NAMESPACE = "flux-system";

export function fluxManifests(topology: Topology, repository: string): readonly Manifest[] {
  const { name } = topology.service;
  const source: Manifest = {
    object: {
      apiVersion: "source.toolkit.fluxcd.io/v1",
      kind: "GitRepository",
      metadata: { name, namespace: NAMESPACE },
      spec: { interval: "1m", url: repository, ref: { branch: "main" } },
    },
    notes: { "/spec/url": "Yours." },
  };
  return [source, ...topology.regions.map((region) => kustomization(name, region.id))];
}

function kustomization(name: string, region: string): Manifest {
  return {
    object: {
      apiVersion: "kustomize.toolkit.fluxcd.io/v1",
      kind: "Kustomization",
      metadata: { name: `${name}-${region}`, namespace: NAMESPACE },
      spec: {
        interval: "10m",
        path: `./manifests/argocd/overlays/${region}`,
        prune: true,
        wait: true,
        timeout: "5m",
        sourceRef: { kind: "GitRepository", name },
        kubeConfig: { secretRef: { name: `${region}-kubeconfig` } },
      },
    },
  };
}
