// What happens to one object in one member: create, update, delete or nothing, with KubeFed's status word for it
// [SRC kubefed:pkg/controller/sync/dispatch/managed.go].
import type { Parsed } from "../problem.ts";
import { valueAt } from "../topology/path.ts";
import type { FederatedKind } from "./federation-kinds.ts";
import { managedLabel, objectOfTemplate, retainFields, withManagedLabel } from "./federation-member.ts";
import { readOverrides } from "./federation-overrides.ts";
import { applyOverrides } from "./federation-patch.ts";
import type { NamedCluster } from "./federation-placement.ts";
import type { PropagationStatus } from "./federation-status.ts";
import { sameValue, textAt, textsAt } from "./federation-value.ts";

export interface MemberCluster extends NamedCluster {
  readonly ready: boolean;
  /** What is in it now. */
  readonly objects: readonly unknown[];
}

export interface Federation {
  readonly kinds: readonly FederatedKind[];
  readonly members: readonly MemberCluster[];
  readonly adoption: "adopt" | "skip";
  /** The member that is the host cluster too: its namespaces are never deleted. Null: it is no member. */
  readonly host: string | null;
  /** By `versionKey`: what KubeFed recorded when it last wrote, under the same template and overrides. */
  readonly recorded: Readonly<Record<string, string>>;
  /** What the member's API server would say: null when it takes the object. */
  readonly refusal: (object: unknown, cluster: string) => string | null;
}

export type MemberAction = "create" | "update" | "keep" | "delete" | "unlabel" | "none";

export interface MemberOutcome {
  readonly cluster: string;
  readonly status: PropagationStatus;
  readonly action: MemberAction;
  /** What is there afterwards; null: nothing. */
  readonly object: unknown;
  /** Why the status is what it is; "" for OK. */
  readonly detail: string;
}

/** "gen:3" where the API server counts generations, else "rv:1234". */
export function objectVersion(object: unknown): string {
  const generation = valueAt(object, ["metadata", "generation"]);
  if (typeof generation === "number" && generation !== 0) return `gen:${generation}`;
  return `rv:${textAt(object, ["metadata", "resourceVersion"])}`;
}

export function versionKey(cluster: string, kind: string, namespace: string, name: string): string {
  return `${cluster} ${kind} ${namespace}/${name}`;
}

/** For a member inside of the placement. */
export function placedOutcome(
  federated: unknown,
  kind: FederatedKind,
  member: MemberCluster,
  federation: Federation,
): MemberOutcome {
  const live = targetIn(federated, kind, member);
  const cluster = member.name;
  const object = live ?? null;
  if (!member.ready) return { cluster, object, status: "ClusterNotReady", action: "none", detail: "Cluster not ready" };
  // KubeFed's cache holds labelled objects only: others are found when their creation fails.
  if (live !== undefined && managedLabel(live) === "true") return updated(federated, kind, live, cluster, federation);
  const made = desiredObject(federated, kind, undefined, cluster);
  if (!made.ok) return { cluster, object, action: "none", ...made.refusal };
  const refusal = federation.refusal(made.object, cluster);
  if (refusal !== null) return { cluster, object, status: "CreationFailed", action: "none", detail: refusal };
  if (live === undefined) return { cluster, object: made.object, status: "", action: "create", detail: "" };
  if (federation.adoption === "skip" && !isHostNamespace(kind, cluster, federation))
    return { cluster, object, status: "AlreadyExists", action: "none", detail: "Resource pre-exist in cluster" };
  if (managedLabel(live) === "false")
    return {
      cluster,
      object,
      status: "ManagedLabelFalse",
      action: "none",
      detail: "labelled as not managed by KubeFed",
    };
  return updated(federated, kind, live, cluster, federation);
}

