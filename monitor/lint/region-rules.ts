// Rules about REGION, the one value that differs in each cluster and that overrides reach by position: somebody inserts a
// variable before it, and a cluster claims to be another one while KubeFed reports success.
import { valueAt } from "../topology/path.ts";
import { pathTokens } from "../verify/federation-patch.ts";
import { textAt } from "../verify/federation-value.ts";
import type { MemberView } from "./member-view.ts";
import type { OverrideItem } from "./override-entry.ts";
import { mapDefaults, mapsNotSet, mapsSetTwice } from "./region-config.ts";
import { claimedRegion, isTold, placedApps, regionOfCluster, templateOf } from "./region-value.ts";
import { type Rule, sightingAt, sightingIn, type Sighting } from "./rule.ts";
import type { FederatedObject, Scene } from "./scene.ts";
import { appContainer, REGION_VARIABLE, variablesOf } from "./workload.ts";

export const REGION_RULES: readonly Rule[] = [
  {
    id: "KF-REGION-WRONG-VARIABLE",
    severity: "error",
    wrong: "An override of a variable by its position hits another variable than REGION.",
    fix: "Point it at the position of REGION, or set REGION by a ConfigMap, whose path no insertion can move.",
    source: "measured: LOG_LEVEL=europe-west1, REGION=unset, Propagation=True",
    sightings: (scene) => scene.federated.flatMap((object) => wrongVariables(object, scene)),
  },
  {
    id: "KF-REGION-TWICE",
    severity: "error",
    wrong: "Two overrides for one cluster set REGION, and the later one wins.",
    fix: "Keep one override of REGION for each cluster.",
    source: "measured: KubeFed applies overrides in their order",
    sightings: (scene) => [...scene.federated.flatMap(regionTwice), ...mapsSetTwice(scene)],
  },
  {
    id: "KF-REGION-NOT-SET",
    severity: "error",
    wrong: "A cluster has no override of REGION, so the service there claims the template's value.",
    fix: "Add an override of REGION for the cluster.",
    source: "measured: REGION=unset, Propagation=True",
    sightings: (scene) => [...placedApps(scene).flatMap((view) => regionNotSet(view, scene)), ...mapsNotSet(scene)],
  },
  {
    id: "KF-REGION-DEFAULT",
    severity: "warning",
    wrong: "The template's own REGION is a real region, so a cluster whose override misses claims to be that one.",
    fix: "Put a value into the template that is no region, such as unset: the probe then takes it for a failure.",
    source: "measured: an override that misses leaves the template's value, and Propagation is True",
    sightings: (scene) => [...scene.federated.flatMap((object) => regionDefault(object, scene)), ...mapDefaults(scene)],
  },
  {
    id: "TOPO-REGION-DIFFERS",
    severity: "error",
    wrong: "The service in a cluster would claim another region than the topology has for it.",
    fix: "Make the override and the topology say the same: `monitor render kubefed` writes one from the other.",
    source: "manifests/topology.yaml, regions[].region",
    sightings: (scene) => placedApps(scene).flatMap((view) => regionDiffers(view, scene)),
  },
  {
    id: "TOPO-REGION-UNTOLD",
    severity: "error",
    wrong: "The service is not told its region, so nobody can tell which one answered.",
    fix: "Give its container the variable REGION, with an override for each cluster.",
    source: "manifests/topology.yaml, regions[].region",
    sightings: untold,
  },
];

/** The service's own Deployment alone: other workloads need no region. */
function untold(scene: Scene): readonly Sighting[] {
  const name = scene.topology?.value.service.name;
  return placedApps(scene)
    .filter((view) => view.kind === "Deployment" && view.name === name && !isTold(view, scene))
    .map((view) => sightingIn(view, regionPath(view, scene), `no ${REGION_VARIABLE} among the container's variables`));
}

interface HitVariable {
  readonly item: OverrideItem;
  /** What stands there in the template; null: nothing, which is another rule's business. */
  readonly name: string;
  readonly container: string;
  /** What it is set to; null: no text. */
  readonly text: string | null;
}

/** Overrides of a variable, or of its value, with what they hit by position. */
function hitVariables(items: readonly OverrideItem[], template: unknown): readonly HitVariable[] {
  return items.flatMap((item): readonly HitVariable[] => {
    const { override } = item;
    if (override === null || override.op === "remove") return [];
    const match = VARIABLE.exec(`/${(pathTokens(override.path) ?? []).join("/")}`);
    if (match === null) return [];
    const container = valueAt(template, ["spec", "template", "spec", "containers", Number(match[1])]);
    const variable = valueAt(container, ["env", Number(match[2])]);
    const set = match[3] === undefined ? valueAt(override.value, ["value"]) : override.value;
    const text = typeof set === "string" ? set : null;
    if (variable === undefined || (match[3] === undefined && override.op === "add")) return [];
    return [{ item, name: textAt(variable, ["name"]), container: textAt(container, ["name"]), text }];
  });
}

