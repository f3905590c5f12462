// The one place in a Kubernetes object that a lever changes, and how it is moved: read, compared with what the journal says
// of it, patched under the condition that it still is so. What others change elsewhere in the object is left alone.
import type { KubeApi, KubeRef, LiveObject, PatchStep } from "../node/kube-api.ts";
import type { KubeFailure } from "../node/kube-failure.ts";
import { done, failed, type LeverFault, type LeverResult, type LeverStanding } from "./lever.ts";
import type { Reach } from "./reach.ts";

export interface KubeUndo {
  readonly context: string;
  /** Of the context's API server when the lever was planned: a context can come to mean another cluster. */
  readonly server: string;
}

export type SpotStanding =
  | { readonly kind: "before" }
  | { readonly kind: "during" }
  | { readonly kind: "other"; readonly detail: string };

export interface Spot<U extends KubeUndo> {
  ref(undo: U): KubeRef;
  /** Where and what, for messages: "the KubeFed override of aws-us-east-1". */
  name(undo: U): string;
  standing(object: LiveObject, undo: U): SpotStanding;
  /** For an object that stands on the other side. */
  change(object: LiveObject, undo: U, to: "before" | "during"): readonly PatchStep[];
  byHand(undo: U): readonly string[];
}

/** Others write at the same time, and each time it is read again. */
const ATTEMPTS_MAX = 5;

export async function moveSpot<U extends KubeUndo>(
  spot: Spot<U>,
  undo: U,
  to: "before" | "during",
  reach: Reach,
): Promise<LeverResult> {
  const opened = await openFor(undo, reach);
  if (typeof opened === "string") return failed("refused", opened, spot.byHand(undo));
  let last = "";
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const read = await opened.read(spot.ref(undo));
    if (read.kind === "failed") return unread(spot, undo, to, read.failure);
    const standing = spot.standing(read.value, undo);
    if (standing.kind === to) return done(`${spot.name(undo)} is ${wordFor(to)}`);
    if (standing.kind === "other")
      return failed("moved", `${spot.name(undo)}: ${standing.detail}, which this drill did not set`, spot.byHand(undo));
    const patched = await opened.patch(spot.ref(undo), spot.change(read.value, undo, to), "keep");
    if (patched.kind === "reply") return done(`${spot.name(undo)} is ${wordFor(to)}`);
    if (patched.failure.cause !== "conflict")
      return failed(faultOf(patched.failure), patched.failure.detail, spot.byHand(undo));
    last = patched.failure.detail;
  }
  return failed("moved", `${last}: somebody else changed it in each of ${ATTEMPTS_MAX} attempts`, spot.byHand(undo));
}

export async function verifySpot<U extends KubeUndo>(spot: Spot<U>, undo: U, reach: Reach): Promise<LeverStanding> {
  const opened = await openFor(undo, reach);
  if (typeof opened === "string") return { kind: "other", detail: opened };
  const read = await opened.read(spot.ref(undo));
  if (read.kind === "failed")
    return isGone(read.failure) ? { kind: "restored" } : { kind: "other", detail: read.failure.detail };
  const standing = spot.standing(read.value, undo);
  if (standing.kind === "other") return standing;
  return { kind: standing.kind === "during" ? "applied" : "restored" };
}

/** Text: why not. */
async function openFor(undo: KubeUndo, reach: Reach): Promise<KubeApi | string> {
  const opened = await reach.openKube(undo.context);
  if (opened.kind === "failed") return opened.detail;
  if (opened.api.server === undo.server) return opened.api;
  return `the context ${undo.context} leads to ${opened.api.server} now, and the drill acted at ${undo.server}`;
}

/** With an object that was deleted went what the lever had done to it. */
function unread<U extends KubeUndo>(
  spot: Spot<U>,
  undo: U,
  to: "before" | "during",
  failure: KubeFailure,
): LeverResult {
  if (to === "before" && isGone(failure)) return done(`${spot.name(undo)} is gone, and the drill's change with it`);
  return failed(faultOf(failure), failure.detail, spot.byHand(undo));
}

function isGone({ cause }: KubeFailure): boolean {
  return cause === "no-object";
}

function faultOf({ cause }: KubeFailure): LeverFault {
  return cause === "unavailable" || cause === "not-understood" ? "unavailable" : "refused";
}

function wordFor(to: "before" | "during"): string {
  return to === "during" ? "applied" : "as before";
}

/** What reverts changes by hand to what stands in a repository, by the marks that it leaves on objects. */
export function gitOpsWarnings({ metadata }: LiveObject): readonly string[] {
  const marks = Object.keys({ ...metadata.labels, ...metadata.annotations });
  const owner = OWNERS.find(({ prefix }) => marks.some((mark) => mark.startsWith(prefix)));
  if (owner === undefined) return [];
  return [`${owner.name} keeps ${metadata.name}: with self-healing on, it undoes the fault within minutes`];
}

const OWNERS = [
  { prefix: "argocd.argoproj.io/", name: "Argo CD" },
  { prefix: "kustomize.toolkit.fluxcd.io/", name: "Flux" },
  { prefix: "helm.toolkit.fluxcd.io/", name: "Flux" },
] as const;
