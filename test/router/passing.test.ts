// Exchanges that a direct connection and the router must show alike, to the client and to the upstream: every row is done both
// ways and compared. What the platform changes is named in its row, and nothing else may differ.
import { createHash } from "node:crypto";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Asking, byName, exchange, type Exchanged, withoutMarks } from "./passing-exchange.ts";
import { type PassingWorld, startPassingWorld } from "./passing-world.ts";
import type { Answer } from "./passing-upstream.ts";
import { HOST } from "./router-world.ts";

let world: PassingWorld;
beforeAll(async () => {
  world = await startPassingWorld();
});
afterAll(() => world.end());

interface Row {
  readonly name: string;
  readonly ask?: Asking;
  readonly answer?: Answer;
  /** What a direct connection shows, where it is worth saying. */
  readonly shows?: Partial<Exchanged>;
  /** What the platform makes of it, and nothing that we could help. */
  readonly differs?: {
    readonly why: string;
    readonly reply?: Partial<Exchanged>;
    /** Fields that the region gets besides, or instead of those of the same name. */
    readonly sends?: Exchanged["headers"];
  };
}

const PLAIN = "the quick brown fox jumps over the lazy dog. ".repeat(50);
const GZIP = gzipSync(PLAIN);
const BROTLI = brotliCompressSync(PLAIN);
const ALL_BYTES = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));

