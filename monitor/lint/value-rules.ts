// Rules about values of the right type that an API server refuses all the same. In a template the federation host takes them,
// so the refusal comes from the members, one by one.
import { type Path, valueAt } from "../topology/path.ts";
import { listAt, mapAt } from "../verify/federation-value.ts";
import type { MemberView } from "./member-view.ts";
import { readQuantity } from "./quantity.ts";
import { type Rule, sightingIn, type Sighting } from "./rule.ts";
import type { Scene } from "./scene.ts";
import { containersOf, workloads } from "./workload.ts";

const VALIDATION = "kubernetes pkg/apis/apps/validation/validation.go";

export const VALUE_RULES: readonly Rule[] = [
  {
    id: "K8S-PORT-RANGE",
    severity: "error",
    wrong: "A Service has a port that is no port number, so the members' API servers refuse it.",
    fix: "Use a whole number from 1 to 65535.",
    source: "kubernetes pkg/apis/core/validation/validation.go validateServicePort",
    sightings: ({ views }) =>
      views.filter(({ kind, apiVersion }) => kind === "Service" && apiVersion === "v1").flatMap(portsOff),
  },
  {
    id: "K8S-REPLICAS-REFUSED",
    severity: "error",
    wrong: "A number of replicas is negative or no whole number, so the members' API servers refuse the object.",
    fix: "Use a whole number, 0 at least.",
    source: `${VALIDATION} ValidateDeploymentSpec, ValidateReplicaSetSpec`,
    sightings: (scene) => workloads(scene).flatMap(replicasOff),
  },
  {
    id: "K8S-LABEL-VALUE",
    severity: "error",
    wrong: "A label's value has characters that labels may not have, so the members' API servers refuse the object.",
    fix: "Use at most 63 letters, digits, dashes, underscores and dots, with a letter or a digit at both ends.",
    source: 'Kubernetes documentation, Labels and Selectors: "must be 63 characters or less"',
    sightings: ({ views }) => views.flatMap(labelsOff),
  },
  {
    id: "K8S-ROLLOUT-STUCK",
    severity: "error",
    wrong: "A rollout may neither add a Pod nor take one away, so the members' API servers refuse the object.",
    fix: "Let maxSurge or maxUnavailable be 1 at least.",
    source: `${VALIDATION} ValidateRollingUpdateDeployment`,
    sightings: (scene) => deployments(scene).flatMap(rolloutStuck),
  },
  {
    id: "K8S-REQUEST-OVER-LIMIT",
    severity: "error",
    wrong: "A container requests more than its limit, so the members' API servers refuse the object.",
    fix: "Raise the limit, or lower the request.",
    source:
      'kubernetes pkg/apis/core/validation/validation.go ValidateContainerResourceRequirements: "must be less than or equal to"',
    sightings: (scene) => workloads(scene).flatMap(requestsOver),
  },
  {
    id: "K8S-DEADLINE-TOO-SHORT",
    severity: "error",
    wrong: "A rollout's deadline is not above its minReadySeconds, so the members' API servers refuse the object.",
    fix: "Make progressDeadlineSeconds, 600 by default, larger than minReadySeconds.",
    source: `${VALIDATION} ValidateDeploymentSpec: "must be greater than minReadySeconds"`,
    sightings: (scene) => deployments(scene).flatMap(deadlineTooShort),
  },
];

function deployments(scene: Scene): readonly MemberView[] {
  return workloads(scene).filter(({ kind }) => kind === "Deployment");
}

function portsOff(view: MemberView): readonly Sighting[] {
  return listAt(view.value, ["spec", "ports"]).flatMap((port, index) =>
    ["port", "targetPort", "nodePort"].flatMap((field) => {
      const value = valueAt(port, [field]);
      // To an API server a nodePort or a targetPort of 0 is one that is not there.
      const fits = typeof value !== "number" || isPort(value) || (value === 0 && field !== "port");
      return fits ? [] : [sightingIn(view, ["spec", "ports", index, field], `${field} ${value} is no port number`)];
    }),
  );
}

function isPort(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= 65_535;
}

function replicasOff(view: MemberView): readonly Sighting[] {
  const replicas = valueAt(view.value, ["spec", "replicas"]);
  if (typeof replicas !== "number" || (Number.isInteger(replicas) && replicas >= 0)) return [];
  return [sightingIn(view, ["spec", "replicas"], `${replicas} replicas`)];
}

const LABEL_VALUE = /^(?:[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?$/;

function labelsOff(view: MemberView): readonly Sighting[] {
  const places: readonly Path[] = [
    ["metadata", "labels"],
    ["spec", "template", "metadata", "labels"],
  ];
  return places.flatMap((path) =>
    Object.entries(mapAt(view.value, path)).flatMap(([key, value]) =>
      typeof value !== "string" || LABEL_VALUE.test(value)
        ? []
        : [sightingIn(view, [...path, key], `the label ${key} may not be ${JSON.stringify(value)}`)],
    ),
  );
}

/** What is left out is 25 %. */
function rolloutStuck(view: MemberView): readonly Sighting[] {
  const path = ["spec", "strategy", "rollingUpdate"];
  const amounts = ["maxSurge", "maxUnavailable"].map((field) => valueAt(view.value, [...path, field]));
  if (!amounts.every((amount) => amount === 0 || amount === "0%")) return [];
  return [sightingIn(view, [...path, "maxUnavailable"], "maxSurge and maxUnavailable are both 0")];
}

function requestsOver(view: MemberView): readonly Sighting[] {
  return containersOf(view.value).flatMap(({ value, name, path }) =>
    Object.entries(mapAt(value, ["resources", "requests"])).flatMap(([resource, request]) => {
      const limit = valueAt(value, ["resources", "limits", resource]);
      const [asked, most] = [readQuantity(request), readQuantity(limit)];
      if (asked === null || most === null || asked <= most) return [];
      const message = `container ${name} requests ${String(request)} of ${resource}, its limit is ${String(limit)}`;
      return [sightingIn(view, [...path, "resources", "requests", resource], message)];
    }),
  );
}

function deadlineTooShort(view: MemberView): readonly Sighting[] {
  const own = valueAt(view.value, ["spec", "progressDeadlineSeconds"]);
  const ready = valueAt(view.value, ["spec", "minReadySeconds"]) ?? 0;
  const deadline = own ?? 600;
  if (typeof deadline !== "number" || typeof ready !== "number" || deadline > ready) return [];
  const field = typeof own === "number" ? "progressDeadlineSeconds" : "minReadySeconds";
  const message = `progressDeadlineSeconds is ${deadline}, minReadySeconds is ${ready}`;
  return [sightingIn(view, ["spec", field], message)];
}
