// A public load balancer straight to the Pods, for clusters without a gateway. Not federated: each cloud wants annotations of
// its own, which KubeFed would not let through.
import type { Topology } from "../topology/topology.ts";
import type { Manifest, RenderedFile } from "./manifest.ts";
import { CONTAINER_PORT, labelsOf, namespaceOf, PORT_NAME, selectorOf, SERVICE_PORT } from "./names.ts";
import { yamlText } from "./yaml-text.ts";

const FILE = "loadbalancer/service.yaml";

export function renderLoadbalancer(topology: Topology): readonly RenderedFile[] {
  return [{ path: FILE, text: yamlText("loadbalancer", intro(topology), [balancer(topology), entrance(topology)]) }];
}

function intro(topology: Topology): string {
  const commands = topology.regions.map(
    ({ cluster }) => `  kubectl --context ${cluster.context} apply -f manifests/${FILE}`,
  );
  return `One load balancer for each cluster, the same file for all of them:
${commands.join("\n")}

Not together with istio-addon-manifests.yaml: under STRICT mTLS its plain HTTP is reset by the Pods, and the AuthorizationPolicy lets in the gateway alone. With the add-on the gateway's own load balancer is the entrance.
It speaks plain HTTP on port ${SERVICE_PORT}. The endpoints of the topology are https: end TLS at the load balancer, by annotations of your cloud.
A load balancer whose targets are the Pods' own addresses (an NLB with IP targets) takes tens of seconds to deregister one, and sends it new connections meanwhile. The service accepts them for DRAIN_DELAY_MS after SIGTERM; where deregistration takes longer than that, a rollout has connections refused.
KubeFed leaves it alone, but deletes it together with the federated namespace. Its address then changes, and DNS does not know.`;
}

function balancer(topology: Topology): Manifest {
  return {
    object: {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: `${topology.service.name}-lb`, namespace: namespaceOf(topology), labels: labelsOf(topology) },
      spec: {
        type: "LoadBalancer",
        externalTrafficPolicy: "Local",
        selector: selectorOf(topology),
        ports: [{ name: PORT_NAME, port: SERVICE_PORT, targetPort: PORT_NAME, protocol: "TCP", appProtocol: "http" }],
      },
    },
    notes: {
      "/metadata/labels": `DNS answers the addresses of the topology, so reserve them. With the AWS Load Balancer Controller:
  service.beta.kubernetes.io/aws-load-balancer-type: external
  service.beta.kubernetes.io/aws-load-balancer-scheme: internet-facing
  service.beta.kubernetes.io/aws-load-balancer-nlb-target-type: ip
  service.beta.kubernetes.io/aws-load-balancer-eip-allocations: eipalloc-…
and on GKE:
  networking.gke.io/load-balancer-ip-addresses: NAME-OF-A-RESERVED-ADDRESS`,
      "/spec/externalTrafficPolicy": "The Pods see who asked, and nodes without a Pod take no part.",
    },
  };
}

/** Network policies add up: this one opens what the default denies. */
function entrance(topology: Topology): Manifest {
  return {
    object: {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { name: `${topology.service.name}-lb`, namespace: namespaceOf(topology), labels: labelsOf(topology) },
      spec: {
        podSelector: { matchLabels: selectorOf(topology) },
        policyTypes: ["Ingress"],
        ingress: [{ ports: [{ protocol: "TCP", port: CONTAINER_PORT }] }],
      },
    },
    notes: { "/spec/ingress": "From everywhere: the policy that comes with the Deployment lets in the gateway alone." },
  };
}
