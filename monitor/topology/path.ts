// Where something stands in the file, as keys and indexes: what problems, rules and the YAML reader all point with.

export type Path = readonly (string | number)[];

/** Longer keys are cut in messages: nobody needs all of a key that no schema knows. */
const KEY_SHOWN_MAX = 64;

/** "regions[1].endpoint.url"; "" for the whole file. */
export function formatPath(path: Path): string {
  return path
    .map((step, index) => (typeof step === "number" ? `[${step}]` : `${index === 0 ? "" : "."}${formatKey(step)}`))
    .join("");
}

/** The key itself where it is a plain word, else quoted with its odd characters escaped. */
export function formatKey(key: string): string {
  if (key.length > KEY_SHOWN_MAX) return JSON.stringify(`${key.slice(0, KEY_SHOWN_MAX)}…`);
  return /^[A-Za-z0-9_-]+$/.test(key) ? key : JSON.stringify(key);
}

/** One text for one path, whatever characters its keys have. */
export function pathKey(path: Path): string {
  return JSON.stringify(path);
}

/** The value there; undefined where the path leads nowhere. */
export function valueAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, step) => {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return undefined;
    return Reflect.get(value, step);
  }, root);
}
