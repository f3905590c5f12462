// The entries of `spec.overrides` one by one, wrong ones included: KubeFed gives up on all of them at the first mistake, and
// lint tells every one.
import { type Path, valueAt } from "../topology/path.ts";
import { readOverride } from "../verify/federation-overrides.ts";
import type { Override } from "../verify/federation-patch.ts";
import { listAt, textAt } from "../verify/federation-value.ts";

export interface OverrideEntry {
  readonly cluster: string;
  readonly path: Path;
  readonly items: readonly OverrideItem[];
}

export interface OverrideItem {
  /** Null: it is no override at all. */
  readonly override: Override | null;
  /** Whether `value` is there and not null. */
  readonly valued: boolean;
  readonly path: Path;
}

export function overrideEntries(federated: unknown): readonly OverrideEntry[] {
  return listAt(federated, ["spec", "overrides"]).map((entry, index) => {
    const path = ["spec", "overrides", index];
    const items = listAt(entry, ["clusterOverrides"]).map((item, at) => ({
      override: readOverride(item),
      valued: (valueAt(item, ["value"]) ?? null) !== null,
      path: [...path, "clusterOverrides", at],
    }));
    return { cluster: textAt(entry, ["clusterName"]), path, items };
  });
}
