// A look against real servers: what each phase was, what the certificate is worth, and where it ended.
import { networkInterfaces } from "node:os";
import { afterAll, describe, expect, test } from "vitest";
import { type Phase, PHASES } from "../../monitor/model/observation.ts";
import { makeNodeClock } from "../../monitor/node/clock.ts";
import { type LookPlan, runLook } from "../../monitor/node/waterfall.ts";
import type { Look } from "../../monitor/report/look.ts";
import { judgeLook } from "../../monitor/report/look-verdict.ts";
import { CLAIM, serveHttp, serveHttp2, serveTls } from "../cli/probe-servers.ts";
import type { Fault } from "../contract/fault-addresses.ts";
import { startFaultServer } from "../support/fault-server.ts";
import { makeAuthority, makeCertificate } from "../support/fault-server-certificate.ts";

const clock = makeNodeClock();
const faults = await startFaultServer();
afterAll(faults.close);
const PATIENT_MS = 10_000;
const SHORT_MS = 1000;

const authority = makeAuthority("Look authority");
const good = makeCertificate("localhost", authority);

function planFor(url: string, changes: Partial<LookPlan> = {}): LookPlan {
  return {
    url: new URL(url),
    method: "GET",
    headers: {},
    http: "1.1",
    timeoutMs: PATIENT_MS,
    addresses: null,
    family: 4,
    authorities: authority.cert,
    searchString: null,
    ...changes,
  };
}

async function lookAt(url: string, changes: Partial<LookPlan> = {}): Promise<Look> {
  return (await runLook(planFor(url, changes), clock)).look;
}

function sumOf(look: Look): number {
  return PHASES.reduce((sum, phase) => sum + (look.phases[phase] ?? 0), 0) + (look.failedAfterMs ?? 0);
}

describe("the phases of a look", () => {
  test.each<{
    fault: Fault;
    cause: string | null;
    during: Phase | null;
    phases: readonly Phase[];
    status: number | null;
  }>([
    { fault: "ok", cause: null, during: null, phases: ["connect", "ttfb", "transfer"], status: 200 },
    { fault: "slow", cause: null, during: null, phases: ["connect", "ttfb", "transfer"], status: 200 },
    { fault: "http-503", cause: null, during: null, phases: ["connect", "ttfb", "transfer"], status: 503 },
    { fault: "redirect", cause: null, during: null, phases: ["connect", "ttfb", "transfer"], status: 302 },
    { fault: "refuse", cause: "refused", during: "connect", phases: [], status: null },
    { fault: "unanswered", cause: "timeout", during: "connect", phases: [], status: null },
    { fault: "blackhole", cause: "timeout", during: "ttfb", phases: ["connect"], status: null },
    { fault: "reset", cause: "reset", during: "ttfb", phases: ["connect"], status: null },
    { fault: "hangup", cause: "connection-lost", during: "ttfb", phases: ["connect"], status: null },
    { fault: "garbage", cause: "malformed", during: "ttfb", phases: ["connect"], status: null },
    { fault: "huge-headers", cause: "too-large", during: "ttfb", phases: ["connect"], status: null },
    { fault: "stall", cause: "timeout", during: "transfer", phases: ["connect", "ttfb"], status: 200 },
    { fault: "truncate", cause: "truncated", during: "transfer", phases: ["connect", "ttfb"], status: 200 },
    { fault: "reset-body", cause: "reset", during: "transfer", phases: ["connect", "ttfb"], status: 200 },
    { fault: "huge", cause: "too-large", during: "transfer", phases: ["connect", "ttfb"], status: 200 },
    { fault: "tls-plain", cause: "tls", during: "tls", phases: ["dns", "connect"], status: null },
    { fault: "tls-reset", cause: "reset", during: "tls", phases: ["dns", "connect"], status: null },
    { fault: "tls-hangup", cause: "connection-lost", during: "tls", phases: ["dns", "connect"], status: null },
    { fault: "tls-untrusted", cause: null, during: null, phases: PHASES, status: 200 },
  ])("at a server with the fault $fault are $phases, and add up", async ({ fault, cause, during, phases, status }) => {
    const host = fault.startsWith("tls-") ? "https://localhost" : "http://127.0.0.1";
    const timeoutMs = cause === "timeout" ? SHORT_MS : PATIENT_MS;
    const look = await lookAt(`${host}:${faults.addresses.ports[fault]}/`, { timeoutMs });
    expect(look.failure?.cause ?? null).toBe(cause);
    expect(look.failure?.phase ?? null).toBe(during);
    expect(Object.keys(look.phases)).toEqual(phases);
    expect(look.reply?.status ?? null).toBe(status);
    expect(sumOf(look)).toBeCloseTo(look.totalMs, 5);
    expect(look.failedAfterMs === null).toBe(cause === null);
  });

  test("are no more than the time that went by, and no less than it by much", async () => {
    const startedMs = clock.monotonicMs();
    const look = await lookAt(`http://127.0.0.1:${faults.addresses.ports.slow}/`);
    expect(look.totalMs).toBeLessThanOrEqual(clock.monotonicMs() - startedMs + 0.1);
    expect(look.totalMs).toBeGreaterThan(200);
  });

  test("of a silent handshake end in tls, by the timeout", async () => {
    const look = await lookAt(`https://localhost:${faults.addresses.ports.blackhole}/`, { timeoutMs: SHORT_MS });
    expect(look).toMatchObject({
      failure: { cause: "timeout", phase: "tls" },
      tls: null,
      remote: { address: "127.0.0.1" },
    });
    expect(Object.keys(look.phases)).toEqual(["dns", "connect"]);
  });
});

