// What Route 53's checkers would make of the same look. They have limits of their own, take 2xx and 3xx, validate no
// certificate and follow no redirect (Route 53 Developer Guide, "How Amazon Route 53 determines whether a health check is
// healthy"; API Reference, HealthCheckConfig).
import type { Failure } from "../model/observation.ts";
import { statusPasses } from "../policy/health-check.ts";
import { unreachable } from "../problem.ts";
import { formatDuration } from "../time.ts";
import { hiddenKind, parseAddress } from "../topology/address.ts";
import type { Look } from "./look.ts";
import { OWN_CAUSES } from "./look-verdict.ts";

export const CONNECT_MS_MAX = 4000;
/** From the connection to the status line; whether the TLS handshake falls inside is not documented. */
export const STATUS_MS_MAX = 2000;
export const BODY_MS_MAX = 2000;
/** The text must lie wholly within these first bytes of the body. */
export const SEARCHED_BYTES = 5120;
export const SEARCH_STRING_MAX = 255;

export interface Route53Opinion {
  readonly outcome: "passes" | "fails" | "unknown";
  readonly reason: string;
  /** What their checkers would do otherwise than this look did. */
  readonly remarks: readonly string[];
}

/** Of the first look: a redirect's target is never consulted. */
export function route53Opinion(look: Look): Route53Opinion {
  const [outcome, reason] = opinion(look);
  return { outcome, reason, remarks: remarks(look) };
}

type Opinion = readonly [Route53Opinion["outcome"], string];

const NOT_MADE: Opinion = ["unknown", "this look was not really made"];

function opinion(look: Look): Opinion {
  if (look.failure !== null && look.reply === null) return withoutStatus(look);
  const { connect = 0, tls = 0, ttfb = 0, transfer = 0 } = look.phases;
  const status = look.reply?.status ?? 0;
  if (connect > CONNECT_MS_MAX) return ["fails", `${ms(connect)} to connect, more than ${ms(CONNECT_MS_MAX)}`];
  if (ttfb > STATUS_MS_MAX) return ["fails", `${ms(ttfb)} to the status line, more than ${ms(STATUS_MS_MAX)}`];
  if (!statusPasses(status)) return ["fails", `status ${status}, not 2xx or 3xx`];
  if (tls + ttfb > STATUS_MS_MAX) {
    return ["unknown", `handshake and status line took ${ms(tls + ttfb)}; AWS does not say if both share its 2 s`];
  }
  const passed = `status ${status}, ${ms(tls + ttfb)} after connecting`;
  const beyond = `the text does not lie within the first ${SEARCHED_BYTES} bytes of the body`;
  switch (look.search) {
    case null:
      return ["passes", look.failure === null ? passed : `${passed}; it reads no more`];
    case "within":
      if (look.failure !== null) return withoutBodyEnd(look, look.failure);
      return transfer > BODY_MS_MAX
        ? ["fails", `${ms(transfer)} for the body, more than ${ms(BODY_MS_MAX)}`]
        : ["passes", `${passed}, the text is in the first ${SEARCHED_BYTES} bytes`];
    case "beyond":
      return ["fails", beyond];
    case "absent":
      return ["fails", look.failure === null ? "the text is not in the body" : beyond];
    case "unread":
      return withoutBodyEnd(look, look.failure);
    default:
      return unreachable(look.search);
  }
}

/** What was read of the body holds the text, or is less than Route 53 searches. */
function withoutBodyEnd({ search, failedAfterMs }: Look, failure: Failure | null): Opinion {
  const cause = failure?.cause ?? "internal";
  const waitedMs = failedAfterMs ?? 0;
  if (OWN_CAUSES.has(cause)) return NOT_MADE;
  if (waitedMs >= BODY_MS_MAX)
    return ["fails", `no end of the body after ${ms(waitedMs)}, its limit is ${ms(BODY_MS_MAX)}`];
  if (search === "within")
    return [
      "unknown",
      `the text came, then ${cause}; AWS does not say whether its checkers wait for the end of the body`,
    ];
  if (cause === "timeout")
    return ["unknown", `this look gave up after ${ms(waitedMs)} of the body; Route 53 waits ${ms(BODY_MS_MAX)}`];
  return ["fails", `the body ended before the text: ${cause}`];
}

function withoutStatus({ failure, failedAfterMs, phases, tls }: Look): Opinion {
  const cause = failure?.cause ?? "internal";
  const phase = failure?.phase;
  if (OWN_CAUSES.has(cause)) return NOT_MADE;
  // A server that only refuses our HTTP/2 has shown its certificate, and would have answered theirs.
  if (cause === "tls" && tls !== null && phases.tls === undefined) return ["unknown", "the look ended before a status"];
  if (cause !== "timeout")
    return ["fails", `no status: ${cause}${phase === undefined || phase === cause ? "" : ` in ${phase}`}`];
  const limitMs = phase === "connect" ? CONNECT_MS_MAX : STATUS_MS_MAX;
  const waitedMs = failedAfterMs ?? 0;
  if (phase === "dns") return ["unknown", "our resolver did not answer; theirs may"];
  if (waitedMs >= limitMs) return ["fails", `no end of ${phase} after ${ms(waitedMs)}, its limit is ${ms(limitMs)}`];
  return ["unknown", `this look gave up after ${ms(waitedMs)} of ${phase}; Route 53 waits ${ms(limitMs)}`];
}

function remarks(look: Look): readonly string[] {
  const found: string[] = [];
  const bytes = look.remote === null ? null : parseAddress(look.remote.address);
  const hidden = bytes === null ? null : hiddenKind(bytes);
  if (hidden !== null) found.push(`its checkers cannot reach ${look.remote?.address}, which is ${hidden}`);
  else if (bytes?.length === 16 && look.phases.dns !== undefined) {
    found.push("checks by name use IPv4 only, this look went by IPv6");
  }
  if (look.method === "HEAD") found.push("its checkers send GET");
  if (look.reply?.version === "2") found.push("its checkers speak HTTP/1.1");
  if ((look.tls?.problems.length ?? 0) > 0) found.push("it validates no certificate");
  return found;
}

function ms(value: number): string {
  return formatDuration(value);
}