const REPLIES: readonly Row[] = [
  { name: "200 with a length", answer: (_q, r) => r.writeHead(200, { "content-length": "5" }).end("hello") },
  {
    name: "200 in chunks, without a length",
    answer: (_q, r) => {
      r.writeHead(200, { "content-type": "text/plain" });
      r.write("hel");
      r.end("lo");
    },
    shows: { body: "hello" },
  },
  {
    name: "a body that ends with its connection",
    answer: (_q, r) => r.socket?.end("HTTP/1.1 200 OK\r\nx-kind: old\r\nconnection: close\r\n\r\nuntil the end"),
    shows: { body: "until the end" },
  },
  {
    name: "a reply of HTTP/1.0",
    answer: (_q, r) => r.socket?.end("HTTP/1.0 200 OK\r\ncontent-length: 3\r\n\r\nold"),
    shows: { body: "old" },
  },
  { name: "an empty body", answer: (_q, r) => r.writeHead(200, { "content-length": "0" }).end() },
  {
    name: "every byte there is",
    answer: (_q, r) => r.writeHead(200, { "content-type": "application/octet-stream" }).end(ALL_BYTES),
  },
  {
    name: "204, without a body",
    answer: (_q, r) => r.writeHead(204, { etag: '"a"' }).end(),
    shows: { status: 204, body: "" },
  },
  {
    name: "304, with the validators of what is not sent",
    ask: {
      headers: [
        ["If-None-Match", '"a"'],
        ["If-Modified-Since", "Mon, 01 Jun 2026 00:00:00 GMT"],
      ],
    },
    answer: (_q, r) => r.writeHead(304, { etag: '"a"', "cache-control": "max-age=60", vary: "accept" }).end(),
    shows: { status: 304, body: "" },
  },
  {
    name: "HEAD, with the length of what GET would give",
    ask: { method: "HEAD" },
    answer: (_q, r) => r.writeHead(200, { "content-length": "123456", "content-type": "video/mp4" }).end(),
    shows: { body: "" },
  },
  {
    name: "a status of the upstream's own, with its words",
    answer: (_q, r) => r.writeHead(299, "Very Fine").end("x"),
    shows: { status: 299, reason: "Very Fine" },
  },
  {
    name: "words that are not the usual ones",
    answer: (_q, r) => r.writeHead(404, "Gone Fishing").end("x"),
    shows: { reason: "Gone Fishing" },
  },
  {
    name: "500 of the application's own",
    answer: (_q, r) => r.writeHead(500, { "x-bug": "1" }).end("bug"),
    shows: { status: 500 },
  },
  {
    name: "a redirect, which is the client's to follow",
    answer: (_q, r) => r.writeHead(302, { location: "/elsewhere?a=b" }).end(),
    shows: { status: 302 },
  },
  {
    name: "401 with two challenges",
    answer: (_q, r) => r.writeHead(401, { "www-authenticate": ["Basic realm=a", "Bearer"] }).end(),
    shows: { status: 401 },
    differs: {
      why: "lists in one field (RFC 9110, section 5.3)",
      reply: { headers: [["www-authenticate", "Basic realm=a, Bearer"]] },
    },
  },
  {
    name: "several cookies, each a field of its own, in order",
    answer: (_q, r) =>
      r
        .writeHead(200, {
          "set-cookie": ["b=2; Path=/; Expires=Wed, 21 Oct 2026 07:28:00 GMT", "a=1", "a=1; Secure", "=x"],
        })
        .end("ok"),
  },
  {
    name: "gzip as it was packed",
    ask: { headers: [["Accept-Encoding", "gzip"]] },
    answer: (_q, r) =>
      r
        .writeHead(200, { "content-encoding": "gzip", "content-length": String(GZIP.length), vary: "accept-encoding" })
        .end(GZIP),
  },
  {
    name: "gzip in chunks",
    ask: { headers: [["Accept-Encoding", "gzip"]] },
    answer: (_q, r) => r.writeHead(200, { "content-encoding": "gzip" }).end(GZIP),
  },
  {
    name: "gzip for a client that did not ask for it",
    answer: (_q, r) => r.writeHead(200, { "content-encoding": "gzip" }).end(GZIP),
  },
  {
    name: "brotli as it was packed",
    ask: { headers: [["Accept-Encoding", "br"]] },
    answer: (_q, r) =>
      r.writeHead(200, { "content-encoding": "br", "content-length": String(BROTLI.length) }).end(BROTLI),
  },
  {
    name: "an encoding that nobody knows",
    answer: (_q, r) => r.writeHead(200, { "content-encoding": "rot13" }).end("uryyb"),
  },
  {
    name: "what calls itself gzip and is not",
    answer: (_q, r) => r.writeHead(200, { "content-encoding": "gzip" }).end("plain"),
  },
  {
    name: "a range",
    ask: {
      headers: [
        ["Range", "bytes=2-4"],
        ["If-Range", '"a"'],
      ],
    },
    answer: (_q, r) =>
      r
        .writeHead(206, {
          "content-range": "bytes 2-4/10",
          "content-length": "3",
          etag: '"a"',
          "accept-ranges": "bytes",
        })
        .end("cde"),
    shows: { status: 206 },
  },
  {
    name: "several ranges",
    ask: { headers: [["Range", "bytes=0-0,-1"]] },
    answer: (_q, r) =>
      r
        .writeHead(206, { "content-type": "multipart/byteranges; boundary=x" })
        .end("--x\r\nContent-Range: bytes 0-0/3\r\n\r\na\r\n--x--"),
  },
  {
    name: "a range that is not there",
    ask: { headers: [["Range", "bytes=99-"]] },
    answer: (_q, r) => r.writeHead(416, { "content-range": "bytes */10" }).end(),
  },
  {
    name: "fields with Latin letters, empty values and inner blanks",
    answer: (_q, r) => r.writeHead(200, { "x-empty": "", "x-latin": "caf\u00e9", "x-blanks": "a  b" }).end("x"),
  },
  {
    name: "a field of 30 KB",
    answer: (_q, r) => r.writeHead(200, { "x-long": "y".repeat(30_000) }).end("x"),
    shows: { body: "x" },
  },
  {
    name: "trailers",
    answer: (_q, r) => {
      r.writeHead(200, { trailer: "x-sum" });
      r.write("body");
      r.addTrailers({ "x-sum": "42" });
      r.end();
    },
    shows: { trailers: [["x-sum", "42"]] },
    differs: { why: "workerd reads trailers and drops them", reply: { trailers: [], headers: [] } },
  },
  {
    name: "103 before the reply",
    answer: (_q, r) => {
      r.writeEarlyHints({ link: "</style.css>; rel=preload" });
      r.writeHead(200, { link: "</style.css>; rel=preload" }).end("page");
    },
    shows: { interim: [103] },
    differs: { why: "workerd reads interim replies and drops them", reply: { interim: [] } },
  },
  {
    name: "102 before the reply",
    answer: (_q, r) => {
      r.writeProcessing();
      r.writeHead(200).end("done");
    },
    shows: { interim: [102] },
    differs: { why: "workerd reads interim replies and drops them", reply: { interim: [] } },
  },
];

const SAYS_NOTHING: Row["differs"] = {
  why: "workerd says that there is no body (RFC 9110, section 8.6, allows both)",
  sends: [["content-length", "0"]],
};

