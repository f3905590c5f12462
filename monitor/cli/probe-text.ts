// `monitor probe` for people: the waterfall first, what failed and what to try, then the reply, the certificates and what
// Route 53 would say. Narrow, because at night it is read in half a terminal.
import { STATUS_CODES } from "node:http";
import { type Line, paintLine, piece, type Tone, visibleText } from "../local/text-line.ts";
import type { Look, LookCertificate } from "../report/look.ts";
import { route53Opinion } from "../report/look-route53.ts";
import { judgeLook, type LookVerdict } from "../report/look-verdict.ts";
import { formatDuration, toIso } from "../time.ts";
import { hintFor } from "./probe-hints.ts";
import { waterfallLines } from "./probe-waterfall.ts";

export const WIDTH = 100;
const LABEL_COLUMNS = 13;
const ADDRESSES_SHOWN_MAX = 4;
const NAMES_SHOWN_MAX = 4;
/** From here on somebody should ask why it was not renewed. */
const DAYS_LEFT_FEW = 21;
/** A Date header counts whole seconds; less says nothing. */
const SKEW_SHOWN_MS = 3000;

export type Colours = "on" | "off";

export interface Shown {
  readonly curl: readonly string[];
  readonly colours: Colours;
}

/** Of one look, without verdict and `curl` line. */
export function lookText(look: Look, colours: Colours): string {
  const verdict = judgeLook(look);
  const parts: readonly (readonly Line[])[] = [
    headLines(look),
    waterfallLines(look),
    failureLines(verdict, look),
    [...replyLines(look), ...certificateLines(look)],
    route53Lines(look),
  ];
  return paintParts(parts, colours);
}

/** The last lines of every face. */
export function endText(verdict: LookVerdict, { curl, colours }: Shown): string {
  const repeat = ["repeat:", ...curl.map((line) => `  ${visibleText(line)}`)];
  const tone = verdict.verdict === "conforms" ? "good" : verdict.verdict === "deviates" ? "bad" : "wait";
  const last = wrapped("", [piece(verdict.verdict, tone), piece(`: ${verdict.reason}`)], 2);
  return `${[...repeat, "", ...last.map((line) => paintLine(line, WIDTH, colours))].join("\n")}\n`;
}

export function paintParts(parts: readonly (readonly Line[])[], colours: Colours): string {
  return parts
    .filter((part) => part.length > 0)
    .map((part) => `${part.map((line) => paintLine(line, WIDTH, colours)).join("\n")}\n`)
    .join("\n");
}

function headLines(look: Look): readonly Line[] {
  const { remote, reply, tls, addresses, passedOver, withheld } = look;
  const place =
    remote === null
      ? []
      : [remote.address.includes(":") ? `[${remote.address}]:${remote.port}` : `${remote.address}:${remote.port}`];
  const spoken = reply === null ? [] : [`HTTP/${reply.version}`];
  const secured = tls === null ? [] : [tls.protocol, tls.cipher, ...(tls.alpn === null ? [] : [`ALPN ${tls.alpn}`])];
  const facts = [...place, ...spoken, ...secured].join("  ");
  return [
    ...titleLines(look.method, look.url),
    [piece(toIso(look.at), "dim")],
    ...(facts === "" ? [] : [[piece(facts)]]),
    ...(addresses.length > 1 ? labelled("addresses", listed(addresses, ADDRESSES_SHOWN_MAX)) : []),
    ...passedOver.flatMap(({ address, detail }) => labelled("passed over", `${address}: ${detail}`, "wait")),
    ...(withheld.length === 0
      ? []
      : labelled("not sent", `${withheld.join(", ")}: the certificate is not trusted`, "wait")),
  ];
}

export function titleLines(method: string, url: string): readonly Line[] {
  return wrapped("", [piece(`${method} ${url}`, "strong")], 2);
}

/** Also for rows of a table, which have no waterfall. */
export function failureLines(
  verdict: LookVerdict,
  look: Look | null,
  name = verdict.phase ?? verdict.cause ?? "",
): readonly Line[] {
  if (verdict.cause === null) return [];
  const hint = hintFor(verdict, look);
  return [
    ...wrapped("", [piece(`✗ ${name}: ${verdict.reason}`, "bad")], 2),
    ...(hint === null ? [] : wrapped("", [piece(`  try: ${hint}`)], 7)),
  ];
}

