// Finds and reads what `monitor lint` is given: files as they are, folders with every YAML or JSON file below them.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { sourceKind } from "../lint/lint.ts";
import { EXPECTED_KINDS, type SourceText } from "../lint/manifest.ts";
import { TOPOLOGY_FILE } from "./topology-file.ts";

/** What is looked at when nothing is named, where it is there. */
export const DEFAULT_SOURCES: readonly string[] = [
  TOPOLOGY_FILE,
  "manifests/kubefed-types.yaml",
  "manifests/kubefed-manifests.yaml",
];

const FILES_MAX = 2000;
const DEPTH_MAX = 20;

/** A string is what is wrong. Of folders, JSON files that no rule is about are left out; a file that is named has to be one. */
export function readSources(named: readonly string[]): readonly SourceText[] | string {
  const paths = named.length > 0 ? named : DEFAULT_SOURCES.filter((path) => existsSync(path));
  if (paths.length === 0) return `expected a SOURCE, or one of ${DEFAULT_SOURCES.join(", ")} here`;
  try {
    const files = [...new Set(paths.flatMap((path) => filesBelow(path, 0)))];
    if (files.length > FILES_MAX) return `expected at most ${FILES_MAX} files, found ${files.length}`;
    if (files.length === 0) return `expected YAML or JSON files in ${paths.join(", ")}, found none`;
    const read = files.map((file) => ({ file, text: readFileSync(file === STDIN ? 0 : file, "utf8") }));
    const strangers = read.filter((source) => isNamedOrJson(source.file, named) && sourceKind(source) === null);
    const wrong = strangers.find(({ file }) => named.includes(file));
    if (wrong !== undefined) return `${wrong.file}:1:1: ${EXPECTED_KINDS}, found ${foundIn(wrong.text)}`;
    return read.filter((source) => !strangers.includes(source));
  } catch (thrown) {
    return `expected a readable file or folder: ${thrown instanceof Error ? thrown.message : String(thrown)}`;
  }
}

/** For a zone that is read elsewhere: the topology, where there is one, says what is ours and what is waived. */
export function readTopologyAlone(): readonly SourceText[] | string {
  return existsSync(TOPOLOGY_FILE) ? readSources([TOPOLOGY_FILE]) : [];
}

function isNamedOrJson(file: string, named: readonly string[]): boolean {
  return named.includes(file) || file.endsWith(".json");
}

const KEYS_TOLD_MAX = 6;

/** What a person sees who looks into the file. */
function foundIn(text: string): string {
  if (text.trim() === "") return "nothing";
  if (/"terraform_version"/.test(text) && /"serial"/.test(text))
    return "the state as Terraform keeps it: give what `terraform show -json` prints";
  const keys = [...text.matchAll(/^\s{0,2}"?([A-Za-z_][\w.-]*)"?\s*:/gm)].map(([, key = ""]) => key);
  const told = [...new Set(keys)].slice(0, KEYS_TOLD_MAX);
  return told.length === 0 ? "something else" : `the keys ${told.join(", ")}`;
}

/** As everywhere: standard input. */
const STDIN = "-";

/** Sorted, without hidden ones and without JSON Schemas, which are no manifests. */
function filesBelow(path: string, depth: number): readonly string[] {
  if (path === STDIN || !statSync(path).isDirectory()) return [path];
  if (depth >= DEPTH_MAX) return [];
  return readdirSync(path, { withFileTypes: true })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .filter(({ name }) => !name.startsWith(".") && name !== "node_modules" && !name.endsWith(".schema.json"))
    .flatMap((entry) => {
      if (entry.isDirectory()) return filesBelow(join(path, entry.name), depth + 1);
      return entry.isFile() && /\.(ya?ml|json)$/.test(entry.name) ? [join(path, entry.name)] : [];
    });
}
