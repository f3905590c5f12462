// Rules about ResourceQuotas beside the Pods that they are for. A Pod over the quota is refused to its ReplicaSet, not to
// whoever applies the Deployment, so the federation says that all is well.
import { valueAt } from "../topology/path.ts";
import { isMap, listAt, mapAt, textAt } from "../verify/federation-value.ts";
import type { MemberView } from "./member-view.ts";
import { containerAmount, containerRanges, podAmount, type QuotaRow, quotaRow } from "./pod-amounts.ts";
import { quantityText, readQuantity } from "./quantity.ts";
import { type Rule, sightingIn, type Sighting, wordList } from "./rule.ts";
import type { Scene } from "./scene.ts";
import { beside, containersOf, POD_SPEC, workloads } from "./workload.ts";

const EVALUATOR = "kubernetes pkg/quota/v1/evaluator/core/pods.go";

export const QUOTA_RULES: readonly Rule[] = [
  {
    id: "K8S-QUOTA-SMALL",
    severity: "error",
    wrong:
      "A quota holds fewer Pods than replicas and a rollout's surge: the last are never made, Propagation is True.",
    fix: "Raise the quota, or lower what the Pods ask for; injected sidecars come on top.",
    source: `Kubernetes documentation, Resource Quotas; ${EVALUATOR} PodUsageFunc`,
    sightings: (scene) => quotas(scene).flatMap((quota) => tooSmall(quota, scene)),
  },
  {
    id: "K8S-QUOTA-NO-REQUEST",
    severity: "error",
    wrong: "A quota counts a resource that a container says nothing about, so its Pods are refused.",
    fix: "Say it in the container's resources, or give the namespace a LimitRange with a default.",
    source: `${EVALUATOR} Constraints: "must specify"`,
    sightings: (scene) => quotas(scene).flatMap((quota) => unsaid(quota, scene)),
  },
];

/** Without those that count some of the Pods alone. */
function quotas({ views }: Scene): readonly MemberView[] {
  return views.filter(
    ({ kind, apiVersion, value }) =>
      kind === "ResourceQuota" &&
      apiVersion === "v1" &&
      listAt(value, ["spec", "scopes"]).length === 0 &&
      !isMap(valueAt(value, ["spec", "scopeSelector"])),
  );
}

/** What is written in the quota's own file is meant for the same cluster; else one workload may stand in several files. */
function counted(quota: MemberView, scene: Scene): readonly MemberView[] {
  const near = beside(quota, workloads(scene));
  const own = near.filter(({ origin }) => origin.placeOf([]).file === quota.origin.placeOf([]).file);
  return own.length > 0 ? own : near;
}

function tooSmall(quota: MemberView, scene: Scene): readonly Sighting[] {
  const pods = counted(quota, scene);
  return Object.entries(mapAt(quota.value, ["spec", "hard"])).flatMap(([name, hard]) => {
    const row = quotaRow(name);
    const most = readQuantity(hard);
    if (row === null || most === null) return [];
    const needs = needsByWorkload(pods, row, scene);
    const sum = [...needs.values()].reduce((a, b) => a + b, 0);
    // A sum of binary fractions is seldom quite what it should be.
    if (sum <= most * (1 + 1e-9)) return [];
    const unit = row.kind === "pods" ? "pods" : row.resource;
    const message = `${name} is ${String(hard)}, ${wordList([...needs.keys()])} may need ${quantityText(sum, unit)}`;
    return [sightingIn(quota, ["spec", "hard", name], message)];
  });
}

/** The most that each needs in any of its spellings. */
function needsByWorkload(pods: readonly MemberView[], row: QuotaRow, scene: Scene): ReadonlyMap<string, number> {
  const needs = new Map<string, number>();
  for (const view of pods) {
    const one = row.kind === "pods" ? 1 : podAmount(view, row.side, row.resource, containerRanges(view, scene));
    const need = one * podsOf(view, scene);
    const name = `${view.kind} ${view.name}`;
    if (need > 0) needs.set(name, Math.max(needs.get(name) ?? 0, need));
  }
  return needs;
}

/** In a rollout; 0 for a DaemonSet, which has one for each node. */
function podsOf(view: MemberView, scene: Scene): number {
  if (view.kind === "DaemonSet") return 0;
  const written = valueAt(view.value, ["spec", view.kind === "Job" ? "parallelism" : "replicas"]);
  const replicas = Math.max(typeof written === "number" ? written : 1, scaledTo(view, scene));
  return replicas + (view.kind === "Deployment" ? surge(view, replicas) : 0);
}

function scaledTo(view: MemberView, { views }: Scene): number {
  const scalers = views.filter(
    ({ kind, value }) =>
      kind === "HorizontalPodAutoscaler" &&
      textAt(value, ["spec", "scaleTargetRef", "kind"]) === view.kind &&
      textAt(value, ["spec", "scaleTargetRef", "name"]) === view.name,
  );
  const most = beside(view, scalers).map(({ value }) => valueAt(value, ["spec", "maxReplicas"]));
  return Math.max(0, ...most.filter((count) => typeof count === "number"));
}

/** A share is rounded up; 25 % where nothing is said. */
function surge({ value }: MemberView, replicas: number): number {
  if (textAt(value, ["spec", "strategy", "type"]) === "Recreate") return 0;
  const written = valueAt(value, ["spec", "strategy", "rollingUpdate", "maxSurge"]) ?? "25%";
  if (typeof written === "number") return written;
  const share = typeof written === "string" ? /^(\d+)%$/.exec(written)?.[1] : undefined;
  return share === undefined ? 0 : Math.ceil((replicas * Number(share)) / 100);
}

/** Other resources may be left unsaid, as pods.go's validationSet has it; a Pod may say them for all its containers. */
const MUST_BE_SAID = new Set(["cpu", "memory"]);

function unsaid(quota: MemberView, scene: Scene): readonly Sighting[] {
  const rows = Object.keys(mapAt(quota.value, ["spec", "hard"])).flatMap((name) => {
    const row = quotaRow(name);
    return row?.kind === "amount" && MUST_BE_SAID.has(row.resource) ? [{ name, ...row }] : [];
  });
  return counted(quota, scene).flatMap((view) => {
    const ranges = containerRanges(view, scene);
    return containersOf(view.value).flatMap((container) => {
      const missing = rows.filter(
        ({ side, resource }) =>
          containerAmount(container, side, resource, ranges) === null &&
          valueAt(view.value, [...POD_SPEC, "resources", side, resource]) === undefined,
      );
      const names = wordList(missing.map(({ name }) => name));
      const message = `container ${container.name} says nothing of ${names}, which ${quota.origin.subject} counts`;
      return missing.length === 0 ? [] : [sightingIn(view, container.path, message)];
    });
  });
}
