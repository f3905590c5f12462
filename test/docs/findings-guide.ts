// The table of rules in docs/findings.md, made from the registry, so that it cannot say anything else.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { RULES } from "../../monitor/lint/registry.ts";
import { ROOT } from "../support/source-files.ts";

export const GUIDE = "docs/findings.md";
const START = "<!-- made from the registry by `npm run generate` -->\n";
const END = "<!-- until here -->";

export function findingsGuide(): string {
  const text = readFileSync(join(ROOT, GUIDE), "utf8");
  const [before, rest] = [text.indexOf(START), text.indexOf(END)];
  if (before < 0 || rest < before) throw new Error(`expected ${START.trim()} and ${END} in ${GUIDE}`);
  return `${text.slice(0, before)}${START}\n${ruleTable()}\n${text.slice(rest)}`;
}

function ruleTable(): string {
  const rows = RULES.filter(({ id }) => id.startsWith("R53-")).map(
    ({ id, severity, wrong, evidence = "", fix, source }) =>
      `| \`${id}\` | ${severity} | ${wrong} | ${evidence} | ${fix} | ${source} |`,
  );
  return [
    "| rule | severity | what goes wrong | seen by | fix | source |",
    "|---|---|---|---|---|---|",
    ...rows,
    "",
  ].join("\n");
}
