// The coarser tables of workerd 1.20261023.1, as measured. Refused, reset, closed and garbage are one text for `fetch`; TLS and
// names that do not resolve are another; `connect` has one for everything.
import type { Phase } from "../../monitor/model/observation.ts";
import { COMMON, type DnsExpectations } from "../contract/dns.ts";
import type { FetchExpectation, NetExpectations } from "../contract/net.ts";

export const EDGE_NET: NetExpectations = {
  fetch: {
    ok: expected("none", null, 200, "ttfb", "transfer"),
    slow: expected("none", null, 200, "ttfb", "transfer"),
    redirect: expected("none", null, 302, "ttfb", "transfer"),
    "http-503": expected("none", null, 503, "ttfb", "transfer"),
    "service-521": expected("none", null, 521, "ttfb", "transfer"),
    "edge-521": expected("refused", null, null),
    "edge-530": expected("name-not-resolved", null, null),
    refuse: expected("connection-lost", null, null),
    unanswered: expected("timeout", null, null),
    blackhole: expected("timeout", null, null),
    reset: expected("connection-lost", null, null),
    hangup: expected("connection-lost", null, null),
    garbage: expected("connection-lost", null, null),
    "huge-headers": expected("connection-lost", null, null),
    "header-drip": expected("timeout", null, null),
    "reset-body": expected("connection-lost", "transfer", 200, "ttfb"),
    stall: expected("timeout", "transfer", 200, "ttfb"),
    truncate: expected("connection-lost", "transfer", 200, "ttfb"),
    "truncate-chunked": expected("connection-lost", "transfer", 200, "ttfb"),
    "garbage-chunked": expected("connection-lost", "transfer", 200, "ttfb"),
    huge: expected("too-large", "transfer", 200, "ttfb"),
    "body-drip": expected("timeout", "transfer", 200, "ttfb"),
    "tls-trusted": expected("none", null, 200, "ttfb", "transfer"),
    "tls-1.2": expected("none", null, 200, "ttfb", "transfer"),
    "tls-untrusted": expected("tls", null, null),
    "tls-expired": expected("tls", null, null),
    "tls-wrong-name": expected("tls", null, null),
    "tls-plain": expected("tls", null, null),
    "tls-reset": expected("tls", null, null),
    "tls-hangup": expected("tls", null, null),
    "tls-silent": expected("timeout", null, null),
  },
  dial: {
    ok: "open",
    blackhole: "open",
    refuse: "unreachable",
    unanswered: "timeout",
    "tls-trusted": "open",
    "tls-1.2": "open",
    "tls-untrusted": "unreachable",
    "tls-expired": "unreachable",
    "tls-wrong-name": "unreachable",
    "tls-plain": "unreachable",
    "tls-reset": "unreachable",
    "tls-hangup": "unreachable",
    "tls-silent": "timeout",
  },
  // `close()` waits for the handshake (workerd#2060): why Durable Objects dial through `EdgeDialer`.
  unclosed: ["tls-silent"],
};

export const EDGE_DNS: DnsExpectations = {
  authoritative: { ...COMMON, hangup: "connection-lost", half: "truncated", "closed-port": "unreachable" },
  recursive: {
    ...COMMON,
    hangup: "connection-lost",
    half: "connection-lost",
    "closed-port": "connection-lost",
    "http-500": "http-status",
    redirect: "redirected",
    "wrong-type": "malformed",
    huge: "too-large",
  },
};

function expected(
  cause: FetchExpectation["cause"],
  during: Phase | null,
  status: number | null,
  ...phases: readonly Phase[]
): FetchExpectation {
  return { cause, during, status, phases };
}