const REQUESTS: readonly Row[] = [
  {
    name: "a body with a length",
    ask: {
      method: "POST",
      headers: [
        ["Content-Length", "5"],
        ["Content-Type", "text/plain"],
      ],
      body: "hello",
    },
  },
  {
    name: "a body in chunks, without a length",
    ask: { method: "POST", headers: [["Transfer-Encoding", "chunked"]], body: "hello" },
  },
  {
    name: "a body that is too large to be kept",
    ask: { method: "PUT", headers: [["Content-Length", "300000"]], body: "x".repeat(300_000) },
  },
  { name: "PUT of nothing", ask: { method: "PUT", headers: [["Content-Length", "0"]] } },
  { name: "PATCH", ask: { method: "PATCH", headers: [["Content-Length", "2"]], body: "{}" } },
  { name: "DELETE without a body", ask: { method: "DELETE" }, differs: SAYS_NOTHING },
  { name: "DELETE with a body", ask: { method: "DELETE", headers: [["Content-Length", "2"]], body: "{}" } },
  {
    name: "OPTIONS, as a browser asks beforehand",
    ask: {
      method: "OPTIONS",
      headers: [
        ["Origin", "https://a.example"],
        ["Access-Control-Request-Method", "PUT"],
      ],
    },
    differs: SAYS_NOTHING,
  },
  {
    name: "PROPFIND",
    ask: {
      method: "PROPFIND",
      headers: [
        ["Depth", "1"],
        ["Content-Length", "2"],
      ],
      body: "<>",
    },
  },
  {
    name: "several cookies",
    ask: {
      headers: [
        ["Cookie", "a=1; b=2; a=3"],
        ["Accept", "text/html;q=0.9, */*;q=0.1"],
      ],
    },
  },
  {
    name: "who may ask",
    ask: {
      headers: [
        ["Authorization", "Bearer a.b.c"],
        ["User-Agent", "curl/8"],
      ],
    },
  },
  {
    name: "what is accepted",
    ask: {
      headers: [
        ["Accept-Encoding", "gzip, deflate, br, zstd"],
        ["Accept-Language", "nl-BE"],
      ],
    },
  },
  { name: "nothing accepted at all", ask: {} },
  {
    name: "cookies in two fields",
    ask: {
      headers: [
        ["Cookie", "a=1"],
        ["Cookie", "b=2"],
      ],
    },
    differs: { why: "workerd joins them before a Worker sees them", sends: [["cookie", "a=1, b=2"]] },
  },
  {
    name: "two fields of one name",
    ask: {
      headers: [
        ["X-Thing", "1"],
        ["Accept", "a/b"],
        ["X-Thing", "2"],
      ],
    },
    differs: { why: "a list in one field means the same (RFC 9110, section 5.3)", sends: [["x-thing", "1, 2"]] },
  },
  {
    name: "fields with Latin letters, empty values and odd names",
    ask: {
      headers: [
        ["X-Latin", "caf\u00e9"],
        ["X-Empty", ""],
        ["constructor", "x"],
        ["1", "one"],
        ["x_y!", "2"],
      ],
    },
  },
  { name: "a query in all its forms", ask: { path: "/a?b=c&b=d&&e=%20+%2B&=f&g" } },
  { name: "an empty query", ask: { path: "/a?" } },
  { name: "letters in disguise stay in disguise", ask: { path: "/%7Euser/%41/a%2Fb/%E2%82%AC;v=1/a,b/(c)/'d'" } },
  { name: "two slashes", ask: { path: "//a//b" } },
  {
    name: "a session's end",
    ask: {
      headers: [
        ["Pragma", "no-cache"],
        ["Cache-Control", "no-cache"],
        ["DNT", "1"],
      ],
    },
  },
  {
    name: "Expect: 100-continue",
    ask: {
      method: "POST",
      headers: [
        ["Expect", "100-continue"],
        ["Content-Length", "5"],
      ],
      body: "hello",
    },
  },
];

describe.each([
  { what: "replies", rows: REPLIES },
  { what: "requests", rows: REQUESTS },
])("$what pass unchanged", ({ rows }) => {
  test.each(rows)("$name", async ({ ask = {}, answer = OK, shows = {}, differs }) => {
    const direct = await exchange(world.port("directly"), world.upstream, ask, answer);
    const routed = withoutMarks(await exchange(world.port("through the router"), world.upstream, ask, answer), HOST);
    expect(shortened(direct)).toMatchObject(shows);
    const upstream = expectedArrival(direct.upstream, differs?.sends ?? []);
    // A difference that has gone is news too.
    if (differs !== undefined) expect(shortened(routed)).not.toEqual(shortened(direct));
    expect(shortened(routed)).toEqual(shortened({ ...direct, ...differs?.reply, upstream }));
  });
});

test("no row asked the other region", () => {
  expect(world.standby.arrivals).toEqual([]);
});

const OK: Answer = (_request, response) => response.writeHead(200, { "content-length": "2" }).end("ok");

/** The region is asked by its own name; the client's is in x-forwarded-host. */
function expectedArrival(direct: Exchanged["upstream"], more: Exchanged["headers"]): Exchanged["upstream"] {
  const same = direct.headers.filter(([name]) => !more.some(([other]) => other === name));
  const own = same.map(([name, value]) =>
    name === "host" ? ([name, `127.0.0.1:${world.upstream.port}`] as const) : ([name, value] as const),
  );
  return { ...direct, headers: byName([...own, ...more]) };
}

/** Long bodies as a digest, so that a difference can be read. */
function shortened(one: Exchanged): Exchanged {
  const short = (text: string): string =>
    text.length < 500 ? text : `${text.length} bytes, ${createHash("sha256").update(text, "latin1").digest("hex")}`;
  return { ...one, body: short(one.body), upstream: { ...one.upstream, body: short(one.upstream.body) } };
}
