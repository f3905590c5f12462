// Rules about what overrides do to the template they are for: whether each hits something, and fits.
import { applyOverrides, OVERRIDE_OPS, type PatchEffect } from "../verify/federation-patch.ts";
import { objectOfTemplate } from "../verify/federation-member.ts";
import type { OverrideEntry, OverrideItem } from "./override-entry.ts";
import { type Rule, sightingAt, type Sighting } from "./rule.ts";
import type { FederatedObject } from "./scene.ts";

export const PATCH_RULES: readonly Rule[] = [
  {
    id: "KF-OVERRIDE-MISSING-KEY",
    severity: "error",
    wrong: "A replace of a key that the template does not have succeeds, and adds a key that perhaps nobody reads.",
    fix: "Correct the path, put a default into the template, or say op: add if the key is meant to be new.",
    source: "evanphx/json-patch v4.12.0 patch.go replace; measured",
    sightings: ({ federated }) =>
      federated.flatMap((object) =>
        outcomes(object, ({ effect, item }) =>
          effect === "created" && item.override?.op === "replace"
            ? `the template has no ${item.override.path}, and KubeFed would not say so`
            : null,
        ),
      ),
  },
  {
    id: "KF-OVERRIDE-FAILS",
    severity: "error",
    wrong: "An override does not apply to the template: ApplyOverridesFailed, and the cluster keeps what it has.",
    fix: "Correct the path: parents must exist, and indexes must be inside of their list.",
    source: "evanphx/json-patch v4.12.0 patch.go; measured",
    sightings: ({ federated }) => federated.flatMap((object) => outcomes(object, ({ failure }) => failure)),
  },
];

interface Outcome {
  readonly item: OverrideItem;
  readonly effect: PatchEffect | null;
  readonly failure: string | null;
}

function outcomes(object: FederatedObject, problem: (outcome: Outcome) => string | null): readonly Sighting[] {
  return object.entries.flatMap((entry) =>
    outcomesOf(object, entry).flatMap((outcome) => {
      const message = problem(outcome);
      const path = [...outcome.item.path, "path"];
      return message === null ? [] : [sightingAt(object.object, path, `${message} (${entry.cluster})`)];
    }),
  );
}

/** Without those that other rules refuse; each is applied after the earlier ones, and what fails is left out. */
function outcomesOf(object: FederatedObject, { items }: OverrideEntry): readonly Outcome[] {
  const template = objectOfTemplate(object.value, object.kind);
  if (!template.ok) return [];
  let value = template.value.object;
  return items.flatMap((item): readonly Outcome[] => {
    const { override } = item;
    if (override === null || !override.path.startsWith("/") || !OVERRIDE_OPS.some((op) => op === override.op))
      return [];
    const patched = applyOverrides(value, [override]);
    if (!patched.ok) return [{ item, effect: null, failure: patched.message }];
    value = patched.value;
    return [{ item, effect: patched.effects[0] ?? null, failure: null }];
  });
}
