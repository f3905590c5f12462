// `monitor policy answer`: what Route 53 would say, to whom, with the regions that you say are down, and why.
import { parseArgs } from "node:util";
import type { Answer } from "../policy/answer.ts";
import { expectedAnswer } from "../policy/evaluator.ts";
import type { HealthView } from "../policy/health-check.ts";
import type { AddressType } from "../policy/record-set.ts";
import { recordTypes, type Topology, type Vantage } from "../topology/topology.ts";
import { zoneOf } from "../topology/zone.ts";
import { askerOf } from "../verify/standing.ts";
import { envelope, EXIT, type ExitCode } from "./envelope.ts";
import { refuse, type Refusal } from "./refusal.ts";
import { alignColumns } from "./columns.ts";
import { loadTopology, TOPOLOGY_FILE } from "./topology-file.ts";

export const POLICY_USAGE = `monitor policy answer [--topology FILE] [--name NAME] [--type A|AAAA] [--from VANTAGE]
                      [--down REGION]… [--unknown REGION]… [--json]

What Route 53 would answer by the topology's policy, and why.

  --topology FILE   default ${TOPOLOGY_FILE}
  --name NAME       default: the service's host
  --type TYPE       default: every type that the topology has records of
  --from VANTAGE    who asks; default: every vantage of the topology
  --down REGION     its health check is unhealthy; may be given several times; all others are healthy
  --unknown REGION  its health is not known: every outcome counts
  --json            one JSON envelope on stdout

Exit code: 0 answered, 1 fail-open or no such record, 2 wrong usage or topology, 4 several answers are legal.
`;

interface PolicyQuestion {
  readonly topology: Topology;
  readonly name: string;
  readonly types: readonly AddressType[];
  readonly vantages: readonly Vantage[];
  readonly health: HealthView;
  readonly output: "json" | "text";
}

interface AnswerRow {
  readonly vantage: string;
  readonly type: AddressType;
  readonly answer: Answer;
}

export async function runPolicy(argv: readonly string[]): Promise<ExitCode> {
  const question = parsePolicy(argv);
  if ("refusal" in question) return refuse(question, POLICY_USAGE);
  const rows = answersOf(question);
  const verdict = verdictOf(rows.map((row) => row.answer));
  const payload = {
    name: question.name,
    health: question.health,
    answers: rows.map(({ vantage, type, answer }) => ({ vantage, type, ...withoutQuestion(answer) })),
  };
  process.stdout.write(
    question.output === "json" ? envelope("policy answer", verdict, payload, Date.now()) : textOf(question, rows),
  );
  return EXIT[verdict];
}

function parsePolicy(argv: readonly string[]): PolicyQuestion | Refusal {
  const list = { type: "string", multiple: true } as const;
  const one = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        topology: one,
        name: one,
        type: one,
        from: one,
        down: list,
        unknown: list,
        json: flag,
        help: { ...flag, short: "h" },
      },
    });
    if (values.help === true) return { refusal: "help" };
    if (positionals.join(" ") !== "answer")
      return { refusal: `expected "policy answer", found "policy ${positionals.join(" ")}"` };
    const loaded = loadTopology(values.topology ?? TOPOLOGY_FILE);
    if (loaded.kind === "broken") return { refusal: "topology", lines: loaded.lines };
    return makeQuestion(loaded.topology, values);
  } catch (thrown) {
    return { refusal: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

interface PolicyValues {
  readonly name?: string | undefined;
  readonly type?: string | undefined;
  readonly from?: string | undefined;
  readonly down?: readonly string[] | undefined;
  readonly unknown?: readonly string[] | undefined;
  readonly json?: boolean | undefined;
}

function makeQuestion(topology: Topology, values: PolicyValues): PolicyQuestion | Refusal {
  const regions = topology.regions.map((region) => region.id);
  const stranger = [...(values.down ?? []), ...(values.unknown ?? [])].find((id) => !regions.includes(id));
  if (stranger !== undefined)
    return { refusal: `expected a region of the topology (${regions.join(", ")}), found "${stranger}"` };
  const vantages = topology.probe.vantages.filter((vantage) => values.from === undefined || vantage.id === values.from);
  if (vantages.length === 0) {
    const known = topology.probe.vantages.map((vantage) => vantage.id).join(", ");
    return { refusal: `--from: expected a vantage of the topology (${known}), found "${values.from}"` };
  }
  if (values.type !== undefined && values.type !== "A" && values.type !== "AAAA")
    return { refusal: `--type: expected A or AAAA, found "${values.type}"` };
  const types: readonly AddressType[] = values.type === undefined ? recordTypes(topology) : [values.type];
  const health: HealthView = {
    ...Object.fromEntries(regions.map((id) => [id, "healthy" as const])),
    ...Object.fromEntries((values.down ?? []).map((id) => [id, "unhealthy" as const])),
    ...Object.fromEntries((values.unknown ?? []).map((id) => [id, "unknown" as const])),
  };
  return {
    topology,
    name: values.name ?? topology.service.host,
    types,
    vantages,
    health,
    output: values.json === true ? "json" : "text",
  };
}

function answersOf({ topology, name, types, vantages, health }: PolicyQuestion): readonly AnswerRow[] {
  const zone = zoneOf(topology);
  return types.flatMap((type) =>
    vantages.map((vantage) => ({
      vantage: vantage.id,
      type,
      answer: expectedAnswer(zone, { name, type, asker: askerOf(vantage) }, health),
    })),
  );
}

/** Fail-open and a missing record are nobody's wish, so a script may stop on them. */
function verdictOf(answers: readonly Answer[]): "conforms" | "deviates" | "undecided" {
  if (answers.some((answer) => answer.acceptable.length === 0 || answer.acceptable.every((choice) => choice.failOpen)))
    return "deviates";
  return answers.some((answer) => answer.expected === null) ? "undecided" : "conforms";
}

function withoutQuestion({ acceptable, expected, unknown, reason }: Answer): object {
  return { acceptable, expected, unknown, reason };
}

function textOf({ name, types }: PolicyQuestion, rows: readonly AnswerRow[]): string {
  const lines = rows.map(({ vantage, type, answer }) => {
    const values = answer.acceptable
      .map((choice) => `${choice.values.join(", ")} (TTL ${choice.ttlSeconds} s)`)
      .join(" or ");
    return [vantage, ...(types.length > 1 ? [type] : []), values === "" ? "no answer" : values, answer.reason];
  });
  return `${name}\n${alignColumns(lines)}\n`;
}
