// What has to follow an edit of the topology, in the order in which it hurts nobody: a region gets users last, and loses them
// first.
import { credentialOf, hostsOf, ISTIO_NAMESPACE } from "../render/names.ts";
import type { Region, Topology } from "../topology/topology.ts";
import { splitUrl } from "../topology/url.ts";
import { healthCheckText, ownNameTexts, sharedRecordTexts } from "./cluster-records.ts";
import { TOPOLOGY_FILE } from "./topology-file.ts";

/** A command, or a sentence where no command of ours or of kubectl's does it. */
export type NextStep =
  | { readonly kind: "run"; readonly command: string; readonly because: string }
  | { readonly kind: "do"; readonly because: string };

const HOST = "HOST";
const JOINED = "kube-federation-system";

export function stepsAfterAdding(topology: Topology, region: Region, file: string): readonly NextStep[] {
  const { context } = region.cluster;
  const { name } = topology.service;
  const own = ownNameTexts(topology, region);
  const shared = sharedRecordTexts(topology, region);
  return [
    run(
      `kubefedctl join ${context} --cluster-context ${context} --host-cluster-context ${HOST} --host-cluster-name host`,
      "the federation must know the cluster by this very name",
    ),
    run(
      `kubectl --context ${HOST} -n ${JOINED} wait --for=condition=Ready kubefedcluster/${context} --timeout=120s`,
      "a cluster that KubeFed does not reach is passed over",
    ),
    renderStep(file),
    lintStep(file),
    run(
      `kubectl --context ${HOST} apply -f manifests/kubefed-types.yaml`,
      "first the types that KubeFed's chart lacks, which it takes about 20 s to take up; nothing changes where they are known",
    ),
    run(`kubectl --context ${HOST} apply -f manifests/kubefed-manifests.yaml`, "brings the service to the cluster"),
    ...pullSecretSteps(topology, context),
    run(
      `kubectl --context ${context} -n ${name} rollout status deployment/${name} --timeout=120s`,
      "KubeFed takes some seconds to make it there, and what follows needs its namespace",
    ),
    ...entranceSteps(topology, region),
    ...own.map((record) => byHand(`${record}, the name by which it is probed`)),
    deployStep(),
    checkStep(file, `${region.id} must answer as ${region.region} before anybody is sent there`),
    ...(shared.length === 0
      ? [byNobody(topology, region)]
      : [
          ...(region.dnsHealthCheck ? [byHand(`a health check ${healthCheckText(topology, region)}`)] : []),
          ...shared.map((record) => byHand(`${record}: from then on it gets users`)),
          checkStep(file, "what users get now"),
        ]),
  ];
}

export function stepsAfterRemoving(topology: Topology, region: Region, file: string): readonly NextStep[] {
  const { context } = region.cluster;
  const own = ownNameTexts(topology, region);
  const shared = sharedRecordTexts(topology, region);
  const { ttlSeconds } = topology.dns.policy;
  return [
    ...shared.map((record) =>
      doIt(
        `take out of Route 53: ${record}; then wait ${ttlSeconds} s, its TTL: after the next steps nobody answers there`,
      ),
    ),
    renderStep(file),
    lintStep(file),
    deployStep(),
    run(
      `kubectl --context ${context} delete -f manifests/loadbalancer/service.yaml --ignore-not-found`,
      "where it has a load balancer of its own: the cloud gives it back while its controller is still there to ask",
    ),
    run(
      `kubectl --context ${context} delete -f manifests/istio-addon-manifests.yaml -f manifests/istio-certificate.yaml --ignore-not-found`,
      "where it has the Istio add-on; the certificate is in a namespace that stays",
    ),
    run(
      `kubectl --context ${context} -n ${ISTIO_NAMESPACE} delete secret ${credentialOf(topology)} --ignore-not-found`,
      "the certificate's key",
    ),
    run(
      `kubectl --context ${HOST} apply -f manifests/kubefed-manifests.yaml`,
      "deletes the namespace in the cluster, with all that is inside of it; the cluster must be reachable for it",
    ),
    run(
      `kubectl --context ${context} get namespace ${topology.service.name}`,
      "until it is not found: what is still there when the cluster leaves, stays there",
    ),
    run(
      `kubefedctl unjoin ${context} --cluster-context ${context} --host-cluster-context ${HOST} --host-cluster-name host`,
      "the federation forgets the cluster",
    ),
    istioStep(
      topology,
      "with the Istio add-on: the others' Gateway, VirtualService and certificate forget its host name",
    ),
    ...(shared.length > 0 && region.dnsHealthCheck
      ? [doIt(`take out of Route 53: the health check ${healthCheckText(topology, region)}`)]
      : []),
    ...own.map((record) => doIt(`take out of Route 53: ${record}`)),
    checkStep(file, "what users get now"),
  ];
}

