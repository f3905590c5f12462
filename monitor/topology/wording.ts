// Says what is wrong in one form: "expected …, found …". What was found comes from the source here and nowhere else, so
// that a value which came from a variable, perhaps a secret, can never reach a message.
import type * as z from "zod/mini";
import type { Problem } from "../problem.ts";
import { KEY_SEPARATOR } from "./form.ts";
import { nearestWord } from "./nearest.ts";
import { formatKey, formatPath, type Path, pathKey, valueAt } from "./path.ts";
import { type Place, type Spot, type Tree, UNREADABLE } from "./tree.ts";

/** A field that is not as it should be. */
export interface Breach {
  readonly path: Path;
  /** A phrase that follows "expected". */
  readonly expected: string;
  /** Words that would be right here, for "did you mean". */
  readonly among?: readonly string[];
  /** What the field is when the file does not set it. */
  readonly byDefault?: number;
  /** The path's last step is a key that nobody knows; these are the ones that would do. */
  readonly knownKeys?: readonly string[];
}

const SHOWN_MAX = 80;

/** Null for a value that could not be read: its problem has been told. */
export function problemOf(breach: Breach, tree: Tree): Problem | null {
  const value = valueAt(tree.value, breach.path);
  if (value === UNREADABLE) return null;
  const spot = tree.spots.get(pathKey(breach.path));
  if (breach.knownKeys !== undefined)
    return unknownKey(breach.path, String(breach.path.at(-1)), breach.knownKeys.join(KEY_SEPARATOR), tree);
  if (value === undefined || spot === undefined) {
    const { expected, byDefault } = breach;
    const message =
      byDefault === undefined
        ? `missing: expected ${expected}`
        : `expected ${expected}, found the default of ${byDefault}`;
    return at(breach.path, message, placeAround(tree, breach.path));
  }
  const meant = typeof value === "string" ? nearestWord(value, breach.among ?? []) : null;
  const hint = meant === null ? "" : `, did you mean ${meant}?`;
  const found = isSecret(breach.path) ? "something else" : foundPhrase(value, spot);
  return at(breach.path, `expected ${breach.expected}, found ${found}${hint}`, spot.value);
}

/** The schema's issues, whose messages are the phrases of `form.ts`. */
export function problemsOfIssue(issue: z.core.$ZodIssue, tree: Tree): readonly Problem[] {
  const path = issue.path.map((step) => (typeof step === "number" ? step : String(step)));
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => unknownKey([...path, key], key, issue.message, tree));
  const among = issue.code === "invalid_value" ? issue.values.map(String) : [];
  const problem = problemOf({ path, expected: issue.message, among }, tree);
  return problem === null ? [] : [problem];
}

/** By line, then column; a problem that was found twice is told once. */
export function inOrder(problems: readonly Problem[]): readonly Problem[] {
  const distinct = new Map(problems.map((problem) => [JSON.stringify(problem), problem]));
  return [...distinct.values()].toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
}

function unknownKey(path: Path, key: string, known: string, tree: Tree): Problem {
  const meant = nearestWord(key, known.split(KEY_SEPARATOR));
  const hint = meant === null ? ", known here:" : `, did you mean \`${meant}\`? Known here:`;
  const place = tree.spots.get(pathKey(path))?.key ?? placeAround(tree, path);
  return at(path, `unknown key \`${formatKey(key)}\`${hint} ${known}`, place);
}

/** Where the innermost part of the path that exists begins: for a missing key, its mapping. */
export function placeAround(tree: Tree, path: Path): Place {
  for (let length = path.length; length >= 0; length -= 1) {
    const spot = tree.spots.get(pathKey(path.slice(0, length)));
    if (spot !== undefined) return spot.value;
  }
  return { line: 1, column: 1 };
}

function at(path: Path, message: string, place: Place): Problem {
  return { message, ...(path.length === 0 ? {} : { path: formatPath(path) }), line: place.line, column: place.column };
}

/** Whoever knows a channel's address may speak in our name; it is not shown, even where it stands in the file itself. */
function isSecret([first, , field]: Path): boolean {
  return first === "alerts" && ["url", "secret", "routingKey"].includes(String(field));
}

function foundPhrase(value: unknown, spot: Spot): string {
  if (spot.written !== null) return `${quote(spot.written)} with its variables filled in`;
  if (typeof value === "string") return quote(value);
  if (value === null) return "nothing";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : `a list of ${value.length}`;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : "a mapping";
}

/** Without a URL's credentials: they are wrong in every field, and no less secret for it. */
function quote(text: string): string {
  const shown = text.replace(/\/\/[^/]*@/g, "//…@");
  return JSON.stringify(shown.length > SHOWN_MAX ? `${shown.slice(0, SHOWN_MAX)}…` : shown);
}
