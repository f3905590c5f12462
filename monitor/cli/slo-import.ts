// `monitor slo import`: an OpenSLO file as objectives of the topology, or everything in it that cannot be promised here.
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { formatProblem } from "../problem.ts";
import { objectiveLines, type OpenSloImport, type OpenSloWish, parseOpenSlo } from "../topology/openslo.ts";
import { EXIT, envelope, type ExitCode } from "./envelope.ts";
import { refuse, type Refusal } from "./refusal.ts";

export const SLO_IMPORT_USAGE = `monitor slo import FILE [--unit ms|s] [--region ID] [--json]

Reads OpenSLO v1 (SLO and SLI, several documents) and writes the objectives for the topology to stdout; it changes no file.
Queries are not run: what the vantages see takes their place. A ratioMetric becomes availability, a thresholdMetric latency.

  FILE           YAML; - reads standard input
  --unit UNIT    of thresholds: ms or s, because OpenSLO has none
  --region ID    the region that promises it; left out: the service
  --json         one JSON envelope on stdout

Exit code: 0 all of it can be promised, 2 wrong usage, or something that cannot.
`;

interface ImportSettings extends OpenSloWish {
  readonly file: string;
  readonly output: "text" | "json";
}

export function runSloImport(argv: readonly string[]): ExitCode {
  const settings = parseImport(argv);
  if ("refusal" in settings) return refuse(settings, SLO_IMPORT_USAGE);
  const text = readText(settings.file);
  if (typeof text !== "string") return refuse(text, SLO_IMPORT_USAGE);
  const parsed = parseOpenSlo(text, settings);
  if (!parsed.ok) {
    const lines = parsed.problems.map((problem) => formatProblem(problem, settings.file));
    return refuse({ refusal: "openslo", lines }, SLO_IMPORT_USAGE);
  }
  for (const note of parsed.value.notes) process.stderr.write(`${note}\n`);
  process.stdout.write(faceOf(parsed.value, settings.output));
  return EXIT.conforms;
}

function parseImport(argv: readonly string[]): ImportSettings | Refusal {
  const one = { type: "string" } as const;
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { unit: one, region: one, json: { type: "boolean" }, help: { type: "boolean", short: "h" } },
    });
    if (values.help === true) return { refusal: "help" };
    const [file, ...rest] = positionals;
    if (file === undefined || rest.length > 0)
      return { refusal: `expected one FILE, found ${positionals.length === 0 ? "none" : positionals.join(", ")}` };
    const { unit = null, region = null } = values;
    if (unit !== null && unit !== "ms" && unit !== "s") return { refusal: `--unit: expected ms or s, found "${unit}"` };
    return { file, unit, region, output: values.json === true ? "json" : "text" };
  } catch (thrown) {
    return { refusal: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

function readText(file: string): string | Refusal {
  try {
    return readFileSync(file === "-" ? 0 : file, "utf8");
  } catch (thrown) {
    return { refusal: `expected a readable file: ${thrown instanceof Error ? thrown.message : String(thrown)}` };
  }
}

function faceOf({ objectives, notes }: OpenSloImport, output: ImportSettings["output"]): string {
  if (output === "json") return envelope("slo import", "conforms", { objectives, notes }, Date.now());
  return `${["objectives:", ...objectiveLines(objectives)].join("\n")}\n`;
}
