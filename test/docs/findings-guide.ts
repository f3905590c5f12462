// The table of rules in docs/findings.md, made from the registry, so that it cannot say anything else.
import { RULES } from "../../monitor/lint/registry.ts";
import { withMadePart } from "./made-part.ts";

export const GUIDE = "docs/findings.md";

export function findingsGuide(): string {
  return withMadePart(GUIDE, "the registry", ruleTable());
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