const VARIABLE = /^\/spec\/template\/spec\/containers\/(\d+)\/env\/(\d+)(\/value)?$/;

/** What is meant for REGION: a region of the topology; without one, whatever a cluster sets while its REGION stays unset. */
function wrongVariables(object: FederatedObject, scene: Scene): readonly Sighting[] {
  const template = templateOf(object);
  const app = appContainer(template, scene.topology?.value.service.name ?? null);
  const told = app !== null && variablesOf(app).some(({ name }) => name === REGION_VARIABLE);
  const regions = scene.topology?.value.regions.map(({ region }) => region) ?? null;
  return object.entries.flatMap(({ cluster, items }) => {
    const hits = hitVariables(items, template);
    const right = hits.filter(({ name, container }) => name === REGION_VARIABLE && container === app?.name);
    return hits
      .filter((hit) => !right.includes(hit) && hit.text !== null)
      .filter(({ text }) => (regions === null ? told && right.length === 0 : regions.includes(text ?? "")))
      .map(({ item, name, container, text }) => {
        const message = `it sets ${name}=${text ?? ""} in container ${container}, not ${REGION_VARIABLE} (${cluster})`;
        return sightingAt(object.object, [...item.path, "path"], message);
      });
  });
}

function regionTwice(object: FederatedObject): readonly Sighting[] {
  const template = templateOf(object);
  return object.entries.flatMap(({ cluster, items }) =>
    hitVariables(items, template)
      .filter(({ name }) => name === REGION_VARIABLE)
      .slice(1)
      .map(({ item }) =>
        sightingAt(
          object.object,
          [...item.path, "path"],
          `another override of ${cluster} sets ${REGION_VARIABLE} already`,
        ),
      ),
  );
}

function regionNotSet(view: MemberView, scene: Scene): readonly Sighting[] {
  const claimed = claimedRegion(view, scene);
  if (claimed === null || claimed.view !== view || view.cluster === null) return [];
  const own = scene.federated.find(({ object }) => object === view.origin);
  const written = own === undefined ? undefined : valueAt(templateOf(own), claimed.path);
  const right = regionOfCluster(view.cluster, scene);
  const oneOfMany = right === null && view.among > 1 && sameEverywhere(view, claimed.value, scene);
  if (written !== claimed.value || (right === null ? !oneOfMany : right === claimed.value)) return [];
  return [sightingIn(view, regionPath(view, scene), `it would run with ${REGION_VARIABLE}=${claimed.value}`)];
}

/** Without a topology, a value is no region of its own when another cluster has it too. */
function sameEverywhere(view: MemberView, value: string, scene: Scene): boolean {
  const others = placedApps(scene).filter(({ origin, cluster }) => origin === view.origin && cluster !== view.cluster);
  return others.some((other) => claimedRegion(other, scene)?.value === value) || value === "unset";
}

function regionPath(view: MemberView, scene: Scene): readonly (string | number)[] {
  const app = appContainer(view.value, scene.topology?.value.service.name ?? null);
  const variable = app === null ? undefined : variablesOf(app).find(({ name }) => name === REGION_VARIABLE);
  return variable?.path ?? app?.path ?? [];
}

function regionDefault(object: FederatedObject, scene: Scene): readonly Sighting[] {
  const template = templateOf(object);
  const app = appContainer(template, scene.topology?.value.service.name ?? null);
  const variable = app === null ? undefined : variablesOf(app).find(({ name }) => name === REGION_VARIABLE);
  if (variable === undefined || variable.value === null) return [];
  const regions = scene.topology?.value.regions.map(({ region }) => region) ?? [];
  const set = object.entries.flatMap(({ items }) => hitVariables(items, template).map(({ text }) => text));
  if (![...regions, ...set].includes(variable.value)) return [];
  const path = ["spec", "template", ...variable.path, "value"];
  return [
    sightingAt(object.object, path, `the template says ${REGION_VARIABLE}=${variable.value}, which is a real region`),
  ];
}

function regionDiffers(view: MemberView, scene: Scene): readonly Sighting[] {
  const claimed = claimedRegion(view, scene);
  const right = regionOfCluster(view.cluster, scene);
  if (claimed === null || right === null || claimed.value === right) return [];
  const owner = scene.federated.find(({ object }) => object === claimed.view.origin);
  const written = owner === undefined ? undefined : valueAt(templateOf(owner), claimed.path);
  if (written === claimed.value) return [];
  const message = `it would claim ${REGION_VARIABLE}=${claimed.value}, the topology says ${right}`;
  return [sightingIn({ ...claimed.view, cluster: view.cluster, among: view.among }, claimed.path, message)];
}
