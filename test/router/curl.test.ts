// What people try first: curl, directly and through the router, with everything it says about the exchange. Skipped where
// there is no curl.
import { execFile } from "node:child_process";
import { buffer } from "node:stream/consumers";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isInstalled } from "../suites/checks.ts";
import type { Answer } from "./passing-upstream.ts";
import { type PassingWorld, startPassingWorld, WAYS, type Way } from "./passing-world.ts";
import { HOST } from "./router-world.ts";

const run = promisify(execFile);
const CURL_SECONDS_MAX = 20;
const hasCurl = isInstalled("curl", ["--version"], "succeeded");
if (!hasCurl) console.error("skipped: there is no curl here (apt-get install curl)");

let world: PassingWorld;
beforeAll(async () => {
  world = await startPassingWorld();
});
afterAll(() => world.end());

async function curl(way: Way, words: readonly string[]): Promise<string> {
  const resolve = ["--resolve", `${HOST}:${world.port(way)}:127.0.0.1`];
  const limits = ["--silent", "--show-error", "--noproxy", "*", "--max-time", String(CURL_SECONDS_MAX)];
  const { stdout } = await run("curl", [...limits, ...resolve, ...words, `http://${HOST}:${world.port(way)}/a?b=c`], {
    encoding: "latin1",
  });
  return stdout;
}

const ECHO: Answer = async (request, response) => {
  const body = await buffer(request);
  response.writeHead(200, { "content-type": "text/plain" });
  response.end(`${request.method} ${request.url} ${body.length} ${request.headers.range ?? ""}`);
};
const WORDS = "%{http_code} %{size_download} %{num_redirects} %{exitcode}";

const ROWS: readonly {
  readonly name: string;
  readonly words: readonly string[];
  readonly answer?: Answer;
  readonly shows: string;
}[] = [
  { name: "a page", words: [], shows: "GET /a?b=c 0 " },
  { name: "a form", words: ["--data", "x=1&y=2"], shows: "POST /a?b=c 7 " },
  {
    name: "a body of which it asks first whether it is wanted",
    words: ["--header", "Expect: 100-continue", "--data-raw", "x".repeat(70_000), "--expect100-timeout", "15"],
    shows: "POST /a?b=c 70000 ",
  },
  {
    name: "an upload in chunks",
    words: ["--header", "Transfer-Encoding: chunked", "--data", "hello"],
    shows: "POST /a?b=c 5 ",
  },
  { name: "a range", words: ["--range", "0-4"], shows: "GET /a?b=c 0 bytes=0-4" },
  { name: "HTTP/1.0", words: ["--http1.0"], shows: "GET /a?b=c 0 " },
  { name: "the head alone", words: ["--head", "--output", "/dev/null", "--write-out", WORDS], shows: "200 0 0 0" },
  {
    name: "a packed reply, unpacked",
    words: ["--compressed"],
    answer: (request, response) => {
      expect(request.headers["accept-encoding"]).toContain("gzip");
      response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync("unpacked"));
    },
    shows: "unpacked",
  },
  {
    name: "a redirect that it does not follow",
    words: ["--output", "/dev/null", "--write-out", `${WORDS} %{redirect_url}`],
    answer: (_request, response) => response.writeHead(302, { location: "http://elsewhere.example/" }).end(),
    shows: "302 0 0 0 http://elsewhere.example/",
  },
];

test.skipIf(!hasCurl).each(ROWS.flatMap((row) => WAYS.map((way) => ({ ...row, way }))))(
  "curl, $way: $name",
  async ({ way, words, answer = ECHO, shows }) => {
    world.upstream.play(answer);
    expect(await curl(way, words)).toBe(shows);
    expect(world.standby.arrivals).toEqual([]);
  },
);
