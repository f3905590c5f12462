// The few questions that one asks of a parsed YAML or JSON value whose shape nobody has promised.
import { type Path, valueAt } from "./path.ts";

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
