import { createServer, type Server } from "node:http";
import { connect } from "node:net";
import { RECURSION_DESIRED, decode, encode } from "dns-packet";
import { afterEach, describe, expect, onTestFinished, test } from "vitest";
import { type DnsServer, openDnsServer } from "../../monitor/local/dns-server.ts";
import { closeListener, listenOn } from "../../monitor/local/listening.ts";
import { localTopology, type LocalPlan } from "../../monitor/local/topology.ts";
import { parseTopology } from "../../monitor/topology/parse.ts";
import type { Topology } from "../../monitor/topology/topology.ts";
import { answerOf, ask, carry, type TestTransport, TRANSPORTS } from "./dns-questions.ts";
import { until } from "../support/until.ts";

const FIRST = "127.0.10.1";
const SECOND = "127.0.10.2";
const INTERVAL_MS = 40;
const PROPAGATION_MS = 250;
const THRESHOLD = 3;

/** A region: its gate, which answers its health path with this status. */
interface TestRegion {
  status: number;
  readonly url: string;
}

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

async function startRegion(): Promise<TestRegion> {
  const region = { status: 200, url: "" };
  const server: Server = createServer((_, response) => void response.writeHead(region.status).end());
  region.url = `http://127.0.0.1:${await listenOn(server, { host: "127.0.0.1", port: 0 })}`;
  closers.push(async () => {
    server.closeAllConnections();
    await closeListener(server);
  });
  return region;
}

/** The local topology, with times that no file may have because Route 53 counts in seconds. */
function quickTopology(policy: LocalPlan["policy"], regions: readonly TestRegion[]): Topology {
  const ports = { gatePort: 1, dnsPort: 1, dohPort: 1 };
  const parsed = parseTopology(localTopology({ regions: regions.length, policy, intervalSeconds: 2, ...ports }));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const { dns, probe } = parsed.value;
  return {
    ...parsed.value,
    regions: parsed.value.regions.map((region, index) => ({
      ...region,
      endpoint: { ...region.endpoint, url: regions[index]?.url ?? "" },
    })),
    dns: {
      ...dns,
      healthCheck: { ...dns.healthCheck, intervalSeconds: INTERVAL_MS / 1000, failureThreshold: THRESHOLD },
      timing: { ...dns.timing, propagationSeconds: PROPAGATION_MS / 1000 },
    },
    probe: { ...probe, timeoutMs: 200 },
  };
}

async function startServer(): Promise<DnsServer> {
  const server = await openDnsServer("127.0.0.1");
  closers.push(() => server.close());
  return server;
}

async function startZone(
  policy: LocalPlan["policy"],
  count = 2,
): Promise<{ server: DnsServer; regions: TestRegion[] }> {
  const regions = await Promise.all(Array.from({ length: count }, startRegion));
  const server = await startServer();
  server.serve(quickTopology(policy, regions));
  return { server, regions };
}

function fail(region: TestRegion | undefined): void {
  if (region !== undefined) region.status = 503;
}

function replies(server: DnsServer, transport: TestTransport, query: Uint8Array): Promise<boolean> {
  return carry(transport, server.ports, query, 200).then(
    () => true,
    () => false,
  );
}

