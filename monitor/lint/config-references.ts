// What Pods read from ConfigMaps and Secrets, in every way in which they may: variables, volumes, and what images are pulled
// with. Only what is not optional: the rest may be missing.
import { type Path, valueAt } from "../topology/path.ts";
import { listAt, textAt } from "../verify/federation-value.ts";
import type { MemberView } from "./member-view.ts";
import { containersOf, POD_SPEC } from "./workload.ts";

export interface ConfigReference {
  readonly kind: "ConfigMap" | "Secret";
  readonly name: string;
  /** Null: all keys, whichever there are. */
  readonly key: string | null;
  /** Of the name, and of the key, which is the same where there is none. */
  readonly namePath: Path;
  readonly keyPath: Path;
  /** Fields of the object that may hold the key. */
  readonly fields: readonly string[];
  /** What comes of it when it is missing. */
  readonly outcome: string;
}

const NOT_STARTED = "its Pods stay in CreateContainerConfigError while Propagation is True";
const NOT_MOUNTED = "its Pods stay in ContainerCreating while Propagation is True";
const NOT_PULLED = "the kubelets try without it, which a private registry refuses, while Propagation is True";

export function configReferences(view: MemberView): readonly ConfigReference[] {
  const found =
    view.kind === "ServiceAccount"
      ? pullSecrets(view, [])
      : [...variables(view), ...volumes(view), ...pullSecrets(view, POD_SPEC)];
  return found.filter(({ name, key }) => name !== "" && key !== "");
}

function variables(view: MemberView): readonly ConfigReference[] {
  const sources = [
    { list: "env", path: ["valueFrom", "configMapKeyRef"], kind: "ConfigMap", keyed: true },
    { list: "env", path: ["valueFrom", "secretKeyRef"], kind: "Secret", keyed: true },
    { list: "envFrom", path: ["configMapRef"], kind: "ConfigMap", keyed: false },
    { list: "envFrom", path: ["secretRef"], kind: "Secret", keyed: false },
  ] as const;
  return containersOf(view.value).flatMap((container) =>
    sources.flatMap(({ list, path, kind, keyed }) =>
      listAt(container.value, [list]).flatMap((_, index): readonly ConfigReference[] => {
        const base = [...container.path, list, index, ...path];
        if (isOptional(view, base)) return [];
        const namePath = [...base, "name"];
        const keyPath = keyed ? [...base, "key"] : namePath;
        const fields = kind === "Secret" ? ["data", "stringData"] : ["data"];
        const key = keyed ? textAt(view.value, keyPath) : null;
        return [{ kind, name: textAt(view.value, namePath), key, namePath, keyPath, fields, outcome: NOT_STARTED }];
      }),
    ),
  );
}

function volumes(view: MemberView): readonly ConfigReference[] {
  return listAt(view.value, [...POD_SPEC, "volumes"]).flatMap((volume, index) => {
    const base = [...POD_SPEC, "volumes", index];
    const projected = listAt(volume, ["projected", "sources"]).flatMap((_, at) => {
      const source = [...base, "projected", "sources", at];
      return [
        ...mounted(view, "ConfigMap", [...source, "configMap"], "name"),
        ...mounted(view, "Secret", [...source, "secret"], "name"),
      ];
    });
    return [
      ...mounted(view, "ConfigMap", [...base, "configMap"], "name"),
      ...mounted(view, "Secret", [...base, "secret"], "secretName"),
      ...projected,
    ];
  });
}

function mounted(
  view: MemberView,
  kind: ConfigReference["kind"],
  base: Path,
  nameField: "name" | "secretName",
): readonly ConfigReference[] {
  if (isOptional(view, base)) return [];
  const namePath = [...base, nameField];
  const name = textAt(view.value, namePath);
  const fields = kind === "Secret" ? ["data", "stringData"] : ["data", "binaryData"];
  const whole = { kind, name, key: null, namePath, keyPath: namePath, fields, outcome: NOT_MOUNTED };
  const items = listAt(view.value, [...base, "items"]).map((item, index) => ({
    ...whole,
    key: textAt(item, ["key"]),
    keyPath: [...base, "items", index, "key"],
  }));
  return items.length === 0 ? [whole] : items;
}

function pullSecrets(view: MemberView, base: Path): readonly ConfigReference[] {
  return listAt(view.value, [...base, "imagePullSecrets"]).map((secret, index) => {
    const namePath = [...base, "imagePullSecrets", index, "name"];
    const name = textAt(secret, ["name"]);
    return { kind: "Secret", name, key: null, namePath, keyPath: namePath, fields: [], outcome: NOT_PULLED };
  });
}

function isOptional(view: MemberView, path: Path): boolean {
  return valueAt(view.value, [...path, "optional"]) === true;
}
