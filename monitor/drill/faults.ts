// Everything that can be broken in the local world, with a sentence each: the one list that drills, the gates, the control
// server, the DNS server and `monitor gate` all read.

export const GATE_FAULT_NAMES = [
  "open",
  "refuse",
  "blackhole",
  "reset",
  "slow",
  "stall",
  "truncate",
  "garbage",
  "huge",
  "redirect",
  "http-503",
  "wrong-region",
] as const;
export type GateFault = (typeof GATE_FAULT_NAMES)[number];

/** What a region's gate can do to the service behind it. */
export const GATE_FAULTS: Readonly<Record<GateFault, string>> = {
  open: "passes everything through",
  refuse: "closes the port: connections are refused",
  blackhole: "accepts connections and stays silent",
  reset: "resets the connection when the request has arrived",
  slow: "passes everything through, late but inside the probe's timeout",
  stall: "sends status line and headers, then nothing",
  truncate: "closes before the announced end of the body",
  garbage: "answers bytes that are not HTTP",
  huge: "answers a body that does not end",
  redirect: "answers 302: passes Route 53's check, serves no user",
  "http-503": "answers 503",
  "wrong-region": "is healthy, and claims to be another region",
};

export const DNS_FAULT_NAMES = [
  "open",
  "stuck",
  "servfail",
  "nxdomain",
  "truncated",
  "empty",
  "other-name",
  "refuse",
] as const;
export type DnsFault = (typeof DNS_FAULT_NAMES)[number];

/** What the DNS server can do to its answers. */
export const DNS_FAULTS: Readonly<Record<DnsFault, string>> = {
  open: "answers by policy",
  stuck: "keeps giving the answers of the moment in which it got stuck",
  servfail: "answers SERVFAIL",
  nxdomain: "answers NXDOMAIN",
  truncated: "answers with the TC bit and nothing else",
  empty: "answers NOERROR without a record",
  "other-name": "answers for another name than the one asked for",
  refuse: "closes its ports: UDP, TCP and DNS over HTTPS",
};

/** Null: no such fault. */
export function parseGateFault(text: string): GateFault | null {
  return GATE_FAULT_NAMES.find((name) => name === text) ?? null;
}

/** Null: no such fault. */
export function parseDnsFault(text: string): DnsFault | null {
  return DNS_FAULT_NAMES.find((name) => name === text) ?? null;
}
