// Observations by a short name, for tests of what is made of them.
import type { Claim, DnsObservation, DnsPath, Failure, Observation } from "../../monitor/model/observation.ts";
import { AWS } from "./example-topology.ts";

export const CLAIM: Claim = {
  hostname: "pod-1",
  region: AWS.region,
  podIP: "10.42.1.23",
  cluster: AWS.cluster.context,
  version: "1.0.0",
  time: 0,
};

export function goodLook(
  region: { readonly id: string; readonly region: string; readonly cluster: { readonly context: string } },
  vantage: string,
  at: number,
): Observation {
  const claim = { ...CLAIM, region: region.region, cluster: region.cluster.context, time: at };
  return {
    region: region.id,
    vantage,
    at,
    status: 200,
    phases: { connect: 5, ttfb: 10, transfer: 1 },
    totalMs: 11,
    failure: null,
    claim,
  };
}

export function badLook(
  region: { readonly id: string },
  vantage: string,
  at: number,
  failure: Partial<Failure> = {},
  seen: Partial<Observation> = {},
): Observation {
  const cause = { cause: "refused" as const, detail: "connection refused", ...failure };
  return {
    region: region.id,
    vantage,
    at,
    status: null,
    phases: {},
    totalMs: null,
    failure: cause,
    claim: null,
    ...seen,
  };
}

export function dnsLook(
  vantage: string,
  view: DnsPath,
  at: number,
  addresses: readonly string[],
  rcode = "NOERROR",
): DnsObservation {
  const reply = {
    kind: "reply" as const,
    rcode,
    authoritative: view === "authoritative",
    addresses,
    ttlSeconds: addresses.length === 0 ? null : 60,
    scope: null,
    elapsedMs: 3,
  };
  return { name: "demo.multicloud.example.com", type: "A", vantage, view, server: "192.0.2.53", at, reply };
}
