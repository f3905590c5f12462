// What each cluster ends with, written out: for `kubectl apply` without any federation, and to compare the others with.
import type { Topology } from "../topology/topology.ts";
import { clusterManifests } from "./cluster-change.ts";
import type { RegionBy, RenderedFile } from "./manifest.ts";
import { yamlText } from "./yaml-text.ts";

export function renderPlain(topology: Topology, regionBy: RegionBy): readonly RenderedFile[] {
  const command = regionBy === "configmap" ? "plain" : `plain --region-by ${regionBy}`;
  return topology.regions.map((region) => {
    const path = `plain/${region.id}.yaml`;
    const intro = `  kubectl --context ${region.cluster.context} apply -f manifests/${path}`;
    return { path, text: yamlText(command, intro, clusterManifests(topology, region, regionBy)) };
  });
}
