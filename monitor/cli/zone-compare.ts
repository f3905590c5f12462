// `monitor zone compare`: what our vantages see, what Route 53's own checkers see, and what DNS answers, side by side, with the
// likeliest cause where they differ. A snapshot and a status are all it reads.
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { formatProblem } from "../problem.ts";
import { STATUS_SCHEMA, type StatusReport } from "../report/status-schema.ts";
import type { Topology } from "../topology/topology.ts";
import { compareSides, type DisagreementRow, type Sides } from "../verify/disagreement.ts";
import { parseZoneDocument } from "../zone/document.ts";
import { zoneFromAws } from "../zone/from-aws.ts";
import { SNAPSHOT_KIND, type Snapshot } from "../zone/snapshot.ts";
import { snapshotZone } from "../zone/snapshot-zone.ts";
import { alignColumns } from "./columns.ts";
import { envelope, EXIT, type ExitCode, exitCodeOf } from "./envelope.ts";
import { refuse, type Refusal } from "./refusal.ts";
import { loadTopology, TOPOLOGY_FILE } from "./topology-file.ts";

export const COMPARE_USAGE = `monitor zone compare --snapshot FILE [--status URL|FILE] [--topology FILE] [--json]

What our vantages see of each region, what Route 53's own checkers see, and what DNS answers, with the likeliest cause where
they differ. It asks AWS nothing.

  --snapshot FILE   made by \`monitor zone pull --observations --cloudwatch\`
  --status URL|FILE a running monitor, or its /status as a file; default http://127.0.0.1:8787
  --topology FILE   default ${TOPOLOGY_FILE}
  --json            one JSON envelope on stdout

Exit code: 0 all agree, 1 some disagree, 2 wrong usage or topology, 4 a side is missing.
`;

const REPLY_MS_MAX = 10_000;

interface CompareWish {
  readonly snapshot: string;
  readonly status: string;
  readonly topology: Topology;
  readonly output: "json" | "text";
}

export async function runZoneCompare(argv: readonly string[]): Promise<ExitCode> {
  const wish = parseCompare(argv);
  if ("refusal" in wish) return refuse(wish, COMPARE_USAGE);
  const snapshot = readSnapshot(wish.snapshot);
  const status = await readStatus(wish.status);
  const lines = [snapshot, status].flatMap((side) => ("lines" in side ? side.lines : []));
  if ("lines" in snapshot || "lines" in status) {
    process.stderr.write(`${lines.join("\n")}\n`);
    return EXIT.undecided;
  }
  const rows = compareSides(sidesOf(wish.topology, snapshot, status));
  const verdict = verdictOf(rows);
  const payload = { snapshotAt: snapshot.pulledAt, statusAt: status.generatedAt, regions: rows };
  const text = (): string => compareText(rows, snapshot.pulledAt, status.generatedAt);
  process.stdout.write(wish.output === "json" ? envelope("zone compare", verdict, payload, Date.now()) : text());
  return exitCodeOf(verdict);
}

