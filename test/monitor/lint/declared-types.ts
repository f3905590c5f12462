// The Kubernetes types as the package kubernetes-models declares them, in the words of `monitor/lint/kubernetes-types.ts`:
// what that table must say.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const PACKAGES = join(import.meta.dirname, "../../../node_modules");

/** Module of each kind that lint knows. */
export const KIND_MODULES: readonly string[] = [
  "kubernetes-models/apps/v1/Deployment",
  "kubernetes-models/apps/v1/ReplicaSet",
  "kubernetes-models/batch/v1/Job",
  "kubernetes-models/v1/Service",
  "kubernetes-models/v1/Namespace",
  "kubernetes-models/v1/ServiceAccount",
  "kubernetes-models/v1/ConfigMap",
  "kubernetes-models/v1/Secret",
  "kubernetes-models/v1/ResourceQuota",
  "kubernetes-models/v1/LimitRange",
  "kubernetes-models/policy/v1/PodDisruptionBudget",
  "kubernetes-models/networking.k8s.io/v1/NetworkPolicy",
  "kubernetes-models/networking.k8s.io/v1/Ingress",
  "kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler",
  "kubernetes-models/rbac.authorization.k8s.io/v1/ClusterRole",
];

/** Types of others' making that are a plain value, or that nobody needs to look into. */
const PLAIN: Readonly<Record<string, string>> = {
  IntOrString: "port",
  Quantity: "quantity",
  Time: "text",
  MicroTime: "text",
  ManagedFieldsEntry: "any",
  RawExtension: "any",
  WindowsSecurityContextOptions: "any",
  PodResourceClaim: "any",
  PersistentVolumeClaimTemplate: "any",
  PodFailurePolicy: "any",
  SuccessPolicy: "any",
  FieldsV1: "any",
  string: "text",
  number: "number",
  boolean: "flag",
  unknown: "any",
};

/** Volumes that a Pod of ours may have; the many others are taken as they are. */
const VOLUME_SOURCES =
  /^(ConfigMap|CSI|DownwardAPI|EmptyDir|HostPath|PersistentVolumeClaim|Projected|Secret)VolumeSource$/;

/** Name of a type to its fields, as "name" or "name!" to the type's word. */
export type DeclaredTypes = ReadonlyMap<string, Readonly<Record<string, string>>>;

export function declaredTypes(): DeclaredTypes {
  const types = new Map<string, Readonly<Record<string, string>>>();
  const todo = KIND_MODULES.map((path) => join(PACKAGES, `${path}.d.ts`));
  const done = new Set<string>();
  for (let file = todo.shift(); file !== undefined; file = todo.shift()) {
    if (done.has(file)) continue;
    done.add(file);
    const text = readFileSync(file, "utf8");
    const [, name = "", body = ""] = /export interface I(\w+)[^{]*\{\n([\s\S]*?)\n\}/.exec(text) ?? [];
    const clash = types.get(name);
    if (clash !== undefined) throw new Error(`two types are called ${name}: ${file}`);
    const imports = importsIn(text, file);
    const fields: Record<string, string> = {};
    for (const [, field = "", optional = "", type = ""] of body
      .replace(/\/\*\*[\s\S]*?\*\//g, "")
      .matchAll(/"([^"]+)"(\??): ([^;{]+|\{[^}]*\});/g)) {
      const word = field === "status" ? "any" : wordOf(type, imports, todo);
      fields[`${field}${optional === "" ? "!" : ""}`] = word;
    }
    types.set(name, fields);
  }
  return types;
}

interface Imported {
  readonly name: string;
  readonly file: string;
}

function importsIn(text: string, file: string): ReadonlyMap<string, Imported> {
  return new Map(
    [...text.matchAll(/import \{ (\w+) \} from "([^"]+)";/g)].map(([, alias = "", path = ""]) => {
      const name = path.replace(/\.js$/, "").split("/").at(-1) ?? "";
      const base = path.startsWith(".") ? join(dirname(file), path.replace(/\.js$/, "")) : join(PACKAGES, path);
      return [alias, { name, file: `${base}.d.ts` }];
    }),
  );
}

function wordOf(type: string, imports: ReadonlyMap<string, Imported>, todo: string[]): string {
  const trimmed = type.trim();
  const list = /^Array<(.*)>$/.exec(trimmed)?.[1];
  if (list !== undefined) return `[${wordOf(list, imports, todo)}]`;
  const mapping = /^\{\s*\[key: string\]: ([\s\S]*?);?\s*\}$/.exec(trimmed)?.[1];
  if (mapping !== undefined) return `{${wordOf(mapping, imports, todo)}}`;
  if (trimmed.startsWith('"')) return trimmed.replaceAll('"', "'").replaceAll(" | ", "|");
  const plain = PLAIN[trimmed];
  if (plain !== undefined) return plain;
  const imported = imports.get(trimmed);
  if (imported === undefined) throw new Error(`unknown type ${trimmed}`);
  const known = PLAIN[imported.name];
  if (known !== undefined) return known;
  if (imported.name.endsWith("VolumeSource") && !VOLUME_SOURCES.test(imported.name)) return "any";
  todo.push(imported.file);
  return imported.name;
}
