// `monitor report`: asks a running monitor what a recent window was like, and shows it.
import { parseArgs } from "node:util";
import type { VerdictKind } from "../model/verdict.ts";
import { periodMarkdown } from "../report/period-report-markdown.ts";
import { type PeriodReport, parsePeriodReport } from "../report/period-report-schema.ts";
import { WINDOW_WORDS } from "../report/window-words.ts";
import { EXIT, envelope, type ExitCode, exitCodeOf, unreadEnvelope } from "./envelope.ts";
import { refuse, type Refusal } from "./refusal.ts";
import { defaultMonitorUrl } from "./running-monitor.ts";
import { reportText } from "./report-text.ts";

const FORMATS = ["text", "md", "json"] as const;
type Format = (typeof FORMATS)[number];

export const REPORT_USAGE = `monitor report [--url URL] [--window 24h] [--format text|md|json] [--json]

Asks a running monitor for a report: availability and latency of each region, DNS against the policy, incidents,
and how long changes really took to come out in DNS, with tighter settings where enough of them were measured.

  --url URL      where it listens; default the only local world that runs, else http://127.0.0.1:8787
  --window TIME  until now: ${WINDOW_WORDS};
                 default 24h; it begins on the hour, from 60d on at midnight UTC
  --format NAME  text (the default), md, or json in one envelope
  --json         the same as --format json

Exit code: 0 no incident that no drill planned, 1 incidents, 2 wrong usage, 4 no round in that time, or no report to be had.
`;

/** A monitor that has just started may have a week to read. */
const REPLY_MS_MAX = 30_000;

interface ReportSettings {
  readonly url: URL;
  readonly format: Format;
}

export async function runReport(argv: readonly string[]): Promise<ExitCode> {
  const settings = await parseReport(argv);
  if ("refusal" in settings) return refuse(settings, REPORT_USAGE);
  const fetched = await fetchReport(settings.url);
  if (fetched.kind === "refused") return refuse({ refusal: fetched.detail }, REPORT_USAGE);
  if (fetched.kind === "failed") {
    const detail = `${settings.url.origin}: ${fetched.detail}`;
    process.stderr.write(`${detail}\n`);
    if (settings.format === "json") process.stdout.write(unreadEnvelope("report", detail, Date.now()));
    return EXIT.undecided;
  }
  const verdict = verdictOn(fetched.report);
  process.stdout.write(faceOf(fetched.report, settings.format, verdict));
  return exitCodeOf(verdict);
}

async function parseReport(argv: readonly string[]): Promise<ReportSettings | Refusal> {
  const one = { type: "string" } as const;
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: { url: one, window: one, format: one, json: { type: "boolean" }, help: { type: "boolean", short: "h" } },
    });
    if (values.help === true) return { refusal: "help" };
    const named = values.format ?? (values.json === true ? "json" : "text");
    const format = FORMATS.find((name) => name === named);
    if (format === undefined) return { refusal: `--format: expected text, md or json, found "${named}"` };
    if (values.json === true && format !== "json")
      return { refusal: `--json: expected no other --format, found ${named}` };
    const base = values.url ?? (await defaultMonitorUrl());
    if (!URL.canParse(base) || !/^https?:$/.test(new URL(base).protocol)) {
      return { refusal: `--url: expected an http or https URL, found "${base}"` };
    }
    const url = new URL("/report", base);
    url.searchParams.set("window", values.window ?? "24h");
    url.searchParams.set("format", "json");
    return { url, format };
  } catch (thrown) {
    return { refusal: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

type Fetched =
  | { readonly kind: "report"; readonly report: PeriodReport }
  /** The monitor did not like what was asked. */
  | { readonly kind: "refused"; readonly detail: string }
  | { readonly kind: "failed"; readonly detail: string };

async function fetchReport(url: URL): Promise<Fetched> {
  try {
    const reply = await fetch(url, { redirect: "error", signal: AbortSignal.timeout(REPLY_MS_MAX) });
    const body: unknown = await reply.json();
    const report = parsePeriodReport(body);
    if (reply.ok && report !== null) return { kind: "report", report };
    if (reply.status === 400) return { kind: "refused", detail: wordsOf(body) };
    return { kind: "failed", detail: `it answered ${reply.status} and no report that this version can read` };
  } catch (thrown) {
    const { message, cause } = thrown instanceof Error ? thrown : new Error(String(thrown));
    return { kind: "failed", detail: cause instanceof Error ? `${message}: ${cause.message}` : message };
  }
}

function wordsOf(body: unknown): string {
  const said = typeof body === "object" && body !== null && "error" in body ? body.error : body;
  return typeof said === "string" ? said : JSON.stringify(said);
}

function verdictOn({ incidents, rounds }: PeriodReport): VerdictKind {
  if (incidents.some(({ causedBy }) => causedBy === undefined)) return "deviates";
  return rounds === 0 ? "undecided" : "conforms";
}

function faceOf(report: PeriodReport, format: Format, verdict: VerdictKind): string {
  if (format === "md") return periodMarkdown(report);
  return format === "text" ? reportText(report) : envelope("report", verdict, report, Date.parse(report.generatedAt));
}
