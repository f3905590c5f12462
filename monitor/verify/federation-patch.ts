// What KubeFed's overrides do to an object: JSON Patch as evanphx/json-patch v4.12.0 applies it, quirks included, because
// those quirks are where an override silently misses. `monitor lint` and the propagation model both read it from here.
import { isMap } from "./federation-value.ts";

export const OVERRIDE_OPS = ["add", "remove", "replace"] as const;

export interface Override {
  readonly op: string;
  readonly path: string;
  /** Undefined and null are the same: the `omitempty` of KubeFed's type drops both, and null arrives. */
  readonly value: unknown;
}

/** "created" by a `replace` is the quirk: RFC 6902 would refuse, this library puts a key there that nobody reads. */
export type PatchEffect = "set" | "created" | "inserted" | "removed";

export type Patched =
  | { readonly ok: true; readonly value: unknown; readonly effects: readonly PatchEffect[] }
  | { readonly ok: false; readonly index: number; readonly message: string };

type Edited =
  | { readonly ok: true; readonly node: unknown; readonly effect: PatchEffect }
  | { readonly ok: false; readonly message: string };

/** In the order of the list; the first that fails ends it, and nothing is applied. */
export function applyOverrides(target: unknown, overrides: readonly Override[]): Patched {
  let value = target;
  const effects: PatchEffect[] = [];
  for (const [index, override] of overrides.entries()) {
    const edited = applyOne(value, override);
    if (!edited.ok) return { ok: false, index, message: edited.message };
    value = edited.node;
    effects.push(edited.effect);
  }
  return isMap(value) && typeof value["kind"] === "string" && value["kind"] !== ""
    ? { ok: true, value, effects }
    : { ok: false, index: overrides.length - 1, message: "Object 'Kind' is missing" };
}

/**
 * Keys and indexes as the library takes them: whatever stands before the first "/" is dropped without a word, so that
 * "spec/replicas" means "/replicas". Null: it fails.
 */
export function pathTokens(path: string): readonly string[] | null {
  const [, ...tokens] = path.split("/");
  return tokens.length === 0 ? null : tokens.map((token) => token.replace(/~[01]/g, (it) => (it === "~1" ? "/" : "~")));
}

function applyOne(target: unknown, override: Override): Edited {
  const { op, path } = override;
  if (op === "replace" && path === "") return { ok: true, node: override.value ?? null, effect: "set" };
  const tokens = pathTokens(path);
  if (tokens === null) return missingPath(override);
  if (op !== "add" && op !== "remove" && op !== "replace") return { ok: false, message: `Unexpected kind: ${op}` };
  return descend(target, tokens, override);
}

function descend(node: unknown, tokens: readonly string[], override: Override): Edited {
  const [token = "", ...rest] = tokens;
  if (rest.length === 0) return change(node, token, override);
  const child = childOf(node, token);
  if (child === undefined || child === null) return missingPath(override);
  const edited = descend(child, rest, override);
  if (!edited.ok) return edited;
  if (isMap(node)) return { ...edited, node: { ...node, [token]: edited.node } };
  const items: readonly unknown[] = Array.isArray(node) ? node : [];
  return { ...edited, node: items.with(listIndex(token, items.length) ?? 0, edited.node) };
}

function childOf(node: unknown, token: string): unknown {
  if (isMap(node)) return Object.hasOwn(node, token) ? node[token] : undefined;
  if (!Array.isArray(node)) return undefined;
  const index = listIndex(token, node.length);
  return index === null ? undefined : node[index];
}

function change(node: unknown, token: string, override: Override): Edited {
  if (isMap(node)) return changeMap(node, token, override);
  if (Array.isArray(node)) return changeList(node, token, override);
  return missingPath(override);
}

function changeMap(node: Readonly<Record<string, unknown>>, key: string, override: Override): Edited {
  const exists = Object.hasOwn(node, key);
  if (override.op !== "remove")
    return { ok: true, node: { ...node, [key]: override.value ?? null }, effect: exists ? "set" : "created" };
  const { [key]: _gone, ...rest } = node;
  if (exists) return { ok: true, node: rest, effect: "removed" };
  const message = `error in remove for path: '${override.path}': Unable to remove nonexistent key: ${key}: missing value`;
  return { ok: false, message };
}

function changeList(items: readonly unknown[], token: string, override: Override): Edited {
  const value = override.value ?? null;
  if (override.op === "add") {
    const index = token === "-" ? items.length : listIndex(token, items.length + 1);
    return index === null
      ? badIndex(override, token)
      : { ok: true, node: items.toSpliced(index, 0, value), effect: "inserted" };
  }
  const index = listIndex(token, items.length);
  if (index === null) return badIndex(override, token);
  return override.op === "remove"
    ? { ok: true, node: items.toSpliced(index, 1), effect: "removed" }
    : { ok: true, node: items.with(index, value), effect: "set" };
}

/** As Go's Atoi; negative ones count from the end. Null outside of the list. */
function listIndex(token: string, length: number): number | null {
  if (!/^[+-]?\d+$/.test(token)) return null;
  const index = Number(token) < 0 ? Number(token) + length : Number(token);
  return index >= 0 && index < length ? index : null;
}

function missingPath({ op, path }: Override): Edited {
  const shown = op === "replace" ? path : `"${path}"`;
  return { ok: false, message: `${op} operation does not apply: doc is missing path: ${shown}: missing value` };
}

function badIndex({ op, path }: Override, token: string): Edited {
  if (op === "replace")
    return { ok: false, message: `replace operation does not apply: doc is missing key: ${path}: missing value` };
  const reason = /^[+-]?\d+$/.test(token)
    ? `Unable to access invalid index: ${Number(token)}: invalid index referenced`
    : `strconv.Atoi: parsing "${token}": invalid syntax`;
  return { ok: false, message: `error in ${op} for path: '${path}': ${reason}` };
}
