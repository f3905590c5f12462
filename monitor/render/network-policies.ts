// Who may speak to the Pods, and to whom they may: everything is denied first, then what the service needs.
import type { Topology } from "../topology/topology.ts";
import type { Manifest } from "./manifest.ts";
import { CONTAINER_PORT, ISTIO_GATEWAY_LABELS, ISTIO_NAMESPACE, selectorOf } from "./names.ts";
import { inNamespace } from "./surroundings.ts";

const NETWORKING_API = "networking.k8s.io/v1";
const NAMESPACE_LABEL = "kubernetes.io/metadata.name";
/** Where a sidecar gets its configuration and certificates. */
const ISTIOD_PORT = 15_012;
/** Where a Pod in an ambient mesh is reached: mTLS tunnels, whatever the port inside. */
const HBONE_PORT = 15_008;
/** Of a sidecar: metrics of both, its health, its own metrics. */
const SIDECAR_PORTS = [15_020, 15_021, 15_090];
/** What Istio's CNI makes of the node's address when the kubelet probes a Pod in an ambient mesh. */
const AMBIENT_PROBES = "169.254.7.127/32";
const DNS_PORT = 53;

export function networkPolicies(topology: Topology): readonly Manifest[] {
  return [denied(topology), allowed(topology)];
}

function denied(topology: Topology): Manifest {
  const object = inNamespace(topology, NETWORKING_API, "NetworkPolicy", `${topology.service.name}-default-deny`);
  return {
    object: { ...object, spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] } },
    notes: {
      "": "Who enforces it: GKE with Dataplane V2, EKS with the network policy agent of its VPC CNI. Elsewhere it says nothing.",
    },
  };
}

function allowed(topology: Topology): Manifest {
  return {
    object: {
      ...inNamespace(topology, NETWORKING_API, "NetworkPolicy"),
      spec: {
        podSelector: { matchLabels: selectorOf(topology) },
        policyTypes: ["Ingress", "Egress"],
        ingress: ingress(),
        egress: egress(),
      },
    },
    notes: {
      "/spec/ingress":
        "To the service from the ingress gateway alone. The kubelet's probes come from the node, which is always let in.",
      "/spec/ingress/0/ports/1":
        "HBONE: in an ambient mesh the gateway's tunnel ends at this port of the Pod, and 8080 is only inside of it.",
      "/spec/ingress/1":
        "In an ambient mesh the kubelet's probes come from this address, to which Istio's CNI rewrites the node's, so that they pass without mTLS. It is link-local and means nothing without ambient.",
      "/spec/ingress/2":
        "Metrics and health of a sidecar, for what watches the mesh from beside its control plane. A Prometheus of another namespace needs a policy of its own.",
      "/spec/egress":
        "For a sidecar: names (link-local addresses are DNS caches on the node), and its control plane. The service itself calls nobody.",
    },
  };
}

function ingress(): readonly object[] {
  const istioGateway = { ...inside(ISTIO_NAMESPACE), podSelector: { matchLabels: ISTIO_GATEWAY_LABELS } };
  return [
    { from: [istioGateway], ports: [tcp(CONTAINER_PORT), tcp(HBONE_PORT)] },
    { from: [{ ipBlock: { cidr: AMBIENT_PROBES } }], ports: [tcp(CONTAINER_PORT)] },
    { from: [inside(ISTIO_NAMESPACE)], ports: SIDECAR_PORTS.map(tcp) },
  ];
}

function egress(): readonly object[] {
  return [
    {
      to: [inside("kube-system"), { ipBlock: { cidr: "169.254.0.0/16" } }],
      ports: [{ protocol: "UDP", port: DNS_PORT }, tcp(DNS_PORT)],
    },
    { to: [inside(ISTIO_NAMESPACE)], ports: [tcp(ISTIOD_PORT)] },
  ];
}

function inside(name: string): object {
  return { namespaceSelector: { matchLabels: { [NAMESPACE_LABEL]: name } } };
}

function tcp(port: number): object {
  return { protocol: "TCP", port };
}
