// Findings as SARIF 2.1.0, for code scanning and editors: every rule with its help, every finding with its place, and what is
// waived as a suppression rather than left out.
import type { Finding } from "../model/finding.ts";

/** What SARIF tells of a rule. */
export interface RuleCard {
  readonly id: string;
  readonly severity: Finding["severity"];
  readonly wrong: string;
  readonly fix: string;
  readonly source: string;
}

const SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json";

/** One run, as text; `rules` are all rules, so that a reader sees what was looked for. */
export function findingsSarif(findings: readonly Finding[], rules: readonly RuleCard[]): string {
  const driver = { name: "multicloud-probe", rules: rules.map(ruleOf) };
  const results = findings.map((finding) => resultOf(finding, rules));
  const run = { tool: { driver }, columnKind: "utf16CodeUnits", results };
  return `${JSON.stringify({ $schema: SCHEMA, version: "2.1.0", runs: [run] }, null, 2)}\n`;
}

function ruleOf({ id, severity, wrong, fix, source }: RuleCard): object {
  return {
    id,
    shortDescription: { text: wrong },
    help: { text: `${fix}\nSource: ${source}` },
    defaultConfiguration: { level: severity },
  };
}

function resultOf(finding: Finding, rules: readonly RuleCard[]): object {
  const { id, severity, place, subject, message, fix, waiver } = finding;
  const region = { startLine: place.line, startColumn: place.column };
  const ruleIndex = rules.findIndex((rule) => rule.id === id);
  return {
    ruleId: id,
    ...(ruleIndex < 0 ? {} : { ruleIndex }),
    level: severity,
    message: { text: `${subject}: ${message}. ${fix}` },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri: uriOf(place.file) }, region },
        logicalLocations: [{ fullyQualifiedName: subject, kind: "resource" }],
      },
    ],
    // An empty list says that suppressions were looked for, which tells "not waived" from "not known".
    suppressions:
      waiver === null ? [] : [{ kind: "external", justification: `${waiver.reason} (until ${waiver.until})` }],
  };
}

/** A relative reference, or a file URI for an absolute path (RFC 3986). */
function uriOf(file: string): string {
  const encoded = encodeURI(file).replaceAll("?", "%3F").replaceAll("#", "%23");
  if (file.startsWith("/")) return `file://${encoded}`;
  // A colon in the first segment would make it a scheme.
  return /^[^/]*:/.test(encoded) ? `./${encoded}` : encoded;
}