describe("the certificate", () => {
  const stranger = makeAuthority("Nobody's authority");
  test.each([
    { name: "that is right", certificate: good, host: "localhost", problems: [] },
    { name: "that is for the address", certificate: good, host: "127.0.0.1", problems: [] },
    {
      name: "that expired",
      certificate: makeCertificate("localhost", authority, "210101000000Z"),
      host: "localhost",
      problems: [/^it expired .* ago, on 2021-01-01$/],
    },
    {
      name: "of another name",
      certificate: good,
      host: "demo.example",
      problems: [/^it is for localhost, 127\.0\.0\.1, not for demo\.example$/],
    },
    {
      name: "of a stranger",
      certificate: makeCertificate("localhost", stranger),
      host: "localhost",
      problems: [/^its issuer is not known here/],
    },
    {
      name: "that signed itself",
      certificate: makeAuthority("localhost"),
      host: "localhost",
      problems: [/signed by itself/],
    },
    {
      name: "that expired and is of another name",
      certificate: makeCertificate("localhost", authority, "210101000000Z"),
      host: "demo.example",
      problems: [/^it expired/, /not for demo\.example$/],
    },
  ])(
    "$name is told with every problem, and the look goes on as Route 53 would",
    async ({ certificate, host, problems }) => {
      const server = await serveTls(certificate);
      const look = await lookAt(`https://${host}:${server.port}/`, { addresses: ["127.0.0.1"] });
      expect(look.tls?.problems).toHaveLength(problems.length);
      for (const [index, problem] of problems.entries()) expect(look.tls?.problems[index]).toMatch(problem);
      expect(look).toMatchObject({ failure: null, reply: { status: 200 } });
      expect(judgeLook(look).verdict).toBe(problems.length === 0 ? "conforms" : "deviates");
    },
  );

  test("comes with protocol, cipher, names, issuer, dates and the chain to its root", async () => {
    const server = await serveTls(good);
    const { tls, at } = await lookAt(`https://localhost:${server.port}/`);
    expect(tls).toMatchObject({
      protocol: "TLSv1.3",
      alpn: "http/1.1",
      cipher: expect.stringMatching(/^TLS_/) as string,
    });
    const notAfter = Date.UTC(2049, 11, 31, 23, 59, 59);
    const daysLeft = Math.floor((notAfter - at) / 86_400_000);
    expect(tls?.chain).toEqual([
      {
        subject: "localhost",
        issuer: "Look authority",
        names: ["localhost", "127.0.0.1"],
        notBefore: Date.UTC(2020, 0, 1),
        notAfter,
        daysLeft,
      },
      {
        subject: "Look authority",
        issuer: "Look authority",
        names: [],
        notBefore: Date.UTC(2020, 0, 1),
        notAfter,
        daysLeft,
      },
    ]);
  });

  test("that does not validate gets none of the caller's headers", async () => {
    const server = await serveTls(makeCertificate("localhost", stranger));
    const look = await lookAt(`https://localhost:${server.port}/`, { headers: { authorization: "s3cret" } });
    expect(server.requests[0]?.headers.authorization).toBeUndefined();
    expect(look.withheld).toEqual(["authorization"]);
  });

  test("that validates gets them, and SNI and Host keep the name of the URL", async () => {
    const servernames: string[] = [];
    const server = await serveTls(good, undefined, {
      SNICallback: (name, done) => {
        servernames.push(name);
        done(null);
      },
    });
    const headers = { authorization: "s3cret" };
    const look = await lookAt(`https://localhost:${server.port}/a?b=c`, { headers, addresses: ["127.0.0.1"] });
    expect(look).toMatchObject({ withheld: [], claim: { region: CLAIM.region } });
    expect(look.phases.dns).toBeUndefined();
    expect(server.requests).toMatchObject([
      { url: "/a?b=c", headers: { host: `localhost:${server.port}`, authorization: "s3cret" } },
    ]);
    expect(servernames).toEqual(["localhost"]);
  });

  test("of the client that a server asks for is a failure of tls", async () => {
    const server = await serveTls(good, undefined, { requestCert: true, rejectUnauthorized: true, ca: stranger.cert });
    const look = await lookAt(`https://localhost:${server.port}/`);
    expect(look.reply).toBeNull();
    expect(look.failure?.phase).toBe("ttfb");
    expect(judgeLook(look).verdict).toBe("deviates");
  });
});

