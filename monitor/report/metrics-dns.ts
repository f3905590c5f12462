// The metrics of DNS answers, blackbox_exporter's and ours. Name servers are asked in turn and each has a row of its own in the
// status; a series is of them all: the worst of them speaks for the verdict, the one that was asked last for the rest.
import { parseIso } from "../time.ts";
import { worstVerdict } from "../verify/verdict.ts";
import { gauge, LOOK_AGE_MAX_MS, oneHot, VERDICTS } from "./metric-family.ts";
import type { MetricFamily, Sample } from "./prometheus-text.ts";
import type { StatusReport } from "./status-schema.ts";

type DnsRow = StatusReport["dns"][number];

interface Question {
  readonly labels: Sample["labels"];
  /** By name server, the one that was asked last first. */
  readonly rows: readonly [DnsRow, ...DnsRow[]];
}

export function dnsFamilies(status: StatusReport): readonly MetricFamily[] {
  const questions = questionsOf(status);
  return [...replyFamilies(questions, status), ...policyFamilies(questions, status)];
}

/** In the order in which the status first names them. */
function questionsOf({ dns }: StatusReport): readonly Question[] {
  const questions = new Map<string, Question>();
  for (const row of dns) {
    const { name, type, vantage, view } = row;
    const key = [name, type, vantage, view].join(" ");
    const before = questions.get(key);
    const latest = before?.rows[0];
    const { labels } = before ?? { labels: { name, type, vantage, view } };
    const others = before?.rows ?? [];
    const isLater = latest === undefined || row.at > latest.at;
    questions.set(key, { labels, rows: isLater ? [row, ...others] : [latest, ...others.slice(1), row] });
  }
  return [...questions.values()];
}

/** One whose vantage took no part in the latest round is of an earlier one, and is left out. */
function replyFamilies(
  questions: readonly Question[],
  { vantages, generatedAt }: StatusReport,
): readonly MetricFamily[] {
  const silent = new Set(vantages.filter((one) => one.missed !== undefined).map((one) => one.id));
  const oldestAt = (parseIso(generatedAt) ?? 0) - LOOK_AGE_MAX_MS;
  const fresh = questions.filter(({ rows: [row] }) => !silent.has(row.vantage) && (parseIso(row.at) ?? 0) >= oldestAt);
  return [
    gauge(
      "probe_dns_query_succeeded",
      "Displays whether or not the query was executed successfully: any reply came, an error code included.",
      fresh.map(({ labels, rows: [row] }) => ({ labels, value: row.rcode === null ? 0 : 1 })),
    ),
    gauge(
      "probe_dns_answer_rrs",
      "Returns number of entries in the answer resource record list: addresses of the name and type asked for.",
      fresh.flatMap(({ labels, rows: [row] }) => (row.rcode === null ? [] : [{ labels, value: row.answer.length }])),
    ),
  ];
}

function policyFamilies(questions: readonly Question[], { failover }: StatusReport): readonly MetricFamily[] {
  const rule = failover.routing;
  return [
    gauge(
      "edge_dns_policy_match",
      "Verdict on the DNS answer: is it one that the Route 53 policy may give for the health that is seen? The worst name server speaks. rule: the routing at the name.",
      questions.flatMap(({ labels, rows }) =>
        oneHot({ ...labels, rule }, "verdict", VERDICTS, worstVerdict(rows.map((row) => row.verdict))),
      ),
    ),
    gauge(
      "edge_dns_answer_info",
      "The addresses of the latest DNS answer, sorted, and those expected; empty: none, or several sets are legal.",
      questions.map(({ labels, rows: [row] }) => ({
        labels: { ...labels, answer: row.answer.join(" "), expected: row.expected.join(" ") },
        value: 1,
      })),
    ),
  ];
}
