// Rules about native objects as members would get them. The federation host looks into no template, so what a plain cluster
// would refuse at apply is first refused in the members, one by one.
import { valueAt } from "../topology/path.ts";
import { listAt, mapAt, textAt } from "../verify/federation-value.ts";
import type { MemberView } from "./member-view.ts";
import { type Rule, sightingIn, type Sighting } from "./rule.ts";
import type { Scene } from "./scene.ts";
import { isKnownType, type Misfit, misfits, versionsOf } from "./shape.ts";
import { beside, containersOf, podLabels, selects, variablesOf, workloads } from "./workload.ts";

const API = "Kubernetes API reference, by kubernetes-models 5.1.0";

export const KUBERNETES_RULES: readonly Rule[] = [
  {
    id: "K8S-UNKNOWN-FIELD",
    severity: "error",
    wrong: "Kubernetes has no such field: it is dropped, or the object is refused.",
    fix: "Correct the name of the field, or put it where it belongs.",
    source: API,
    sightings: (scene) => shapeSightings(scene, "unknown"),
  },
  {
    id: "K8S-MISSING-FIELD",
    severity: "error",
    wrong: "A required field is missing, so the members' API servers refuse the object.",
    fix: "Add the field.",
    source: API,
    sightings: (scene) => shapeSightings(scene, "missing"),
  },
  {
    id: "K8S-WRONG-TYPE",
    severity: "error",
    wrong: "A value has a wrong type, so the members' API servers refuse the object.",
    fix: "Correct the value; a text that looks like a number or like yes and no needs quotes.",
    source: API,
    sightings: (scene) => shapeSightings(scene, "type"),
  },
  {
    id: "K8S-REMOVED-VERSION",
    severity: "error",
    wrong: "Kubernetes has removed this API version.",
    fix: "Use the version that is served today.",
    source: "Kubernetes deprecated API migration guide",
    sightings: ({ views }) =>
      views
        .filter(({ apiVersion }) => REMOVED_VERSIONS.has(apiVersion))
        .map((view) => sightingIn(view, ["apiVersion"], `${view.apiVersion} ${view.kind} is served no more`)),
  },
  {
    id: "K8S-ENV-BOTH",
    severity: "error",
    wrong: "A variable has a value and a valueFrom: the member refuses the object, which shows as UpdateFailed.",
    fix: "Keep one of the two; an override by position may have hit the wrong variable.",
    source: 'measured: "may not be specified when `value` is not empty"',
    sightings: (scene) => workloads(scene).flatMap(variablesWithBoth),
  },
  {
    id: "K8S-ENV-TWICE",
    severity: "error",
    wrong: "A container has two variables of one name, and the later one wins.",
    fix: "Keep one of the two.",
    source: "Kubernetes API reference, Container.env",
    sightings: (scene) => workloads(scene).flatMap(repeatedVariables),
  },
  {
    id: "K8S-SELECTOR-LABELS",
    severity: "error",
    wrong: "The selector does not match the labels of the Pod template, so the API server refuses the object.",
    fix: "Give the Pods every label of the selector.",
    source: "Kubernetes API reference, DeploymentSpec.selector",
    sightings: (scene) => workloads(scene).flatMap(selectorsOff),
  },
  {
    id: "K8S-SERVICE-NO-PODS",
    severity: "error",
    wrong: "A Service selects none of the Pods beside it, so it has no endpoints.",
    fix: "Make the selector a part of the Pods' labels.",
    source: "Kubernetes API reference, ServiceSpec.selector",
    sightings: (scene) => services(scene).flatMap((view) => selectsNothing(view, scene)),
  },
  {
    id: "K8S-TARGET-PORT",
    severity: "error",
    wrong: "A Service sends to a named port that no container of its Pods has.",
    fix: "Name the container's port so, or send to its number.",
    source: "Kubernetes API reference, ServicePort.targetPort",
    sightings: (scene) => services(scene).flatMap((view) => missingPorts(view, scene)),
  },
  {
    id: "K8S-PROBE-PORT",
    severity: "error",
    wrong: "A probe asks a named port that its container does not have, so it always fails.",
    fix: "Name the container's port so, or ask its number.",
    source: "Kubernetes API reference, HTTPGetAction.port",
    sightings: (scene) => workloads(scene).flatMap(probesOff),
  },
];

