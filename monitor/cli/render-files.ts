// Rendered files against the files of a folder: which are new, differ or are left over, and where a difference begins.
// Nothing is written before everything was read.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { RenderedFile } from "../render/manifest.ts";
import { CALLER_REFERENCE_START } from "../zone/to-aws.ts";
import { isRendered } from "../render/yaml-text.ts";

export type FileState =
  | { readonly path: string; readonly state: "current" }
  | { readonly path: string; readonly state: "missing" }
  /** In a folder of ours and with our header, but no longer rendered: of a cluster that is gone, for example. */
  | { readonly path: string; readonly state: "left over" }
  /** The first line that differs, from 1; null where one of the two has ended. */
  | {
      readonly path: string;
      readonly state: "differs";
      readonly line: number;
      readonly found: string | null;
      readonly expected: string | null;
    };

/** By path. `folders` are those in which nothing else than what is rendered may carry our header. */
export function compareFiles(
  outDir: string,
  files: readonly RenderedFile[],
  folders: readonly string[],
): readonly FileState[] {
  const rendered = new Set(files.map(({ path }) => path));
  const leftOver = folders
    .flatMap((folder) => filesBelow(outDir, folder))
    .filter((path) => !rendered.has(path) && isOurs(readText(join(outDir, path)) ?? ""))
    .map((path): FileState => ({ path, state: "left over" }));
  const states = files.map((file) => stateOf(file, readText(join(outDir, file.path))));
  return [...states, ...leftOver].toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** Makes the folder what was rendered; a file that is current is not touched. Null: done; else what stood in the way. */
export function writeFiles(
  outDir: string,
  files: readonly RenderedFile[],
  states: readonly FileState[],
): string | null {
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  for (const { path, state } of states) {
    const file = join(outDir, path);
    const text = texts.get(path);
    try {
      if (state === "left over") rmSync(file);
      else if (state !== "current" && text !== undefined) {
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, text);
      }
    } catch (thrown) {
      return `${file}: expected to write here: ${thrown instanceof Error ? thrown.message : String(thrown)}`;
    }
  }
  return null;
}

function stateOf({ path, text }: RenderedFile, found: string | null): FileState {
  if (found === null) return { path, state: "missing" };
  if (found === text) return { path, state: "current" };
  const lines = found.split("\n");
  const expected = text.split("\n");
  const at = expected.findIndex((line, index) => line !== lines[index]);
  const first = at < 0 ? expected.length : at;
  return { path, state: "differs", line: first + 1, found: lines[first] ?? null, expected: expected[first] ?? null };
}

/** Lists of health checks and of blocks have no place for words of ours, so what they begin with tells. */
const OURS_WITHOUT_WORDS = new RegExp(
  `^\\[\\n {2}\\{\\n {4}"(CallerReference": "${CALLER_REFERENCE_START}|LocationName": "[^"]+",\\n {4}"Action": "PUT")`,
);

function isOurs(text: string): boolean {
  return isRendered(text) || OURS_WITHOUT_WORDS.test(text);
}

function filesBelow(outDir: string, folder: string): readonly string[] {
  try {
    return readdirSync(join(outDir, folder), { recursive: true, encoding: "utf8" })
      .map((name) => `${folder}/${name.replaceAll("\\", "/")}`)
      .filter((path) => /\.(yaml|json|md)$/.test(path));
  } catch {
    return [];
  }
}

/** Null: no such file. */
function readText(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}