function run(command: string, because: string): NextStep {
  return { kind: "run", command, because };
}

function doIt(because: string): NextStep {
  return { kind: "do", because };
}

function byHand(record: string): NextStep {
  return doIt(`by hand in Route 53: ${record}`);
}

/** No Secret is in a file, so each cluster gets it from a person. */
function pullSecretSteps({ service }: Topology, context: string): readonly NextStep[] {
  const { imagePullSecret: secret, name } = service;
  return secret === undefined
    ? []
    : [doIt(`make the Secret ${secret} in the namespace ${name} of ${context}: without it the image is not pulled`)];
}

/** Either the add-on or a load balancer, never both: under STRICT mTLS the latter's plain HTTP is reset. */
function entranceSteps(topology: Topology, region: Region): readonly NextStep[] {
  const { context } = region.cluster;
  const host = splitUrl(region.endpoint.url)?.host ?? region.endpoint.url;
  const addresses = region.endpoint.addresses.join(", ");
  return [
    istioStep(
      topology,
      `with the Istio add-on, in every cluster: all Gateways, VirtualServices and certificates get ${host}. Without cert-manager leave the certificate's file out, and put all ${hostsOf(topology).length} hosts into the Secret ${credentialOf(topology)} in ${ISTIO_NAMESPACE} by hand`,
    ),
    run(
      `kubectl --context ${context} apply -f manifests/loadbalancer/service.yaml`,
      `without Istio instead, in the new cluster alone; it speaks plain HTTP, so end the TLS of ${region.endpoint.url} there`,
    ),
    doIt(`give that entrance the address ${addresses}, reserved at the cloud: the topology says that DNS answers it`),
  ];
}

function istioStep({ regions }: Topology, because: string): NextStep {
  const contexts = regions.map(({ cluster }) => cluster.context).join(" ");
  const files = "-f manifests/istio-certificate.yaml -f manifests/istio-addon-manifests.yaml";
  return run(`for c in ${contexts}; do kubectl --context "$c" apply ${files}; done`, because);
}

function byNobody({ dns }: Topology, { id }: Region): NextStep {
  const { policy } = dns;
  const roles = policy.routing === "failover" ? ` only ${policy.primary} and ${policy.secondary} have records,` : "";
  return doIt(`no more in Route 53: under ${policy.routing} routing${roles} so ${id} is watched but gets no users`);
}

function renderStep(file: string): NextStep {
  return run(`npm run -s monitor -- render all${topologyFlag(file)}`, "placements, overrides, quotas and hosts follow");
}

function lintStep(file: string): NextStep {
  const sources =
    file === TOPOLOGY_FILE ? "" : ` ${file} manifests/kubefed-types.yaml manifests/kubefed-manifests.yaml`;
  return run(`npm run -s monitor -- lint${sources}`, "what the federation would swallow");
}

/** The topology is bundled into the Worker, which would go on with what it was deployed with. */
function deployStep(): NextStep {
  return run("npx wrangler deploy", "the Worker carries the topology in it, and watches what it was deployed with");
}

function checkStep(file: string, because: string): NextStep {
  return run(`npm run -s monitor -- check${topologyFlag(file)}`, because);
}

function topologyFlag(file: string): string {
  return file === TOPOLOGY_FILE ? "" : ` --topology ${file}`;
}
