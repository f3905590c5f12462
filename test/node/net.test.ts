// The Net contract on Node, where every fault has a cause of its own, and what only Node can do.
import tls from "node:tls";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Phase } from "../../monitor/model/observation.ts";
import { makeNodeClock } from "../../monitor/node/clock.ts";
import { makeNodeNet, type NodeNetOptions } from "../../monitor/node/net.ts";
import { type FetchExpectation, netContract } from "../contract/net.ts";
import { startFaultServer } from "../support/fault-server.ts";

const server = await startFaultServer();
afterAll(server.close);
const { ports } = server.addresses;
const authorities = tls.getCACertificates("default");
beforeAll(() => tls.setDefaultCACertificates([...authorities, server.addresses.authority]));
afterAll(() => tls.setDefaultCACertificates(authorities));
const clock = makeNodeClock();
const SHORT_MS = 400;
const PATIENT_MS = 5000;

function expected(
  cause: FetchExpectation["cause"],
  during: Phase | null,
  status: number | null,
  ...phases: readonly Phase[]
): FetchExpectation {
  return { cause, during, status, phases };
}

netContract(
  () => ({ net: makeNodeNet({ clock }), clock }),
  {
    fetch: {
      ok: expected("none", null, 200, "connect", "ttfb", "transfer"),
      slow: expected("none", null, 200, "connect", "ttfb", "transfer"),
      redirect: expected("none", null, 302, "connect", "ttfb", "transfer"),
      "http-503": expected("none", null, 503, "connect", "ttfb", "transfer"),
      "edge-521": expected("none", null, 521, "connect", "ttfb", "transfer"),
      "edge-530": expected("none", null, 530, "connect", "ttfb", "transfer"),
      "service-521": expected("none", null, 521, "connect", "ttfb", "transfer"),
      refuse: expected("refused", "connect", null),
      unanswered: expected("timeout", "connect", null),
      blackhole: expected("timeout", "ttfb", null, "connect"),
      reset: expected("reset", "ttfb", null, "connect"),
      hangup: expected("connection-lost", "ttfb", null, "connect"),
      garbage: expected("malformed", "ttfb", null, "connect"),
      "huge-headers": expected("too-large", "ttfb", null, "connect"),
      "header-drip": expected("timeout", "ttfb", null, "connect"),
      "reset-body": expected("reset", "transfer", 200, "connect", "ttfb"),
      stall: expected("timeout", "transfer", 200, "connect", "ttfb"),
      truncate: expected("truncated", "transfer", 200, "connect", "ttfb"),
      "truncate-chunked": expected("truncated", "transfer", 200, "connect", "ttfb"),
      "garbage-chunked": expected("malformed", "transfer", 200, "connect", "ttfb"),
      huge: expected("too-large", "transfer", 200, "connect", "ttfb"),
      "body-drip": expected("timeout", "transfer", 200, "connect", "ttfb"),
      "tls-trusted": expected("none", null, 200, "dns", "connect", "tls", "ttfb", "transfer"),
      "tls-1.2": expected("none", null, 200, "dns", "connect", "tls", "ttfb", "transfer"),
      "tls-untrusted": expected("tls", "tls", 200, "dns", "connect"),
      "tls-expired": expected("tls", "tls", 200, "dns", "connect"),
      "tls-wrong-name": expected("tls", "tls", 200, "dns", "connect"),
      "tls-plain": expected("tls", "tls", null, "dns", "connect"),
      "tls-reset": expected("reset", "tls", null, "dns", "connect"),
      "tls-hangup": expected("connection-lost", "tls", null, "dns", "connect"),
      "tls-silent": expected("timeout", "tls", null, "dns", "connect"),
    },
    dial: {
      ok: "open",
      blackhole: "open",
      refuse: "refused",
      unanswered: "timeout",
      "tls-trusted": "open",
      "tls-1.2": "open",
      "tls-untrusted": "tls",
      "tls-expired": "tls",
      "tls-wrong-name": "tls",
      "tls-plain": "tls",
      "tls-reset": "reset",
      "tls-hangup": "connection-lost",
      "tls-silent": "timeout",
    },
    unclosed: [],
  },
  server.addresses,
);

