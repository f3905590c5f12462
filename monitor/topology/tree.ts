// Turns YAML nodes into plain values and remembers where each one stands. It is our own walk because the library's gives
// values without places, and because aliases, depth and size must stop at a limit while every other problem is still told.
import { type Alias, type Document, isAlias, isMap, isNode, isScalar, isSeq, type Pair } from "yaml";
import type { Problem } from "../problem.ts";
import { formatKey, formatPath, type Path, pathKey } from "./path.ts";
import { fillVariables } from "./variables.ts";

/** Followed aliases, those inside of aliases included: a few lines of YAML can stand for millions of values. */
export const ALIASES_MAX = 100;
/** Mappings and lists inside of one another; the schema has five. */
export const DEPTH_MAX = 16;

/** Stands for a value that could not be read. Its problem has been told, so nothing more is said about it. */
export const UNREADABLE: unique symbol = Symbol("unreadable");

export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface Spot {
  /** Null for items of lists and for the whole file. */
  readonly key: Place | null;
  readonly value: Place;
  /** The text as written where a variable's value was put in; null elsewhere. */
  readonly written: string | null;
}

export interface Tree {
  readonly value: unknown;
  /** By `pathKey`. */
  readonly spots: ReadonlyMap<string, Spot>;
  readonly problems: readonly Problem[];
}

interface Walk {
  readonly document: Document;
  readonly placeOf: (offset: number) => Place;
  /** Null: a text is taken as it stands, and `${NAME}` in it means nothing. */
  readonly variables: Readonly<Record<string, string>> | null;
  /** Values of all kinds. */
  readonly valuesMax: number;
  readonly spots: Map<string, Spot>;
  readonly problems: Problem[];
  aliases: number;
  values: number;
}

interface Stand {
  readonly path: Path;
  readonly place: Place;
}

/** Mappings as plain objects, the first of equal keys; `UNREADABLE` where a problem took the value's place. */
export function readTree(
  document: Document,
  placeOf: (offset: number) => Place,
  variables: Readonly<Record<string, string>> | null,
  valuesMax: number,
): Tree {
  const walk: Walk = { document, placeOf, variables, valuesMax, spots: new Map(), problems: [], aliases: 0, values: 0 };
  const value = readNode(document.contents, [], null, walk);
  return { value, spots: walk.spots, problems: walk.problems };
}

function readNode(node: unknown, path: Path, key: Place | null, walk: Walk): unknown {
  const place = placeOfNode(node, key, walk);
  const stand = { path, place };
  walk.values += 1;
  const over = walk.values - walk.valuesMax;
  if (over > 0) return refuseOnce(over, `${walk.valuesMax} values`, stand, walk);
  if (path.length > DEPTH_MAX) return refuse(`expected at most ${DEPTH_MAX} levels, found more`, stand, walk);
  walk.spots.set(pathKey(path), { key, value: place, written: null });
  if (isAlias(node)) return readAlias(node, stand, key, walk);
  if (isMap(node)) return readMap(node.items, path, walk);
  if (isSeq(node)) return node.items.map((item, index) => readNode(item, [...path, index], null, walk));
  if (isScalar(node)) return typeof node.value === "string" ? readText(node.value, stand, key, walk) : node.value;
  return null;
}

/** An absent value, as in "zone:", is pointed at by its key. */
function placeOfNode(node: unknown, key: Place | null, walk: Walk): Place {
  const absent = !isNode(node) || (isScalar(node) && node.value === null && node.source === "");
  if (absent && key !== null) return key;
  return walk.placeOf(isNode(node) ? (node.range?.[0] ?? 0) : 0);
}

function readAlias(alias: Alias, stand: Stand, key: Place | null, walk: Walk): unknown {
  walk.aliases += 1;
  if (walk.aliases > ALIASES_MAX) return refuseOnce(walk.aliases - ALIASES_MAX, `${ALIASES_MAX} aliases`, stand, walk);
  const target = alias.resolve(walk.document);
  if (target === undefined)
    return refuse(`expected an anchor &${formatKey(alias.source)} before this alias, found none`, stand, walk);
  return readNode(target, stand.path, key, walk);
}

function readMap(pairs: readonly Pair[], path: Path, walk: Walk): unknown {
  const entries = new Map<string, unknown>();
  const lines = new Map<string, number>();
  for (const pair of pairs) {
    const place = placeOfNode(pair.key, null, walk);
    if (!isScalar(pair.key)) {
      refuse("expected a text as key, found an alias, a list or a mapping", { path, place }, walk);
      continue;
    }
    const key = String(pair.key.value);
    const line = lines.get(key);
    if (line === undefined) {
      lines.set(key, place.line);
      entries.set(key, readNode(pair.value, [...path, key], place, walk));
    } else {
      const message = `duplicate key \`${formatKey(key)}\`: expected it once, found it in line ${line} already`;
      refuse(message, { path: [...path, key], place }, walk);
    }
  }
  // Not by assignment: a key named __proto__ must stay a key.
  return Object.fromEntries(entries);
}

function readText(text: string, stand: Stand, key: Place | null, walk: Walk): unknown {
  if (walk.variables === null) return text;
  const filled = fillVariables(text, walk.variables);
  for (const fault of filled.faults) refuse(fault, stand, walk);
  if (filled.faults.length > 0) return UNREADABLE;
  if (filled.filled) walk.spots.set(pathKey(stand.path), { key, value: stand.place, written: text });
  return filled.text;
}

/** For limits on totals: everything after the first value over the limit is over it too. */
function refuseOnce(over: number, most: string, stand: Stand, walk: Walk): unknown {
  return over === 1 ? refuse(`expected at most ${most}, found more`, stand, walk) : UNREADABLE;
}

function refuse(message: string, stand: Stand, walk: Walk): typeof UNREADABLE {
  const path = formatPath(stand.path);
  walk.problems.push({ message, ...(path === "" ? {} : { path }), ...stand.place });
  return UNREADABLE;
}
