// The override of `/spec/replicas` for one cluster in a FederatedDeployment, whatever stands around it: overrides are a list
// without keys, so the place is found by name each time and every patch tests what it is about to change.
import * as z from "zod";
import type { LiveObject, PatchStep } from "../node/kube-api.ts";
import { FEDERATED_API } from "../render/kubefed.ts";
import type { Spot, SpotStanding } from "./spot.ts";
import type { UndoOf } from "./undo.ts";

type KubefedUndo = UndoOf<"kubefed-replicas">;

export const REPLICAS_PATH = "/spec/replicas";
const NONE = 0;

const [group = "", version = ""] = FEDERATED_API.split("/");
export const FEDERATED_DEPLOYMENTS = { group, version, plural: "federateddeployments" } as const;

const OVERRIDES = z.optional(
  z.array(
    z.looseObject({
      clusterName: z.string(),
      clusterOverrides: z.array(
        z.looseObject({ op: z.optional(z.string()), path: z.string(), value: z.optional(z.unknown()) }),
      ),
    }),
  ),
);
const SPEC = z.looseObject({ overrides: OVERRIDES });
type Overrides = NonNullable<z.infer<typeof OVERRIDES>>;

/** Where the cluster's override of replicas is. */
export type Place =
  | {
      readonly kind: "there";
      readonly entry: number;
      readonly index: number;
      readonly value: unknown;
      readonly op: string;
    }
  /** The outermost of what is missing. */
  | { readonly kind: "missing"; readonly what: "list" }
  | { readonly kind: "missing"; readonly what: "entry" }
  | { readonly kind: "missing"; readonly what: "path"; readonly entry: number }
  | { readonly kind: "unclear"; readonly why: string };

export function placeOf(object: LiveObject, cluster: string): Place {
  const overrides = overridesIn(object);
  if (overrides === null) return { kind: "unclear", why: "its overrides are not as KubeFed writes them" };
  if (overrides === undefined) return { kind: "missing", what: "list" };
  const entries = overrides.flatMap((one, index) => (one.clusterName === cluster ? [index] : []));
  const [entry, second] = entries;
  if (second !== undefined) return { kind: "unclear", why: `it has two overrides for ${cluster}` };
  if (entry === undefined) return { kind: "missing", what: "entry" };
  const changes = overrides[entry]?.clusterOverrides ?? [];
  const paths = changes.flatMap(({ path }, index) => (path === REPLICAS_PATH ? [index] : []));
  const [index, twice] = paths;
  if (twice !== undefined) return { kind: "unclear", why: `its override for ${cluster} has ${REPLICAS_PATH} twice` };
  if (index === undefined) return { kind: "missing", what: "path", entry };
  return { kind: "there", entry, index, value: changes[index]?.value, op: changes[index]?.op ?? "replace" };
}

/** Null: not understood. */
function overridesIn(object: LiveObject): Overrides | undefined | null {
  const spec = SPEC.safeParse(object.spec ?? {});
  return spec.success ? spec.data.overrides : null;
}

export const KUBEFED_SPOT: Spot<KubefedUndo> = {
  ref: ({ namespace, name }) => ({ ...FEDERATED_DEPLOYMENTS, namespace, name }),
  name: ({ cluster }) => `the override of replicas for ${cluster}`,
  standing: (object, undo): SpotStanding => {
    const place = placeOf(object, undo.cluster);
    if (place.kind === "unclear") return { kind: "other", detail: place.why };
    if (place.kind === "missing")
      return undo.added === "nothing" ? { kind: "other", detail: "it is gone" } : { kind: "before" };
    if (place.value === NONE) return { kind: "during" };
    if (undo.added === "nothing" && place.value === undo.before) return { kind: "before" };
    return { kind: "other", detail: `it is ${JSON.stringify(place.value)}` };
  },
  change: (object, undo, to) => (to === "during" ? stepsToNone(object, undo) : stepsBack(object, undo)),
  byHand: ({ context, namespace, name, cluster, added, before }) => {
    const what = added === "nothing" ? `${REPLICAS_PATH} back to ${before ?? ""}` : `take ${REPLICAS_PATH} out`;
    return [
      `kubectl --context ${context} -n ${namespace} edit federateddeployment ${name}   # spec.overrides, clusterName ${cluster}: ${what}`,
    ];
  },
};

function stepsToNone(object: LiveObject, { cluster }: KubefedUndo): readonly PatchStep[] {
  const place = placeOf(object, cluster);
  const change = { path: REPLICAS_PATH, value: NONE };
  if (place.kind === "there")
    return [...tests(object, place.entry, place.index), { op: "replace", path: valueAt(place), value: NONE }];
  // That something is absent cannot be tested, so the object must be the very one that was read.
  const same = test("/metadata/resourceVersion", object.metadata["resourceVersion"]);
  if (place.kind === "missing" && place.what === "path")
    return [same, { op: "add", path: `/spec/overrides/${place.entry}/clusterOverrides/-`, value: change }];
  const entry = { clusterName: cluster, clusterOverrides: [change] };
  return place.kind === "missing" && place.what === "entry"
    ? [same, { op: "add", path: "/spec/overrides/-", value: entry }]
    : [same, { op: "add", path: "/spec/overrides", value: [entry] }];
}

/** Takes away what the lever added, as far as nobody has put anything else into it since. */
function stepsBack(object: LiveObject, undo: KubefedUndo): readonly PatchStep[] {
  const place = placeOf(object, undo.cluster);
  if (place.kind !== "there") return [];
  const guards = tests(object, place.entry, place.index);
  if (undo.added === "nothing") return [...guards, { op: "replace", path: valueAt(place), value: undo.before }];
  const overrides = overridesIn(object) ?? [];
  const isAlone = overrides[place.entry]?.clusterOverrides.length === 1;
  const entryAt = `/spec/overrides/${place.entry}`;
  if (undo.added === "path" || !isAlone)
    return [...guards, { op: "remove", path: `${entryAt}/clusterOverrides/${place.index}` }];
  if (undo.added === "list" && overrides.length === 1)
    return [test("/spec/overrides", overrides), { op: "remove", path: "/spec/overrides" }];
  return [test(entryAt, overrides[place.entry]), { op: "remove", path: entryAt }];
}

function tests(object: LiveObject, entry: number, index: number): readonly PatchStep[] {
  const one = (overridesIn(object) ?? [])[entry];
  const at = `/spec/overrides/${entry}`;
  return [
    test(`${at}/clusterName`, one?.clusterName),
    test(`${at}/clusterOverrides/${index}`, one?.clusterOverrides[index]),
  ];
}

function test(path: string, value: unknown): PatchStep {
  return { op: "test", path, value };
}

function valueAt({ entry, index }: { readonly entry: number; readonly index: number }): string {
  return `/spec/overrides/${entry}/clusterOverrides/${index}/value`;
}
