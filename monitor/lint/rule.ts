// What a lint rule is: a row with a stable id that says what goes wrong, how to mend it and how we know, and a function that
// finds the places. Every rule is in `registry.ts`, and every one has a failing and a passing case in the tests.
import type { Finding, Place } from "../model/finding.ts";
import type { Path } from "../topology/path.ts";
import type { ManifestObject } from "./manifest.ts";
import type { MemberView } from "./member-view.ts";
import type { Scene } from "./scene.ts";

export interface Rule {
  /** Stable and greppable: people put it into waivers. */
  readonly id: string;
  readonly severity: Finding["severity"];
  /** What goes wrong, in one sentence without values. */
  readonly wrong: string;
  /** What it is seen by, where that is not plain from `wrong`. */
  readonly evidence?: string;
  readonly fix: string;
  /** Where we know it from. */
  readonly source: string;
  readonly sightings: (scene: Scene) => readonly Sighting[];
}

/** One place where a rule is broken. */
export interface Sighting {
  readonly place: Place;
  readonly subject: string;
  /** With the values seen. */
  readonly message: string;
  /** The member cluster whose rendered object shows it, among how many; absent where it is the same everywhere. */
  readonly cluster?: { readonly name: string; readonly among: number };
  /** Where what was seen weighs more or less than the rule's usual; absent: the rule's. */
  readonly severity?: Finding["severity"];
}

export function sightingAt(object: ManifestObject, path: Path, message: string): Sighting {
  return { place: object.placeOf(path), subject: object.subject, message };
}

/** In what a member gets; pointed at where the value was written, in the template or in an override. */
export function sightingIn(view: MemberView, path: Path, message: string): Sighting {
  const { cluster, among } = view;
  const seen = { place: view.placeOf(path), subject: view.origin.subject, message };
  return cluster === null ? seen : { ...seen, cluster: { name: cluster, among } };
}

/** "a", "a and b", "a, b and c". */
export function wordList(words: readonly string[]): string {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} and ${last}`;
}