function parseCompare(argv: readonly string[]): CompareWish | Refusal {
  const one = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: { snapshot: one, status: one, topology: one, json: flag, help: { ...flag, short: "h" } },
    });
    if (values.help === true) return { refusal: "help" };
    if (values.snapshot === undefined) return { refusal: "expected --snapshot FILE" };
    const loaded = loadTopology(values.topology ?? TOPOLOGY_FILE);
    if (loaded.kind === "broken") return { refusal: "topology", lines: loaded.lines };
    const status = values.status ?? "http://127.0.0.1:8787";
    const output = values.json === true ? "json" : "text";
    return { snapshot: values.snapshot, status, topology: loaded.topology, output };
  } catch (thrown) {
    return { refusal: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

interface Unreadable {
  readonly lines: readonly string[];
}

function readSnapshot(file: string): Snapshot | Unreadable {
  const text = readText(file, "a snapshot");
  if (typeof text !== "string") return text;
  const parsed = parseZoneDocument(file, text);
  if (!parsed.ok) return { lines: parsed.problems.map((problem) => formatProblem(problem, file)) };
  const { form, snapshot } = parsed.value;
  return snapshot ?? { lines: [`${file}: expected a ${SNAPSHOT_KIND} made by \`monitor zone pull\`, found ${form}`] };
}

function readText(file: string, what: string): string | Unreadable {
  try {
    return readFileSync(file, "utf8");
  } catch (thrown) {
    return { lines: [`${file}: expected ${what}: ${thrown instanceof Error ? thrown.message : String(thrown)}`] };
  }
}

async function readStatus(place: string): Promise<StatusReport | Unreadable> {
  const text = /^https?:\/\//.test(place) ? await fetchStatus(place) : readText(place, "a status");
  if (typeof text !== "string") return text;
  try {
    const parsed = STATUS_SCHEMA.safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data;
  } catch {
    // Said below.
  }
  return { lines: [`${place}: expected what GET /status gives, found something that this version cannot read`] };
}

async function fetchStatus(base: string): Promise<string | Unreadable> {
  try {
    const url = new URL("/status", base);
    return await (await fetch(url, { redirect: "error", signal: AbortSignal.timeout(REPLY_MS_MAX) })).text();
  } catch (thrown) {
    const { message, cause } = thrown instanceof Error ? thrown : new Error(String(thrown));
    return { lines: [`${base}: ${cause instanceof Error ? `${message}: ${cause.message}` : message}`] };
  }
}

function sidesOf(topology: Topology, snapshot: Snapshot, status: StatusReport): Sides {
  return {
    regions: topology.regions,
    host: topology.service.host,
    zone: zoneFromAws(snapshotZone(snapshot)).zone,
    ours: mapped(status.matrix, (cells) =>
      Object.entries(cells).map(([vantage, { state, failure }]) => ({ vantage, state, cause: failure?.cause ?? null })),
    ),
    checkers: mapped(snapshot.observations, (looks) =>
      looks.flatMap(({ Region: checkerRegion = "?", StatusReport: report }) =>
        report?.Status === undefined ? [] : [{ checkerRegion, status: report.Status }],
      ),
    ),
    cloudWatch: mapped(snapshot.cloudWatchStatus, (value) => (value === 1 ? 1 : value === 0 ? 0 : null)),
    answers: status.dns,
  };
}

function mapped<A, B>(record: Readonly<Record<string, A>>, change: (value: A) => B): Readonly<Record<string, B>> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}

function verdictOf(rows: readonly DisagreementRow[]): "conforms" | "deviates" | "undecided" {
  if (rows.some(({ agreement }) => agreement === "disagree")) return "deviates";
  return rows.some(({ agreement }) => agreement === "unknown") ? "undecided" : "conforms";
}

function compareText(rows: readonly DisagreementRow[], snapshotAt: string, statusAt: string): string {
  const table = rows.map(({ region, ours, route53, dns, agreement, cause }) => [
    region,
    `${ours.health} (${ours.passed} of ${ours.all})`,
    `${route53.health} (${route53.passed} of ${route53.all} checkers${route53.source === "cloudwatch" ? ", CloudWatch" : ""})`,
    `${dns.answered.length} of ${dns.expected.length} expected`,
    agreement === "disagree" || cause !== null ? (cause?.id ?? "no known cause") : agreement,
  ]);
  const details = rows.flatMap(({ region, cause }) =>
    cause === null ? [] : [`${region}: ${cause.id}\n  ${cause.evidence}\n  next: ${cause.next}`],
  );
  const heads = ["region", "our looks", "Route 53", "answers with it", "likely"];
  const when = `our looks of ${statusAt}, Route 53's of ${snapshotAt}`;
  return `${[when, alignColumns([heads, ...table]), ...details].join("\n\n")}\n`;
}
