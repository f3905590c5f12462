// What the rules about REGION ask where a FederatedConfigMap tells it: its template has no region of its own, and each cluster
// has exactly one override of the key.
import { type Path, valueAt } from "../topology/path.ts";
import { pathTokens } from "../verify/federation-patch.ts";
import { textAt } from "../verify/federation-value.ts";
import type { MemberView } from "./member-view.ts";
import type { OverrideItem } from "./override-entry.ts";
import { claimedRegion, placedApps, regionOfCluster, templateOf } from "./region-value.ts";
import { sightingAt, sightingIn, type Sighting } from "./rule.ts";
import type { FederatedObject, Scene } from "./scene.ts";

/** A key that the Pods of one cluster take for their region. */
interface RegionKey {
  readonly map: FederatedObject;
  /** As the cluster gets it. */
  readonly view: MemberView;
  readonly cluster: string;
  readonly path: Path;
  readonly value: string;
}

function regionKeys(scene: Scene): readonly RegionKey[] {
  return placedApps(scene).flatMap((app) => {
    const claimed = claimedRegion(app, scene);
    if (claimed === null || claimed.view === app || app.cluster === null) return [];
    const map = scene.federated.find(({ object }) => object === claimed.view.origin);
    const { view, path, value } = claimed;
    return map === undefined ? [] : [{ map, view, cluster: app.cluster, path, value }];
  });
}

interface Setter {
  readonly item: OverrideItem;
  readonly cluster: string;
  readonly text: string;
}

/** Overrides of the key, or of all data with the key among them; in their order. */
function setters({ map, path }: RegionKey): readonly Setter[] {
  return map.entries.flatMap(({ cluster, items }) =>
    items.flatMap((item): readonly Setter[] => {
      const { override } = item;
      const tokens = override === null || override.op === "remove" ? [] : (pathTokens(override.path) ?? []);
      const around = tokens.length > 0 && tokens.every((token, index) => token === path[index]);
      const text = around ? valueAt(override?.value, path.slice(tokens.length)) : undefined;
      return typeof text === "string" ? [{ item, cluster, text }] : [];
    }),
  );
}

export function mapsSetTwice(scene: Scene): readonly Sighting[] {
  return regionKeys(scene).flatMap((key) =>
    setters(key)
      .filter(({ cluster }) => cluster === key.cluster)
      .slice(1)
      .map(({ item, cluster }) => {
        const message = `another override of ${cluster} sets ${String(key.path.at(-1))} already`;
        return sightingAt(key.map.object, [...item.path, "path"], message);
      }),
  );
}

/** One that happens to be right counts too, unless the ConfigMap is made for that cluster alone. */
export function mapsNotSet(scene: Scene): readonly Sighting[] {
  return regionKeys(scene).flatMap((key) => {
    const { map, view, cluster, path, value } = key;
    if (setters(key).some((setter) => setter.cluster === cluster)) return [];
    const right = regionOfCluster(cluster, scene) ?? value;
    if (map.placed.length < 2 && right === value) return [];
    const seen = { ...view, cluster, among: map.placed.length };
    return [sightingIn(seen, path, `no override of it, so the service would run with REGION=${value}`)];
  });
}

/** A region of the topology, or of any cluster's override. */
export function mapDefaults(scene: Scene): readonly Sighting[] {
  const regions = scene.topology?.value.regions.map(({ region }) => region) ?? [];
  return regionKeys(scene).flatMap((key) => {
    const { map, path } = key;
    const written = textAt(templateOf(map), path);
    if (![...regions, ...setters(key).map(({ text }) => text)].includes(written)) return [];
    const message = `the template says ${String(path.at(-1))}=${written}, which is a real region`;
    return [sightingAt(map.object, ["spec", "template", ...path], message)];
  });
}
