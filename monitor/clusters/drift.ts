// Where an object differs from what was rendered: only what is written is compared, because API servers and controllers add
// defaults and entries of their own.
import { readQuantity } from "../lint/quantity.ts";
import { isList, isMap, type ValueMap } from "../topology/loose-value.ts";
import { formatPath, type Path } from "../topology/path.ts";
import type { Remark } from "./judged.ts";

export interface Difference {
  readonly path: string;
  readonly expected: unknown;
  /** Undefined: nothing stands there. */
  readonly found: unknown;
}

/** More of one object than anyone reads. */
export const DIFFERENCES_MAX = 8;

/** By these, in this order, entries of a list are known again wherever they stand. */
const NAMES = ["name", "clusterName", "path"] as const;
/** Amounts under these keys are equal when they are as much. */
const AMOUNTS: ReadonlySet<string> = new Set(["requests", "limits", "hard", "default", "defaultRequest", "sizeLimit"]);

/** In the order in which they are written; paths that `isOwn` takes have rules of their own. */
export function differences(
  expected: unknown,
  found: unknown,
  isOwn: (path: string) => boolean = () => false,
): readonly Difference[] {
  return compare(expected, found, [])
    .filter(({ path }) => !isOwn(path))
    .slice(0, DIFFERENCES_MAX);
}

function compare(expected: unknown, found: unknown, path: Path): readonly Difference[] {
  if (isMap(expected) && isMap(found))
    return Object.keys(expected).flatMap((key) => compare(expected[key], found[key], [...path, key]));
  if (isList(expected) && isList(found)) return compareLists(expected, found, path);
  return sameLeaf(expected, found, path) ? [] : [{ path: formatPath(path), expected, found }];
}

function compareLists(expected: readonly unknown[], found: readonly unknown[], path: Path): readonly Difference[] {
  const name = NAMES.find((key) => distinguishes(expected, key));
  if (name === undefined) {
    const whole = [{ path: formatPath(path), expected, found }];
    if (expected.length !== found.length) return whole;
    return expected.flatMap((item, index) => compare(item, found[index], [...path, index]));
  }
  return expected.flatMap((item, index) => {
    const same = found.find((other) => isMap(other) && isMap(item) && other[name] === item[name]);
    return compare(item, same, [...path, index]);
  });
}

/** Selectors may have one name for objects of several kinds: then their positions tell them apart. */
function distinguishes(items: readonly unknown[], key: string): boolean {
  const values = new Set(items.map((item) => (isMap(item) ? item[key] : undefined)));
  return items.length > 0 && values.size === items.length && !values.has(undefined);
}

function sameLeaf(expected: unknown, found: unknown, path: Path): boolean {
  if (isList(expected) && expected.length === 0 && found === undefined) return true;
  if (isMap(expected) && Object.keys(expected).length === 0 && found === undefined) return true;
  if (expected === found) return true;
  if (!path.some((step) => AMOUNTS.has(String(step)))) return false;
  const [one, other] = [readQuantity(expected), readQuantity(found)];
  return one !== null && one === other;
}

/** `under`: the part of both that is compared; null: all that is written. */
export function driftRemarks(
  expected: ValueMap,
  live: ValueMap,
  under: "spec" | null,
  isOwn?: (path: string) => boolean,
): readonly Remark[] {
  const at = under === null ? [] : [under];
  const [one, other] = under === null ? [expected, live] : [expected[under], live[under]];
  return differences(one, other, isOwn).map((difference) => ({
    rule: "CL-DRIFT",
    message: differenceWords({
      ...difference,
      path: [...at, ...(difference.path === "" ? [] : [difference.path])].join("."),
    }),
  }));
}

const SHOWN_MAX = 80;

/** "spec.replicas is 2, expected 3". */
export function differenceWords({ path, expected, found }: Difference): string {
  return found === undefined
    ? `${path} is not there, expected ${valueWords(expected)}`
    : `${path} is ${valueWords(found)}, expected ${valueWords(expected)}`;
}

export function valueWords(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text;
}
