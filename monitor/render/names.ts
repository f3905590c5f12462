// The names, labels and numbers on which several objects must agree, said once.
import type { Topology } from "../topology/topology.ts";

/** Where `istioctl install` puts its control plane and its ingress gateway, and what it calls them. */
export const ISTIO_NAMESPACE = "istio-system";
export const ISTIO_GATEWAY_LABELS = { istio: "ingressgateway" } as const;
export const ISTIO_GATEWAY_ACCOUNT = "istio-ingressgateway-service-account";

export const CONTAINER = "app";
export const CONTAINER_PORT = 8080;
export const SERVICE_PORT = 80;
export const PORT_NAME = "http";

/** A region that nobody set: the service reports it, and every check of its claim then fails loudly. */
export const UNSET = "unset";

export function namespaceOf(topology: Topology): string {
  return topology.service.name;
}

/** The label that Deployment, Service and policies find the Pods by; it can never change, so it holds nothing that might. */
export function selectorOf(topology: Topology): Readonly<Record<string, string>> {
  return { app: topology.service.name };
}

/** Whose texts these are. Who brings them to a cluster, KubeFed or another, may change without the object changing. */
export const MANAGED_BY = { "app.kubernetes.io/managed-by": "multicloud-probe" } as const;

/** Kubernetes' recommended labels; the version is apart, because it is the Pods' alone. One instance in each cluster. */
export function labelsOf(topology: Topology): Readonly<Record<string, string>> {
  return {
    ...selectorOf(topology),
    "app.kubernetes.io/name": topology.service.name,
    "app.kubernetes.io/instance": topology.service.name,
    "app.kubernetes.io/component": "server",
    "app.kubernetes.io/part-of": topology.service.name,
    ...MANAGED_BY,
  };
}

/** The tag of the image; null for an image without one, whose own VERSION then stands. */
export function imageTag(image: string): string | null {
  const [name = ""] = image.split("@");
  return /:([A-Za-z0-9_][A-Za-z0-9_.-]{0,127})$/.exec(name)?.[1] ?? null;
}

/** A label's value has at most 63 characters and ends in a letter or digit; a longer tag is no label. */
export function versionLabel(topology: Topology): Readonly<Record<string, string>> {
  const tag = imageTag(topology.service.image);
  const fits = tag !== null && /^[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/.test(tag);
  return fits ? { "app.kubernetes.io/version": tag } : {};
}

/** Every name that users and checkers reach the service by: the global one, then each region's own, each once. */
export function hostsOf(topology: Topology): readonly string[] {
  const regional = topology.regions.map(({ endpoint }) => /^[a-z]+:\/\/([^/:]+)/.exec(endpoint.url)?.[1] ?? "");
  return [...new Set([topology.service.host, ...regional])];
}

/** The Secret with the gateway's certificate. */
export function credentialOf(topology: Topology): string {
  return `${topology.service.name}-tls`;
}

export function serviceHost(topology: Topology): string {
  return `${topology.service.name}.${namespaceOf(topology)}.svc.cluster.local`;
}
