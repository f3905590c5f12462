// What an upstream may answer, as rows of the comparison between a direct connection and the router.
import { brotliCompressSync, gzipSync } from "node:zlib";
import type { Row } from "./passing-row.ts";

const PLAIN = "the quick brown fox jumps over the lazy dog. ".repeat(50);
const GZIP = gzipSync(PLAIN);
const BROTLI = brotliCompressSync(PLAIN);
const ALL_BYTES = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));

export const REPLIES: readonly Row[] = [
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
