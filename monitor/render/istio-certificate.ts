// The certificate of the Istio add-on's gateway, for clusters with cert-manager: its names follow from the topology, and a
// name that is missing there fails every check of that region. A file of its own, because without cert-manager it cannot be
// applied.
import type { Topology } from "../topology/topology.ts";
import type { Manifest, RenderedFile } from "./manifest.ts";
import { credentialOf, hostsOf, ISTIO_NAMESPACE, labelsOf } from "./names.ts";
import { yamlText } from "./yaml-text.ts";

const FILE = "istio-certificate.yaml";
/** To be replaced by whoever runs it. */
const ISSUER = "letsencrypt";

export function renderIstioCertificate(topology: Topology): RenderedFile {
  return { path: FILE, text: yamlText("istio", intro(topology), [certificate(topology)]) };
}

function intro(topology: Topology): string {
  const commands = topology.regions.map(
    ({ cluster }) => `  kubectl --context ${cluster.context} apply -f manifests/${FILE}`,
  );
  return `For clusters with cert-manager: it makes the Secret that the Gateway of istio-addon-manifests.yaml names. Without cert-manager make that Secret by hand, for the same names.
${commands.join("\n")}`;
}

function certificate(topology: Topology): Manifest {
  const name = credentialOf(topology);
  return {
    object: {
      apiVersion: "cert-manager.io/v1",
      kind: "Certificate",
      metadata: { name, namespace: ISTIO_NAMESPACE, labels: labelsOf(topology) },
      spec: {
        secretName: name,
        dnsNames: hostsOf(topology),
        privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
        issuerRef: { group: "cert-manager.io", kind: "ClusterIssuer", name: ISSUER },
      },
    },
    notes: {
      "": "Beside the gateway's Pods: Istio looks for the Secret there, not in the namespace of the service.",
      "/spec/dnsNames": "Every host of the Gateway: the global name, then each region's own.",
      "/spec/issuerRef":
        "Yours. It must use the DNS-01 challenge: an HTTP-01 request for the global name reaches only the region that DNS answers.",
    },
  };
}
