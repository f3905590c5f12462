// What to try next when a look failed: one sentence by cause and phase, for somebody who was woken up.
import type { FailureCause, Phase } from "../model/observation.ts";
import type { Look } from "../report/look.ts";
import type { LookVerdict } from "../report/look-verdict.ts";

/** The first that fits; a row without a phase fits every one. */
const HINTS: readonly {
  readonly cause: FailureCause | "text-missing";
  readonly phase?: Phase;
  readonly hint: string;
}[] = [
  {
    cause: "name-not-resolved",
    hint: "Look at the record and its name servers (dig +trace), or go past DNS with --resolve.",
  },
  { cause: "timeout", phase: "dns", hint: "The resolver of this machine is silent; go past it with --resolve." },
  {
    cause: "refused",
    hint: "The host is there and nothing listens on that port: load balancer without backends, or a wrong port.",
  },
  {
    cause: "timeout",
    phase: "connect",
    hint: "Nobody answers at that address: firewall, security group, or the host is gone.",
  },
  { cause: "unreachable", hint: "There is no route: try --family 4, or another network." },
  { cause: "blocked", hint: "A firewall on this machine forbids the connection." },
  { cause: "reset", phase: "connect", hint: "Something on the way cuts connections: firewall or load balancer." },
  {
    cause: "timeout",
    phase: "tls",
    hint: "The port takes connections and speaks no TLS: a proxy without a backend, or the wrong port.",
  },
  {
    cause: "reset",
    phase: "tls",
    hint: "Cut in the handshake: no listener for this name (SNI), or a firewall that reads it.",
  },
  {
    cause: "connection-lost",
    phase: "tls",
    hint: "Closed in the handshake: no certificate for this name (SNI), or a mesh that wants mTLS.",
  },
  {
    cause: "timeout",
    phase: "ttfb",
    hint: "The server has the request and does not answer: look at the service behind it.",
  },
  {
    cause: "timeout",
    phase: "transfer",
    hint: "The reply began and stalled: look at the service, or at the path's MTU.",
  },
  { cause: "reset", hint: "The server cut the connection: a crash, or a proxy without a backend." },
  { cause: "connection-lost", hint: "The server closed without a reply: a crash, or a proxy that is shutting down." },
  { cause: "truncated", hint: "The body ended before its announced length: a crash amid the reply." },
  { cause: "malformed", hint: "What answers there speaks no HTTP, or not this version: the wrong port?" },
  { cause: "too-large", hint: "Probe a path with a small reply, or use --method HEAD." },
  { cause: "redirected", hint: "The redirects lead nowhere: look at the Location headers above." },
  { cause: "text-missing", hint: "Route 53 would call this unhealthy: does the path still serve that text?" },
  { cause: "not-started", hint: "Give the look more time with --timeout." },
];

/** Null where nothing failed, or nothing can be said. */
export function hintFor({ cause, phase }: LookVerdict, look: Look | null): string | null {
  if (cause === null) return null;
  if (cause === "tls") return tlsHint(look);
  if (cause === "http-status") return statusHint(look?.reply?.status ?? 0);
  return HINTS.find((row) => row.cause === cause && (row.phase ?? phase) === phase)?.hint ?? null;
}

function tlsHint(look: Look | null): string {
  const told = look?.tls?.problems.join("; ") ?? "";
  if (look?.failure?.phase === "ttfb")
    return "The server asks for a client certificate (mTLS): a mesh's port, not the public one?";
  if (told.includes("expired")) return "Renew the certificate, and see why its automation did not.";
  if (told.includes("valid only from")) return "Check this machine's clock, then the certificate.";
  if (told.includes(", not for "))
    return "The listener serves another name's certificate: look at SNI routing, or at the record.";
  if (told !== "") return "Serve the whole chain; for a private authority pass --cacert FILE.";
  if (look?.failure?.detail.includes("HTTP/2") === true)
    return "Leave out --http2, or turn on HTTP/2 at the load balancer.";
  return "That port may speak no TLS, or only versions that this machine refuses.";
}

function statusHint(status: number): string {
  if (status === 404) return "The path is not there: is the Host routed to this service?";
  if (status === 401 || status === 403) return "It wants credentials; a health path should not.";
  if (status === 421) return "The listener is not meant for this name: look at SNI and Host.";
  if (status === 429) return "It limits rates: health checkers must be exempt.";
  if ([502, 503, 504].includes(status)) return "A proxy answers and its backend does not: look at the pods' readiness.";
  return status >= 500 ? "The service itself fails: look at its log." : "The service refuses the request.";
}
