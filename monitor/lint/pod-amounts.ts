// How much one Pod counts for against a ResourceQuota: what its containers ask for, with what a LimitRange gives to those that
// say nothing.
import { valueAt } from "../topology/path.ts";
import { listAt, mapAt, textAt } from "../verify/federation-value.ts";
import type { MemberView } from "./member-view.ts";
import { readQuantity } from "./quantity.ts";
import type { Scene } from "./scene.ts";
import { beside, type Container, containersOf, POD_SPEC } from "./workload.ts";

/** One row of a quota, as far as it is about Pods. */
export type QuotaRow =
  | { readonly kind: "pods" }
  | { readonly kind: "amount"; readonly side: "requests" | "limits"; readonly resource: string };

const AMOUNTS = new Set(["cpu", "memory", "ephemeral-storage"]);

/** Null: it counts something else. "cpu" is short for "requests.cpu". */
export function quotaRow(name: string): QuotaRow | null {
  if (name === "pods" || name === "count/pods") return { kind: "pods" };
  const [, side = "requests", resource = ""] = /^(?:(requests|limits)\.)?([a-z-]+)$/.exec(name) ?? [];
  if (!AMOUNTS.has(resource)) return null;
  return { kind: "amount", side: side === "limits" ? "limits" : "requests", resource };
}

/**
 * Null: the container says nothing and nobody says it for it. A limit is a request too where there is none. What a LimitRange
 * says for one field it says for others [SRC kubernetes:pkg/apis/core/v1/defaults.go SetDefaults_LimitRangeItem].
 */
export function containerAmount(
  { value }: Container,
  side: "requests" | "limits",
  resource: string,
  ranges: readonly unknown[],
): number | null {
  const own = ["resources", "limits", resource];
  const given = [...(side === "requests" ? [["resources", "requests", resource]] : []), own].map((path) =>
    valueAt(value, path),
  );
  const fields = side === "requests" ? ["defaultRequest", "default", "max", "min"] : ["default", "max"];
  const defaults = ranges.flatMap((range) => fields.map((field) => valueAt(range, [field, resource])));
  return [...given, ...defaults].map((amount) => readQuantity(amount)).find((amount) => amount !== null) ?? null;
}

/** Those of the LimitRanges beside it that are about containers. */
export function containerRanges(view: MemberView, { views }: Scene): readonly unknown[] {
  const near = beside(
    view,
    views.filter(({ kind, apiVersion }) => kind === "LimitRange" && apiVersion === "v1"),
  );
  return near
    .flatMap(({ value }) => listAt(value, ["spec", "limits"]))
    .filter((range) => textAt(range, ["type"]) === "Container");
}

/** Sidecars run beside the others; what runs before them is reckoned with those sidecars that run by then. */
export function podAmount(
  view: MemberView,
  side: "requests" | "limits",
  resource: string,
  ranges: readonly unknown[],
): number {
  let [running, most] = [0, 0];
  for (const container of initContainers(view.value)) {
    const amount = containerAmount(container, side, resource, ranges) ?? 0;
    most = Math.max(most, running + amount);
    if (textAt(container.value, ["restartPolicy"]) === "Always") running += amount;
  }
  const main = containersOf(view.value).filter(({ path }) => path.includes("containers"));
  const together = main.reduce(
    (sum, container) => sum + (containerAmount(container, side, resource, ranges) ?? 0),
    running,
  );
  return Math.max(most, together) + (readQuantity(mapAt(view.value, [...POD_SPEC, "overhead"])[resource]) ?? 0);
}

function initContainers(object: unknown): readonly Container[] {
  return containersOf(object).filter(({ path }) => path.includes("initContainers"));
}
