// RFC 6902 as an API server applies it, for the operations that levers use: all or nothing, on a copy.
import { isDeepStrictEqual } from "node:util";
import type { PatchStep } from "../../monitor/node/kube-api.ts";

/** Throws with why it cannot be applied. */
export function applyPatch<T>(object: T, steps: readonly PatchStep[]): T {
  const copy = structuredClone(object);
  for (const step of steps) applyStep(copy, step);
  return copy;
}

function applyStep(root: unknown, { op, path, value }: PatchStep): void {
  const keys = path
    .split("/")
    .slice(1)
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
  const last = keys.pop() ?? "";
  const parent = keys.reduce<unknown>((part, key) => child(part, key, path), root);
  if (Array.isArray(parent)) return changeList(parent, last, { op, path, value });
  if (!(parent instanceof Object)) throw new Error(`nothing stands at ${path}`);
  if (op === "test" && !isDeepStrictEqual(Reflect.get(parent, last), value))
    throw new Error(`testing value ${path} failed`);
  if (op === "remove" && !Object.hasOwn(parent, last)) throw new Error(`nothing to remove at ${path}`);
  if (op === "remove") Reflect.deleteProperty(parent, last);
  if (op === "add" || op === "replace") Reflect.set(parent, last, value);
}

function child(part: unknown, key: string, path: string): unknown {
  if (!(part instanceof Object) || !Object.hasOwn(part, key)) throw new Error(`nothing stands at ${path}`);
  return Reflect.get(part, key);
}

function changeList(list: unknown[], key: string, { op, path, value }: PatchStep): void {
  if (op === "add" && key === "-") return void list.push(value);
  const index = Number(key);
  if (!(index in list)) throw new Error(`no item ${key} at ${path}`);
  if (op === "test" && !isDeepStrictEqual(list[index], value)) throw new Error(`testing value ${path} failed`);
  if (op === "add") list.splice(index, 0, value);
  if (op === "remove") list.splice(index, 1);
  if (op === "replace") list[index] = value;
}

/** What stands at a JSON Pointer; undefined where nothing does. */
export function valueAtPointer(root: unknown, path: string): unknown {
  return path
    .split("/")
    .slice(1)
    .reduce<unknown>((part, key) => (part instanceof Object ? Reflect.get(part, key) : undefined), root);
}
