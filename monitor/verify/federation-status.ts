// KubeFed's own words for how propagation went [SRC kubefed:pkg/controller/sync/status/status.go].

/** "" is KubeFed's OK. */
export type PropagationStatus =
  | ""
  | "WaitingForRemoval"
  | "ClusterNotReady"
  | "CachedRetrievalFailed"
  | "ComputeResourceFailed"
  | "ApplyOverridesFailed"
  | "CreationFailed"
  | "UpdateFailed"
  | "DeletionFailed"
  | "LabelRemovalFailed"
  | "RetrievalFailed"
  | "AlreadyExists"
  | "FieldRetentionFailed"
  | "VersionRetrievalFailed"
  | "ClientRetrievalFailed"
  | "ManagedLabelFalse"
  | "CreationTimedOut"
  | "UpdateTimedOut"
  | "DeletionTimedOut"
  | "LabelRemovalTimedOut";

export type ConditionReason =
  | ""
  | "ClusterRetrievalFailed"
  | "ComputePlacementFailed"
  | "CheckClusters"
  | "NamespaceNotFederated";

/** The condition of type Propagation. True says that objects were written, never that anything runs. */
export interface PropagationCondition {
  readonly status: "True" | "False";
  readonly reason: ConditionReason;
}

export function conditionOf(reason: ConditionReason, statuses: readonly PropagationStatus[]): PropagationCondition {
  const shown = reason === "" && statuses.some((status) => status !== "") ? "CheckClusters" : reason;
  return { status: shown === "" ? "True" : "False", reason: shown };
}
