// What a client may ask, as rows of the comparison between a direct connection and the router.
import type { Row } from "./passing-row.ts";

const SAYS_NOTHING: Row["differs"] = {
  why: "workerd says that there is no body (RFC 9110, section 8.6, allows both)",
  sends: [["content-length", "0"]],
};

export const REQUESTS: readonly Row[] = [
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
  { name: "GET with a body", ask: { headers: [["Content-Length", "2"]], body: "{}" } },
  {
    name: "GET with a body in chunks",
    ask: { headers: [["Transfer-Encoding", "chunked"]], body: "{}" },
    differs: { why: "workerd drops such a body, for any Worker", body: "" },
  },
  {
    name: "fields in UTF-8, and bytes that are none, together",
    ask: {
      headers: [
        ["X-Euro", "\u00e2\u0082\u00ac"],
        ["X-Torn", "caf\u00e9"],
        ["X-Smile", "\u00f0\u009f\u0098\u0080"],
      ],
    },
  },
  {
    name: "fields in UTF-8",
    ask: {
      headers: [
        ["X-Euro", "\u00e2\u0082\u00ac"],
        ["X-Smile", "\u00f0\u009f\u0098\u0080"],
      ],
    },
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
