// Findings as JUnit XML, for CI: a suite for each file, a case for each finding; what fails there is what fails the command.
import type { Finding } from "../model/finding.ts";
import { escapeXml } from "./xml-text.ts";
import { fails, type Strictness } from "./findings-verdict.ts";

/** `files` are all that were looked at: one without findings is a case that passed. */
export function findingsJunit(
  findings: readonly Finding[],
  files: readonly string[],
  strictness: Strictness,
  command = "monitor lint",
): string {
  const suites = files.map((file) => suiteOf(file, findings, strictness));
  const { tests, failures, skipped } = countsOf(findings, strictness);
  const passed = files.filter((file) => !findings.some(({ place }) => place.file === file)).length;
  const head = `<testsuites name="${command}" tests="${tests + passed}" failures="${failures}" skipped="${skipped}">`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${[head, ...suites, "</testsuites>"].join("\n")}\n`;
}

function countsOf(
  findings: readonly Finding[],
  strictness: Strictness,
): Record<"tests" | "failures" | "skipped", number> {
  return {
    tests: findings.length,
    failures: findings.filter((finding) => fails(finding, strictness)).length,
    skipped: findings.filter(({ waiver }) => waiver !== null).length,
  };
}

function suiteOf(file: string, findings: readonly Finding[], strictness: Strictness): string {
  const own = findings.filter(({ place }) => place.file === file);
  const name = escapeXml(file);
  if (own.length === 0) {
    const passed = `    <testcase classname="${name}" name="no findings"/>`;
    return `  <testsuite name="${name}" tests="1" failures="0" skipped="0">\n${passed}\n  </testsuite>`;
  }
  const { tests, failures, skipped } = countsOf(own, strictness);
  const head = `  <testsuite name="${name}" tests="${tests}" failures="${failures}" skipped="${skipped}">`;
  return [head, ...own.map((finding) => caseOf(finding, strictness)), "  </testsuite>"].join("\n");
}

function caseOf(finding: Finding, strictness: Strictness): string {
  const { id, severity, place, subject, message, fix, waiver } = finding;
  const name = `${id} ${subject} (line ${place.line}, column ${place.column})`;
  const head = `    <testcase classname="${escapeXml(place.file)}" name="${escapeXml(name)}">`;
  return `${head}\n      ${outcome()}\n    </testcase>`;

  function outcome(): string {
    if (waiver !== null) return `<skipped message="${escapeXml(`waived until ${waiver.until}: ${waiver.reason}`)}"/>`;
    const text = escapeXml(`${place.file}:${place.line}:${place.column}: ${message}. ${fix}`);
    if (!fails(finding, strictness)) return `<system-out>${severity}: ${text}</system-out>`;
    return `<failure type="${severity}" message="${escapeXml(message)}">${text}</failure>`;
  }
}
