// Compares a value with a type of `kubernetes-types.ts` or `federated-types.ts`: fields that nobody reads, required ones that
// are missing, values of a wrong type. A null is a field that is not there, as for a Kubernetes API server.
import { Bug } from "../problem.ts";
import { nearestWord } from "../topology/nearest.ts";
import type { Path } from "../topology/path.ts";
import { isMap } from "../verify/federation-value.ts";
import { FEDERATED_TYPES } from "./federated-types.ts";
import { KUBERNETES_TYPES } from "./kubernetes-types.ts";

/** Deeper than any type nests; no manifest is. */
const DEPTH_MAX = 40;

export interface Misfit {
  readonly kind: "unknown" | "missing" | "type";
  readonly path: Path;
  readonly message: string;
}

interface Field {
  readonly type: string;
  readonly required: boolean;
}

type Fields = ReadonlyMap<string, Field>;

const TYPES: ReadonlyMap<string, Fields> = parseTypes(`${KUBERNETES_TYPES}\n${FEDERATED_TYPES}`);

export function isKnownType(name: string): boolean {
  return TYPES.has(name);
}

/** The words that a field `apiVersion` of this type may be; empty where it may be any. */
export function versionsOf(name: string): readonly string[] {
  return wordsOf(TYPES.get(name)?.get("apiVersion")?.type ?? "");
}

export function misfits(value: unknown, type: string, path: Path = []): readonly Misfit[] {
  if (value === undefined || value === null || type === "any" || path.length > DEPTH_MAX) return [];
  if (type.startsWith("[")) return listMisfits(value, type.slice(1, -1), path);
  if (type.startsWith("{")) return mappingMisfits(value, type.slice(1, -1), path);
  const expected = plainExpected(type);
  if (expected === null) return objectMisfits(value, type, path);
  if (fitsPlain(value, type)) return [];
  return [{ kind: "type", path, message: `expected ${expected}, found ${shown(value)}` }];
}

function listMisfits(value: unknown, type: string, path: Path): readonly Misfit[] {
  if (!Array.isArray(value)) return [{ kind: "type", path, message: `expected a list, found ${shown(value)}` }];
  return value.flatMap((item: unknown, index) => misfits(item, type, [...path, index]));
}

function mappingMisfits(value: unknown, type: string, path: Path): readonly Misfit[] {
  if (!isMap(value)) return [{ kind: "type", path, message: `expected a mapping, found ${shown(value)}` }];
  return Object.entries(value).flatMap(([key, item]) => misfits(item, type, [...path, key]));
}

function objectMisfits(value: unknown, name: string, path: Path): readonly Misfit[] {
  const fields = TYPES.get(name);
  if (fields === undefined) throw new Bug(`no type ${name}`);
  if (!isMap(value)) return [{ kind: "type", path, message: `expected a mapping, found ${shown(value)}` }];
  const own = Object.entries(value).flatMap(([key, item]): readonly Misfit[] => {
    const field = fields.get(key);
    return field === undefined ? [unknownField(name, key, fields, path)] : misfits(item, field.type, [...path, key]);
  });
  const missing = [...fields]
    .filter(([key, { required }]) => required && (value[key] ?? null) === null)
    .map(([key]): Misfit => ({ kind: "missing", path, message: `${name} needs \`${key}\`, and it is missing` }));
  return [...own, ...missing];
}

function unknownField(name: string, key: string, fields: Fields, path: Path): Misfit {
  const meant = nearestWord(key, [...fields.keys()]);
  const hint = meant === null ? "" : `, did you mean \`${meant}\`?`;
  return { kind: "unknown", path: [...path, key], message: `${name} has no field \`${key}\`${hint}` };
}

/** Null for the name of a type. */
function plainExpected(type: string): string | null {
  switch (type) {
    case "text":
      return "a text";
    case "number":
      return "a number";
    case "flag":
      return "true or false";
    case "port":
      return "a number or a name";
    case "quantity":
      return "a quantity such as 100m or 128Mi";
    default:
      return type.startsWith("'") ? wordsOf(type).join(" or ") : null;
  }
}

function fitsPlain(value: unknown, type: string): boolean {
  switch (type) {
    case "text":
      return typeof value === "string";
    case "number":
      return typeof value === "number";
    case "flag":
      return typeof value === "boolean";
    case "port":
      return typeof value === "number" || typeof value === "string";
    case "quantity":
      return typeof value === "number" || (typeof value === "string" && QUANTITY.test(value));
    default:
      return typeof value === "string" && wordsOf(type).includes(value);
  }
}

/** Kubernetes API conventions, "Quantity". */
const QUANTITY = /^[+-]?(\d+|\d+\.\d*|\.\d+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?$/;

function wordsOf(type: string): readonly string[] {
  return type.startsWith("'") ? type.split("|").map((word) => word.slice(1, -1)) : [];
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  return isMap(value) ? "a mapping" : JSON.stringify(value);
}

/** A line that starts with a space goes on with the type before it. */
function parseTypes(text: string): ReadonlyMap<string, Fields> {
  const rows = text.replace(/\n +/g, " ").split("\n");
  return new Map(
    rows
      .filter((row) => row !== "")
      .map((row) => {
        const [name = "", fields = ""] = row.split(" = ");
        return [name, new Map(fields.split(" ").map(parseField))];
      }),
  );
}

function parseField(word: string): readonly [string, Field] {
  const [key = "", ...type] = word.split(":");
  const required = key.endsWith("!");
  return [required ? key.slice(0, -1) : key, { required, type: type.join(":") }];
}
