// What was read from the API servers, as the judges get it: lists of objects whose shape nobody has promised, and for each
// list that could not be read the reason. A list that was not read is never an empty one.
import type { ValueMap } from "../topology/loose-value.ts";

export type Look =
  /** By name. */
  | { readonly kind: "seen"; readonly objects: readonly ValueMap[] }
  /** The API server does not know this kind. */
  | { readonly kind: "no-kind" }
  /** The user may not. */
  | { readonly kind: "forbidden"; readonly detail: string }
  | { readonly kind: "failed"; readonly detail: string };

/** By the keys of the wishes. */
export type Looks = Readonly<Record<string, Look>>;

/** One API server. */
export type ClusterReading =
  | { readonly kind: "read"; readonly looks: Looks }
  | {
      readonly kind: "closed";
      readonly cause: "context" | "credentials" | "unreachable";
      readonly detail: string;
    };

/** Empty as well where nothing was read: ask `isSeen` first where that matters. */
export function objectsOf(looks: Looks, key: string): readonly ValueMap[] {
  const look = looks[key];
  return look?.kind === "seen" ? look.objects : [];
}

export function isSeen(looks: Looks, key: string): boolean {
  return looks[key]?.kind === "seen";
}
