// What a document for users holds that can be wrong: links, commands, paths, and blocks of code.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ROOT } from "../support/source-files.ts";

export interface Document {
  /** Relative to the root. */
  readonly path: string;
  readonly text: string;
  readonly blocks: readonly Block[];
}

export interface Block {
  readonly language: string;
  readonly code: string;
}

export interface MonitorCall {
  readonly command: string;
  /** "--wait" and the like. */
  readonly flags: readonly string[];
}

const FENCE = /^```(\w*)\n([\s\S]*?)^```$/gm;
const LINK = /\[[^\]]*\]\(([^)\s]+)\)/g;
/** A path of ours, in prose or in a command; a final dot or slash belongs to the sentence. */
const PATH = /(?<![\w./$-])(?:\.\/)?((?:manifests|monitor|service|worker|test|docs|\.github|\.ci)\/[\w./-]*\w)/g;
const MONITOR_CALL = /(?:npm run (?:-s )?monitor -- |`monitor )((?:\\\n|[^\n`;|#])+)/g;
const NPM_SCRIPT = /\bnpm (?:run (?:-s )?([\w:-]+)|(start|test)\b)/g;

export function documents(): readonly Document[] {
  const names = readdirSync(join(ROOT, "docs")).filter((name) => name.endsWith(".md"));
  const paths = ["README.md", ...names.map((name) => `docs/${name}`)];
  return paths.map((path) => documentOf(path, readFileSync(join(ROOT, path), "utf8")));
}

export function documentOf(path: string, text: string): Document {
  const blocks = [...text.matchAll(FENCE)].map(([, language = "", code = ""]) => ({ language, code }));
  return { path, text, blocks };
}

/** Links to files or headings that are not there. */
export function brokenLinks({ path, text }: Document): readonly string[] {
  return [...text.matchAll(LINK)]
    .map(([, link = ""]) => link)
    .filter((link) => !/^https?:/.test(link))
    .filter((link) => {
      const [file = "", anchor] = link.split("#");
      const target = file === "" ? join(ROOT, path) : join(ROOT, dirname(path), file);
      if (!existsSync(target)) return true;
      return anchor !== undefined && !headingsOf(readFileSync(target, "utf8")).includes(anchor);
    });
}

/** As GitHub makes them: lower case, no punctuation, hyphens for spaces. */
function headingsOf(text: string): readonly string[] {
  const prose = text.replaceAll(FENCE, "");
  return [...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, "")
      .replaceAll(" ", "-"),
  );
}

export function missingPaths({ text }: Document): readonly string[] {
  const paths = [...text.matchAll(PATH)].map(([, path = ""]) => path);
  return [...new Set(paths)].filter((path) => !existsSync(join(ROOT, path)));
}

export function npmScripts({ text }: Document): readonly string[] {
  return [...text.matchAll(NPM_SCRIPT)].map(([, script, short]) => script ?? short ?? "");
}

export function monitorCalls({ text }: Document): readonly MonitorCall[] {
  return [...text.matchAll(MONITOR_CALL)].map(([, call = ""]) => {
    const words = call.split(/[\s\\]+/).filter((word) => word !== "");
    return { command: words[0] ?? "", flags: words.filter((word) => word.startsWith("--")) };
  });
}
