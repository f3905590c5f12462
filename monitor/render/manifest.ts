// What every renderer is made of: Kubernetes objects as plain values, notes for the reader beside them, and files. A note is
// tied to a place in the object, so that it travels with it into every rendering and cannot outlive what it explains.
import { assert } from "../problem.ts";

export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

/** JSON Pointer (RFC 6901) into the object -> why it is so; "" stands for the object itself. */
export type Notes = Readonly<Record<string, string>>;

export interface Manifest<T = KubeObject> {
  readonly object: T;
  readonly notes?: Notes;
}

export interface RenderedFile {
  /** Relative to the folder of manifests, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** How a Pod learns its region and cluster: from a ConfigMap, or from values in the Deployment itself. */
export type RegionBy = "configmap" | "env";

export const REGIONS_BY: readonly RegionBy[] = ["configmap", "env"];

/** "a/b" as one step of a JSON Pointer. */
export function pointerStep(key: string | number): string {
  return String(key).replaceAll("~", "~0").replaceAll("/", "~1");
}

export function pointer(...steps: readonly (string | number)[]): string {
  return steps.map((step) => `/${pointerStep(step)}`).join("");
}

export function pointerSteps(path: string): readonly string[] {
  return path === ""
    ? []
    : path
        .slice(1)
        .split("/")
        .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** The same notes for an object that stands at `prefix` inside another one. */
export function notesUnder(prefix: string, notes: Notes = {}): Notes {
  return Object.fromEntries(Object.entries(notes).map(([path, note]) => [`${prefix}${path}`, note]));
}

/** A copy with another value at `path`, which must exist: an edit that adds what nobody reads would pass unseen. */
export function replaceAt<T>(root: T, path: string, value: unknown): T {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the shape stays, one leaf changes
  return replacePart(root, pointerSteps(path), value, path) as T;
}

function replacePart(part: unknown, steps: readonly string[], value: unknown, path: string): unknown {
  const [step, ...rest] = steps;
  if (step === undefined) return value;
  assert(typeof part === "object" && part !== null && Object.hasOwn(part, step), `nothing stands at ${path}`);
  const inner = replacePart(Reflect.get(part, step), rest, value, path);
  if (Array.isArray(part)) return part.map((item: unknown, index) => (String(index) === step ? inner : item));
  return { ...part, [step]: inner };
}
