// KubeFed's own words for how propagation went, and which of them it tries again by itself
// [SRC kubefed:pkg/controller/sync/status/status.go].

/** "" is KubeFed's OK. */
export const PROPAGATION_STATUSES = [
  "",
  "WaitingForRemoval",
  "ClusterNotReady",
  "CachedRetrievalFailed",
  "ComputeResourceFailed",
  "ApplyOverridesFailed",
  "CreationFailed",
  "UpdateFailed",
  "DeletionFailed",
  "LabelRemovalFailed",
  "RetrievalFailed",
  "AlreadyExists",
  "FieldRetentionFailed",
  "VersionRetrievalFailed",
  "ClientRetrievalFailed",
  "ManagedLabelFalse",
  "CreationTimedOut",
  "UpdateTimedOut",
  "DeletionTimedOut",
  "LabelRemovalTimedOut",
] as const;
export type PropagationStatus = (typeof PROPAGATION_STATUSES)[number];

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

const RETRIED: ReadonlySet<PropagationStatus> = new Set<PropagationStatus>([
  "CreationFailed",
  "UpdateFailed",
  "DeletionFailed",
  "LabelRemovalFailed",
  "RetrievalFailed",
  "ClientRetrievalFailed",
  "CreationTimedOut",
  "UpdateTimedOut",
  "DeletionTimedOut",
  "LabelRemovalTimedOut",
]);

/** False: it stays as it is until somebody changes something. */
export function isRetried(status: PropagationStatus): boolean {
  return RETRIED.has(status);
}

export function conditionOf(reason: ConditionReason, statuses: readonly PropagationStatus[]): PropagationCondition {
  const shown = reason === "" && statuses.some((status) => status !== "") ? "CheckClusters" : reason;
  return { status: shown === "" ? "True" : "False", reason: shown };
}