describe("HTTP/2", () => {
  test("is spoken where the server agrees, with all phases", async () => {
    const server = await serveHttp2(good);
    const look = await lookAt(`https://localhost:${server.port}/`, { http: "2", headers: { "x-a": "b" } });
    expect(look).toMatchObject({
      failure: null,
      reply: { version: "2", status: 200 },
      tls: { alpn: "h2" },
      claim: { region: CLAIM.region },
    });
    expect(Object.keys(look.phases)).toEqual([...PHASES]);
    expect(sumOf(look)).toBeCloseTo(look.totalMs, 5);
    expect(server.requests[0]?.headers).toMatchObject({ ":authority": `localhost:${server.port}`, "x-a": "b" });
  });

  test("by HEAD has no body", async () => {
    const server = await serveHttp2(good);
    expect(await lookAt(`https://localhost:${server.port}/`, { http: "2", method: "HEAD" })).toMatchObject({
      failure: null,
      bytes: 0,
      claim: null,
    });
  });

  test("that a server does not speak is said so", async () => {
    const server = await serveTls(good);
    const look = await lookAt(`https://localhost:${server.port}/`, { http: "2" });
    expect(look.failure).toEqual({
      cause: "tls",
      phase: "tls",
      detail: "The server does not speak HTTP/2: by ALPN it chose http/1.1.",
    });
    expect(look.phases.tls).toBeUndefined();
  });

  test("with a stream that is reset fails as reset", async () => {
    const server = await serveHttp2(good);
    const look = await lookAt(`https://localhost:${server.port}/reset`, { http: "2" });
    expect(look.failure).toMatchObject({ cause: "reset", phase: "ttfb" });
  });
});

describe("addresses", () => {
  test("that do not connect are passed over and told", async () => {
    const server = await serveHttp(undefined, "127.0.0.2");
    const look = await lookAt(`http://demo.example:${server.port}/`, { addresses: ["127.0.0.3", "127.0.0.2"] });
    expect(look).toMatchObject({ failure: null, remote: { address: "127.0.0.2", port: server.port } });
    expect(look.passedOver).toEqual([{ address: "127.0.0.3", detail: "The connection was refused (ECONNREFUSED)." }]);
  });

  const hasIpv6 = Object.values(networkInterfaces()).some((rows) => rows?.some(({ address }) => address === "::1"));
  test.skipIf(!hasIpv6)("of IPv6 are spoken to (skipped where loopback has none)", async () => {
    const server = await serveHttp(undefined, "::1");
    const look = await lookAt(`http://[::1]:${server.port}/`, { family: 0 });
    expect(look).toMatchObject({ failure: null, remote: { address: "::1" }, addresses: ["::1"] });
    expect(server.requests[0]?.headers.host).toBe(`[::1]:${server.port}`);
  });

  test("each look makes a connection of its own, and closes it", async () => {
    const server = await serveHttp();
    for (let look = 0; look < 3; look += 1) await lookAt(`http://127.0.0.1:${server.port}/`);
    expect(server.connections()).toBe(3);
  });
});

