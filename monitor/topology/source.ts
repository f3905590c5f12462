// YAML text to values with places. YAML 1.2's core schema, one document, no tags of its own: what a reader of the file
// sees is what we read.
import { type Document, LineCounter, parseDocument, type YAMLError } from "yaml";
import type { Problem } from "../problem.ts";
import { type Place, readTree, type Tree } from "./tree.ts";

/** How much of a file is read: characters in UTF-16 units, and values of all kinds. */
export interface SourceLimits {
  readonly textMax: number;
  readonly valuesMax: number;
}

export interface ReadSource {
  /** Null: nothing can be said of what the text means. */
  readonly tree: Tree | null;
  readonly problems: readonly Problem[];
}

/** The largest topology that the schema allows needs about a third of each. */
export const TOPOLOGY_LIMITS: SourceLimits = { textMax: 256 * 1024, valuesMax: 20_000 };
/** One slip in YAML makes the parser stumble many times after it. */
export const SYNTAX_PROBLEMS_MAX = 20;

/** How far before a mistake a reference that may have caused it is looked for. */
const HINT_REACH_MAX = 200;

const READ_OPTIONS = {
  version: "1.2",
  schema: "core",
  prettyErrors: false,
  resolveKnownTags: false,
  uniqueKeys: false,
  merge: false,
  // Not "silent", under which a second document is no error.
  logLevel: "error",
} as const;

/** After these the tree is still what the file means, so the search for other problems goes on. */
const HARMLESS = new Set<YAMLError["code"]>(["MULTIPLE_DOCS", "TAG_RESOLVE_FAILED", "BAD_DIRECTIVE"]);

/** Null instead of a tree when the text is too long, empty or no YAML: then `problems` says so and nothing else can be said. */
export function readSource(
  text: string,
  variables: Readonly<Record<string, string>> | null,
  { textMax, valuesMax }: SourceLimits = TOPOLOGY_LIMITS,
): ReadSource {
  if (text.length > textMax)
    return refuse(`expected at most ${textMax} characters, found ${text.length}`, { line: 1, column: 1 });
  const lines = new LineCounter();
  const placeOf = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const document = readDocument(text, lines);
  if (document === null)
    return refuse("expected YAML, found a text that its parser gives up on", { line: 1, column: 1 });
  const errors = [...document.errors, ...document.warnings];
  const told = (found: readonly YAMLError[]): readonly Problem[] =>
    found.map((error) => ({ message: `${sentence(error)}${quotesHint(text, error)}`, ...placeOf(error.pos[0]) }));
  const syntax = told(mistakes(errors));
  if (syntax.length > 0) return { tree: null, problems: firstOfLines(syntax).slice(0, SYNTAX_PROBLEMS_MAX) };
  const tree = readTree(document, placeOf, variables, valuesMax);
  return { tree, problems: [...told(errors), ...tree.problems] };
}

/** Without what follows from them: once lost, the parser calls every later token unexpected. */
function mistakes(errors: readonly YAMLError[]): readonly YAMLError[] {
  const syntax = errors.filter((error) => !HARMLESS.has(error.code));
  const own = syntax.filter((error) => !error.message.includes("token in YAML stream"));
  return own.length > 0 ? own : syntax;
}

/** The parser tells what comes after a mistake in the same line as more of them. */
function firstOfLines(problems: readonly Problem[]): readonly Problem[] {
  const lines = new Set<number | undefined>();
  return problems.filter(({ line }) => !lines.has(line) && lines.add(line));
}

/** Null when the library throws, which it does for a few texts that are no YAML by far. */
function readDocument(text: string, lineCounter: LineCounter): Document | null {
  try {
    return parseDocument(text, { ...READ_OPTIONS, lineCounter });
  } catch {
    return null;
  }
}

function refuse(message: string, place: Place): ReadSource {
  return { tree: null, problems: [{ message, ...place }] };
}

/** In { } and [ ] an unquoted ${NAME} is a mapping to YAML, which no message of its parser would tell. */
function quotesHint(text: string, error: YAMLError): string {
  const [at] = error.pos;
  const line = text.slice(Math.max(at - HINT_REACH_MAX, text.lastIndexOf("\n", at - 1) + 1), at + 1);
  const brackets = line.search(/[{[]/);
  return brackets >= 0 && brackets < line.indexOf("${") ? " (between brackets a text with ${NAME} needs quotes)" : "";
}

function sentence(error: YAMLError): string {
  switch (error.code) {
    case "MULTIPLE_DOCS":
      return "expected one YAML document, found the start of another";
    case "TAG_RESOLVE_FAILED":
      return "expected a value that needs no tag, found a tag that YAML's core schema does not have or that does not fit";
    case "TAB_AS_INDENT":
      return "expected spaces as indentation, found a tab";
    case "BAD_DIRECTIVE":
      return "expected no directives, found one that is unknown or broken";
    case "RESOURCE_EXHAUSTION":
      return "expected a few levels of nesting, found more than the parser can follow";
    default:
      return `expected YAML, found a mistake: ${error.message}`;
  }
}
