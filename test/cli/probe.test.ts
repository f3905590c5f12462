// `monitor probe` as a process, against real servers: exit codes, what goes where, and what must never be shown.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, describe, expect, test } from "vitest";
import { parseProbe } from "../../monitor/cli/probe-arguments.ts";
import { followRedirects } from "../../monitor/cli/probe-looks.ts";
import { makeNodeClock } from "../../monitor/node/clock.ts";
import { closedPort } from "../support/fault-server-ports.ts";
import { makeAuthority, makeCertificate } from "../support/fault-server-certificate.ts";
import { CLAIM, serveHttp, serveHttp2, serveTls } from "./probe-servers.ts";

const MAIN = join(import.meta.dirname, "../../monitor/cli/main.ts");
const folder = mkdtempSync(join(tmpdir(), "probe-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const authority = makeAuthority("Probe authority");
const good = makeCertificate("localhost", authority);
const cacert = join(folder, "ca.pem");
writeFileSync(cacert, authority.cert);
const noPem = join(folder, "no.pem");
writeFileSync(noPem, "nothing");
const SECRET = "s3cret-value";

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function probe(...words: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, [MAIN, "probe", ...words], { stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise<number>((resolve) => child.once("close", (code) => resolve(code ?? -1)));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, stdout, stderr };
}

describe("one look", () => {
  test("over TLS shows phases, reply, claim, certificate, Route 53 and the curl line, and ends with 0", async () => {
    const { port } = await serveTls(good);
    const { code, stdout, stderr } = await probe(`https://localhost:${port}/`, "--cacert", cacert);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    for (const phase of ["dns", "connect", "tls", "ttfb", "transfer", "total"])
      expect(stdout).toMatch(new RegExp(`^  ${phase} +\\d+\\.\\d ms`, "m"));
    expect(stdout).toContain(`127.0.0.1:${port}  HTTP/1.1  TLSv1.3`);
    expect(stdout).toContain(`claim        region ${CLAIM.region}, cluster ${CLAIM.cluster}`);
    expect(stdout).toContain("certificate  localhost: valid, ");
    expect(stdout).toContain("Route 53     would pass it: status 200");
    expect(stdout).toContain(`--resolve localhost:${port}:127.0.0.1`);
    expect(stdout.endsWith("\nconforms: status 200\n")).toBe(true);
  });

  test("under a certificate that is not trusted ends with 1, and the secret was neither sent nor shown", async () => {
    const server = await serveTls(good);
    const { code, stdout } = await probe(`https://localhost:${server.port}/`, "--header", `Authorization: ${SECRET}`);
    expect(code).toBe(1);
    expect(stdout).toContain("✗ tls: ");
    expect(stdout).toContain("Route 53     would pass it");
    expect(stdout).not.toContain(SECRET);
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  });

  test("in JSON is one envelope without the secret, which was sent", async () => {
    const server = await serveHttp();
    const { code, stdout } = await probe(
      `http://127.0.0.1:${server.port}/?token=${SECRET}`,
      "--header",
      `authorization: ${SECRET}`,
      "--json",
    );
    expect(code).toBe(0);
    expect(server.requests).toMatchObject([{ url: `/?token=${SECRET}`, headers: { authorization: SECRET } }]);
    expect(stdout).not.toContain(SECRET);
    expect(stdout.trimEnd().split("\n")).toHaveLength(1);
    expect(JSON.parse(stdout)).toMatchObject({
      schemaVersion: 1,
      command: "probe",
      verdict: "conforms",
      findings: [],
      data: {
        headers: { authorization: "…" },
        looks: [
          {
            at: expect.stringMatching(/Z$/) as string,
            verdict: "conforms",
            claim: { region: CLAIM.region, time: "2026-11-22T12:00:00.000Z" },
          },
        ],
        route53: { outcome: "passes" },
        curl: expect.stringContaining('-H "authorization: $AUTHORIZATION"') as string,
      },
    });
  });

  test("by HTTP/2 says so, and where the server has none says that", async () => {
    const server = await serveHttp2(good);
    const spoken = await probe(`https://localhost:${server.port}/`, "--http2", "--cacert", cacert);
    expect(spoken.code).toBe(0);
    expect(spoken.stdout).toContain("HTTP/2  TLSv1.3");
    const { port } = await serveTls(good);
    const { code, stdout } = await probe(`https://localhost:${port}/`, "--http2", "--cacert", cacert);
    expect(code).toBe(1);
    expect(stdout).toContain("The server does not speak HTTP/2: by ALPN it chose http/1.1.");
  });

  test("with --resolve goes there under the name of the URL", async () => {
    const server = await serveTls(makeCertificate("demo.example", authority));
    const pin = `demo.example:${server.port}:127.0.0.1`;
    const { code } = await probe(`https://demo.example:${server.port}/`, "--resolve", pin, "--cacert", cacert);
    expect(code).toBe(0);
    expect(server.requests[0]?.headers.host).toBe(`demo.example:${server.port}`);
  });

  test("at a port where nobody listens ends with 1 and a hint", async () => {
    const closed = await closedPort();
    const { code, stdout } = await probe(`http://127.0.0.1:${closed.port}/`);
    closed.close();
    expect(code).toBe(1);
    expect(stdout).toMatch(/^ {2}connect +\d+\.\d ms {2}░+ ✗$/m);
    expect(stdout).toContain("try: The host is there and nothing listens on that port");
    expect(stdout).not.toMatch(/^ {2}(ttfb|transfer)/m);
  });

  test.each([
    { words: ["--search-string", CLAIM.region], code: 0, say: "text         found within the first 5120 bytes" },
    { words: ["--search-string", "nowhere"], code: 1, say: "deviates: the text is not in the body" },
    { words: ["--method", "HEAD"], code: 0, say: "its checkers send GET" },
  ])("with $words ends with $code and says: $say", async ({ words, code, say }) => {
    const { port } = await serveHttp();
    const ended = await probe(`http://127.0.0.1:${port}/`, ...words);
    expect(ended.code).toBe(code);
    expect(ended.stdout).toContain(say);
  });
});

describe("redirects", () => {
  /** "/3" redirects to "/2", and so on; "/0" answers; "/loop" redirects to itself. */
  async function serveChain() {
    return await serveHttp((request, response) => {
      const left = Number(request.url?.slice(1));
      if (request.url === "/ftp") response.writeHead(302, { location: "ftp://a.example/" }).end();
      else if (left === 0) response.end("here");
      else response.writeHead(302, { location: Number.isNaN(left) ? "/loop" : `/${left - 1}` }).end();
    });
  }

  test.each([
    { path: "/0", requests: 1, ended: null },
    { path: "/3", requests: 4, ended: null },
    { path: "/10", requests: 11, ended: null },
    { path: "/11", requests: 11, ended: "more than 10 redirects" },
    { path: "/loop", requests: 11, ended: "more than 10 redirects" },
    { path: "/ftp", requests: 1, ended: "it redirects to ftp://a.example/, which is no http or https URL" },
  ])("from $path make $requests requests, a connection each, and end: $ended", async ({ path, requests, ended }) => {
    const server = await serveChain();
    const settings = parseProbe([`http://127.0.0.1:${server.port}${path}`, "--follow"]);
    if ("refusal" in settings) throw new Error(settings.refusal);
    const followed = await followRedirects(settings, makeNodeClock());
    expect(followed.ended).toBe(ended);
    expect(followed.hops).toHaveLength(requests);
    expect(server.requests).toHaveLength(requests);
    expect(server.connections()).toBe(requests);
  });

  test.each([
    { words: [], code: 0, say: "location: /0" },
    { words: ["--follow"], code: 0, say: "── 2 of 2 ──" },
  ])("are shown with $words: $say", async ({ words, code, say }) => {
    const { port } = await serveChain();
    const ended = await probe(`http://127.0.0.1:${port}/1`, ...words);
    expect(ended.code).toBe(code);
    expect(ended.stdout).toContain(say);
  });

  test("to another origin do not get the caller's headers", async () => {
    const other = await serveHttp();
    const location = `http://127.0.0.1:${other.port}/`;
    const first = await serveHttp((_request, response) => response.writeHead(307, { location }).end());
    const { code } = await probe(`http://127.0.0.1:${first.port}/`, "--follow", "--header", `authorization: ${SECRET}`);
    expect(code).toBe(0);
    expect(first.requests[0]?.headers.authorization).toBe(SECRET);
    expect(other.requests[0]?.headers.authorization).toBeUndefined();
  });
});

describe("several looks", () => {
  test("at each address have a row each; one that is dead makes it 1", async () => {
    const server = await serveHttp();
    await serveHttp(undefined, "127.0.0.2", server.port);
    const look = async (addresses: string) =>
      await probe(
        `http://demo.example:${server.port}/`,
        "--each-ip",
        "--resolve",
        `demo.example:${server.port}:${addresses}`,
      );
    const both = await look("127.0.0.1,127.0.0.2");
    expect(both.code).toBe(0);
    expect(both.stdout).toMatch(/^127\.0\.0\.1 .* 200 .*\n127\.0\.0\.2 .* 200 /m);
    expect(both.stdout).toContain("conforms: 2 of 2 addresses serve");
    const dead = await look("127.0.0.1,127.0.0.3");
    expect(dead.code).toBe(1);
    expect(dead.stdout).toContain("✗ 127.0.0.3: The connection was refused (ECONNREFUSED).");
    expect(dead.stdout).toContain(`--resolve demo.example:${server.port}:127.0.0.3`);
  });

  test("with --count make a connection each, and end with a summary", async () => {
    let requests = 0;
    const server = await serveHttp((_request, response) => {
      requests += 1;
      response.writeHead(requests === 3 ? 503 : 200).end(JSON.stringify(CLAIM));
    });
    const { code, stdout } = await probe(`http://127.0.0.1:${server.port}/`, "--count", "4", "--interval", "1ms");
    expect(code).toBe(1);
    expect(server.connections()).toBe(4);
    expect(stdout).toMatch(/^ {3}4 .* ok 200/m);
    expect(stdout).toMatch(/^total +4 .*failed$/m);
    expect(stdout).toContain("failures  1 × status 503");
    expect(stdout).toContain(`region    4 × ${CLAIM.region}`);
    expect(stdout).toContain("deviates: 3 of 4 looks were served");
  });

  test("end at Ctrl-C with what was seen until then", async () => {
    const { port } = await serveHttp();
    const words = [MAIN, "probe", `http://127.0.0.1:${port}/`, "--count", "1000", "--interval", "10m"];
    const child = spawn(process.execPath, words, { stdio: ["ignore", "pipe", "inherit"] });
    const ended = new Promise<number>((resolve) => child.once("close", (code) => resolve(code ?? -1)));
    let stdout = "";
    let told = false;
    child.stdout.on("data", (piece: Buffer) => {
      stdout += piece.toString();
      if (!told && stdout.includes(" ok 200")) told = child.kill("SIGINT");
    });
    expect(await ended).toBe(0);
    expect(stdout).toContain("conforms: 1 of 1 looks were served");
  });
});

describe("wrong usage is refused, and repeats no secret", () => {
  const url = "http://127.0.0.1:1/";
  test.each([
    { words: [], say: "expected one URL, found 0" },
    { words: [url, url], say: "expected one URL, found 2" },
    {
      words: ["demo.example.com"],
      say: 'expected an http or https URL, such as https://demo.example.com/healthz, found "demo.example.com"',
    },
    { words: ["ftp://a.example/"], say: "expected an http or https URL" },
    { words: [`https://u:${SECRET}@a.example/`], say: "expected a URL without user and password" },
    { words: [`htp://u:${SECRET}@a.example/`], say: 'found "htp://a.example/"' },
    { words: [url, "--count", "0"], say: '--count: expected a whole number from 1 to 1000, found "0"' },
    { words: [url, "--count", "1001"], say: "--count: expected a whole number from 1 to 1000" },
    { words: [url, "--interval", "1s"], say: "--interval: expected --count beside it" },
    {
      words: [url, "--count", "2", "--follow"],
      say: "expected one of --follow, --each-ip and --count, found --follow and --count",
    },
    { words: [url, "--timeout", "soon"], say: "--timeout: expected a time such as" },
    { words: [url, "--timeout", "5m"], say: "--timeout: expected 10 ms to 120 s" },
    { words: [url, "--method", "POST"], say: '--method: expected GET or HEAD, found "POST"' },
    { words: [url, "--family", "5"], say: '--family: expected 4 or 6, found "5"' },
    { words: [url, "--http2"], say: "--http2: expected an https URL, found an http one" },
    { words: [url, "--header", SECRET], say: "--header: expected 'NAME: VALUE'" },
    { words: [url, "--header", `authorization: ${SECRET}\u0001`], say: 'found a broken "authorization"' },
    { words: [url, "--header", "connection: close"], say: 'found "connection"' },
    {
      words: [url, "--resolve", "127.0.0.1:2:127.0.0.1"],
      say: '--resolve: expected the host and port of the URL, 127.0.0.1:1, found "127.0.0.1:2"',
    },
    { words: [url, "--resolve", "127.0.0.1:1:there"], say: "--resolve: expected HOST:PORT:IP" },
    { words: [url, "--search-string", "a", "--method", "HEAD"], say: "--search-string: expected GET" },
    {
      words: [url, "--search-string", "a".repeat(256)],
      say: "--search-string: expected 1 to 255 characters, found 256",
    },
    { words: [url, "--cacert", noPem], say: "--cacert: expected a PEM file with certificates" },
    { words: [url, "--frob"], say: "Unknown option '--frob'" },
  ])("$words: $say", ({ words, say }) => {
    const { refusal } = parseProbe(words) as { refusal: string };
    expect(refusal).toContain(say);
    expect(refusal).not.toContain(SECRET);
  });

  test("with 2, on stderr", async () => {
    const { code, stdout, stderr } = await probe(`https://u:${SECRET}@a.example/`);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^expected a URL without user and password.*\n\nmonitor probe URL/);
    expect(stderr).not.toContain(SECRET);
  });
});