describe("a name", () => {
  const look = async (url: string, options: Omit<NodeNetOptions, "clock">, limitMs = PATIENT_MS) =>
    await makeNodeNet({ clock, ...options }).fetchOnce({
      url,
      headers: {},
      bytesMax: 1000,
      deadlineMs: clock.monotonicMs() + limitMs,
    });

  test("that does not resolve fails in dns", async () => {
    const lookup: NodeNetOptions["lookup"] = (_name, _options, done) =>
      done(Object.assign(new Error("getaddrinfo ENOTFOUND"), { code: "ENOTFOUND" }), "", 4);
    const reply = await look(`http://gone.example:${ports.ok}/`, { lookup });
    expect(reply).toMatchObject({ kind: "failed", failure: { cause: "name-not-resolved", phase: "dns" }, phases: {} });
    expect(Object.keys(reply.phases)).toEqual([]);
  });

  test("whose resolver is silent runs into the deadline in dns", async () => {
    const reply = await look(`http://slow.example:${ports.ok}/`, { lookup: () => undefined }, SHORT_MS);
    expect(reply).toMatchObject({ kind: "failed", failure: { cause: "timeout", phase: "dns" } });
    const target = { host: "slow.example", port: ports.ok, secure: "tcp" } as const;
    const dialled = await makeNodeNet({ clock, lookup: () => undefined }).dial(target, clock.monotonicMs() + SHORT_MS);
    expect(dialled).toMatchObject({ kind: "failed", failure: { cause: "timeout", phase: "dns" } });
  });

  test.each([
    { fault: "refuse", secure: "tcp", phase: "connect" },
    { fault: "unanswered", secure: "tls", phase: "connect" },
    { fault: "tls-reset", secure: "tls", phase: "tls" },
  ] as const)("that resolved is behind a dial which fails in $phase", async ({ fault, secure, phase }) => {
    const target = { host: "localhost", port: ports[fault], secure };
    const limitMs = fault === "unanswered" ? SHORT_MS : PATIENT_MS;
    const dialled = await makeNodeNet({ clock }).dial(target, clock.monotonicMs() + limitMs);
    expect(dialled).toMatchObject({ kind: "failed", failure: { phase } });
  });

  test("with an address given keeps its name in Host, and has no dns phase", async () => {
    const reply = await look(`http://demo.example:${ports["http-503"]}/`, { resolve: { "demo.example": "127.0.0.1" } });
    expect(Object.keys(reply.phases)).toEqual(["connect", "ttfb", "transfer"]);
    const request = await (await fetch(`${server.addresses.controlUrl}/request/http-503`)).text();
    expect(request.toLowerCase()).toContain(`\r\nhost: demo.example:${ports["http-503"]}\r\n`);
  });
});

test.each([
  { name: "localhost", want: { kind: "reply" } },
  { name: "other.example", want: { kind: "failed", failure: { cause: "tls", phase: "tls" } } },
])("the certificate must be for the name of the URL, not for the address given: $name", async ({ name, want }) => {
  const net = makeNodeNet({ clock, resolve: { [name]: "127.0.0.1" } });
  const deadlineMs = clock.monotonicMs() + PATIENT_MS;
  const port = ports["tls-trusted"];
  const reply = await net.fetchOnce({ url: `https://${name}:${port}/`, headers: {}, bytesMax: 1000, deadlineMs });
  expect(reply).toMatchObject(want);
  const dialled = await net.dial({ host: name, port, secure: "tls" }, deadlineMs);
  expect(dialled.kind).toBe(want.kind === "reply" ? "open" : "failed");
});