describe("the body", () => {
  test.each([
    { name: "at the start", before: 0, want: "within" },
    { name: "that ends with the last byte searched", before: 5116, want: "within" },
    { name: "that ends a byte later", before: 5117, want: "beyond" },
    { name: "far behind", before: 20_000, want: "beyond" },
  ])("is searched for a text $name: $want", async ({ before, want }) => {
    const server = await serveHttp((_request, response) => response.end(`${" ".repeat(before)}here`));
    const look = await lookAt(`http://127.0.0.1:${server.port}/`, { searchString: "here" });
    expect(look).toMatchObject({ search: want, bytes: before + 4 });
    expect((await lookAt(`http://127.0.0.1:${server.port}/`, { searchString: "HERE" })).search).toBe("absent");
  });

  /** Half of a reply comes at once: what the server does then is the case. */
  test.each<{ name: string; before: number; does: "stalls" | "breaks off"; want: Look["search"] }>([
    { name: "that has come", before: 0, does: "stalls", want: "within" },
    { name: "that has come", before: 0, does: "breaks off", want: "within" },
    { name: "that has come, behind what is searched", before: 6000, does: "stalls", want: "beyond" },
  ])("that $does is searched for a text $name: $want", async ({ before, does, want }) => {
    const look = await lookAtHalf(`${" ".repeat(before)}here`, does);
    expect(look).toMatchObject({ search: want, bytes: before + 4, failure: { phase: "transfer" } });
  });

  test.each<{ bytes: number; does: "stalls" | "breaks off"; want: Look["search"] }>([
    { bytes: 0, does: "stalls", want: "unread" },
    { bytes: 5119, does: "stalls", want: "unread" },
    { bytes: 5120, does: "stalls", want: "absent" },
    { bytes: 100, does: "breaks off", want: "unread" },
  ])("that $does after $bytes bytes without the text: $want", async ({ bytes, does, want }) => {
    expect(await lookAtHalf(" ".repeat(bytes), does)).toMatchObject({ search: want, bytes, claim: null });
  });

  async function lookAtHalf(half: string, does: "stalls" | "breaks off"): Promise<Look> {
    const server = await serveHttp((_request, response) => {
      response.writeHead(200, { "content-length": "20000" }).flushHeaders();
      response.write(half, () => {
        if (does === "breaks off") response.socket?.end();
      });
    });
    return await lookAt(`http://127.0.0.1:${server.port}/`, { searchString: "here", timeoutMs: SHORT_MS });
  }

  test("that takes seconds says nothing of the server's clock: its Date is held against the head's arrival", async () => {
    const server = await serveHttp((_request, response) => {
      response.writeHead(200, { date: new Date(clock.now()).toUTCString() }).flushHeaders();
      setTimeout(() => response.end("late"), 2100);
    });
    const look = await lookAt(`http://127.0.0.1:${server.port}/`);
    expect(look.phases.transfer).toBeGreaterThan(2000);
    // A second may begin between the server's reading and ours.
    expect([-1000, -0, 0]).toContain(look.reply?.skewMs);
  });

  test("by HEAD is not there", async () => {
    const server = await serveHttp();
    const look = await lookAt(`http://127.0.0.1:${server.port}/`, { method: "HEAD" });
    expect(look).toMatchObject({ failure: null, bytes: 0, claim: null, reply: { status: 200 } });
  });

  test("keeps the secrets of a redirect to itself", async () => {
    const location = "https://u:p@other.example/?token=s3cret&a=1";
    const server = await serveHttp((_request, response) =>
      response.writeHead(302, { location, "set-cookie": "s3cret" }).end(),
    );
    const looked = await runLook(planFor(`http://127.0.0.1:${server.port}/?api_key=s3cret`), clock);
    expect(looked.location).toBe(location);
    expect(JSON.stringify(looked.look)).not.toContain("s3cret");
    expect(looked.look.reply?.headers["location"]).toBe("https://other.example/?token=…&a=1");
  });
});