describe.each(TRANSPORTS)("by %s", (transport) => {
  test("the primary is the answer, with the record's TTL and the whole client subnet as scope", async () => {
    const { server } = await startZone("failover");
    expect(await ask(server.ports, { transport, clientSubnet: "198.51.100.0/26" })).toEqual({
      kind: "message",
      rcode: "NOERROR",
      authoritative: transport === "udp" || transport === "tcp",
      truncated: false,
      addresses: [FIRST],
      ttlSeconds: 2,
      scope: 26,
    });
  });

  test.each([
    { fault: "servfail", want: { rcode: "SERVFAIL", addresses: [], truncated: false } },
    { fault: "nxdomain", want: { rcode: "NXDOMAIN", addresses: [], truncated: false } },
    { fault: "truncated", want: { rcode: "NOERROR", addresses: [], truncated: true } },
    { fault: "empty", want: { rcode: "NOERROR", addresses: [], truncated: false } },
    { fault: "stuck", want: { rcode: "NOERROR", addresses: [FIRST], truncated: false } },
    { fault: "open", want: { rcode: "NOERROR", addresses: [FIRST], truncated: false } },
  ] as const)("$fault", async ({ fault, want }) => {
    const { server } = await startZone("failover");
    await server.setFault(fault);
    expect(await ask(server.ports, { transport })).toMatchObject(want);
  });

  test("other-name: the reply is about a name that nobody asked for", async () => {
    const { server } = await startZone("failover");
    await server.setFault("other-name");
    const query = encode({ type: "query", id: 7, questions: [{ type: "A", name: "demo.multicloud.example.com" }] });
    const reply = decode(Buffer.from(await carry(transport, server.ports, query)));
    expect(reply).toMatchObject({
      id: 7,
      questions: [{ name: "other.multicloud.example.com" }],
      answers: [{ name: "other.multicloud.example.com", data: FIRST }],
    });
    expect(await ask(server.ports, { transport })).toMatchObject({ kind: "malformed" });
  });

  test("refuse: nobody answers, and opening answers on the same ports again", async () => {
    const { server } = await startZone("failover");
    await server.setFault("refuse");
    expect(await replies(server, transport, encode({ type: "query", id: 1 }))).toBe(false);
    await server.setFault("refuse");
    await server.setFault("open");
    expect(await answerOf(server.ports, { transport })).toBe(FIRST);
  });

  test("before there is a topology: SERVFAIL", async () => {
    const server = await startServer();
    expect(await answerOf(server.ports, { transport })).toBe("SERVFAIL");
  });

  test("a query that cannot be read gets FORMERR under its id", async () => {
    const { server } = await startZone("failover");
    const reply = decode(Buffer.from(await carry(transport, server.ports, Uint8Array.of(1, 2, 3, 4, 5))));
    expect(reply).toMatchObject({ type: "response", id: 258, rcode: "FORMERR" });
  });

  test("what has no id gets no reply", async () => {
    const { server } = await startZone("failover");
    expect(await replies(server, transport, Uint8Array.of(1))).toBe(false);
    expect(await answerOf(server.ports, { transport })).toBe(FIRST);
  });
});

describe("the zone", () => {
  test.each([
    { name: "nobody.multicloud.example.com", type: "A", want: "NXDOMAIN" },
    { name: "below.demo.multicloud.example.com", type: "A", want: "NXDOMAIN" },
    { name: "multicloud.example.com", type: "A", want: "NOERROR" },
    { name: "demo.multicloud.example.com", type: "AAAA", want: "NOERROR" },
    { name: "demo.example.org", type: "A", want: "REFUSED" },
    { name: "notmulticloud.example.com", type: "A", want: "REFUSED" },
    { name: "Demo.MultiCloud.Example.COM", type: "A", want: FIRST },
  ] as const)("$name $type is $want", async ({ name, type, want }) => {
    const { server } = await startZone("failover");
    expect(await answerOf(server.ports, { name, type })).toBe(want);
  });

  test("a type that it has no records of is NOERROR without a record, and RD comes back as it was", async () => {
    const { server } = await startZone("failover");
    const question = { type: "TXT", name: "demo.multicloud.example.com" } as const;
    for (const flags of [0, RECURSION_DESIRED]) {
      const query = encode({ type: "query", id: 9, flags, questions: [question] });
      const reply = decode(Buffer.from(await carry("udp", server.ports, query)));
      expect(reply).toMatchObject({ rcode: "NOERROR", answers: [], flag_aa: true, flag_rd: flags !== 0 });
    }
  });

  test("several queries on one TCP connection are answered in order", async () => {
    const { server } = await startZone("failover");
    const { dns } = server.ports;
    const ids: number[] = [];
    const socket = connect({ host: "127.0.0.1", port: dns });
    onTestFinished(() => void socket.destroy());
    socket.on("data", (chunk: Buffer) => {
      for (let at = 0; at + 2 <= chunk.length; at += 2 + chunk.readUInt16BE(at)) ids.push(chunk.readUInt16BE(at + 2));
    });
    for (const id of [11, 12, 13]) {
      const query = encode({ type: "query", id, questions: [{ type: "A", name: "demo.multicloud.example.com" }] });
      socket.write(Buffer.concat([Buffer.from([query.length >> 8, query.length & 255]), query]));
    }
    await until("three replies", () => ids.length === 3);
    expect(ids).toEqual([11, 12, 13]);
    const refused = server.setFault("refuse");
    await until("the end of the connection", () => socket.closed, 2000);
    await refused;
  });
});

