// What the federation model and lint ask of a parsed YAML value beside the questions of every such value.
import { isList, isMap } from "../topology/loose-value.ts";
import { type Path, valueAt } from "../topology/path.ts";

export { isList, isMap, listAt, mapAt, textAt, type ValueMap } from "../topology/loose-value.ts";

/** Null where it is no mapping, or where one value is no text: Go's NestedStringMap then gives nothing at all. */
export function textsAt(root: unknown, path: Path): Readonly<Record<string, string>> | null {
  const value = valueAt(root, path);
  if (!isMap(value)) return null;
  const entries = Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string");
  return entries.length === Object.keys(value).length ? Object.fromEntries(entries) : null;
}

/** Makes mappings on the way; undefined takes the key away. */
export function withValue(root: unknown, path: Path, value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (isList(root) && typeof key === "number") return root.with(key, withValue(root[key], rest, value));
  const node = isMap(root) ? root : {};
  const { [key]: before, ...others } = node;
  if (rest.length === 0 && value === undefined) return others;
  return { ...node, [key]: withValue(before, rest, value) };
}

/** Equal as JSON, whatever the order of keys. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (isList(a) && isList(b)) return a.length === b.length && a.every((item, index) => sameValue(item, b[index]));
  if (!isMap(a) || !isMap(b)) return Object.is(a, b);
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && sameValue(a[key], b[key]))
  );
}
