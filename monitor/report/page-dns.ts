// DNS on the status page. Vantages that were told the same share an entry: five times the same sentence helps nobody.
import type { VerdictKind } from "../model/verdict.ts";
import { groupBy } from "../grouping.ts";
import { escapeHtml, mark, prose, section, time } from "./page-parts.ts";
import type { StatusReport } from "./status-schema.ts";

const WORST_FIRST: readonly VerdictKind[] = ["deviates", "undecided", "converging", "conforms"];

type DnsRow = StatusReport["dns"][number];

export function dnsSection(report: StatusReport): string {
  const { dns, service, generatedAt } = report;
  const title = `DNS answers for ${service.host}`;
  if (dns.length === 0) return section("dns", title, "<p>Nobody has been asked yet.</p>");
  const alike = groupBy(dns, ({ vantage: _one, server: _other, at: _then, ...told }) => {
    return `${WORST_FIRST.indexOf(told.verdict)} ${JSON.stringify(told)}`;
  });
  const items = Object.values(alike).map((rows) => dnsItem(rows, generatedAt));
  return section("dns", title, `<ul class="rows">${items.join("\n")}</ul>`);
}

function dnsItem(rows: readonly DnsRow[], now: string): string {
  const [row] = rows;
  if (row === undefined) return "";
  const places = [...new Set(rows.map(({ vantage }) => vantage))].join(" ");
  const answer = row.answer.length > 0 ? row.answer.join(", ") : (row.rcode ?? "no answer");
  const expected = row.expected.length > 0 ? row.expected.join(", ") : "one of several";
  const policy = answer === expected ? "" : `, policy <b>${escapeHtml(expected)}</b>`;
  const deadline = row.deadline === undefined ? "" : ` until ${time(row.deadline, now)}`;
  const type = row.type === "A" ? "" : ` ${row.type}`;
  return `<li><p>${mark(row.verdict, row.verdict)}${deadline} <strong>${escapeHtml(places)}</strong> <small>${row.view}${type}</small> answer <b>${escapeHtml(answer)}</b>${policy}</p><p>${prose(row.reason, now)}</p></li>`;
}
