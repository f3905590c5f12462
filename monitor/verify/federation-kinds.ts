// Which kinds KubeFed propagates: what its chart enables, and what FederatedTypeConfigs among the given objects add. An
// object of any other federated kind is accepted by nobody and propagated nowhere.
import { valueAt } from "../topology/path.ts";
import { textAt } from "./federation-value.ts";

export const FEDERATED_API = "types.kubefed.io/v1beta1";

/** One FederatedTypeConfig, as far as propagation needs it. */
export interface FederatedKind {
  readonly federatedKind: string;
  readonly kind: string;
  /** "" for the core group. */
  readonly group: string;
  readonly version: string;
  readonly namespaced: boolean;
}

/** [SRC kubefed:charts/kubefed/templates/federatedtypeconfig.yaml], v0.10.0. */
export const CHART_KINDS: readonly FederatedKind[] = [
  { federatedKind: "FederatedNamespace", kind: "Namespace", group: "", version: "v1", namespaced: false },
  { federatedKind: "FederatedDeployment", kind: "Deployment", group: "apps", version: "v1", namespaced: true },
  { federatedKind: "FederatedReplicaSet", kind: "ReplicaSet", group: "apps", version: "v1", namespaced: true },
  { federatedKind: "FederatedService", kind: "Service", group: "", version: "v1", namespaced: true },
  { federatedKind: "FederatedServiceAccount", kind: "ServiceAccount", group: "", version: "v1", namespaced: true },
  { federatedKind: "FederatedConfigMap", kind: "ConfigMap", group: "", version: "v1", namespaced: true },
  { federatedKind: "FederatedSecret", kind: "Secret", group: "", version: "v1", namespaced: true },
  { federatedKind: "FederatedJob", kind: "Job", group: "batch", version: "v1", namespaced: true },
  {
    federatedKind: "FederatedIngress",
    kind: "Ingress",
    group: "networking.k8s.io",
    version: "v1",
    namespaced: true,
  },
  {
    federatedKind: "FederatedClusterRole",
    kind: "ClusterRole",
    group: "rbac.authorization.k8s.io",
    version: "v1",
    namespaced: false,
  },
];

/** The chart's kinds and those of the FederatedTypeConfigs in `objects`; one that is not Enabled takes its kind away. */
export function enabledKinds(objects: readonly unknown[]): readonly FederatedKind[] {
  const kinds = new Map(CHART_KINDS.map((kind) => [kind.federatedKind, kind]));
  for (const config of objects.filter((object) => textAt(object, ["kind"]) === "FederatedTypeConfig")) {
    const kind = kindOf(config);
    if (textAt(config, ["spec", "propagation"]) === "Enabled") kinds.set(kind.federatedKind, kind);
    else kinds.delete(kind.federatedKind);
  }
  return [...kinds.values()];
}

/** The group may stand in the name alone: "deployments.apps". */
function kindOf(config: unknown): FederatedKind {
  const target = valueAt(config, ["spec", "targetType"]);
  const [, ...group] = textAt(config, ["metadata", "name"]).split(".");
  return {
    federatedKind: textAt(config, ["spec", "federatedType", "kind"]),
    kind: textAt(target, ["kind"]),
    group: textAt(target, ["group"]) || group.join("."),
    version: textAt(target, ["version"]),
    namespaced: textAt(target, ["scope"]) === "Namespaced",
  };
}

/** "apps/v1", "v1". */
export function apiVersionOf({ group, version }: FederatedKind): string {
  return group === "" ? version : `${group}/${version}`;
}
