// Rules about the labels by which Istio puts its sidecar into the Pods of a namespace.
import { mapAt } from "../verify/federation-value.ts";
import { valueAt } from "../topology/path.ts";
import type { MemberView } from "./member-view.ts";
import { type Rule, sightingIn, type Sighting } from "./rule.ts";
import type { Scene } from "./scene.ts";

const INJECTION = "istio-injection";
const REVISION = "istio.io/rev";
const ENFORCE = "pod-security.kubernetes.io/enforce";

export const INJECTION_RULES: readonly Rule[] = [
  {
    id: "ISTIO-TWO-INJECTIONS",
    severity: "error",
    wrong: "A namespace has istio-injection and istio.io/rev, of which Istio takes the first and ignores the revision.",
    fix: "Keep one of the two labels.",
    source: "Istio analyzer, NamespaceMultipleInjectionLabels",
    sightings: (scene) =>
      namespaces(scene)
        .filter((view) => labelsOf(view)[INJECTION] !== undefined && labelsOf(view)[REVISION] !== undefined)
        .map((view) => sightingIn(view, ["metadata", "labels", REVISION], "istio-injection is there too")),
  },
  {
    id: "ISTIO-INIT-REFUSED",
    severity: "note",
    wrong: "The sidecar's istio-init needs NET_ADMIN and NET_RAW, which the namespace's Pod Security level refuses.",
    fix: "Install Istio with its CNI plugin or use ambient mode, and waive this; else enforce no more than privileged.",
    source: "Istio documentation, Install Istio with Pod Security Admission",
    sightings: initRefused,
  },
];

function namespaces({ views }: Scene): readonly MemberView[] {
  return views.filter(({ kind }) => kind === "Namespace");
}

function labelsOf({ value }: MemberView): Readonly<Record<string, unknown>> {
  return mapAt(value, ["metadata", "labels"]);
}

/** Once for a namespace, however many files and clusters have it. */
function initRefused(scene: Scene): readonly Sighting[] {
  if (hasCniPlugin(scene)) return [];
  const refusing = namespaces(scene).filter((view) => isInjected(view) && refusedBy(view) !== null);
  return refusing
    .filter(({ name, origin }) => refusing.find((other) => other.name === name)?.origin === origin)
    .map((view) =>
      sightingIn(view, ["metadata", "labels", ENFORCE], `${refusedBy(view) ?? ""} is enforced where sidecars come in`),
    );
}

function isInjected(view: MemberView): boolean {
  const labels = labelsOf(view);
  if (labels["istio.io/dataplane-mode"] === "ambient") return false;
  return labels[INJECTION] === "enabled" || (labels[INJECTION] === undefined && (labels[REVISION] ?? "") !== "");
}

/** Baseline allows neither of the two capabilities, and restricted is stricter. */
function refusedBy(view: MemberView): string | null {
  const level = labelsOf(view)[ENFORCE];
  return level === "restricted" || level === "baseline" ? level : null;
}

/** As far as the sources tell: it is usually installed by other means than these files. */
function hasCniPlugin({ views }: Scene): boolean {
  return views.some(
    ({ kind, name, value }) =>
      (kind === "DaemonSet" && name === "istio-cni-node") ||
      (kind === "IstioOperator" && valueAt(value, ["spec", "components", "cni", "enabled"]) === true) ||
      kind === "IstioCNI",
  );
}
