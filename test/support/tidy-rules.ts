// The house rules as functions of one file, so that each can be shown to see its own breach.
import type { SourceFile } from "./source-files.ts";

export const LINES_MAX = 400;
const FUNCTION_LINES_MAX = 60;

/** The flow has one direction: a folder knows those before it. */
export const CORE = [
  "problem.ts",
  "time.ts",
  "grouping.ts",
  "policy",
  "topology",
  "model",
  "zone",
  "health",
  "verify",
  "maintenance",
  "steering",
  "incident",
  "objective",
  "drill",
  "report",
  "render",
  "lint",
  "clusters",
  "run",
];
const EDGES = ["wire", "http"];
const NODE = ["node", "local", "lever", "conduct", "watch", "cli"];
const ORDER = [...CORE, ...EDGES, ...NODE];
const CORE_PACKAGES = new Set(["yaml", "zod/mini"]);

const EMPTY_NAMES = /(^|-)(util|utils|helper|helpers|manager|data|info|common|misc)(-|$)/;

export function breaches(file: SourceFile): readonly string[] {
  const rules = [importBreaches, purityBreaches, shapeBreaches, nameBreaches, testBreaches];
  return rules.flatMap((rule) => rule(file)).map((breach) => `${file.path}: ${breach}`);
}

/** "policy" for monitor/policy/x.ts, "time.ts" for monitor/time.ts; null outside monitor/. */
function coreFolder(path: string): string | null {
  return path.startsWith("monitor/") ? (path.split("/")[1] ?? null) : null;
}

function importBreaches(file: SourceFile): readonly string[] {
  return file.imports.filter((name) => !mayImport(file.path, name)).map((name) => `may not import ${name}`);
}

function mayImport(from: string, to: string): boolean {
  if (from.startsWith("test/")) return true;
  if (to.startsWith("test/")) return false;
  if (from.startsWith("service/")) return !to.startsWith("monitor/") && !to.startsWith("worker/");
  const target = coreFolder(to);
  if (from.startsWith("worker/")) return target === null || !NODE.includes(target);
  const own = coreFolder(from);
  if (own === null) return true;
  if (to.startsWith("worker/") || to.startsWith("service/")) return false;
  if (target !== null)
    return own !== "policy"
      ? ORDER.indexOf(target) <= ORDER.indexOf(own)
      : ["policy", "problem.ts", "time.ts"].includes(target);
  return mayUsePackage(own, to);
}

function mayUsePackage(own: string, name: string): boolean {
  if (CORE.includes(own)) return CORE_PACKAGES.has(name);
  return !EDGES.includes(own) || !name.startsWith("node:");
}

function purityBreaches(file: SourceFile): readonly string[] {
  const own = coreFolder(file.path);
  if (own === null || !CORE.includes(own)) return [];
  return ["Date.now", "new Date()", "Math.random"]
    .filter((hidden) => file.text.includes(hidden))
    .map((hidden) => `hidden input ${hidden}`);
}

function shapeBreaches(file: SourceFile): readonly string[] {
  const lines = file.text.split("\n");
  const found: string[] = [];
  if (lines.length > LINES_MAX) found.push(`${lines.length} lines, at most ${LINES_MAX}`);
  if (!file.text.startsWith("//") && !file.path.startsWith("test/")) found.push("a file opens with a comment");
  if (/^export \* from/m.test(file.text)) found.push("a barrel");
  if (/^\s*(export )?(const )?enum /m.test(file.text)) found.push("an enum");
  return [...found, ...longFunctions(lines)];
}

/** Functions and methods by their first line and the closing brace in the same column. */
function longFunctions(lines: readonly string[]): readonly string[] {
  const found: string[] = [];
  lines.forEach((line, index) => {
    const head =
      /^(\s*)(?:export )?(?:default )?(?:async )?(?:function\*? (\w+)|(?:override |readonly |private |static )*(?:async )?(?!if|for|while|switch|return|describe|test)(\w+)\([^)]*\)(?:: [^{]+)? \{$)/.exec(
        line,
      );
    if (head === null || !line.trimEnd().endsWith("{")) return;
    const end = lines.findIndex((other, at) => at > index && other.startsWith(`${head[1] ?? ""}}`));
    const length = end - index + 1;
    if (length > FUNCTION_LINES_MAX)
      found.push(`function ${head[2] ?? head[3] ?? "?"} has ${length} lines, at most ${FUNCTION_LINES_MAX}`);
  });
  return found;
}

function nameBreaches(file: SourceFile): readonly string[] {
  const name = (file.path.split("/").at(-1) ?? "").replace(/(\.test)?\.ts$/, "");
  const fine = /^[a-z0-9]+(-[a-z0-9]+)*$/.test(name.replace(/\.config$/, "")) && !EMPTY_NAMES.test(name);
  return fine ? [] : [`file name ${name}`];
}

function testBreaches(file: SourceFile): readonly string[] {
  if (!file.path.startsWith("test/") || file.path === "test/tidy.test.ts") return [];
  return /\b(?:test|it|describe)\.(only|todo|fails)\b/.test(file.text)
    ? ["a narrowed or unfinished test: .only, .todo, .fails"]
    : [];
}
