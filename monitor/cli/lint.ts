// `monitor lint`: what is wrong with a topology, with KubeFed's manifests and with a hosted zone, ours or anyone's, before they are
// applied: KubeFed and Route 53 take most mistakes without a word.
import { parseArgs } from "node:util";
import { lintSources } from "../lint/lint.ts";
import type { SourceText } from "../lint/manifest.ts";
import { RULES } from "../lint/registry.ts";
import type { Finding } from "../model/finding.ts";
import { normalName } from "../policy/record-set.ts";
import { unreachable } from "../problem.ts";
import { findingsJunit } from "../report/findings-junit.ts";
import { findingsSarif } from "../report/findings-sarif.ts";
import { findingsText } from "../report/findings-text.ts";
import { findingsVerdict, type Strictness } from "../report/findings-verdict.ts";
import type { Instant } from "../time.ts";
import { alignColumns } from "./columns.ts";
import { envelope, EXIT, type ExitCode, unreadEnvelope } from "./envelope.ts";
import { DEFAULT_SOURCES, readSources, readTopologyAlone } from "./lint-sources.ts";
import { refuse, type Refusal } from "./refusal.ts";
import { snapshotText } from "../zone/snapshot.ts";
import type { LiveWish } from "./zone-live.ts";

const FORMATS = ["text", "json", "sarif", "junit"] as const;
type Format = (typeof FORMATS)[number];

export const LINT_USAGE = `monitor lint [SOURCE…] [--zone NAME | --zone-id ID] [--strict] [--format ${FORMATS.join("|")}]
             [--json] [--rules]

What is wrong with a topology, with Kubernetes and KubeFed manifests and with a Route 53 zone, with file, line and what to do
about it. What a file is, its content says.

  SOURCE         a file, a folder of YAML and JSON files, or - for standard input; sources are looked at together: clusters,
                 regions, replicas, images and addresses are compared with the topology among them. A zone may be a snapshot of
                 \`monitor zone pull\`, a change batch, what \`aws route53 list-resource-record-sets\` and list-health-checks print,
                 or what \`terraform show -json\` prints of a plan or a state
                 default, where they are there: ${DEFAULT_SOURCES[0] ?? ""}
                 ${DEFAULT_SOURCES.slice(1).join(" ")}
  --zone NAME    also the public hosted zone of that name, read by the Route 53 API at most 4 times a second; without a SOURCE
                 beside the topology alone. Lines are those of what \`monitor zone pull\` writes
  --zone-id ID   the same by its id
  --observations also what each of Route 53's checkers saw last (1.5 s a health check)
  --cloudwatch   also Route 53's own verdicts on health: CloudWatch's metric HealthCheckStatus
  --endpoint URL another endpoint of the Route 53 API, for tests
  --strict       warnings fail too
  --format NAME  text (default), json, sarif (SARIF 2.1.0, for code scanning) or junit (XML, for CI)
  --json         the same as --format json: one JSON envelope on stdout
  --rules        list every rule instead, with what goes wrong

A topology may waive findings, with a reason and a last day, under lint.waivers.
Every rule about a zone: docs/findings.md.
Exit code: 0 no errors that nobody waived, 1 some, 2 wrong usage or a source that cannot be read, 4 the zone could not be pulled.
`;

interface LintWish {
  readonly sources: readonly string[];
  readonly strictness: Strictness;
  readonly format: Format;
  readonly look: "sources" | "rules";
  /** Null: no API is asked. */
  readonly live: LiveWish | null;
}

export async function runLint(argv: readonly string[]): Promise<ExitCode> {
  const wish = parseLint(argv);
  if ("refusal" in wish) return refuse(wish, LINT_USAGE);
  if (wish.look === "rules") {
    process.stdout.write(wish.format === "json" ? rulesEnvelope(Date.now()) : rulesText());
    return EXIT.conforms;
  }
  const written = wish.live === null || wish.sources.length > 0 ? readSources(wish.sources) : readTopologyAlone();
  if (typeof written === "string") return refuse({ refusal: written }, LINT_USAGE);
  const pulled = wish.live === null ? [] : await pullSource(wish.live);
  if (typeof pulled === "string") {
    process.stderr.write(`${pulled}\n`);
    if (wish.format === "json") process.stdout.write(unreadEnvelope("lint", pulled, Date.now()));
    return EXIT.undecided;
  }
  return tell([...written, ...pulled], wish, Date.now());
}

/** A string is why it could not be read. */
async function pullSource(live: LiveWish): Promise<readonly SourceText[] | string> {
  const { pullLive } = await import("./zone-live.ts");
  const pulled = await pullLive(live);
  if (pulled.kind === "failed") return pulled.detail;
  const { snapshot } = pulled;
  return [{ file: `route53:${normalName(snapshot.hostedZone.Name)}`, text: snapshotText(snapshot) }];
}

function tell(sources: readonly SourceText[], wish: LintWish, at: Instant): ExitCode {
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
  const text = { type: "string" } as const;
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        strict: flag,
        format: text,
        json: flag,
        rules: flag,
        zone: text,
        "zone-id": text,
        observations: flag,
        cloudwatch: flag,
        endpoint: text,
        help: { ...flag, short: "h" },
      },
    });
    if (values.help === true) return { refusal: "help" };
    const named = values.format ?? (values.json === true ? "json" : "text");
    const format = FORMATS.find((known) => known === named);
    if (format === undefined) return { refusal: `--format: expected ${FORMATS.join(", ")}, found "${named}"` };
    if (values.json === true && format !== "json")
      return { refusal: `--json: expected no other --format, found ${named}` };
    const live = liveWish(values);
    if (live !== null && "refusal" in live) return live;
    return {
      sources: positionals,
      strictness: values.strict === true ? "strict" : "lenient",
      format,
      look: values.rules === true ? "rules" : "sources",
      live,
    };
  } catch (thrown) {
    return { refusal: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

interface LiveFlags {
  readonly zone?: string | undefined;
  readonly "zone-id"?: string | undefined;
  readonly observations?: boolean | undefined;
  readonly cloudwatch?: boolean | undefined;
  readonly endpoint?: string | undefined;
}

function liveWish({ zone, "zone-id": id, observations, cloudwatch, endpoint }: LiveFlags): LiveWish | Refusal | null {
  if (zone !== undefined && id !== undefined) return { refusal: "--zone-id: expected no --zone beside it" };
  const asks = observations === true || cloudwatch === true || endpoint !== undefined;
  if (zone === undefined && id === undefined)
    return asks ? { refusal: "expected --zone NAME or --zone-id ID beside what is asked of the API" } : null;
  return {
    zone: id === undefined ? { by: "name", name: zone ?? "" } : { by: "id", id },
    observations: observations === true ? "read" : "skip",
    cloudWatch: cloudwatch === true ? "ask" : "skip",
    endpoint: endpoint ?? null,
  };
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

function rulesEnvelope(at: Instant): string {
  const rules = RULES.map(({ id, severity, wrong }) => ({ id, severity, wrong }));
  return envelope("lint", "conforms", { rules }, at);
}

function rulesText(): string {
  return `${alignColumns(RULES.map(({ id, severity, wrong }) => [id, severity, wrong]))}\n`;
}
