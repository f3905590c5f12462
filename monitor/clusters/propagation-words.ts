// KubeFed's status strings in plain words: what happened, and what it waits for. Who reads them for the first time does so in
// a bad hour.
import type { PropagationStatus } from "../verify/federation-status.ts";

export const STATUS_WORDS: Readonly<Record<PropagationStatus, string>> = {
  "": "brought there",
  WaitingForRemoval: "it is being taken away there and is not gone yet",
  ClusterNotReady: "KubeFed does not reach the cluster, and leaves what is there as it is",
  CachedRetrievalFailed: "KubeFed could not read its own copy of the cluster's object",
  ComputeResourceFailed: "KubeFed could not make the object out of the template",
  ApplyOverridesFailed: "an override does not fit: its path is not in the object, is forbidden, or is there twice",
  CreationFailed: "the cluster refused to make it; in the first seconds the namespace may not be there yet",
  UpdateFailed: "the cluster refused the change",
  DeletionFailed: "the cluster refused to delete it",
  LabelRemovalFailed: "KubeFed could not take its label off",
  RetrievalFailed: "the cluster did not give the object when KubeFed asked for it",
  AlreadyExists: "the cluster has one that KubeFed did not make, and KubeFed may not adopt it",
  FieldRetentionFailed: "KubeFed could not keep the fields that the cluster itself sets",
  VersionRetrievalFailed: "KubeFed does not know which version it wrote last",
  ClientRetrievalFailed: "KubeFed has no client for the cluster: look at its KubeFedCluster and the secret of that",
  ManagedLabelFalse: "the cluster's object says kubefed.io/managed=false, so KubeFed leaves it alone",
  CreationTimedOut: "the cluster did not make it in time",
  UpdateTimedOut: "the cluster did not change it in time",
  DeletionTimedOut: "the cluster did not delete it in time",
  LabelRemovalTimedOut: "KubeFed's label was not taken off in time",
};

/** Null: no word of KubeFed v0.10's. */
export function readPropagationStatus(text: string): PropagationStatus | null {
  return isStatus(text) ? text : null;
}

function isStatus(text: string): text is PropagationStatus {
  return Object.hasOwn(STATUS_WORDS, text);
}

/** What KubeFed tries again by itself, and what is only under way; anything else stays until somebody changes something. */
const PASSING: ReadonlySet<PropagationStatus> = new Set<PropagationStatus>([
  "WaitingForRemoval",
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

export function isPassing(status: PropagationStatus): boolean {
  return PASSING.has(status);
}

export const REASON_WORDS: Readonly<Record<string, string>> = {
  ClusterRetrievalFailed: "KubeFed could not list its clusters",
  ComputePlacementFailed: "the placement cannot be read",
  CheckClusters: "at least one cluster has not got it",
  NamespaceNotFederated: "there is no FederatedNamespace for its namespace",
};
