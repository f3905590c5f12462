// The error normaliser: whatever a runtime throws becomes one `Failure`. One table for all runtimes, so that the same outage
// has the same cause wherever it was seen, as far as the runtime lets us see. (What Cloudflare's edge answers instead of
// throwing is in `edge-failure.ts`.)
import type { Failure, FailureCause, Phase } from "../model/observation.ts";

export interface FailureContext {
  /** The phase that was under way; left out where the runtime does not say. */
  readonly phase?: Phase;
  readonly scheme?: "http" | "https";
}

interface Thrown {
  readonly name: string;
  readonly code: string;
  readonly message: string;
}

interface Row {
  readonly by: keyof Thrown;
  readonly matches: RegExp;
  readonly cause: FailureCause;
  readonly detail: string;
}

/** `fetch` of Node wraps the socket's error in a TypeError; deeper nesting was not seen. */
const CAUSE_DEPTH_MAX = 4;
const DETAIL_MAX = 160;

/** The first row that matches decides. */
const ROWS: readonly Row[] = [
  // Both runtimes: our own deadline, by AbortSignal.
  { by: "name", matches: /^(TimeoutError|AbortError)$/, cause: "timeout", detail: "There was no answer in time." },
  // Node: net, dgram, dns.
  { by: "code", matches: /^ECONNREFUSED$/, cause: "refused", detail: "The connection was refused." },
  {
    by: "code",
    matches: /^(ENOTFOUND|ENODATA|EAI_\w+)$/,
    cause: "name-not-resolved",
    detail: "The name did not resolve.",
  },
  {
    by: "code",
    matches: /^(EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN|EADDRNOTAVAIL)$/,
    cause: "unreachable",
    detail: "There is no route to the address.",
  },
  {
    by: "code",
    matches: /^(ETIMEDOUT|ESOCKETTIMEDOUT|UND_ERR_\w*TIMEOUT)$/,
    cause: "timeout",
    detail: "There was no answer in time.",
  },
  { by: "code", matches: /^(EACCES|EPERM)$/, cause: "blocked", detail: "This machine does not permit the connection." },
  // Node: TLS, by OpenSSL and by X.509.
  { by: "code", matches: /^(EPROTO|ERR_SSL_\w+|ERR_TLS_\w+)$/, cause: "tls", detail: "The TLS handshake failed." },
  {
    by: "code",
    matches:
      /^(CERT_|CRL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERROR_IN_C|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH|HOSTNAME_MISMATCH)/,
    cause: "tls",
    detail: "The certificate was not accepted.",
  },
  // Node: HTTP, by llhttp; the same codes from `fetch`.
  {
    by: "code",
    matches: /^(HPE_HEADER_OVERFLOW|UND_ERR_HEADERS_OVERFLOW)$/,
    cause: "too-large",
    detail: "The headers are larger than is read.",
  },
  { by: "code", matches: /^HPE_/, cause: "malformed", detail: "The reply is not HTTP." },
  { by: "name", matches: /^HTTPParserError$/, cause: "malformed", detail: "The reply is not HTTP." },
  // Node: `fetch` alone, for ports of other protocols (Fetch standard, "Port blocking").
  { by: "message", matches: /^bad port$/, cause: "blocked", detail: "This runtime does not call that port." },
  // Node: an orderly end amid the body; the code would say ECONNRESET.
  {
    by: "message",
    matches: /^(aborted|terminated)$/,
    cause: "truncated",
    detail: "The connection ended before the body did.",
  },
  // Node: an orderly end before a reply, or before the handshake was over; the code would say ECONNRESET.
  {
    by: "message",
    matches: /^(socket hang up|other side closed|Client network socket disconnected)/,
    cause: "connection-lost",
    detail: "The connection was closed without a reply.",
  },
  { by: "code", matches: /^(ECONNRESET|EPIPE|ECONNABORTED)$/, cause: "reset", detail: "The connection was reset." },
  // workerd: `fetch` for refused, reset, closed, garbage, too large headers, and every end amid a body.
  {
    by: "message",
    matches: /^Network connection lost\.?/,
    cause: "connection-lost",
    detail: "The connection was refused, lost or answered with no HTTP; the runtime does not say which.",
  },
  // workerd: `connect` for refused, no such name, no route, a failed TLS handshake and, on the edge, addresses it does not
  // dial; for ports 80 and 443 the text goes on.
  {
    by: "message",
    matches: /^proxy request failed, cannot connect to the specified address/,
    cause: "unreachable",
    detail: "No connection could be made: refused, no route, no such name or no TLS; the runtime does not say which.",
  },
  // workerd: `connect` and `fetch` back into the Worker itself.
  {
    by: "message",
    matches: /^(TCP Loop detected|Subrequest depth limit exceeded)/,
    cause: "blocked",
    detail: "The runtime does not let a Worker connect to itself.",
  },
  // workerd on the edge: the look was never made.
  {
    by: "message",
    matches: /^Too many subrequests/,
    cause: "not-started",
    detail: "The runtime's limit of subrequests was reached.",
  },
];

/** A sentence, a cause, and the phase that was under way. Never throws; what is unknown is `internal`. */
export function failureOf(thrown: unknown, context: FailureContext = {}): Failure {
  const place = context.phase === undefined ? {} : { phase: context.phase };
  for (const error of causeChain(thrown)) {
    const row = ROWS.find((candidate) => candidate.matches.test(error[candidate.by])) ?? opaqueRow(error, context);
    if (row !== null) return { cause: row.cause, ...place, detail: withCode(row.detail, error.code) };
  }
  return { cause: "internal", ...place, detail: `Unexpected: ${thrownWords(thrown)}` };
}

/** Its own words in one bounded line, for what is no look: storage, files. */
export function thrownWords(thrown: unknown): string {
  const [first] = causeChain(thrown);
  return plainText(first?.message ?? String(thrown));
}

/**
 * workerd says "internal error; reference = …" for a failed TLS handshake, a bad certificate and a name that does not
 * resolve; its log knows more, we do not. Without TLS only the name is left.
 */
function opaqueRow(error: Thrown, context: FailureContext): Row | null {
  if (!error.message.startsWith("internal error; reference =")) return null;
  const by = "message";
  const matches = /^/;
  return context.scheme === "http"
    ? { by, matches, cause: "name-not-resolved", detail: "The name did not resolve; the runtime gave no reason." }
    : {
        by,
        matches,
        cause: "tls",
        detail: "The TLS handshake failed, or the name did not resolve; the runtime does not say which.",
      };
}

/** The thrown value and what it names as its cause, outermost first. */
function causeChain(thrown: unknown): readonly Thrown[] {
  const chain: Thrown[] = [];
  for (
    let at = thrown;
    chain.length < CAUSE_DEPTH_MAX && typeof at === "object" && at !== null;
    at = property(at, "cause")
  ) {
    chain.push({
      name: textOf(property(at, "name")),
      code: textOf(property(at, "code")),
      message: textOf(property(at, "message")),
    });
  }
  return chain;
}

function property(of: object, key: string): unknown {
  return Reflect.get(of, key);
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function withCode(detail: string, code: string): string {
  return code === "" ? detail : detail.replace(/\.$/, ` (${code}).`);
}

/** One bounded line without addresses of pages, which may carry a token. */
function plainText(text: string): string {
  const line = text.split("\n", 1)[0] ?? "";
  return line.replace(/\bhttps?:\/\/\S+/g, "<url>").slice(0, DETAIL_MAX);
}
