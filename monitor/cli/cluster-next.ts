// What has to follow an edit of the topology, in the order in which it hurts nobody.
import { TOPOLOGY_FILE } from "./topology-file.ts";
import type { Region, Topology } from "../topology/topology.ts";

/** A command, or a sentence where no command of ours or of kubectl's does it. */
export type NextStep =
  | { readonly kind: "run"; readonly command: string; readonly because: string }
  | { readonly kind: "do"; readonly because: string };

const HOST = "HOST";

export function stepsAfterAdding(topology: Topology, region: Region, file: string): readonly NextStep[] {
  const { context } = region.cluster;
  return [
    {
      kind: "run",
      command: `kubefedctl join ${context} --cluster-context ${context} --host-cluster-context ${HOST} --host-cluster-name host`,
      because: "the federation must know the cluster by this very name",
    },
    renderStep(file),
    lintStep(file),
    {
      kind: "run",
      command: `kubectl --context ${HOST} apply -f manifests/kubefed-manifests.yaml`,
      because: "brings the service to the cluster",
    },
    {
      kind: "run",
      command: `kubectl --context ${context} apply -f manifests/istio-addon-manifests.yaml`,
      because: "with the Istio add-on; every other cluster needs it again too, for the new host name",
    },
    { kind: "do", because: dnsStep(topology, region) },
    checkStep(file),
  ];
}

export function stepsAfterRemoving(topology: Topology, region: Region, file: string): readonly NextStep[] {
  const { context } = region.cluster;
  return [
    {
      kind: "do",
      because: `take the record sets of ${region.id} out of Route 53, and wait for their TTL: after the next steps nobody answers there`,
    },
    renderStep(file),
    lintStep(file),
    {
      kind: "run",
      command: `kubectl --context ${HOST} apply -f manifests/kubefed-manifests.yaml`,
      because:
        "deletes the namespace in the cluster, with load balancer and Istio objects; the cluster must be reachable for it",
    },
    {
      kind: "run",
      command: `kubectl --context ${context} get namespace ${topology.service.name}`,
      because: "until it is not found: what is still there when the cluster leaves, stays there",
    },
    {
      kind: "run",
      command: `kubefedctl unjoin ${context} --cluster-context ${context} --host-cluster-context ${HOST} --host-cluster-name host`,
      because: "the federation forgets the cluster",
    },
    checkStep(file),
  ];
}

function renderStep(file: string): NextStep {
  return {
    kind: "run",
    command: `npm run -s monitor -- render all${topologyFlag(file)}`,
    because: "placements, overrides and hosts follow",
  };
}

function checkStep(file: string): NextStep {
  return {
    kind: "run",
    command: `npm run -s monitor -- check${topologyFlag(file)}`,
    because: "what users get now",
  };
}

function topologyFlag(file: string): string {
  return file === TOPOLOGY_FILE ? "" : ` --topology ${file}`;
}

function dnsStep({ dns }: Topology, { id }: Region): string {
  const { policy } = dns;
  return policy.routing === "failover"
    ? `nothing in Route 53: under failover routing only ${policy.primary} and ${policy.secondary} have records, so ${id} is watched but gets no users`
    : `make the record set of ${id} in Route 53, with its health check: until then it gets no users`;
}

function lintStep(file: string): NextStep {
  const sources =
    file === TOPOLOGY_FILE ? "" : ` ${file} manifests/kubefed-types.yaml manifests/kubefed-manifests.yaml`;
  return { kind: "run", command: `npm run -s monitor -- lint${sources}`, because: "what the federation would swallow" };
}