const REMOVED_VERSIONS = new Set([
  "extensions/v1beta1",
  "apps/v1beta1",
  "apps/v1beta2",
  "batch/v1beta1",
  "policy/v1beta1",
  "autoscaling/v2beta1",
  "autoscaling/v2beta2",
  "networking.k8s.io/v1beta1",
  "rbac.authorization.k8s.io/v1beta1",
]);

/** Other groups have kinds of the same names, about which nothing is known here. */
function shapeSightings({ views }: Scene, kind: Misfit["kind"]): readonly Sighting[] {
  return views.flatMap((view) => {
    if (!isKnownType(view.kind) || !versionsOf(view.kind).includes(view.apiVersion)) return [];
    return misfits(view.value, view.kind)
      .filter((misfit) => misfit.kind === kind)
      .map(({ path, message }) => sightingIn(view, path, message));
  });
}

function services({ views }: Scene): readonly MemberView[] {
  return views.filter(({ kind, apiVersion }) => kind === "Service" && apiVersion === "v1");
}

function variablesWithBoth(view: MemberView): readonly Sighting[] {
  return containersOf(view.value).flatMap((container) =>
    variablesOf(container)
      .filter(({ path, value }) => value !== "" && has(view, [...path, "value"]) && has(view, [...path, "valueFrom"]))
      .map(({ name, path }) => sightingIn(view, [...path, "value"], `${name} has a value and a valueFrom`)),
  );
}

function has(view: MemberView, path: readonly (string | number)[]): boolean {
  return (valueAt(view.value, path) ?? null) !== null;
}

function repeatedVariables(view: MemberView): readonly Sighting[] {
  return containersOf(view.value).flatMap((container) => {
    const names = variablesOf(container).map(({ name }) => name);
    return variablesOf(container)
      .filter(({ name }, index) => names.indexOf(name) < index)
      .map(({ name, path }) => sightingIn(view, path, `${name} is set in this container already`));
  });
}

function selectorsOff(view: MemberView): readonly Sighting[] {
  const selector = mapAt(view.value, ["spec", "selector", "matchLabels"]);
  const labels = podLabels(view.value);
  return Object.entries(selector)
    .filter(([key, value]) => labels[key] !== value)
    .map(([key, value]) =>
      sightingIn(view, ["spec", "selector", "matchLabels", key], `the Pods do not have ${key}: ${String(value)}`),
    );
}

/** Without any workload beside it nothing can be said: it may be in another file. */
function selectsNothing(view: MemberView, scene: Scene): readonly Sighting[] {
  const selector = mapAt(view.value, ["spec", "selector"]);
  const near = beside(view, workloads(scene));
  if (Object.keys(selector).length === 0 || near.length === 0) return [];
  if (near.some(({ value }) => selects(selector, podLabels(value)))) return [];
  const words = Object.entries(selector).map(([key, value]) => `${key}=${String(value)}`);
  return [sightingIn(view, ["spec", "selector"], `no Pods among the sources have ${words.join(", ")}`)];
}

function missingPorts(view: MemberView, scene: Scene): readonly Sighting[] {
  const selector = mapAt(view.value, ["spec", "selector"]);
  const near = beside(view, workloads(scene)).filter(({ value }) => selects(selector, podLabels(value)));
  if (near.length === 0 || Object.keys(selector).length === 0) return [];
  const names = new Set(
    near.flatMap(({ value }) => containersOf(value).flatMap((container) => portNames(container.value))),
  );
  return listAt(view.value, ["spec", "ports"]).flatMap((port, index) => {
    const target = valueAt(port, ["targetPort"]);
    if (typeof target !== "string" || names.has(target)) return [];
    return [sightingIn(view, ["spec", "ports", index, "targetPort"], `no container has a port named "${target}"`)];
  });
}

function portNames(container: unknown): readonly string[] {
  return listAt(container, ["ports"]).map((port) => textAt(port, ["name"]));
}

function probesOff(view: MemberView): readonly Sighting[] {
  return containersOf(view.value).flatMap(({ value, path }) =>
    ["startupProbe", "readinessProbe", "livenessProbe"].flatMap((probe) =>
      ["httpGet", "tcpSocket"].flatMap((action) => {
        const port = valueAt(value, [probe, action, "port"]);
        if (typeof port !== "string" || portNames(value).includes(port)) return [];
        return [sightingIn(view, [...path, probe, action, "port"], `the container has no port named "${port}"`)];
      }),
    ),
  );
}
