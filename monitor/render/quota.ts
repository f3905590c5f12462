// What the namespace may use in each cluster, and what a container gets that asks for nothing. The quota follows from the
// cluster's replicas, so that it can stop a stranger or a runaway and never a rollout of the service.
import type { Topology } from "../topology/topology.ts";
import { cpuText, memoryText, SERVICE_AMOUNTS, SIDECAR_AMOUNTS } from "./amounts.ts";
import type { Manifest } from "./manifest.ts";
import { inNamespace } from "./surroundings.ts";
import { REPLICAS_DEFAULT, SURGE_MAX } from "./workload.ts";

/** The limits of a ResourceQuota (`spec.hard`) for a cluster with so many replicas. */
export function quotaLimits(replicas: number): Readonly<Record<string, string>> {
  const pods = podsMost(replicas);
  const { cpuRequest, memoryRequest, memoryLimit } = SERVICE_AMOUNTS;
  return {
    pods: String(pods),
    "requests.cpu": cpuText(pods * (cpuRequest + SIDECAR_AMOUNTS.cpuRequest)),
    "requests.memory": memoryText(pods * (memoryRequest + SIDECAR_AMOUNTS.memoryRequest)),
    "limits.memory": memoryText(pods * (memoryLimit + SIDECAR_AMOUNTS.memoryLimit)),
  };
}

/**
 * A Pod counts until its grace period is over, but a Deployment does not wait for it: at the end of a rollout all of the old
 * ones may still be taking their leave. A quota of replicas and surge alone sends the ReplicaSet into a backoff of up to 16
 * minutes (kubernetes/kubernetes issue 98656).
 */
function podsMost(replicas: number): number {
  return 2 * replicas + SURGE_MAX;
}

export function resourceQuota(topology: Topology): Manifest {
  return {
    object: { ...inNamespace(topology, "v1", "ResourceQuota"), spec: { hard: quotaLimits(REPLICAS_DEFAULT) } },
    notes: {
      "": "Twice the replicas and the surge, each Pod with a sidecar: in a rollout the old Pods still count while they take their leave. What else is put into this namespace counts too, so give it a namespace of its own. No limits.cpu, because the service has none.",
      "/spec/hard": "Each cluster has its own numbers, by its replicas; these would hold where none are given.",
    },
  };
}

export function limitRange(topology: Topology): Manifest {
  const { cpuRequest, memoryRequest, memoryLimit } = SIDECAR_AMOUNTS;
  return {
    object: {
      ...inNamespace(topology, "v1", "LimitRange"),
      spec: {
        limits: [
          {
            type: "Container",
            defaultRequest: { cpu: cpuText(cpuRequest), memory: memoryText(memoryRequest) },
            default: { memory: memoryText(memoryLimit) },
          },
        ],
      },
    },
    notes: {
      "": "For containers that say nothing, which the quota would otherwise refuse: what it reckons a sidecar with. The service and Istio's sidecar say their own. No min and no max: they would refuse somebody's sidecar.",
    },
  };
}
