// `monitor slo`: what is left of each error budget, asked of a running monitor, and an exit code that a release gate can read.
import { parseArgs } from "node:util";
import type { VerdictKind } from "../model/verdict.ts";
import type { ObjectiveRow } from "../report/objective-schema.ts";
import { EXIT, envelope, type ExitCode, exitCodeOf, unreadEnvelope } from "./envelope.ts";
import { refuse, type Refusal } from "./refusal.ts";
import { defaultMonitorUrl } from "./running-monitor.ts";
import { type Promised, sloMarkdown, sloText } from "./slo-text.ts";
import { runSloImport } from "./slo-import.ts";
import { fetchStatus } from "./status-source.ts";

const FORMATS = ["text", "md", "json"] as const;

export const SLO_USAGE = `monitor slo [--url URL] [--format text|md|json] [--json]
monitor slo import FILE [--unit ms|s] [--region ID] [--json]

What is left of the error budget of each objective in the topology, how fast it burns, and how long it lasts
(docs/objectives.md), as a running monitor counted it.

  --url URL      where it listens; default the only local world that runs, else http://127.0.0.1:8787
  --format NAME  text (the default), md, or json in one envelope
  --json         the same as --format json

\`monitor slo import\` makes objectives of an OpenSLO file; its own --help says more.

Exit code: 0 every budget has something left, 1 one is spent, 2 wrong usage, 4 nothing is promised or was measured, or the
monitor cannot be asked.
`;

interface SloSettings {
  readonly url: string;
  readonly format: (typeof FORMATS)[number];
}

export async function runSlo(argv: readonly string[]): Promise<ExitCode> {
  if (argv[0] === "import") return runSloImport(argv.slice(1));
  const settings = await parseSlo(argv);
  if ("refusal" in settings) return refuse(settings, SLO_USAGE);
  const read = await fetchStatus(settings.url);
  if (read.kind !== "read") {
    process.stderr.write(`${read.detail}\n`);
    if (settings.format === "json") process.stdout.write(unreadEnvelope("slo", read.detail, Date.now()));
    return EXIT.undecided;
  }
  const { service, generatedAt, simulated, objectives = [] } = read.status;
  if (objectives.length === 0) process.stderr.write("nothing is promised: the topology has no objectives\n");
  const verdict = verdictOn(objectives);
  process.stdout.write(faceOf({ service, generatedAt, simulated, objectives }, settings.format, verdict));
  return exitCodeOf(verdict);
}

async function parseSlo(argv: readonly string[]): Promise<SloSettings | Refusal> {
  const one = { type: "string" } as const;
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: { url: one, format: one, json: { type: "boolean" }, help: { type: "boolean", short: "h" } },
    });
    if (values.help === true) return { refusal: "help" };
    const named = values.format ?? (values.json === true ? "json" : "text");
    const format = FORMATS.find((name) => name === named);
    if (format === undefined) return { refusal: `--format: expected text, md or json, found "${named}"` };
    if (values.json === true && format !== "json")
      return { refusal: `--json: expected no other --format, found ${named}` };
    const url = values.url ?? (await defaultMonitorUrl());
    if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
      return { refusal: `--url: expected an http or https URL, found "${url}"` };
    return { url, format };
  } catch (thrown) {
    return { refusal: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

function verdictOn(objectives: readonly ObjectiveRow[]): VerdictKind {
  if (objectives.some(({ budgetLeft }) => budgetLeft !== null && budgetLeft <= 0)) return "deviates";
  return objectives.length === 0 || objectives.some(({ budgetLeft }) => budgetLeft === null) ? "undecided" : "conforms";
}

function faceOf(report: Promised, format: SloSettings["format"], verdict: VerdictKind): string {
  if (format === "json")
    return envelope("slo", verdict, { objectives: report.objectives }, Date.parse(report.generatedAt));
  if (report.objectives.length === 0) return "";
  return format === "md" ? sloMarkdown(report) : sloText(report);
}
