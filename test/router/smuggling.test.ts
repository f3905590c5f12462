// Bytes that two readers could take for different requests: one of them must not get through where the other looked. Whatever
// the router makes of them, no region reads more requests than the router has answered, and none that the client hid in a body.
import { connect } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ask, HOST, type RouterWorld, startRouter } from "./router-world.ts";

let world: RouterWorld;
beforeAll(async () => {
  world = await startRouter(`mode: proxy, host: ${HOST}, retry: { waitMs: 30000 }`);
});
afterAll(() => world.end());
beforeEach(() => {
  for (const { arrivals } of [world.east, world.west]) arrivals.length = 0;
});

const END_MS_MAX = 5000;
/** Nothing more comes after so long in silence; what would have come later is not seen, and that is all. */
const SILENT_MS = 300;
const HIDDEN = "GET /hidden HTTP/1.1\r\nHost: hidden\r\n\r\n";

/** Everything that comes back on one connection. */
function send(bytes: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(world.worker.port, "127.0.0.1");
    let text = "";
    const end = setTimeout(() => socket.destroy(), END_MS_MAX);
    socket.setTimeout(SILENT_MS, () => socket.destroy());
    socket.on("data", (piece: Buffer) => (text += piece.toString("latin1")));
    socket.on("error", () => undefined);
    socket.on("close", () => {
      clearTimeout(end);
      resolve(text);
    });
    socket.write(bytes, "latin1");
  });
}

function post(headers: readonly string[], body: string): string {
  return [`POST /seen HTTP/1.1`, `Host: ${HOST}`, ...headers, "", body].join("\r\n");
}

const chunked = (body: string): string => `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;

describe("a body whose end is in doubt", () => {
  test.each([
    { name: "two lengths that differ", bytes: post(["Content-Length: 0", `Content-Length: ${HIDDEN.length}`], HIDDEN) },
    { name: "a list of lengths", bytes: post([`Content-Length: 0, ${HIDDEN.length}`], HIDDEN) },
    { name: "a length and chunks", bytes: post(["Content-Length: 4", "Transfer-Encoding: chunked"], chunked(HIDDEN)) },
    { name: "chunks and a length", bytes: post(["Transfer-Encoding: chunked", "Content-Length: 4"], chunked(HIDDEN)) },
    {
      name: "chunks in other letters",
      bytes: post(["Transfer-Encoding: cHuNkEd", "Content-Length: 4"], chunked(HIDDEN)),
    },
    { name: "chunks that are not quite", bytes: post(["Transfer-Encoding: xchunked", "Content-Length: 0"], HIDDEN) },
    { name: "chunks twice", bytes: post(["Transfer-Encoding: chunked, chunked"], chunked(HIDDEN)) },
    { name: "chunks behind a tab", bytes: post(["Transfer-Encoding:\tchunked", "Content-Length: 4"], chunked(HIDDEN)) },
    { name: "a blank before the colon", bytes: post(["Transfer-Encoding : chunked", "Content-Length: 0"], HIDDEN) },
    { name: "a folded line", bytes: post(["Content-Length: 0", "X-Fold: a", ` b`], HIDDEN) },
    { name: "a negative length", bytes: post(["Content-Length: -1"], HIDDEN) },
    { name: "a length with a plus", bytes: post([`Content-Length: +${HIDDEN.length}`], HIDDEN) },
    { name: "a length beyond all numbers", bytes: post(["Content-Length: 99999999999999999999999999"], HIDDEN) },
    { name: "a chunk whose size is no number", bytes: post(["Transfer-Encoding: chunked"], `zz\r\n${HIDDEN}`) },
    {
      name: "a chunk whose size is beyond all numbers",
      bytes: post(["Transfer-Encoding: chunked"], `fffffffffffffffff\r\n${HIDDEN}`),
    },
    {
      name: "a chunk that is longer than it says",
      bytes: post(["Transfer-Encoding: chunked"], `1\r\nab\r\n0\r\n\r\n${HIDDEN}`),
    },
    {
      name: "lines that end with a line feed alone",
      bytes: `POST /seen HTTP/1.1\nHost: ${HOST}\nContent-Length: 0\n\n${HIDDEN}`,
    },
    {
      name: "a carriage return inside of a field",
      bytes: post(["X-A: b\rContent-Length: 4", "Content-Length: 0"], HIDDEN),
    },
    { name: "a zero byte inside of a field", bytes: post(["X-A: b\0c", "Content-Length: 0"], "") },
    {
      name: "a body of GET",
      bytes: `GET /seen HTTP/1.1\r\nHost: ${HOST}\r\nContent-Length: ${HIDDEN.length}\r\n\r\n${HIDDEN}`,
    },
    {
      name: "an upgrade with a body",
      bytes: post(["Upgrade: websocket", "Connection: upgrade", `Content-Length: ${HIDDEN.length}`], HIDDEN),
    },
    { name: "HTTP/2 without having agreed on it", bytes: `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${HIDDEN}` },
    { name: "lines in disguise in the path", bytes: `GET /a%0d%0aX-B:%20c HTTP/1.1\r\nHost: ${HOST}\r\n\r\n` },
  ])("$name", async ({ bytes }) => {
    const replies = (await send(bytes)).split(/(?=HTTP\/1\.1 \d{3} )/).filter((text) => text.startsWith("HTTP/1.1 "));
    const { arrivals } = world.east;
    expect(arrivals.length + world.west.arrivals.length).toBeLessThanOrEqual(replies.length);
    // A hidden request that the router read by itself goes to a name that is not the router's, so to the monitor's faces.
    expect(arrivals.map(({ target }) => target)).not.toContain("/hidden");
    for (const { headers } of arrivals) {
      expect(headers["x-b"]).toBeUndefined();
      expect(headers["content-length"] === undefined || headers["transfer-encoding"] === undefined).toBe(true);
    }
    // And the next client meets a router that has kept nothing of it.
    expect((await ask(world)).body).toContain("us-east-1");
  });
});

describe("size", () => {
  test.each([
    { name: "a field of a megabyte", bytes: `GET / HTTP/1.1\r\nHost: ${HOST}\r\nX: ${"a".repeat(1_000_000)}\r\n\r\n` },
    { name: "a target of a megabyte", bytes: `GET /${"a".repeat(1_000_000)} HTTP/1.1\r\nHost: ${HOST}\r\n\r\n` },
    {
      name: "fields without end",
      bytes: `GET / HTTP/1.1\r\nHost: ${HOST}\r\n${Array.from({ length: 20_000 }, (_, n) => `X-${n}: ${"a".repeat(40)}\r\n`).join("")}\r\n`,
    },
  ])("$name reaches no region", async ({ bytes }) => {
    expect(await send(bytes)).toMatch(/^(HTTP\/1\.1 4\d\d |$)/);
    expect([...world.east.arrivals, ...world.west.arrivals]).toEqual([]);
    expect((await ask(world)).status).toBe(200);
  });

  test("a WebSocket of another version is the region's to refuse", async () => {
    world.east.play((response) => void response.writeHead(426, { "sec-websocket-version": "13" }).end());
    const reply = await ask(world, {
      headers: ["Upgrade: websocket", "Sec-WebSocket-Version: 7", "Sec-WebSocket-Key: AAAA"],
    });
    world.east.play(null);
    expect(reply.status).toBe(426);
  });
});