function replyLines({ reply, bytes, claim, search }: Look): readonly Line[] {
  if (reply === null) return [];
  const { status, headers, skewMs } = reply;
  const tone = status >= 200 && status < 400 ? "good" : "bad";
  const size = bytes === null ? "" : `, ${bytes} bytes`;
  const skew = skewMs === null || Math.abs(skewMs) < SKEW_SHOWN_MS ? null : skewMs;
  return [
    ...labelled("status", `${status} ${STATUS_CODES[status] ?? ""}${size}`, tone),
    ...Object.entries(headers).flatMap(([name, value]) => labelled("", `${name}: ${value}`, "dim")),
    ...(skew === null
      ? []
      : labelled(
          "clock",
          `its Date is ${formatDuration(Math.abs(skew))} ${skew > 0 ? "ahead of" : "behind"} ours`,
          "wait",
        )),
    ...(claim === null ? [] : labelled("claim", claimWords(claim))),
    ...(search === null ? [] : labelled("text", SEARCH_WORDS[search], search === "within" ? "good" : "bad")),
  ];
}

const SEARCH_WORDS = {
  within: "found within the first 5120 bytes",
  beyond: "found, but beyond the first 5120 bytes",
  absent: "not found",
  unread: "not found in what came of the body",
} as const;

function claimWords({ region, cluster, version, hostname, podIP }: NonNullable<Look["claim"]>): string {
  return [
    `region ${region}`,
    ...(cluster === null ? [] : [`cluster ${cluster}`]),
    ...(version === null ? [] : [`version ${version}`]),
    `${hostname} (${podIP})`,
  ].join(", ");
}

function certificateLines({ tls }: Look): readonly Line[] {
  if (tls === null) return [];
  const [own, ...issuers] = tls.chain;
  if (own === undefined) return labelled("certificate", "none", "bad");
  const validity = tls.problems.length === 0 ? "valid" : "NOT valid";
  return [
    ...labelled(
      "certificate",
      `${own.subject}: ${validity}, ${daysWords(own)}`,
      tls.problems.length === 0 ? daysTone(own) : "bad",
    ),
    ...tls.problems.flatMap((problem) => labelled("", problem, "bad")),
    ...labelled("", `for ${own.names.length === 0 ? "no name" : listed(own.names, NAMES_SHOWN_MAX)}`),
    ...labelled("", `issued by ${own.issuer}`),
    ...issuers.flatMap((one) =>
      labelled("", `${one.subject}: ${daysWords(one)}`, daysTone(one) === "good" ? "dim" : daysTone(one)),
    ),
  ];
}

function daysWords({ daysLeft, notAfter }: LookCertificate): string {
  const day = toIso(notAfter).slice(0, 10);
  return daysLeft < 0 ? `over since ${day}` : `${daysLeft} ${daysLeft === 1 ? "day" : "days"} left (until ${day})`;
}

function daysTone({ daysLeft }: LookCertificate): Tone {
  return daysLeft < 0 ? "bad" : daysLeft < DAYS_LEFT_FEW ? "wait" : "good";
}

function route53Lines(look: Look): readonly Line[] {
  const { outcome, reason, remarks } = route53Opinion(look);
  const words = { passes: "would pass it", fails: "would fail it", unknown: "cannot be told" }[outcome];
  const tone = { passes: "good", fails: "bad", unknown: "wait" } as const;
  return [
    ...labelled("Route 53", `${words}: ${reason}`, tone[outcome]),
    ...remarks.flatMap((remark) => labelled("", remark, "dim")),
  ];
}

export function listed(items: readonly string[], most: number): string {
  const more = items.length - most;
  return `${items.slice(0, most).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

function labelled(label: string, text: string, tone: Tone = "plain"): readonly Line[] {
  return wrapped(label.padEnd(LABEL_COLUMNS), [piece(text, tone)], LABEL_COLUMNS);
}

/** Breaks between words, and inside of those that are longer than a line: what is cut off is what was needed. */
function wrapped(start: string, pieces: Line, indent: number): readonly Line[] {
  const lines: Line[] = [];
  let line: Line = start === "" ? [] : [piece(start)];
  let room = WIDTH - start.length;
  for (const { text, tone } of pieces) {
    for (const word of wordsOf(text, WIDTH - indent)) {
      if (word.trimEnd().length > room && room < WIDTH - indent) {
        lines.push(line);
        line = [piece(" ".repeat(indent))];
        room = WIDTH - indent;
      }
      line = [...line, piece(word, tone)];
      room -= word.length;
    }
  }
  return [...lines, line];
}

/** Each with the space after it, none longer than `most`. */
function wordsOf(text: string, most: number): readonly string[] {
  return text
    .split(/(?<=[^ ] )/)
    .flatMap((word) =>
      Array.from({ length: Math.ceil(word.length / most) }, (_, at) => word.slice(at * most, (at + 1) * most)),
    );
}
