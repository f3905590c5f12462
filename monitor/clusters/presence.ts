// The first question of every object: is it there? What could not be read is told once for its kind, not for each object.
import { textAt, type ValueMap } from "../topology/loose-value.ts";
import type { Judged, Remark } from "./judged.ts";
import { isLeaving, nameOf } from "./pods.ts";
import type { ClusterRuleId } from "./rules.ts";
import type { Looks } from "./sight.ts";
import { keyOfObject } from "./wish.ts";

export type Presence =
  | { readonly kind: "there"; readonly live: ValueMap; readonly leaving: readonly Remark[] }
  /** All that is to be said of it. */
  | { readonly kind: "absent"; readonly judged: readonly Judged[] };

export function presenceOf(expected: ValueMap, looks: Looks): Presence {
  const look = looks[keyOfObject(expected)];
  if (look === undefined || look.kind === "forbidden" || look.kind === "failed") return { kind: "absent", judged: [] };
  const absent = (rule: ClusterRuleId, message: string): Presence => ({
    kind: "absent",
    judged: [{ object: objectName(expected), good: "", remarks: [{ rule, message }] }],
  });
  if (look.kind === "no-kind") return absent("CL-NO-KIND", `the API server does not know ${keyOfObject(expected)}`);
  const live = look.objects.find((one) => nameOf(one) === nameOf(expected));
  if (live === undefined) return absent("CL-MISSING", "it is not there");
  const since = textAt(live, ["metadata", "deletionTimestamp"]);
  const leaving: readonly Remark[] = isLeaving(live)
    ? [{ rule: "CL-DELETING", message: `it is being deleted since ${since}` }]
    : [];
  return { kind: "there", live, leaving };
}

/** "Deployment multicloud-demo". */
export function objectName(object: ValueMap): string {
  return `${textAt(object, ["kind"])} ${nameOf(object)}`;
}
