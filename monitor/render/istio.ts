// The Istio add-on: mTLS inside the namespace, and one gateway that serves the global name and every region's own. Applied to
// each member by itself: KubeFed leaves alone what it did not make, so drills may break these objects and nobody mends them.
import type { Topology } from "../topology/topology.ts";
import { renderIstioCertificate } from "./istio-certificate.ts";
import type { KubeObject, Manifest, RenderedFile } from "./manifest.ts";
import {
  CONTAINER_PORT,
  credentialOf,
  hostsOf,
  ISTIO_GATEWAY_ACCOUNT,
  ISTIO_GATEWAY_LABELS,
  ISTIO_NAMESPACE,
  labelsOf,
  namespaceOf,
  selectorOf,
  SERVICE_PORT,
  serviceHost,
} from "./names.ts";
import { yamlText } from "./yaml-text.ts";

const FILE = "istio-addon-manifests.yaml";

export function renderIstio(topology: Topology): readonly RenderedFile[] {
  const manifests = [
    peerAuthentication(topology),
    destinationRule(topology),
    gateway(topology),
    virtualService(topology),
    authorizationPolicy(topology),
  ];
  return [{ path: FILE, text: yamlText("istio", intro(topology), manifests) }, renderIstioCertificate(topology)];
}

function intro(topology: Topology): string {
  const commands = topology.regions.map(
    ({ cluster }) => `  kubectl --context ${cluster.context} apply -f manifests/${FILE}`,
  );
  return `The same file for every cluster, once Istio is installed there (names as by "istioctl install": namespace ${ISTIO_NAMESPACE}, Pods labelled istio=${ISTIO_GATEWAY_LABELS.istio}; Helm's gateway chart names both after its release) and the Pods have been made anew with a sidecar.
${commands.join("\n")}

The certificate is a Secret ${credentialOf(topology)} in the namespace of the gateway, ${ISTIO_NAMESPACE}, and must hold every host of the Gateway below: istio-certificate.yaml asks cert-manager for it.`;
}

function peerAuthentication(topology: Topology): Manifest {
  return {
    object: {
      ...istioObject(topology, "security", "PeerAuthentication", "default"),
      spec: { mtls: { mode: "STRICT" } },
    },
    notes: {
      "": "Only mTLS from here on: plain HTTP straight to a Pod is reset, the load balancer of loadbalancer/ included. The kubelet's probes go on, because Istio rewrites them to its agent (sidecarInjectorWebhook.rewriteAppHTTPProbe, on by default).",
    },
  };
}

function destinationRule(topology: Topology): Manifest {
  return {
    object: {
      ...istioObject(topology, "networking", "DestinationRule"),
      spec: { host: serviceHost(topology), trafficPolicy: { tls: { mode: "ISTIO_MUTUAL" } } },
    },
    notes: { "": "Istio would do this by itself; written down, a rule for all hosts cannot turn it off here." },
  };
}

function gateway(topology: Topology): Manifest {
  const hosts = hostsOf(topology);
  return {
    object: {
      ...istioObject(topology, "networking", "Gateway"),
      spec: {
        selector: ISTIO_GATEWAY_LABELS,
        servers: [
          {
            port: { number: 443, name: "https", protocol: "HTTPS" },
            hosts,
            tls: { mode: "SIMPLE", credentialName: credentialOf(topology), minProtocolVersion: "TLSV1_2" },
          },
          { port: { number: 80, name: "http", protocol: "HTTP" }, hosts, tls: { httpsRedirect: true } },
        ],
      },
    },
    notes: {
      "/spec/selector": "The labels of the gateway's Pods.",
      "/spec/servers/0/hosts":
        "The regions' own names too: health checks and probes ask each region by its name. A host that is not here gets 404.",
      "/spec/servers/1":
        "Answers 301 even when the service is dead, and 301 passes a Route 53 check: check HTTPS, never this port.",
    },
  };
}

function virtualService(topology: Topology): Manifest {
  const [healthPath = "/healthz"] = topology.dns.healthCheck.path.split("?");
  const route = [{ destination: { host: serviceHost(topology), port: { number: SERVICE_PORT } } }];
  return {
    object: {
      ...istioObject(topology, "networking", "VirtualService"),
      spec: {
        hosts: hostsOf(topology),
        gateways: [`${namespaceOf(topology)}/${topology.service.name}`],
        http: [
          { name: "health", match: [{ uri: { exact: healthPath } }], route, retries: { attempts: 0 }, timeout: "5s" },
          { name: "all", route, timeout: "15s" },
        ],
      },
    },
    notes: {
      "/spec/http/0":
        "Its own rule and first: without retries a checker sees what is, and a drill can abort this one path and leave users alone.",
    },
  };
}

function authorizationPolicy(topology: Topology): Manifest {
  const principal = `cluster.local/ns/${ISTIO_NAMESPACE}/sa/${ISTIO_GATEWAY_ACCOUNT}`;
  return {
    object: {
      ...istioObject(topology, "security", "AuthorizationPolicy"),
      spec: {
        selector: { matchLabels: selectorOf(topology) },
        action: "ALLOW",
        rules: [
          {
            from: [{ source: { principals: [principal] } }],
            to: [{ operation: { ports: [String(CONTAINER_PORT)] } }],
          },
        ],
      },
    },
    notes: {
      "/spec/rules/0/from/0": "The account of the gateway. Everyone else, with mTLS or without, gets 403.",
    },
  };
}

function istioObject(
  topology: Topology,
  group: "security" | "networking",
  kind: string,
  name = topology.service.name,
): KubeObject {
  const metadata = { name, namespace: namespaceOf(topology), labels: labelsOf(topology) };
  return { apiVersion: `${group}.istio.io/v1`, kind, metadata };
}
