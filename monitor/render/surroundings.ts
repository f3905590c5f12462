// What stands around the Deployment in every cluster: namespace, account, ConfigMap, Service and disruption budget (what it
// may use is in `quota.ts`). The same in every rendering; a renderer decides only how they reach the cluster.
import type { Topology } from "../topology/topology.ts";
import { placeVariables } from "./container.ts";
import type { KubeObject, Manifest } from "./manifest.ts";
import { labelsOf, MANAGED_BY, namespaceOf, PORT_NAME, selectorOf, SERVICE_PORT, UNSET } from "./names.ts";

export function namespace(topology: Topology): Manifest {
  return {
    object: {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: {
        name: namespaceOf(topology),
        labels: {
          "app.kubernetes.io/part-of": topology.service.name,
          ...MANAGED_BY,
          "istio-injection": "enabled",
          "pod-security.kubernetes.io/enforce": "restricted",
          "pod-security.kubernetes.io/audit": "restricted",
          "pod-security.kubernetes.io/warn": "restricted",
        },
      },
    },
    notes: {
      "/metadata/labels/istio-injection": "Without Istio in the cluster this label does nothing.",
      "/metadata/labels/pod-security.kubernetes.io~1enforce":
        "Restricted refuses the istio-init container, which needs NET_ADMIN: with Istio, install its CNI plugin (`--set components.cni.enabled=true`), or lower this to privileged.",
    },
  };
}

export function serviceAccount(topology: Topology): Manifest {
  return { object: { ...inNamespace(topology, "v1", "ServiceAccount"), automountServiceAccountToken: false } };
}

export function configMap(topology: Topology): Manifest {
  return {
    object: {
      ...inNamespace(topology, "v1", "ConfigMap"),
      data: Object.fromEntries(placeVariables(topology).map((key) => [key, UNSET])),
    },
    notes: {
      "/data": `Each cluster replaces these by its own. "${UNSET}" in an answer of the service means that none did.`,
    },
  };
}

export function service(topology: Topology): Manifest {
  return {
    object: {
      ...inNamespace(topology, "v1", "Service"),
      spec: {
        type: "ClusterIP",
        selector: selectorOf(topology),
        ports: [{ name: PORT_NAME, port: SERVICE_PORT, targetPort: PORT_NAME, protocol: "TCP", appProtocol: "http" }],
      },
    },
  };
}

export function disruptionBudget(topology: Topology): Manifest {
  return {
    object: {
      ...inNamespace(topology, "policy/v1", "PodDisruptionBudget"),
      spec: {
        maxUnavailable: 1,
        unhealthyPodEvictionPolicy: "AlwaysAllow",
        selector: { matchLabels: selectorOf(topology) },
      },
    },
    notes: { "/spec/unhealthyPodEvictionPolicy": "A Pod that serves nobody must not keep a node from being drained." },
  };
}

export function inNamespace(
  topology: Topology,
  apiVersion: string,
  kind: string,
  name = topology.service.name,
): KubeObject {
  return { apiVersion, kind, metadata: { name, namespace: namespaceOf(topology), labels: labelsOf(topology) } };
}
