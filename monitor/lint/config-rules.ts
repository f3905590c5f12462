// Rules about what Pods read from ConfigMaps and Secrets: the federation host looks neither into the Pod template nor at what
// else a cluster gets, so one that is renamed, or placed elsewhere, is first missed by the kubelets of the members.
import { nearestWord } from "../topology/nearest.ts";
import { valueAt } from "../topology/path.ts";
import { listAt, mapAt, textAt } from "../verify/federation-value.ts";
import { type ConfigReference, configReferences } from "./config-references.ts";
import type { ManifestObject } from "./manifest.ts";
import type { MemberView } from "./member-view.ts";
import { type Rule, sightingIn, type Sighting } from "./rule.ts";
import type { Scene } from "./scene.ts";
import { beside, workloads } from "./workload.ts";

export const CONFIG_RULES: readonly Rule[] = [
  {
    id: "K8S-CONFIG-MISSING",
    severity: "error",
    wrong: "A Pod reads a ConfigMap or a Secret, or a key of one, that its cluster does not get.",
    fix: "Correct the name or the key, place the object wherever its readers are, or mark the reference optional.",
    source:
      'Kubernetes documentation, Configure a Pod to Use a ConfigMap: "the Pod won\'t start"; Secrets: "None of a Pod\'s containers will start until all non-optional Secrets are available"',
    sightings: (scene) =>
      [...workloads(scene), ...scene.views.filter(({ kind }) => kind === "ServiceAccount")].flatMap((view) =>
        missingConfig(view, scene),
      ),
  },
];

/** Every namespace gets these from Kubernetes and from Istio. */
const GIVEN = new Set(["kube-root-ca.crt", "istio-ca-root-cert"]);

/** Nothing can be said where the sources have none of the kind in the namespace: they may all be in another file. */
function missingConfig(view: MemberView, scene: Scene): readonly Sighting[] {
  return configReferences(view).flatMap((reference) => {
    const known = scene.views.filter(({ kind, namespace }) => kind === reference.kind && namespace === view.namespace);
    if (known.length === 0 || GIVEN.has(reference.name) || isMade(reference, view, scene)) return [];
    const problem = problemOf(reference, view, known);
    return problem === null ? [] : [sightingIn(view, problem.path, `${problem.message}; ${reference.outcome}`)];
  });
}

/** By an operator in the cluster, or by kustomize: then it is there, with keys that nobody here knows. */
function isMade(reference: ConfigReference, { namespace }: MemberView, { objects }: Scene): boolean {
  return objects.some((object) =>
    object.kind === "Kustomization"
      ? generated(object, reference.kind).includes(reference.name)
      : reference.kind === "Secret" && object.namespace === namespace && secretOf(object) === reference.name,
  );
}

function generated({ value }: ManifestObject, kind: ConfigReference["kind"]): readonly string[] {
  const generators = listAt(value, [kind === "Secret" ? "secretGenerator" : "configMapGenerator"]);
  return generators.map((generator) => textAt(generator, ["name"]));
}

function secretOf({ kind, name, value }: ManifestObject): string | null {
  switch (kind) {
    case "SealedSecret":
      return name;
    case "ExternalSecret":
      return textAt(value, ["spec", "target", "name"]) || name;
    case "Certificate":
      return textAt(value, ["spec", "secretName"]);
    default:
      return null;
  }
}

interface Problem {
  readonly path: ConfigReference["namePath"];
  readonly message: string;
}

function problemOf(reference: ConfigReference, view: MemberView, known: readonly MemberView[]): Problem | null {
  const { kind, name, key, fields, namePath, keyPath } = reference;
  const near = beside(view, known);
  const own = near.filter((object) => object.name === name);
  if (own.length === 0) {
    const elsewhere = known.some((object) => object.name === name);
    const hint = elsewhere ? "" : meant(name, new Set(near.map((object) => object.name)));
    const where = elsewhere ? "is in other clusters, not in this one" : "is not among the sources";
    return { path: namePath, message: `${kind} ${name} ${where}${hint}` };
  }
  const has = ({ value }: MemberView): boolean =>
    key === null || fields.some((field) => valueAt(value, [field, key]) !== undefined);
  if (key === null || own.some(has)) return null;
  const keys = new Set(own.flatMap(({ value }) => fields.flatMap((field) => Object.keys(mapAt(value, [field])))));
  return { path: keyPath, message: `${kind} ${name} has no key ${key}${meant(key, keys)}` };
}

function meant(word: string, words: ReadonlySet<string>): string {
  const nearest = nearestWord(word, [...words]);
  return nearest === null ? "" : `, perhaps \`${nearest}\` is meant`;
}
