// Rules on the windows that recur: a name is half of an id, and a region that is not there would never be excused.
import { repeated } from "./distinct.ts";
import type { Draft } from "./draft.ts";
import type { Topology } from "./topology.ts";
import type { Breach } from "./wording.ts";

export function maintenanceBreaches(draft: Draft<Topology>): readonly Breach[] {
  const windows = draft.maintenance ?? [];
  const ids = (draft.regions ?? []).map((region) => region?.id);
  const names = windows.map((window, index) => ({ path: ["maintenance", index, "name"], value: window?.name }));
  const unknown = windows.flatMap((window, index) =>
    (window?.regions ?? []).flatMap((id, at): readonly Breach[] =>
      id === undefined || ids.includes(id) || ids.includes(undefined)
        ? []
        : [{ path: ["maintenance", index, "regions", at], expected: `a region of this topology (${ids.join(", ")})` }],
    ),
  );
  const twice = windows.flatMap((window, index) => [
    ...repeated(entries(index, "regions", window?.regions ?? []), "each region once"),
    ...repeated(entries(index, "weekdays", window?.weekdays ?? []), "each weekday once"),
  ]);
  return [...repeated(names, "a name that no other window has"), ...unknown, ...twice];
}

function entries(index: number, key: string, values: readonly (string | undefined)[]) {
  return values.map((value, at) => ({ path: ["maintenance", index, key, at], value }));
}
