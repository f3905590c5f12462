// Everything that a cluster can have wrong, one row each: how bad it is, what to do about it and how we know. Judges name a
// row and say what they saw.
import type { VerdictKind } from "../model/verdict.ts";
import type { Finding } from "../model/finding.ts";

export interface ClusterRule {
  readonly severity: Finding["severity"];
  /** Of the object it is seen at. */
  readonly verdict: VerdictKind;
  /** What goes wrong, in one sentence without values. */
  readonly wrong: string;
  readonly fix: string;
  readonly source: string;
}

const error = { severity: "error", verdict: "deviates" } as const;
const warning = { severity: "warning", verdict: "conforms" } as const;
const note = { severity: "note", verdict: "conforms" } as const;
/** It goes by, or becomes something worse. */
const passing = { severity: "warning", verdict: "converging" } as const;
/** We do not know. */
const unseen = { severity: "warning", verdict: "undecided" } as const;

const API = "Kubernetes API Reference";
const KUBEFED = "KubeFed v0.10, pkg/controller/sync/status/status.go";
const KARMADA = "Karmada v1.18, pkg/apis/work/v1alpha2/binding_types.go";

export const CLUSTER_RULES = {
  "CL-CONTEXT": {
    ...unseen,
    wrong: "the kubeconfig has no such context",
    fix: "Add the cluster to the kubeconfig and give its context the topology's name: `kubectl config rename-context OLD NEW`.",
    source: "the kubeconfig",
  },
  "CL-CREDENTIALS": {
    ...unseen,
    wrong: "the API server does not take the credentials, or their plugin fails",
    fix: "Log in again, and try `kubectl --context CONTEXT get namespace`: the same plugin is asked there.",
    source: `${API}, status 401; kubeconfig's exec`,
  },
  "CL-UNREACHABLE": {
    ...unseen,
    wrong: "the API server does not answer",
    fix: "Look whether the cluster is there and its API may be reached from here (VPN, authorized networks); --timeout gives it longer.",
    source: "the connection",
  },
  "CL-RBAC": {
    ...unseen,
    wrong: "the user may not read something that must be read",
    fix: "Bind the ClusterRole that `monitor verify --cluster-role` prints; it reads no secrets and changes nothing.",
    source: `${API}, status 403`,
  },
  "CL-NOT-READ": {
    ...unseen,
    wrong: "an answer could not be understood, or there was too much of it",
    fix: "Look at it with `kubectl get --raw`; something between here and the API server may answer in its place.",
    source: API,
  },
  "CL-NO-KIND": {
    ...error,
    wrong: "the API server does not know a kind that the manifests hold",
    fix: "Install what brings the kind (KubeFed's types: manifests/kubefed-types.yaml), or a Kubernetes that has it.",
    source: `${API}, status 404 without an object`,
  },
  "CL-MISSING": {
    ...error,
    wrong: "an object that the manifests hold is not there",
    fix: "Apply the manifests again; where a federation brings them, look at its host first: `monitor verify --via …`.",
    source: "monitor render",
  },
  "CL-DELETING": {
    ...error,
    wrong: "an object is being deleted",
    fix: "Find who deletes it; a namespace that stays Terminating waits for a finalizer, often of a cloud load balancer.",
    source: `${API}, metadata.deletionTimestamp`,
  },
  "CL-DRIFT": {
    ...error,
    wrong: "an object differs from what was rendered",
    fix: "Render and apply again, or bring the change into the topology: by hand it lasts until the next time.",
    source: "monitor render",
  },
  "CL-IMAGE": {
    ...error,
    wrong: "the Deployment runs another image than the topology says",
    fix: "Apply the manifests again, or write the image into service.image.",
    source: "monitor render",
  },
  "CL-REPLICAS": {
    ...error,
    wrong: "the Deployment wants another number of Pods than the topology says",
    fix: "Apply the manifests again, or write the number into cluster.replicas; a drill that broke off is put back by `monitor drill restore`.",
    source: "monitor render",
  },
  "CL-ROLLOUT": {
    ...passing,
    wrong: "a rollout is under way",
    fix: "Wait: `monitor verify --wait`.",
    source: `${API}, DeploymentStatus`,
  },
  "CL-STUCK": {
    ...error,
    wrong: "a rollout made no progress in its time",
    fix: "See what its newest Pods wait for, among the findings here or with `kubectl describe pods`.",
    source: `${API}, DeploymentCondition Progressing: ProgressDeadlineExceeded`,
  },
  "CL-PODS-REFUSED": {
    ...error,
    wrong: "the cluster refuses to make the Pods: a quota, a limit or an admission rule",
    fix: "Do what the message asks for; the rendered ResourceQuota has room for a rollout of the topology's replicas.",
    source: `${API}, DeploymentCondition ReplicaFailure`,
  },
  "CL-UNREADY": {
    ...error,
    wrong: "fewer Pods are ready than the topology asks for, and no rollout explains it",
    fix: "Look at the Pods' findings and events.",
    source: `${API}, DeploymentStatus`,
  },
  "CL-POD-CRASH": {
    ...error,
    wrong: "a Pod's container does not run",
    fix: "`kubectl logs --previous` and `kubectl describe` of that Pod say why.",
    source: `${API}, ContainerStateWaiting, ContainerStateTerminated`,
  },
  "CL-POD-UNSCHEDULED": {
    ...error,
    wrong: "no node takes a Pod",
    fix: "Give the cluster room, or the Pods fewer demands.",
    source: `${API}, PodCondition PodScheduled`,
  },
  "CL-POD-RESTARTS": {
    ...note,
    wrong: "a Pod's container was restarted several times",
    fix: "`kubectl logs --previous` of that Pod says why it ended.",
    source: `${API}, ContainerStatus.restartCount`,
  },
  "CL-POD-IMAGE": {
    ...passing,
    wrong: "a Pod still runs another image",
    fix: "Wait for the rollout; where none is under way, restart the Pods.",
    source: `${API}, PodSpec`,
  },
  "CL-REGION": {
    ...error,
    wrong: "the Pods of a cluster are told another region than the topology's",
    fix: "Look at the override of REGION for this cluster and render again; then change the Pod template, because Pods read it when they start.",
    source: "monitor render",
  },
  "CL-NODE-REGION": {
    ...warning,
    wrong: "the nodes are in another region than the topology says",
    fix: "Either the context leads to another cluster than meant, or the topology's region is not the cloud's word for it.",
    source: "the well-known label topology.kubernetes.io/region",
  },
  "CL-NODE-UNREAD": {
    ...note,
    wrong: "the nodes' regions could not be compared",
    fix: "Nodes may be read with the ClusterRole that `monitor verify --cluster-role` prints; clouds label them, other clusters need not.",
    source: "the well-known label topology.kubernetes.io/region",
  },
  "CL-ENDPOINTS": {
    ...error,
    wrong: "the Service leads to no ready Pod",
    fix: "Its selector must be the Pods' labels, and its targetPort a port that they have.",
    source: `${API}, EndpointSlice`,
  },
  "CL-ENDPOINTS-FEW": {
    ...passing,
    wrong: "the Service leads to fewer Pods than are ready",
    fix: "Wait a moment; if it stays, look at the controller manager of the cluster.",
    source: `${API}, EndpointSlice`,
  },
  "CL-ENDPOINTS-STRANGE": {
    ...error,
    wrong: "the Service leads to addresses that are none of the Pods'",
    fix: "Somebody else's Pods have the same labels, or an EndpointSlice was made by hand: take it away.",
    source: `${API}, EndpointSlice`,
  },
  "CL-QUOTA": {
    ...warning,
    wrong: "a quota leaves no room for a rollout",
    fix: "What else lives in this namespace counts too: give it another one, or raise the quota.",
    source: `${API}, ResourceQuotaStatus`,
  },
  "CL-ISTIO-NONE": {
    ...note,
    wrong: "the Istio add-on is not there",
    fix: "Nothing, where it is not wanted: the namespace's label does nothing without it. Else see docs/istio-addon.md.",
    source: "monitor render istio",
  },
  "CL-MTLS": {
    ...error,
    wrong: "mTLS is not enforced in the namespace",
    fix: "Apply manifests/istio-addon-manifests.yaml, and let no other PeerAuthentication weaken it.",
    source: "Istio, PeerAuthentication",
  },
  "CL-FAULT": {
    ...error,
    wrong: "a VirtualService fails requests on purpose",
    fix: "If no drill runs, one broke off: `monitor drill restore`; else take the fault out by hand.",
    source: "Istio, HTTPFaultInjection",
  },
  "CL-SIDECAR": {
    ...error,
    wrong: "Pods have no sidecar in a namespace that enforces mTLS",
    fix: "Pods get one when they start: change the Pod template so that they are made anew.",
    source: "Istio, sidecar injection",
  },
  "CL-CLAIM-REGION": {
    ...error,
    wrong: "the region's endpoint claims to be something else",
    fix: "The endpoint leads to another cluster, or the Pods were started with another REGION.",
    source: "GET / of the service",
  },
  "CL-CLAIM-POD": {
    ...error,
    wrong: "the endpoint is answered by something that is none of the cluster's Pods",
    fix: "The endpoint, its DNS record or its load balancer leads somewhere else: `monitor discover` compares them.",
    source: "GET / of the service against the Pods",
  },
  "CL-CLAIM-UNSEEN": {
    ...unseen,
    wrong: "the endpoint did not say where it is",
    fix: "`monitor probe URL` shows the look phase by phase.",
    source: "GET / of the service",
  },
  "FED-PLACEMENT": {
    ...error,
    wrong: "an object is placed in other clusters than the topology says",
    fix: "Render and apply again on the host.",
    source: "monitor render",
  },
  "FED-OVERRIDE": {
    ...error,
    wrong: "an override is for a cluster that the topology does not have",
    fix: "Correct the name: KubeFed drops such overrides without a word, and the cluster that was meant runs the template's values.",
    source: "KubeFed v0.10, pkg/controller/util/overrides.go",
  },
  "FED-GENERATION": {
    ...passing,
    wrong: "the federation has not looked at the latest change yet",
    fix: "Wait; if it stays, its controller does not run.",
    source: "status.observedGeneration",
  },
  "FED-RETRIES": {
    ...passing,
    wrong: "the federation could not bring an object to a cluster, and tries again",
    fix: "Wait; normal for some seconds after a first apply. If it stays, the member's answer is in the host's events.",
    source: KUBEFED,
  },
  "FED-FAILED": {
    ...error,
    wrong: "the federation could not bring an object to a cluster, and does not try again by itself",
    fix: "Mend what the words say, on the host; KubeFed looks again when the object changes.",
    source: KUBEFED,
  },
  "FED-LEFT-OUT": {
    ...error,
    wrong: "the federation's status does not name a cluster in which the object is placed",
    fix: "The cluster must have joined under exactly this name; overrides for unknown names are dropped without a word.",
    source: KUBEFED,
  },
  "FED-CLUSTER": {
    ...error,
    wrong: "the federation does not reach a cluster, or does not know it",
    fix: "Join it under the topology's name, or see why its API server does not answer the host.",
    source: "KubeFedCluster and Karmada's Cluster, status.conditions",
  },
  "FED-BINDING": {
    ...error,
    wrong: "Karmada has not brought an object to a cluster",
    fix: "Read the message; `kubectl describe work -n karmada-es-CLUSTER` on the Karmada API server has more.",
    source: KARMADA,
  },
  "FED-UNBOUND": {
    ...error,
    wrong: "Karmada has no binding for an object: no policy takes it",
    fix: "Apply manifests/karmada/ again: 3-propagation.yaml selects every object.",
    source: KARMADA,
  },
} as const satisfies Readonly<Record<string, ClusterRule>>;

export type ClusterRuleId = keyof typeof CLUSTER_RULES;
