// GitOps: a kustomize base with one overlay for each cluster, an Argo CD ApplicationSet that brings each overlay to its
// cluster, and the same for Flux. Overlays patch by path, as the overrides of KubeFed do.
import { stringify } from "yaml";
import type { Region, Topology } from "../topology/topology.ts";
import { baseManifests, changesOf, clusterChanges } from "./cluster-change.ts";
import { fluxManifests } from "./flux.ts";
import type { Manifest, RegionBy, RenderedFile } from "./manifest.ts";
import { namespaceOf } from "./names.ts";
import { yamlText } from "./yaml-text.ts";

const FOLDER = "argocd";
const KUSTOMIZE_API = "kustomize.config.k8s.io/v1beta1";
/** To be replaced by whoever runs it; Dockerfile and topology name the same organisation. */
export const REPOSITORY = "https://github.com/your-org/multicloud-probe.git";

const INTRO = `One Application for each cluster of the topology, which Argo CD must know by the name of its context.
  kubectl --context ARGOCD apply -f manifests/argocd/applicationset.yaml`;

const FLUX_INTRO = `The same with Flux, from one managing cluster: each Secret holds a kubeconfig of the cluster that it is named after.
  kubectl --context FLUX apply -f manifests/argocd/flux.yaml`;

export function renderArgocd(topology: Topology, regionBy: RegionBy): readonly RenderedFile[] {
  const command = regionBy === "configmap" ? "argocd" : `argocd --region-by ${regionBy}`;
  const file = (name: string, intro: string, manifests: readonly Manifest<object>[]): RenderedFile => ({
    path: `${FOLDER}/${name}`,
    text: yamlText(command, intro, manifests),
  });
  const base = baseManifests(topology, regionBy);
  return [
    file("applicationset.yaml", INTRO, [applicationSet(topology)]),
    file("flux.yaml", FLUX_INTRO, fluxManifests(topology, REPOSITORY)),
    file("base/kustomization.yaml", "", [
      { object: { apiVersion: KUSTOMIZE_API, kind: "Kustomization", resources: ["objects.yaml"] } },
    ]),
    file("base/objects.yaml", "Never applied as it is: the overlays say what each cluster has of its own.", base),
    ...topology.regions.map((region) =>
      file(
        `overlays/${region.id}/kustomization.yaml`,
        `  kubectl --context ${region.cluster.context} apply -k manifests/${overlayOf(region)}`,
        [overlay(topology, region, regionBy)],
      ),
    ),
  ];
}

function overlayOf(region: Region): string {
  return `${FOLDER}/overlays/${region.id}`;
}

function overlay(topology: Topology, region: Region, regionBy: RegionBy): Manifest<object> {
  const changes = clusterChanges(topology, region, regionBy);
  const patches = baseManifests(topology, regionBy).flatMap(({ object }) => {
    const own = changesOf(changes, object).map(({ path, value }) => ({ op: "replace", path, value }));
    const target = { kind: object.kind, name: object.metadata.name };
    return own.length === 0 ? [] : [{ target, patch: stringify(own) }];
  });
  return { object: { apiVersion: KUSTOMIZE_API, kind: "Kustomization", resources: ["../../base"], patches } };
}

function applicationSet(topology: Topology): Manifest {
  return {
    object: {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "ApplicationSet",
      metadata: { name: topology.service.name, namespace: "argocd" },
      spec: {
        goTemplate: true,
        goTemplateOptions: ["missingkey=error"],
        generators: [
          {
            list: {
              elements: topology.regions.map((region) => ({
                id: region.id,
                cluster: region.cluster.context,
                path: `manifests/${overlayOf(region)}`,
              })),
            },
          },
        ],
        syncPolicy: { applicationsSync: "create-update", preserveResourcesOnDeletion: true },
        template: applicationTemplate(topology),
      },
    },
    notes: {
      "/spec/goTemplateOptions": "A misspelt key stops everything, instead of deploying to nowhere.",
      "/spec/syncPolicy":
        "A cluster that leaves this list keeps running what it has, until somebody deletes its Application.",
      "/spec/template/spec/source/repoURL": "Yours.",
      "/spec/template/spec/syncPolicy/automated": "What KubeFed does against drift.",
    },
  };
}

function applicationTemplate(topology: Topology): object {
  return {
    metadata: { name: `${topology.service.name}-{{.id}}` },
    spec: {
      project: "default",
      source: { repoURL: REPOSITORY, targetRevision: "main", path: "{{.path}}" },
      destination: { name: "{{.cluster}}", namespace: namespaceOf(topology) },
      syncPolicy: { automated: { prune: true, selfHeal: true } },
    },
  };
}
