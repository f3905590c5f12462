// The fault of the health path's rule in the region's VirtualService: the rule is found by what it matches, because rules are
// a list and others may put theirs before it.
import { isDeepStrictEqual } from "node:util";
import * as z from "zod";
import type { LiveObject, PatchStep } from "../node/kube-api.ts";
import type { Spot } from "./spot.ts";
import type { UndoOf } from "./undo.ts";

type IstioUndo = UndoOf<"istio-abort">;

export const ISTIO_GROUP = "networking.istio.io";
export const VIRTUAL_SERVICES = "virtualservices";

const RULE = z.looseObject({
  match: z.optional(z.array(z.looseObject({ uri: z.optional(z.record(z.string(), z.string())) }))),
  fault: z.optional(z.unknown()),
});
const SPEC = z.looseObject({ http: z.optional(z.array(RULE)) });
export type HttpRule = z.infer<typeof RULE>;

export function httpRules(object: LiveObject): readonly HttpRule[] {
  const spec = SPEC.safeParse(object.spec ?? {});
  return spec.success ? (spec.data.http ?? []) : [];
}

/** Rules that are for this path and nothing else, by their positions. */
export function rulesOfPath(rules: readonly HttpRule[], path: string): readonly number[] {
  return rules.flatMap(({ match }, index) =>
    match !== undefined && match.length > 0 && match.every(({ uri }) => uri?.["exact"] === path) ? [index] : [],
  );
}

export const ISTIO_SPOT: Spot<IstioUndo> = {
  ref: ({ version, namespace, name }) => ({ group: ISTIO_GROUP, version, plural: VIRTUAL_SERVICES, namespace, name }),
  name: ({ namespace, name, path }) => `the rule for ${path} of VirtualService ${namespace}/${name}`,
  standing: (object, undo) => {
    const rules = httpRules(object);
    const [index, second] = rulesOfPath(rules, undo.path);
    if (index === undefined || second !== undefined)
      return { kind: "other", detail: "it is gone, or there are several" };
    const fault = rules[index]?.fault;
    if (fault === undefined) return { kind: "before" };
    return isDeepStrictEqual(fault, faultOf(undo))
      ? { kind: "during" }
      : { kind: "other", detail: `its fault is ${JSON.stringify(fault)}` };
  },
  change: (object, undo, to): readonly PatchStep[] => {
    const rules = httpRules(object);
    const [index = 0] = rulesOfPath(rules, undo.path);
    const at = `/spec/http/${index}`;
    const same: PatchStep = { op: "test", path: at, value: rules[index] };
    return to === "during"
      ? [same, { op: "add", path: `${at}/fault`, value: faultOf(undo) }]
      : [same, { op: "remove", path: `${at}/fault` }];
  },
  byHand: ({ context, namespace, name, path }) => [
    `kubectl --context ${context} -n ${namespace} edit virtualservice ${name}   # take "fault" out of the rule for ${path}`,
  ],
};

/** Istio's HTTPFaultInjection.Abort. */
function faultOf({ httpStatus, percent }: IstioUndo): object {
  return { abort: { httpStatus, percentage: { value: percent } } };
}
