// `docs/faults.md`: what the matrix showed, as a page for people. Verdicts and causes are those that were seen; sentences,
// and the Worker's causes, are those of the rows that the tests assert.
import type { VerdictKind } from "../../monitor/model/verdict.ts";
import {
  FAILURE_THRESHOLD,
  INTERVAL_SECONDS,
  PROPAGATION_SECONDS,
  ROUNDS,
  SLACK_SECONDS,
  TIMEOUT_MS,
  TTL_SECONDS,
  VANTAGES,
} from "./cell.ts";
import { type Course, DNS_ROWS, type DnsRow } from "./dns-rows.ts";
import { ENDPOINT_ROWS, type EndpointRow } from "./endpoint-rows.ts";
import type { CellFacts } from "./facts.ts";
import { INTRODUCTION, NOTES, READING, UNDISTURBED } from "./prose.ts";

type FactsOf = (endpoint: EndpointRow, dns: DnsRow) => CellFacts;

const CELLS = ENDPOINT_ROWS.length * DNS_ROWS.length;

export function pageOf(facts: FactsOf): string {
  const counts = { cells: CELLS, endpoints: ENDPOINT_ROWS.length, dns: DNS_ROWS.length, rounds: ROUNDS };
  return `${[
    INTRODUCTION(counts),
    READING,
    "## Endpoint faults",
    endpointTable(facts),
    NOTES,
    "## DNS faults",
    dnsTable(facts),
    "## Limits",
    limitsTable(),
    "## Every endpoint fault under every DNS fault",
    "A cell names the subjects that deviate in the last round: then the overall verdict is `deviates`. Where none does, it is `conforms`.",
    crossTable(facts),
    "## What stays undisturbed",
    UNDISTURBED({ ...counts, looks: CELLS * ROUNDS * VANTAGES }),
  ].join("\n\n")}\n`;
}

function endpointTable(facts: FactsOf): string {
  const head = [
    "fault",
    "the server",
    "cause in Node",
    "cause in a Worker",
    "Route 53 would say",
    "users get",
    "region",
    "claim",
    "in time",
  ];
  return table(
    head,
    ENDPOINT_ROWS.map((row) => {
      const seen = facts(row, firstOf(DNS_ROWS));
      return [
        `\`${row.fault}\``,
        row.does,
        causeWords(seen.cause),
        causeWords(row.worker ?? "none"),
        route53Words(seen.route53, row),
        row.usersGet,
        seen.region,
        seen.claim,
        inTime(DNS_ROWS.map((dns) => facts(row, dns))),
      ];
    }),
  );
}

function inTime(cells: readonly CellFacts[]): string {
  return cells.every(({ undisturbed }) => undisturbed.missed.length === 0) ? "yes" : "no";
}

function causeWords(cause: string): string {
  return cause === "none" ? "none" : `\`${cause}\``;
}

function route53Words(seen: string, { route53Worker, note }: EndpointRow): string {
  const worker = route53Worker === undefined ? "" : "; a Worker cannot tell";
  return `${seen}${worker}${note === undefined ? "" : ` (note ${note})`}`;
}

function dnsTable(facts: FactsOf): string {
  const head = ["fault", "the server", "seen in Node", "seen in a Worker", "verdicts", "by which limit", "in time"];
  const refused = ENDPOINT_ROWS.find((row) => row.fault === "refuse") ?? firstOf(ENDPOINT_ROWS);
  const rowFor = (dns: DnsRow, name: string, endpoint: EndpointRow, course: Course): readonly string[] => {
    const { authoritative, recursive } = facts(endpoint, dns);
    const verdicts = [...new Set([courseWords(authoritative.verdicts), courseWords(recursive.verdicts)])];
    return [
      name,
      dns.does,
      pair(authoritative.reply, recursive.reply),
      pair(dns.worker.authoritative, dns.worker.recursive),
      verdicts.join("; "),
      course === "right" ? "" : course,
      inTime(ENDPOINT_ROWS.map((row) => facts(row, dns))),
    ];
  };
  return table(
    head,
    DNS_ROWS.flatMap((dns) => {
      const calm = rowFor(dns, `\`${dns.fault}\``, firstOf(ENDPOINT_ROWS), dns.verdicts);
      if (dns.verdicts === dns.verdictsMoved) return [calm];
      return [calm, rowFor(dns, `\`${dns.fault}\`, the primary dead`, refused, dns.verdictsMoved)];
    }),
  );
}

/** "undecided → conforms": each verdict once. */
function courseWords(verdicts: readonly VerdictKind[]): string {
  return verdicts.filter((verdict, round) => verdict !== verdicts[round - 1]).join(" → ");
}

function pair(authoritative: string, recursive: string): string {
  return authoritative === recursive ? `\`${authoritative}\`` : `\`${authoritative}\`; recursive \`${recursive}\``;
}

function limitsTable(): string {
  const look = "interval + timeout";
  const health = `${FAILURE_THRESHOLD} × (${look}) + ${PROPAGATION_SECONDS} s of propagation`;
  return table(
    ["limit", "what must have happened by then", "here", "kept"],
    [
      [
        "a vantage's timeout",
        "all its looks have ended, whatever hangs; DNS included",
        `${TIMEOUT_MS} ms, and 1 s more for the report's way home`,
        "yes",
      ],
      ["at once", "an address that is in no record is never excused", "the first round", "yes"],
      [
        "questions in a row",
        "as many questions without an answer as the health check's threshold asks for",
        `${FAILURE_THRESHOLD} rounds`,
        "yes",
      ],
      [
        "one interval",
        "an answer that the policy never allows has been seen for one interval of ours, in case DNS knew something first",
        look,
        "yes",
      ],
      [
        "a change of health",
        "Route 53 has seen the change, and caches have forgotten the answer before it",
        `${health}; recursive: ${TTL_SECONDS} s of TTL and ${SLACK_SECONDS} s of slack more`,
        "yes",
      ],
    ],
  ).concat(`\n\nThe interval is ${INTERVAL_SECONDS} s here, so a round follows every ${INTERVAL_SECONDS} s.`);
}

function crossTable(facts: FactsOf): string {
  return table(
    ["", ...DNS_ROWS.map((dns) => `\`${dns.fault}\``)],
    ENDPOINT_ROWS.map((row) => [`\`${row.fault}\``, ...DNS_ROWS.map((dns) => cellWords(facts(row, dns)))]),
  );
}

function cellWords({ overall, worst }: CellFacts): string {
  if (overall === "conforms") return "conforms";
  return overall === "deviates" ? worst.join(", ") : `${overall}: ${worst.join(", ")}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function firstOf<T>(rows: readonly T[]): T {
  const [first] = rows;
  if (first === undefined) throw new Error("a table has rows");
  return first;
}