/** For a member outside of it. Only objects with the managed label are seen at all; null when there is nothing to do. */
export function absentOutcome(
  federated: unknown,
  kind: FederatedKind,
  member: MemberCluster,
  federation: Federation,
): MemberOutcome | null {
  const live = targetIn(federated, kind, member);
  if (!member.ready || live === undefined || managedLabel(live) !== "true") return null;
  const cluster = member.name;
  if (isHostNamespace(kind, cluster, federation))
    return { cluster, status: "", action: "unlabel", object: live, detail: "the host's own namespace stays" };
  return { cluster, status: "WaitingForRemoval", action: "delete", object: null, detail: "outside of its placement" };
}

function updated(
  federated: unknown,
  kind: FederatedKind,
  live: unknown,
  cluster: string,
  federation: Federation,
): MemberOutcome {
  const made = desiredObject(federated, kind, live, cluster);
  if (!made.ok) return { cluster, object: live, action: "none", ...made.refusal };
  if (!needsUpdate(made.object, live, cluster, federation))
    return { cluster, status: "", action: "keep", object: live, detail: "" };
  const refusal = federation.refusal(made.object, cluster);
  if (refusal !== null) return { cluster, object: live, status: "UpdateFailed", action: "none", detail: refusal };
  return { cluster, object: made.object, status: "", action: "update", detail: "" };
}

type Desired =
  | { readonly ok: true; readonly object: unknown }
  | { readonly ok: false; readonly refusal: { readonly status: PropagationStatus; readonly detail: string } };

/** Template, identity, retained fields, overrides, managed label: in this order. */
function desiredObject(federated: unknown, kind: FederatedKind, live: unknown, cluster: string): Desired {
  const template = objectOfTemplate(federated, kind);
  if (!template.ok) return { ok: false, refusal: { status: "ComputeResourceFailed", detail: firstOf(template) } };
  const { object } = template.value;
  const base = live === undefined ? object : retainFields(object, live, federated, kind.kind);
  const overrides = readOverrides(federated);
  if (!overrides.ok) return { ok: false, refusal: { status: "ApplyOverridesFailed", detail: firstOf(overrides) } };
  const own = overrides.value.get(cluster) ?? [];
  const patched = own.length === 0 ? { ok: true as const, value: base } : applyOverrides(base, own);
  return patched.ok
    ? { ok: true, object: withManagedLabel(patched.value) }
    : { ok: false, refusal: { status: "ApplyOverridesFailed", detail: patched.message } };
}

function firstOf(parsed: Parsed<unknown>): string {
  return parsed.ok ? "" : (parsed.problems[0]?.message ?? "");
}

function isHostNamespace({ kind }: FederatedKind, cluster: string, { host }: Federation): boolean {
  return kind === "Namespace" && cluster === host;
}

function targetIn(federated: unknown, { kind, namespaced }: FederatedKind, member: MemberCluster): unknown {
  const namespace = namespaced ? textAt(federated, ["metadata", "namespace"]) : "";
  const name = textAt(federated, ["metadata", "name"]);
  return member.objects.find((live) => textAt(live, ["kind"]) === kind && isNamed(live, namespace, name));
}

export function isNamed(object: unknown, namespace: string, name: string): boolean {
  return textAt(object, ["metadata", "namespace"]) === namespace && textAt(object, ["metadata", "name"]) === name;
}

/**
 * By recorded version, and for kinds with generations by labels and annotations too. `retainReplicas` is in neither, so
 * taking it away changes nothing until somebody touches the object.
 */
function needsUpdate(desired: unknown, live: unknown, cluster: string, federation: Federation): boolean {
  const version = objectVersion(live);
  const { kind, namespace, name } = {
    kind: textAt(live, ["kind"]),
    namespace: textAt(live, ["metadata", "namespace"]),
    name: textAt(live, ["metadata", "name"]),
  };
  if (federation.recorded[versionKey(cluster, kind, namespace, name)] !== version) return true;
  if (!version.startsWith("gen:")) return false;
  return ["labels", "annotations"].some(
    (field) => !sameValue(textsAt(desired, ["metadata", field]) ?? {}, textsAt(live, ["metadata", field]) ?? {}),
  );
}
