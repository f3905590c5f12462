// What can be wrong in a member: one change each, and the one rule that tells it.
import type { PatchStep } from "../../../monitor/node/kube-api.ts";
import { drop, put, type Row } from "./judged-clusters.ts";

export const DEPLOYMENT = "deployments.apps";
export const PODS = "pods";
const APP = "/spec/template/spec/containers/0";
export const waiting = (reason: string): PatchStep =>
  put("/status/containerStatuses/0/state", { waiting: { reason, message: "why" } });

export const MEMBER_ROWS: readonly Row[] = [
  {
    name: "no namespace",
    change: { remove: ["namespaces"] },
    rule: "CL-MISSING",
    message: /so nothing else is/,
    verdict: "deviates",
  },
  {
    name: "no Deployment",
    change: { remove: [DEPLOYMENT] },
    rule: "CL-MISSING",
    message: /it is not there/,
    verdict: "deviates",
  },
  {
    name: "a namespace that ends",
    change: { edit: { namespaces: [put("/metadata/deletionTimestamp", "2026-11-28T11:00:00Z")] } },
    rule: "CL-DELETING",
    message: /since 2026-11-28T11/,
    verdict: "deviates",
  },
  {
    name: "another image",
    change: { edit: { [DEPLOYMENT]: [put(`${APP}/image`, "other:2")] } },
    rule: "CL-IMAGE",
    message: /other:2, expected ghcr/,
    verdict: "deviates",
  },
  {
    name: "other replicas",
    change: { edit: { [DEPLOYMENT]: [put("/spec/replicas", 0), put("/status/replicas", 0)] } },
    rule: "CL-REPLICAS",
    message: /wants 0 Pods, expected 3/,
    verdict: "deviates",
  },
  {
    name: "a changed field",
    change: { edit: { [DEPLOYMENT]: [put("/spec/minReadySeconds", 0)] } },
    rule: "CL-DRIFT",
    message: /spec\.minReadySeconds is 0, expected 5/,
    verdict: "deviates",
  },
  {
    name: "a field that is gone",
    change: { edit: { [DEPLOYMENT]: [drop(`${APP}/readinessProbe`)] } },
    rule: "CL-DRIFT",
    message: /readinessProbe is not there/,
    verdict: "deviates",
  },
  {
    name: "a controller behind",
    change: { edit: { [DEPLOYMENT]: [put("/metadata/generation", 2)] } },
    rule: "CL-ROLLOUT",
    message: /seen generation 1, and there is 2/,
    verdict: "converging",
  },
  {
    name: "a rollout",
    change: {
      edit: {
        [DEPLOYMENT]: [put("/status/updatedReplicas", 1), put("/status/conditions/1/reason", "ReplicaSetUpdated")],
      },
    },
    rule: "CL-ROLLOUT",
    message: /3 of 3 ready, 1 of them new/,
    verdict: "converging",
  },
  {
    name: "a stuck rollout",
    change: {
      edit: {
        [DEPLOYMENT]: [
          put("/status/conditions/1", {
            type: "Progressing",
            status: "False",
            reason: "ProgressDeadlineExceeded",
            message: "it has timed out progressing",
          }),
        ],
      },
    },
    rule: "CL-STUCK",
    message: /timed out progressing/,
    verdict: "deviates",
  },
  {
    name: "a quota in the way",
    change: {
      edit: {
        [DEPLOYMENT]: [
          put("/status/conditions/-", {
            type: "ReplicaFailure",
            status: "True",
            reason: "FailedCreate",
            message: "exceeded quota: demo",
          }),
        ],
      },
    },
    rule: "CL-PODS-REFUSED",
    message: /exceeded quota/,
    verdict: "deviates",
  },
  {
    name: "too few ready",
    change: { edit: { [DEPLOYMENT]: [put("/status/readyReplicas", 2)] } },
    rule: "CL-UNREADY",
    message: /2 of 3 ready/,
    verdict: "deviates",
  },
  {
    name: "a crash",
    change: {
      edit: {
        [PODS]: [
          waiting("CrashLoopBackOff"),
          put("/status/containerStatuses/0/lastState", { terminated: { reason: "OOMKilled", exitCode: 137 } }),
        ],
      },
    },
    rule: "CL-POD-CRASH",
    message: /-a: container app waits: CrashLoopBackOff, after OOMKilled \(exit code 137\)/,
    verdict: "deviates",
  },
  {
    name: "an image that is not there",
    change: { edit: { [PODS]: [waiting("ImagePullBackOff")] } },
    rule: "CL-POD-CRASH",
    message: /ImagePullBackOff: why/,
    verdict: "deviates",
  },
  {
    name: "no node",
    change: {
      edit: {
        [PODS]: [
          put("/status/conditions/0", {
            type: "PodScheduled",
            status: "False",
            reason: "Unschedulable",
            message: "0/3 nodes are available",
          }),
        ],
      },
    },
    rule: "CL-POD-UNSCHEDULED",
    message: /0\/3 nodes/,
    verdict: "deviates",
  },
  {
    name: "restarts",
    change: { edit: { [PODS]: [put("/status/containerStatuses/0/restartCount", 7)] } },
    rule: "CL-POD-RESTARTS",
    message: /7 restarts/,
    verdict: "conforms",
  },
  {
    name: "a Pod's old image",
    change: { edit: { [PODS]: [put("/spec/containers/0/image", "old:1")] } },
    rule: "CL-POD-IMAGE",
    message: /old:1/,
    verdict: "converging",
  },
  {
    name: "a Pod's own REGION",
    change: { edit: { [PODS]: [put("/spec/containers/0/env/0", { name: "REGION", value: "europe-west1" })] } },
    rule: "CL-REGION",
    message: /REGION=europe-west1, expected us-east-1/,
    verdict: "deviates",
  },
  {
    name: "a Pod without REGION",
    change: { edit: { [PODS]: [drop("/spec/containers/0/env/0")] } },
    rule: "CL-REGION",
    message: /no REGION/,
    verdict: "deviates",
  },
  {
    name: "REGION from elsewhere",
    change: {
      edit: {
        [PODS]: [put("/spec/containers/0/env/0", { name: "REGION", valueFrom: { fieldRef: { fieldPath: "x" } } })],
      },
    },
    rule: "CL-NOT-READ",
    message: /its valueFrom/,
    verdict: "undecided",
  },
  {
    name: "a node elsewhere",
    change: { edit: { nodes: [put("/metadata/labels/topology.kubernetes.io~1region", "us-west-2")] } },
    rule: "CL-NODE-REGION",
    message: /node-1 is in us-west-2, expected us-east-1 \(1 of 3 nodes\)/,
    verdict: "conforms",
  },
  {
    name: "an endpoint that is no Pod",
    change: { edit: { "endpointslices.discovery.k8s.io": [put("/endpoints/0/addresses", ["192.0.2.9"])] } },
    rule: "CL-ENDPOINTS-STRANGE",
    message: /192\.0\.2\.9/,
    verdict: "deviates",
  },
  {
    name: "no endpoint",
    change: { remove: ["endpointslices.discovery.k8s.io"] },
    rule: "CL-ENDPOINTS",
    message: /no ready endpoint, and 3 ready Pods/,
    verdict: "deviates",
  },
  {
    name: "an endpoint that is not ready",
    change: { edit: { "endpointslices.discovery.k8s.io": [put("/endpoints/0/conditions/ready", false)] } },
    rule: "CL-ENDPOINTS-FEW",
    message: /2 ready endpoints for 3/,
    verdict: "converging",
  },
  {
    name: "a full quota",
    change: { edit: { resourcequotas: [put("/status/used/pods", "7")] } },
    rule: "CL-QUOTA",
    message: /pods 7 of 7/,
    verdict: "conforms",
  },
  {
    name: "PERMISSIVE",
    change: { edit: { "peerauthentications.security.istio.io": [put("/spec/mtls/mode", "PERMISSIVE")] } },
    rule: "CL-MTLS",
    message: /says PERMISSIVE, expected STRICT/,
    verdict: "deviates",
  },
  {
    name: "mTLS as the mesh has it",
    change: { edit: { "peerauthentications.security.istio.io": [put("/spec/mtls/mode", "UNSET")] } },
    rule: "CL-MTLS",
    message: /says no mode of its own, expected STRICT/,
    verdict: "deviates",
  },
  {
    name: "a fault of a drill",
    change: {
      edit: { "virtualservices.networking.istio.io": [put("/spec/http/0/fault", { abort: { httpStatus: 503 } })] },
    },
    rule: "CL-FAULT",
    message: /its rule health has a fault: \{"abort":\{"httpStatus":503\}\}/,
    verdict: "deviates",
  },
  {
    name: "a port without mTLS",
    change: {
      edit: { "peerauthentications.security.istio.io": [put("/spec/portLevelMtls", { 8080: { mode: "DISABLE" } })] },
    },
    rule: "CL-MTLS",
    message: /DISABLE/,
    verdict: "deviates",
  },
  {
    name: "a Pod without a sidecar",
    change: { edit: { [PODS]: [drop("/spec/initContainers")] } },
    rule: "CL-SIDECAR",
    message: /1 of 3 Pods/,
    verdict: "deviates",
  },
  {
    name: "another region's claim",
    change: { claim: { region: "europe-west1" } },
    rule: "CL-CLAIM-REGION",
    message: /claims region "europe-west1"/,
    verdict: "deviates",
  },
  {
    name: "a claim of nobody's",
    change: { claim: { hostname: "stranger" } },
    rule: "CL-CLAIM-POD",
    message: /stranger .* none of the cluster's Pods/,
    verdict: "deviates",
  },
  {
    name: "a claim with another address",
    change: { claim: { podIP: "10.9.9.9" } },
    rule: "CL-CLAIM-POD",
    message: /10\.9\.9\.9; the cluster's Pod of that name has 10\.13\.0\.10/,
    verdict: "deviates",
  },
  {
    name: "a kind that may not be read",
    change: { looks: { [PODS]: { kind: "forbidden", detail: "cannot list pods" } } },
    rule: "CL-RBAC",
    message: /cannot list pods/,
    verdict: "undecided",
  },
  {
    name: "a list that failed",
    change: { looks: { services: { kind: "failed", detail: "no JSON" } } },
    rule: "CL-NOT-READ",
    message: /no JSON/,
    verdict: "undecided",
  },
  {
    name: "a kind that is not known",
    change: { looks: { "poddisruptionbudgets.policy": { kind: "no-kind" } } },
    rule: "CL-NO-KIND",
    message: /poddisruptionbudgets\.policy/,
    verdict: "deviates",
  },
  {
    name: "nodes that may not be read",
    change: {
      looks: Object.fromEntries(
        [1, 2, 3].map((at) => [`nodes/node-${at}`, { kind: "forbidden", detail: "no" } as const]),
      ),
    },
    rule: "CL-NODE-UNREAD",
    message: /no node could be read/,
    verdict: "conforms",
  },
];
