// `monitor lint`: what is wrong with a topology and with KubeFed's manifests, ours or anyone's, before they are applied: KubeFed
// takes most mistakes without a word.
import { parseArgs } from "node:util";
import { lintSources } from "../lint/lint.ts";
import { RULES } from "../lint/registry.ts";
import type { Finding } from "../model.ts";
import { unreachable } from "../problem.ts";
import { findingsJunit } from "../report/findings-junit.ts";
import { findingsSarif } from "../report/findings-sarif.ts";
import { findingsText } from "../report/findings-text.ts";
import { findingsVerdict, type Strictness } from "../report/findings-verdict.ts";
import type { Instant } from "../time.ts";
import { alignColumns } from "./columns.ts";
import { envelope, EXIT, type ExitCode } from "./envelope.ts";
import { DEFAULT_SOURCES, readSources } from "./lint-sources.ts";
import { refuse, type Refusal } from "./refusal.ts";

const FORMATS = ["text", "json", "sarif", "junit"] as const;
type Format = (typeof FORMATS)[number];

export const LINT_USAGE = `monitor lint [SOURCE…] [--strict] [--format ${FORMATS.join("|")}] [--json] [--rules]

What is wrong with a topology and with Kubernetes and KubeFed manifests, with file, line and what to do about it.

  SOURCE         a file, a folder of YAML files, or - for standard input; sources are looked at together: clusters, regions,
                 replicas and images are compared with the topology among them
                 default, where they are there: ${DEFAULT_SOURCES[0] ?? ""}
                 ${DEFAULT_SOURCES.slice(1).join(" ")}
  --strict       warnings fail too
  --format NAME  text (default), json, sarif (SARIF 2.1.0, for code scanning) or junit (XML, for CI)
  --json         the same as --format json: one JSON envelope on stdout
  --rules        list every rule instead, with what goes wrong

A topology may waive findings, with a reason and a last day, under lint.waivers.
Exit code: 0 no errors that nobody waived, 1 some, 2 wrong usage or a source that cannot be read.
`;

interface LintWish {
  readonly sources: readonly string[];
  readonly strictness: Strictness;
  readonly format: Format;
  readonly look: "sources" | "rules";
}

export function runLint(argv: readonly string[]): Promise<ExitCode> {
  return Promise.resolve(lint(argv, Date.now()));
}

function lint(argv: readonly string[], at: Instant): ExitCode {
  const wish = parseLint(argv);
  if ("refusal" in wish) return refuse(wish, LINT_USAGE);
  if (wish.look === "rules") {
    process.stdout.write(rulesText());
    return EXIT.conforms;
  }
  const sources = readSources(wish.sources);
  if (typeof sources === "string") return refuse({ refusal: sources }, LINT_USAGE);
  const variables = Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  const findings = lintSources(sources, { variables }, at);
  const verdict = findingsVerdict(findings, wish.strictness);
  process.stdout.write(
    faceOf(
      findings,
      sources.map(({ file }) => file),
      wish,
      at,
    ),
  );
  return EXIT[verdict];
}

function parseLint(argv: readonly string[]): LintWish | Refusal {
  const flag = { type: "boolean" } as const;
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { strict: flag, format: { type: "string" }, json: flag, rules: flag, help: { ...flag, short: "h" } },
    });
    if (values.help === true) return { refusal: "help" };
    const named = values.format ?? (values.json === true ? "json" : "text");
    const format = FORMATS.find((known) => known === named);
    if (format === undefined) return { refusal: `--format: expected ${FORMATS.join(", ")}, found "${named}"` };
    if (values.json === true && format !== "json")
      return { refusal: `--json: expected no other --format, found ${named}` };
    return {
      sources: positionals,
      strictness: values.strict === true ? "strict" : "lenient",
      format,
      look: values.rules === true ? "rules" : "sources",
    };
  } catch (thrown) {
    return { refusal: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

function faceOf(
  findings: readonly Finding[],
  files: readonly string[],
  { format, strictness }: LintWish,
  at: Instant,
): string {
  switch (format) {
    case "text":
      return findingsText(findings, files, hasColours() ? "on" : "off");
    case "json":
      return envelope("lint", findingsVerdict(findings, strictness), { files }, at, findings);
    case "sarif":
      return findingsSarif(findings, RULES);
    case "junit":
      return findingsJunit(findings, files, strictness);
    default:
      return unreachable(format);
  }
}

function hasColours(): boolean {
  const { env, stdout } = process;
  return stdout.isTTY && (env["NO_COLOR"] ?? "") === "" && env["TERM"] !== "dumb";
}

function rulesText(): string {
  return `${alignColumns(RULES.map(({ id, severity, wrong }) => [id, severity, wrong]))}\n`;
}
