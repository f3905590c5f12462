// Looks made up for tests: one that is as it should be, and changes of it.
import type { FailureCause } from "../../../monitor/model/observation.ts";
import type { Look } from "../../../monitor/report/look.ts";

export const AT = Date.UTC(2026, 10, 22, 3, 0, 0);

export const GOOD_LOOK: Look = {
  at: AT,
  method: "GET",
  url: "https://demo.example.com/",
  addresses: ["192.0.2.10"],
  passedOver: [],
  remote: { address: "192.0.2.10", port: 443 },
  phases: { dns: 2.1, connect: 10.2, tls: 22, ttfb: 30.4, transfer: 0.3 },
  totalMs: 65,
  failure: null,
  failedAfterMs: null,
  tls: {
    protocol: "TLSv1.3",
    cipher: "TLS_AES_256_GCM_SHA384",
    alpn: "http/1.1",
    chain: [
      {
        subject: "demo.example.com",
        issuer: "R11, Let's Encrypt",
        names: ["demo.example.com", "use1.demo.example.com"],
        notBefore: AT - 29 * 86_400_000,
        notAfter: AT + 61 * 86_400_000,
        daysLeft: 61,
      },
      {
        subject: "R11, Let's Encrypt",
        issuer: "ISRG Root X1, Internet Security Research Group",
        names: [],
        notBefore: AT - 900 * 86_400_000,
        notAfter: AT + 12 * 86_400_000,
        daysLeft: 12,
      },
    ],
    problems: [],
  },
  reply: { version: "1.1", status: 200, headers: { "x-region": "us-east-1", server: "envoy" }, skewMs: 0 },
  bytes: 182,
  claim: {
    region: "us-east-1",
    hostname: "multicloud-demo-7d9f",
    podIP: "10.0.0.7",
    cluster: "aws-us-east-1",
    version: "1.0.0",
    time: AT,
  },
  search: null,
  withheld: [],
};

export function withStatus(status: number): Partial<Look> {
  return { reply: { version: "1.1", status, headers: {}, skewMs: null } };
}

/** A look that ended amid a phase, with those before it. */
export function failedIn(
  phase: "dns" | "connect" | "tls" | "ttfb",
  failure: Pick<NonNullable<Look["failure"]>, "cause" | "detail">,
  failedAfterMs: number,
): Partial<Look> {
  const { dns = 0, connect = 0, tls = 0 } = GOOD_LOOK.phases;
  const before = { dns: {}, connect: { dns }, tls: { dns, connect }, ttfb: { dns, connect, tls } }[phase];
  return {
    failure: { ...failure, phase },
    failedAfterMs,
    phases: before,
    totalMs: Object.values(before).reduce((sum: number, ms: number) => sum + ms, failedAfterMs),
    reply: null,
    bytes: null,
    claim: null,
    ...(phase === "ttfb" ? {} : { tls: null }),
    ...(phase === "dns" || phase === "connect" ? { remote: null } : {}),
  };
}

/** A look whose body was not read to its end. */
export function endedInBody(cause: FailureCause, failedAfterMs: number): Partial<Look> {
  const { transfer: _none, ...phases } = GOOD_LOOK.phases;
  return { failure: { cause, phase: "transfer", detail: "The body did not end." }, failedAfterMs, phases, claim: null };
}
