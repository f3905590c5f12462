// What each cluster ends with, read back from the rendered text of each tool by the shortest code that does what the tool
// does. It shares nothing with the renderers: KubeFed's part is the model that lint and verification use.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parse, parseAllDocuments } from "yaml";
import { renderFiles, RENDERINGS } from "../../monitor/render/render.ts";
import type { RegionBy, RenderedFile } from "../../monitor/render/manifest.ts";
import type { Topology } from "../../monitor/topology/topology.ts";
import { enabledKinds } from "../../monitor/verify/federation-kinds.ts";
import { MANAGED_LABEL } from "../../monitor/verify/federation-member.ts";
import { expectPropagation } from "../../monitor/verify/federation.ts";

export interface Loaded {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
}

/** "Deployment/multicloud-demo" -> the object. */
export type ClusterObjects = Readonly<Record<string, unknown>>;

export function filesOf(topology: Topology, regionBy: RegionBy = "configmap"): readonly RenderedFile[] {
  const rendered = renderFiles(topology, Object.keys(RENDERINGS), regionBy);
  if (!rendered.ok) throw new Error(JSON.stringify(rendered.problems));
  return rendered.value;
}

export function textOf(files: readonly RenderedFile[], path: string): string {
  const file = files.find((one) => one.path === path);
  if (file === undefined) throw new Error(`no file ${path}`);
  return file.text;
}

export function objectsIn(text: string): readonly unknown[] {
  return parseAllDocuments(text).map((document) => {
    if (document.errors.length > 0) throw new Error(document.errors.join("\n"));
    return document.toJS() as unknown;
  });
}

export function plainObjects(files: readonly RenderedFile[], id: string): ClusterObjects {
  return byName(objectsIn(textOf(files, `plain/${id}.yaml`)));
}

export function kubefedObjects(files: readonly RenderedFile[], clusters: readonly string[]): readonly ClusterObjects[] {
  const objects = ["kubefed-types.yaml", "kubefed-manifests.yaml"].flatMap((path) => objectsIn(textOf(files, path)));
  const members = clusters.map((name) => ({ name, labels: {}, ready: true, objects: [] }));
  const outcomes = expectPropagation(objects, {
    kinds: enabledKinds(objects),
    members,
    adoption: "adopt",
    host: null,
    recorded: {},
    refusal: () => null,
  });
  for (const { condition, kind } of outcomes)
    if (condition?.status !== "True") throw new Error(`${kind}: ${JSON.stringify(outcomes)}`);
  return clusters.map((cluster) =>
    byName(
      outcomes
        .flatMap(({ members: each }) => each.filter((member) => member.cluster === cluster))
        .map(({ object }) => withoutManaged(object)),
    ),
  );
}

interface OverridePolicy {
  readonly spec: {
    readonly resourceSelectors: readonly { readonly kind: string; readonly name: string }[];
    readonly overrideRules: readonly {
      readonly targetCluster: { readonly clusterNames: readonly string[] };
      readonly overriders: { readonly plaintext: readonly { readonly path: string; readonly value: unknown }[] };
    }[];
  };
}

export function karmadaObjects(files: readonly RenderedFile[], cluster: string): ClusterObjects {
  const policies = objectsIn(textOf(files, "karmada/2-overrides.yaml")) as readonly OverridePolicy[];
  const base = byName(objectsIn(textOf(files, "karmada/1-objects.yaml")));
  return Object.fromEntries(
    Object.entries(base).map(([key, object]) => {
      const own = policies
        .filter(({ spec }) => spec.resourceSelectors.some(({ kind, name }) => `${kind}/${name}` === key))
        .flatMap(({ spec }) => spec.overrideRules)
        .filter(({ targetCluster }) => targetCluster.clusterNames.includes(cluster))
        .flatMap(({ overriders }) => overriders.plaintext);
      return [key, own.reduce((changed, { path, value }) => replaced(changed, path, value), object)];
    }),
  );
}

interface Kustomization {
  readonly patches: readonly {
    readonly target: { readonly kind: string; readonly name: string };
    readonly patch: string;
  }[];
}

export function kustomizeObjects(files: readonly RenderedFile[], id: string): ClusterObjects {
  const { patches } = parse(textOf(files, `argocd/overlays/${id}/kustomization.yaml`)) as Kustomization;
  const objects: Record<string, unknown> = { ...byName(objectsIn(textOf(files, "argocd/base/objects.yaml"))) };
  for (const { target, patch } of patches)
    for (const { path, value } of parse(patch) as readonly { readonly path: string; readonly value: unknown }[]) {
      const key = `${target.kind}/${target.name}`;
      objects[key] = replaced(objects[key], path, value);
    }
  return objects;
}

export const HAS_KUBECTL = spawnSync("kubectl", ["kustomize", "--help"]).status === 0;

export function kubectlObjects(files: readonly RenderedFile[], id: string): ClusterObjects {
  const folder = mkdtempSync(join(tmpdir(), "kustomize-"));
  try {
    for (const { path, text } of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const overlay = join(folder, "argocd/overlays", id);
    const { status, stdout, stderr } = spawnSync("kubectl", ["kustomize", overlay], { encoding: "utf8" });
    if (status !== 0) throw new Error(stderr);
    return byName(objectsIn(stdout));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function byName(objects: readonly unknown[]): ClusterObjects {
  const entries = (objects as readonly Loaded[]).map((object) => [`${object.kind}/${object.metadata.name}`, object]);
  const found: ClusterObjects = Object.fromEntries(entries);
  if (Object.keys(found).length !== objects.length) throw new Error("two objects of one kind and name");
  return found;
}

/** A JSON Patch "replace" of RFC 6902, which needs its target to exist. */
function replaced(object: unknown, path: string, value: unknown): unknown {
  const copy: unknown = structuredClone(object);
  const steps = path.slice(1).split("/");
  const last = steps.pop() ?? "";
  let part = copy as Record<string, unknown>;
  for (const step of steps) part = part[step] as Record<string, unknown>;
  if (!(last in part)) throw new Error(`nothing at ${path}`);
  part[last] = value;
  return copy;
}

function withoutManaged(object: unknown): unknown {
  const { metadata, ...rest } = object as Loaded;
  const { [MANAGED_LABEL]: managed, ...labels } = metadata.labels ?? {};
  if (managed !== "true") throw new Error("KubeFed labels what it manages");
  return { ...rest, metadata: { ...metadata, ...(Object.keys(labels).length === 0 ? {} : { labels }) } };
}
