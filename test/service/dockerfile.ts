// Reads as much of a Dockerfile as ours uses: stages, and their instructions with continued lines joined.
import { readFileSync } from "node:fs";
import { join } from "node:path";

export const ROOT = join(import.meta.dirname, "../..");

export interface Instruction {
  readonly keyword: string;
  readonly rest: string;
}

export interface Stage {
  readonly name: string;
  readonly image: string;
  readonly instructions: readonly Instruction[];
}

export function readStages(): readonly Stage[] {
  const text = readFileSync(join(ROOT, "Dockerfile"), "utf8");
  const lines = text
    .replaceAll(/^\s*#.*\n/gm, "")
    .replaceAll(/\\\n\s*/g, "")
    .split("\n");
  const instructions = lines.filter((line) => line.trim() !== "").map(parseInstruction);
  return instructions.flatMap(({ keyword, rest }, index) => {
    if (keyword !== "FROM") return [];
    const [, image = "", name = ""] = /^(?:--\S+ )*(\S+)(?: AS (\S+))?$/i.exec(rest) ?? [];
    const following = instructions.slice(index + 1);
    const end = following.findIndex((one) => one.keyword === "FROM");
    return [{ name, image, instructions: end < 0 ? following : following.slice(0, end) }];
  });
}

function parseInstruction(line: string): Instruction {
  const [, keyword = "", rest = ""] = /^(\S+)\s+(.*)$/.exec(line) ?? [];
  return { keyword: keyword.toUpperCase(), rest };
}

export function stageNamed(name: string): Stage {
  const stage = readStages().find((one) => one.name === name);
  if (stage === undefined) throw new Error(`the Dockerfile has no stage ${name}`);
  return stage;
}

export function restsOf(stage: Stage, keyword: string): readonly string[] {
  return stage.instructions.filter((one) => one.keyword === keyword).map(({ rest }) => rest);
}

/** The words of an instruction in exec form, "HEALTHCHECK … CMD [...]" included; empty where it has another form. */
export function execWords(rest: string | undefined): readonly string[] {
  const [, json] = /(?:^|\bCMD )(\[.*\])$/.exec(rest ?? "") ?? [];
  return json === undefined ? [] : (JSON.parse(json) as string[]);
}

/** What a COPY takes from the build context and where it puts it; empty for a COPY from another stage. */
export function contextCopies(
  stage: Stage,
): readonly { readonly sources: readonly string[]; readonly target: string }[] {
  return restsOf(stage, "COPY")
    .filter((rest) => !rest.includes("--from="))
    .map((rest) => rest.split(/\s+/).filter((word) => !word.startsWith("--")))
    .map((words) => ({ sources: words.slice(0, -1), target: words.at(-1) ?? "" }));
}
