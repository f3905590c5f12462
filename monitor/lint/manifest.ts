// Reads manifests as kubectl does: many documents, `kind: List` taken apart, yes and no as booleans. Each object remembers
// where its parts stand; what is no YAML becomes a finding and the other documents are still read.
import { type Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseAllDocuments } from "yaml";
import type { Place } from "../model/finding.ts";
import type { Path } from "../topology/path.ts";
import { isMap as isMapping, listAt, textAt, type ValueMap } from "../verify/federation-value.ts";

/** In UTF-16 units. */
export const TEXT_MAX = 4 * 1024 * 1024;
export const DOCUMENTS_MAX = 5000;
/** Values that an alias may stand for, all in all: a few lines of YAML can stand for millions. */
const ALIASES_MAX = 1000;
const BROKEN_MAX = 20;

export interface SourceText {
  readonly file: string;
  readonly text: string;
}

export interface ManifestObject {
  readonly value: ValueMap;
  readonly apiVersion: string;
  readonly kind: string;
  /** "" for what is in none. */
  readonly namespace: string;
  readonly name: string;
  /** "FederatedDeployment multicloud-demo/multicloud-demo". */
  readonly subject: string;
  /** Of the key or the list item there, or of what is nearest around it. */
  readonly placeOf: (path: Path) => Place;
}

/** Something that is no object, and why. */
export interface Unread {
  readonly kind: "broken" | "repeated-key" | "not-an-object";
  readonly place: Place;
  readonly message: string;
}

export interface Manifest {
  readonly objects: readonly ManifestObject[];
  readonly unread: readonly Unread[];
}

/** go-yaml's booleans of YAML 1.1, which kubectl still reads: an unquoted NO is false. */
const OLD_BOOLEAN = {
  tag: "tag:yaml.org,2002:bool",
  default: true,
  test: /^(?:y|Y|yes|Yes|YES|on|On|ON|n|N|no|No|NO|off|Off|OFF)$/,
  resolve: (text: string): boolean => /^(y|on)/i.test(text),
} as const;

/** Everything that lint has rules for, by what tells it. */
export const EXPECTED_KINDS =
  "expected a Kubernetes object (apiVersion and kind), a topology (service, regions, dns) or a hosted zone (a snapshot, a change batch, what the AWS command line or `terraform show -json` prints)";

export function readManifest({ file, text }: SourceText): Manifest {
  if (text.length > TEXT_MAX) {
    const message = `expected at most ${TEXT_MAX} characters, found ${text.length}`;
    return { objects: [], unread: [{ kind: "broken", place: { file, line: 1, column: 1 }, message }] };
  }
  const lines = new LineCounter();
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  const documents = documentsOf(text, lines);
  if (documents === null) {
    const message = "expected YAML, found a text that its parser gives up on";
    return { objects: [], unread: [{ kind: "broken", place: { file, line: 1, column: 1 }, message }] };
  }
  const read = documents.slice(0, DOCUMENTS_MAX).map((document) => readDocument(document, placeAt));
  return { objects: read.flatMap(({ objects }) => objects), unread: read.flatMap(({ unread }) => unread) };
}

/** Null when the library throws, which it does for a few texts that are no YAML by far. */
function documentsOf(text: string, lineCounter: LineCounter): readonly Document[] | null {
  try {
    const customTags = [OLD_BOOLEAN];
    return [
      ...parseAllDocuments(text, { customTags, merge: true, prettyErrors: false, logLevel: "silent", lineCounter }),
    ];
  } catch {
    return null;
  }
}

function readDocument(document: Document, placeAt: (offset: number) => Place): Manifest {
  const unread = document.errors.slice(0, BROKEN_MAX).map((error): Unread => {
    const place = placeAt(error.pos[0]);
    return error.code === "DUPLICATE_KEY"
      ? { kind: "repeated-key", place, message: "the same key stands twice in one mapping; kubectl takes the last one" }
      : { kind: "broken", place, message: `expected YAML, found a mistake: ${error.message}` };
  });
  if (unread.some(({ kind }) => kind === "broken")) return { objects: [], unread };
  const value = valueOf(document);
  if (value === undefined) {
    const message = `expected at most ${ALIASES_MAX} values behind aliases, found more, or an alias without its anchor`;
    return {
      objects: [],
      unread: [...unread, { kind: "broken", place: placeAt(document.contents?.range?.[0] ?? 0), message }],
    };
  }
  // Nothing between two "---" is nothing wrong.
  if (value === null) return { objects: [], unread };
  const objects = objectsOf(value, [], document, placeAt);
  if (objects.length > 0) return { objects, unread };
  const place = placeAt(document.contents?.range?.[0] ?? 0);
  return { objects, unread: [...unread, { kind: "not-an-object", place, message: EXPECTED_KINDS }] };
}

/** Undefined when it cannot be made. */
function valueOf(document: Document): unknown {
  try {
    const value: unknown = document.toJS({ maxAliasCount: ALIASES_MAX });
    return value ?? null;
  } catch {
    return undefined;
  }
}

function objectsOf(
  value: unknown,
  base: Path,
  document: Document,
  placeAt: (offset: number) => Place,
): readonly ManifestObject[] {
  if (!isMapping(value)) return [];
  const [apiVersion, kind] = [textAt(value, ["apiVersion"]), textAt(value, ["kind"])];
  if (apiVersion === "" || kind === "") return [];
  if (base.length === 0 && kind === "List")
    return listAt(value, ["items"]).flatMap((item, index) => objectsOf(item, ["items", index], document, placeAt));
  const namespace = textAt(value, ["metadata", "namespace"]);
  const name = textAt(value, ["metadata", "name"]);
  const subject = `${kind} ${namespace === "" ? "" : `${namespace}/`}${name}`;
  const placeOf = (path: Path): Place => placeAt(offsetOf(document, [...base, ...path]));
  return [{ value, apiVersion, kind, namespace, name, subject, placeOf }];
}

/** Keys are pointed at rather than their values: that is the line that a reader looks for. */
function offsetOf(document: Document, path: Path): number {
  let node: unknown = document.contents;
  let offset = document.contents?.range?.[0] ?? 0;
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
      if (pair === undefined) return offset;
      if (isNode(pair.key)) offset = pair.key.range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node) && typeof step === "number" && isNode(node.items[step])) {
      node = node.items[step];
      offset = (isNode(node) ? node.range?.[0] : undefined) ?? offset;
    } else return offset;
  }
  return offset;
}
