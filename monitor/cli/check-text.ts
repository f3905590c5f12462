// `monitor check` for people: what was seen of each region by phase, what DNS said, and every verdict with its reason.
import { PHASES } from "../model/observation.ts";
import type { StatusReport } from "../report/status-schema.ts";
import { alignColumns } from "./columns.ts";

export function checkText(report: StatusReport): string {
  const parts = [missedLines(report), regionTable(report), dnsTable(report), verdictTable(report)];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n\n${report.service.host}: ${report.verdict}\n`;
}

function missedLines({ vantages }: StatusReport): string {
  return vantages
    .flatMap(({ id, missed }) => (missed === undefined ? [] : [`  ${id} took no part: ${missed}`]))
    .join("\n");
}

function regionTable({ matrix, regions }: StatusReport): string {
  const rows = regions.map(({ id, userHealth }) => {
    const cell = Object.values(matrix[id] ?? {})[0];
    const phases = PHASES.map((phase) => (cell?.phases[phase] === undefined ? "" : `${cell.phases[phase]}`));
    const total = cell?.totalMs === null || cell?.totalMs === undefined ? "" : `${cell.totalMs}`;
    const failure = cell?.failure === undefined ? "" : `${cell.failure.cause}: ${cell.failure.detail}`;
    return [id, userHealth, ...phases, total, failure];
  });
  return alignColumns([["region (ms)", "health", ...PHASES, "total", ""], ...rows]);
}

function dnsTable({ dns }: StatusReport): string {
  if (dns.length === 0) return "";
  const rows = dns.map((one) => {
    const answer = one.answer.length > 0 ? one.answer.join(", ") : (one.rcode ?? "none");
    const expected = one.expected.length > 0 ? one.expected.join(", ") : "-";
    return [one.view, one.type, one.server, answer, one.ttlSeconds === null ? "" : `${one.ttlSeconds} s`, expected];
  });
  return alignColumns([["dns", "type", "server", "answer", "ttl", "policy"], ...rows]);
}

function verdictTable({ verdicts }: StatusReport): string {
  const rows = verdicts.map(({ subject, verdict, reason, deadline }) => [
    verdict,
    subject,
    deadline === undefined ? reason : `${reason} (until ${deadline})`,
  ]);
  return alignColumns(rows);
}
