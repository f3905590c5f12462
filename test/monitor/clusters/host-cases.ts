// What can be wrong on a federation's host, KubeFed's and Karmada's.
import { type Change, drop, put, type Row } from "./judged-clusters.ts";

const FEDERATED = "federateddeployments.types.kubefed.io";
const status = (value: string): Change => ({ edit: { [FEDERATED]: [put("/status/clusters/0/status", value)] } });

export const KUBEFED_ROWS: readonly Row[] = [
  {
    name: "an override for nobody",
    change: {
      edit: { [FEDERATED]: [put("/spec/overrides/-", { clusterName: "aws-us-east1", clusterOverrides: [] })] },
    },
    rule: "FED-OVERRIDE",
    message: /an override for aws-us-east1, which is no cluster/,
    verdict: "deviates",
  },
  {
    name: "a cluster that has not joined",
    change: { edit: { "kubefedclusters.core.kubefed.io": [put("/metadata/name", "other")] } },
    rule: "FED-CLUSTER",
    message: /no cluster of this name/,
    verdict: "deviates",
  },
  {
    name: "a cluster that is offline",
    change: {
      edit: {
        "kubefedclusters.core.kubefed.io": [
          put("/status/conditions/0", { type: "Offline", status: "True", message: "cluster is not reachable" }),
        ],
      },
    },
    rule: "FED-CLUSTER",
    message: /Offline \(cluster is not reachable\)/,
    verdict: "deviates",
  },
  {
    name: "a type that is not there",
    change: { looks: { "federatedlimitranges.types.kubefed.io": { kind: "no-kind" } } },
    rule: "CL-NO-KIND",
    message: /federatedlimitranges/,
    verdict: "deviates",
  },
  {
    name: "no federated object",
    change: { remove: [FEDERATED] },
    rule: "CL-MISSING",
    message: /not there/,
    verdict: "deviates",
  },
  {
    name: "one placement more",
    change: { edit: { [FEDERATED]: [put("/spec/placement/clusters/-", { name: "extra" })] } },
    rule: "FED-PLACEMENT",
    message: /extra, which the topology does not have/,
    verdict: "deviates",
  },
  {
    name: "another override",
    change: { edit: { [FEDERATED]: [put("/spec/overrides/0/clusterOverrides/0/value", 9)] } },
    rule: "CL-DRIFT",
    message: /value is 9, expected 3/,
    verdict: "deviates",
  },
  {
    name: "a controller behind",
    change: { edit: { [FEDERATED]: [put("/metadata/generation", 2)] } },
    rule: "FED-GENERATION",
    message: /seen generation 1/,
    verdict: "converging",
  },
  {
    name: "what is tried again",
    change: status("CreationFailed"),
    rule: "FED-RETRIES",
    message: /aws-us-east-1: CreationFailed: the cluster refused to make it/,
    verdict: "converging",
  },
  {
    name: "what is not",
    change: status("ApplyOverridesFailed"),
    rule: "FED-FAILED",
    message: /an override does not fit/,
    verdict: "deviates",
  },
  {
    name: "a word of nobody's",
    change: status("Flummoxed"),
    rule: "FED-FAILED",
    message: /no word of KubeFed/,
    verdict: "deviates",
  },
  {
    name: "a namespace that is not federated",
    change: { edit: { [FEDERATED]: [put("/status/conditions/0/reason", "NamespaceNotFederated")] } },
    rule: "FED-FAILED",
    message: /no FederatedNamespace/,
    verdict: "deviates",
  },
  {
    name: "a cluster left out",
    change: { edit: { [FEDERATED]: [drop("/status/clusters/1")] } },
    rule: "FED-LEFT-OUT",
    message: /gcp-europe-west1 is not in its status/,
    verdict: "deviates",
  },
];

const BINDINGS = "resourcebindings.work.karmada.io";
export const KARMADA_ROWS: readonly Row[] = [
  {
    name: "a cluster that is not ready",
    change: {
      edit: {
        "clusters.cluster.karmada.io": [
          put("/status/conditions/0", { type: "Ready", status: "False", message: "gone" }),
        ],
      },
    },
    rule: "FED-CLUSTER",
    message: /not ready: gone/,
    verdict: "deviates",
  },
  {
    name: "what was not applied",
    change: {
      edit: {
        [BINDINGS]: [
          put("/status/aggregatedStatus/0/applied", false),
          put("/status/aggregatedStatus/0/appliedMessage", "exists already"),
        ],
      },
    },
    rule: "FED-BINDING",
    message: /aws-us-east-1: not applied: exists already/,
    verdict: "deviates",
  },
  {
    name: "what is unhealthy",
    change: { edit: { [BINDINGS]: [put("/status/aggregatedStatus/0/health", "Unhealthy")] } },
    rule: "FED-BINDING",
    message: /unhealthy there/,
    verdict: "deviates",
  },
  {
    name: "what is not scheduled",
    change: {
      edit: {
        [BINDINGS]: [
          put("/status/conditions/0", { type: "Scheduled", status: "False", message: "0/2 clusters are available" }),
        ],
      },
    },
    rule: "FED-BINDING",
    message: /0\/2 clusters/,
    verdict: "deviates",
  },
  {
    name: "what no policy takes",
    change: { edit: { [BINDINGS]: [put("/spec/resource/name", "another")] } },
    rule: "FED-UNBOUND",
    message: /no ResourceBinding/,
    verdict: "deviates",
  },
];
