// What stands around the Deployment in every cluster: namespace, account, ConfigMap, Service, disruption budget and network
// policies. The same in every rendering; a renderer decides only how they reach the cluster.
import type { Topology } from "../topology/topology.ts";
import type { KubeObject, Manifest } from "./manifest.ts";
import {
  CONTAINER_PORT,
  ISTIO_GATEWAY_LABELS,
  ISTIO_NAMESPACE,
  labelsOf,
  namespaceOf,
  PORT_NAME,
  selectorOf,
  SERVICE_PORT,
  UNSET,
} from "./names.ts";
import { PLACE_VARIABLES } from "./workload.ts";

const NAMESPACE_LABEL = "kubernetes.io/metadata.name";
/** Where a sidecar gets its configuration and certificates. */
const ISTIOD_PORT = 15_012;
const DNS_PORT = 53;

export function namespace(topology: Topology): Manifest {
  return {
    object: {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: {
        name: namespaceOf(topology),
        labels: {
          "app.kubernetes.io/part-of": topology.service.name,
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
      data: Object.fromEntries(PLACE_VARIABLES.map((key) => [key, UNSET])),
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

/** Everything is denied first; then what the service needs. */
export function networkPolicies(topology: Topology): readonly Manifest[] {
  const denied = inNamespace(
    topology,
    "networking.k8s.io/v1",
    "NetworkPolicy",
    `${topology.service.name}-default-deny`,
  );
  const allowed = inNamespace(topology, "networking.k8s.io/v1", "NetworkPolicy");
  return [
    {
      object: { ...denied, spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] } },
      notes: {
        "": "Who enforces it: GKE with Dataplane V2, EKS with the network policy agent of its VPC CNI. Elsewhere it says nothing.",
      },
    },
    {
      object: {
        ...allowed,
        spec: {
          podSelector: { matchLabels: selectorOf(topology) },
          policyTypes: ["Ingress", "Egress"],
          ingress: [
            {
              from: [{ ...inside(ISTIO_NAMESPACE), podSelector: { matchLabels: ISTIO_GATEWAY_LABELS } }],
              ports: [tcp(CONTAINER_PORT)],
            },
          ],
          egress: [
            {
              to: [inside("kube-system"), { ipBlock: { cidr: "169.254.0.0/16" } }],
              ports: [{ protocol: "UDP", port: DNS_PORT }, tcp(DNS_PORT)],
            },
            { to: [inside(ISTIO_NAMESPACE)], ports: [tcp(ISTIOD_PORT)] },
          ],
        },
      },
      notes: {
        "/spec/ingress":
          "From the ingress gateway alone. The kubelet's probes come from the node, which is always let in.",
        "/spec/egress":
          "For a sidecar: names (link-local addresses are DNS caches on the node), and its control plane. The service itself calls nobody.",
      },
    },
  ];
}

function inNamespace(topology: Topology, apiVersion: string, kind: string, name = topology.service.name): KubeObject {
  return { apiVersion, kind, metadata: { name, namespace: namespaceOf(topology), labels: labelsOf(topology) } };
}

function inside(name: string): object {
  return { namespaceSelector: { matchLabels: { [NAMESPACE_LABEL]: name } } };
}

function tcp(port: number): object {
  return { protocol: "TCP", port };
}