describe("failover", () => {
  test("the answer moves after detection and propagation, and moves back the same way", async () => {
    const { server, regions } = await startZone("failover");
    const [primary] = regions;
    const broken = performance.now();
    fail(primary);
    await until("detection", () => server.decided()["aws-us-east-1"] === "unhealthy");
    const detected = performance.now();
    expect(detected - broken).toBeGreaterThanOrEqual((THRESHOLD - 1) * INTERVAL_MS - 5);
    expect(await answerOf(server.ports)).toBe(FIRST);
    await until("the move", async () => (await answerOf(server.ports)) === SECOND);
    expect(performance.now() - detected).toBeGreaterThanOrEqual(PROPAGATION_MS - 20);
    if (primary !== undefined) primary.status = 200;
    await until("the way back", async () => (await answerOf(server.ports)) === FIRST);
  });

  test("when nothing is healthy the primary is the answer: fail-open", async () => {
    const { server, regions } = await startZone("failover");
    fail(regions[0]);
    await until("the move", async () => (await answerOf(server.ports)) === SECOND);
    fail(regions[1]);
    await until("fail-open", async () => (await answerOf(server.ports)) === FIRST);
    expect(server.health()).toEqual({ "aws-us-east-1": "unhealthy", "gcp-europe-west1": "unhealthy" });
  });

  test("stuck keeps the answer of its moment while health moves on, also when it is set twice", async () => {
    const { server, regions } = await startZone("failover");
    await server.setFault("stuck");
    fail(regions[0]);
    await until("health", () => server.health()["aws-us-east-1"] === "unhealthy");
    await server.setFault("stuck");
    expect(await answerOf(server.ports)).toBe(FIRST);
    await server.setFault("open");
    expect(await answerOf(server.ports)).toBe(SECOND);
  });

  test("a new topology is served at once and starts healthy", async () => {
    const { server, regions } = await startZone("failover");
    fail(regions[0]);
    await until("the move", async () => (await answerOf(server.ports)) === SECOND);
    server.serve(quickTopology("failover", await Promise.all([startRegion(), startRegion()])));
    expect(await answerOf(server.ports)).toBe(FIRST);
  });
});

describe("latency", () => {
  test.each([
    { clientSubnet: "198.51.100.0/26", want: FIRST, who: "enam" },
    { clientSubnet: "203.0.113.0/26", want: SECOND, who: "weur" },
    { clientSubnet: "203.0.113.42/32", want: SECOND, who: "an address of weur's" },
    { clientSubnet: "192.0.2.0/24", want: FIRST, who: "someone unknown, as the first vantage" },
    { clientSubnet: null, want: FIRST, who: "someone without a client subnet, as the first vantage" },
  ])("$who gets $want", async ({ clientSubnet, want }) => {
    const { server } = await startZone("latency");
    expect(await answerOf(server.ports, { clientSubnet })).toBe(want);
  });

  test("who is the first vantage depends on the topology alone", async () => {
    const { server, regions } = await startZone("latency");
    const topology = quickTopology("latency", regions);
    const vantages = topology.probe.vantages.toSorted((a, b) => Number(b.id === "weur") - Number(a.id === "weur"));
    server.serve({ ...topology, probe: { ...topology.probe, vantages } });
    expect(await answerOf(server.ports)).toBe(SECOND);
    expect(await answerOf(server.ports, { clientSubnet: "198.51.100.0/26" })).toBe(FIRST);
  });

  test("an unhealthy nearest region is passed over for those near it, and nobody else moves", async () => {
    const { server, regions } = await startZone("latency");
    const weur = { clientSubnet: "203.0.113.0/26" };
    fail(regions[1]);
    await until("the move", async () => (await answerOf(server.ports, weur)) === FIRST);
    expect(await answerOf(server.ports, { clientSubnet: "198.51.100.0/26" })).toBe(FIRST);
  });
});

describe("DNS over HTTPS", () => {
  const type = { "content-type": "application/dns-message" };
  test.each([
    { what: "a GET without a message", path: "/dns-query", init: {}, want: 400 },
    { what: "a GET with padding", path: "/dns-query?dns=AAA=", init: {}, want: 400 },
    { what: "a GET that is too long", path: `/dns-query?dns=${"A".repeat(6000)}`, init: {}, want: 400 },
    { what: "a POST of another type", path: "/dns-query", init: { method: "POST", body: "x" }, want: 415 },
    {
      what: "a POST that is too long",
      path: "/dns-query",
      init: { method: "POST", headers: type, body: "x".repeat(5000) },
      want: 413,
    },
    { what: "a PUT", path: "/dns-query", init: { method: "PUT", headers: type, body: "x" }, want: 405 },
    { what: "another path", path: "/", init: {}, want: 404 },
  ])("$what gets $want", async ({ path, init, want }) => {
    const server = await startServer();
    const response = await fetch(`http://127.0.0.1:${server.ports.doh}${path}`, init);
    expect(response.status).toBe(want);
  });
});
