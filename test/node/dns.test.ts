// The Dns contract on Node, by TCP and again by UDP, and the way from one to the other.
import { afterAll, describe, expect, test } from "vitest";
import { makeNodeClock } from "../../monitor/node/clock.ts";
import { makeNodeDns } from "../../monitor/node/dns.ts";
import { COMMON, dnsContract } from "../contract/dns.ts";
import { startDnsServer } from "../support/dns-server.ts";

const server = await startDnsServer();
afterAll(server.close);
const clock = makeNodeClock();

const RECURSIVE = {
  ...COMMON,
  hangup: "connection-lost",
  half: "truncated",
  "closed-port": "refused",
  "http-500": "http-status",
  redirect: "redirected",
  "wrong-type": "malformed",
  huge: "too-large",
};

describe("by TCP", () => {
  const authoritative = { ...COMMON, hangup: "connection-lost", half: "truncated", "closed-port": "refused" };
  const make = () => ({ dns: makeNodeDns({ clock }), clock });
  dnsContract(make, { authoritative, recursive: RECURSIVE }, server.addresses);
});

describe("by UDP", () => {
  const make = () => ({ dns: makeNodeDns({ clock, transport: "udp" }), clock });
  dnsContract(make, { authoritative: { ...COMMON, "closed-port": "refused" }, recursive: RECURSIVE }, server.addresses);

  test("what was cut is asked for again by TCP", async () => {
    const query = { name: "cut-by-udp.example", type: "A", clientSubnet: null } as const;
    const place = { kind: "authoritative", host: "127.0.0.1", port: server.addresses.port } as const;
    const reply = await make().dns.ask({ ...query, deadlineMs: clock.monotonicMs() + 500 }, place);
    expect(reply).toMatchObject({ kind: "reply", addresses: ["192.0.2.10", "192.0.2.20"] });
  });
});
