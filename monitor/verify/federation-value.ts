// The few questions that the federation model and lint ask of a parsed YAML value, whose shape nobody has promised.
import { type Path, valueAt } from "../topology/path.ts";

export type ValueMap = Readonly<Record<string, unknown>>;

export function isMap(value: unknown): value is ValueMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/** "" where there is no text, as in Go's unstructured accessors. */
export function textAt(root: unknown, path: Path): string {
  const value = valueAt(root, path);
  return typeof value === "string" ? value : "";
}

/** Empty where there is no list. */
export function listAt(root: unknown, path: Path): readonly unknown[] {
  const value = valueAt(root, path);
  return isList(value) ? value : [];
}

/** Empty where there is no mapping. */
export function mapAt(root: unknown, path: Path): ValueMap {
  const value = valueAt(root, path);
  return isMap(value) ? value : {};
}

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
