// WebSockets by a real client to a real server, directly and through the router: every kind of message in both directions, how
// each side closes, and what is agreed on before.
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { until } from "../support/until.ts";
import { type PassingWorld, startPassingWorld, WAYS } from "./passing-world.ts";
import { HOST } from "./router-world.ts";

let world: PassingWorld;
beforeAll(async () => {
  world = await startPassingWorld();
});
afterAll(() => world.end());

const opened: WebSocket[] = [];
afterEach(() => {
  for (const socket of opened.splice(0)) socket.terminate();
  expect(world.standby.arrivals).toEqual([]);
});

const OPEN_MS_MAX = 10_000;
const LARGE = Buffer.alloc(900_000, "0123456789abcdef");

function open(
  port: number,
  protocols: readonly string[] = [],
  headers: Readonly<Record<string, string>> = {},
): WebSocket {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/chat?room=1`, [...protocols], {
    headers: { Host: HOST, ...headers },
    handshakeTimeout: OPEN_MS_MAX,
  });
  opened.push(socket);
  return socket;
}

function opening(socket: WebSocket): Promise<unknown> {
  return once(socket, "open", { signal: AbortSignal.timeout(OPEN_MS_MAX) });
}

/** Code and reason of the other side's farewell. */
async function farewell(socket: WebSocket): Promise<readonly [code: number, reason: string]> {
  const [code, reason] = (await once(socket, "close", { signal: AbortSignal.timeout(OPEN_MS_MAX) })) as [
    number,
    Buffer,
  ];
  return [code, reason.toString()];
}

describe.each(WAYS)("%s", (way) => {
  test("texts and bytes come back as they were, each as its own kind, in order", async () => {
    world.upstream.greet((peer) =>
      peer.on("message", (piece: Buffer, isBinary) => peer.send(piece, { binary: isBinary })),
    );
    const socket = open(world.port(way));
    await opening(socket);
    const got: (readonly [kind: string, content: string])[] = [];
    socket.on("message", (piece: Buffer, isBinary) =>
      got.push([isBinary ? "bytes" : "text", piece.toString("latin1")]),
    );
    const sent = ["", "hello", Buffer.from([0, 255, 128]), Buffer.alloc(0), LARGE, LARGE.toString(), "last"];
    for (const piece of sent) socket.send(piece);
    await until("all come back", () => got.length === sent.length);
    expect(got).toEqual(
      sent.map((piece) => [typeof piece === "string" ? "text" : "bytes", Buffer.from(piece).toString("latin1")]),
    );
  });

  test("the upstream speaks first, and message by message", async () => {
    let speak: (text: string) => void = () => undefined;
    world.upstream.greet((peer) => {
      peer.send("welcome");
      speak = (text) => peer.send(text);
    });
    const socket = open(world.port(way));
    const heard: string[] = [];
    socket.on("message", (piece: Buffer) => heard.push(piece.toString()));
    await until("a welcome", () => heard.at(-1) === "welcome");
    for (const word of ["one", "two"]) {
      speak(word);
      await until(word, () => heard.at(-1) === word);
    }
  });

  test("of the protocols that a client offers, the upstream's choice is agreed on", async () => {
    world.upstream.greet(() => undefined);
    const socket = open(world.port(way), ["v1.chat", "v2.chat"]);
    await opening(socket);
    expect(socket.protocol).toBe("v2.chat");
  });

  test("path, query, cookies and origin arrive at the upstream", async () => {
    let seen: readonly unknown[] = [];
    world.upstream.greet((_peer, { url, headers }) => (seen = [url, headers.cookie, headers.origin]));
    await opening(open(world.port(way), [], { Cookie: "a=1", Origin: "https://page.example" }));
    expect(seen).toEqual(["/chat?room=1", "a=1", "https://page.example"]);
  });

  test.each([
    [1000, "done"],
    [1001, ""],
    [3000, "own"],
    [4999, "r\u00e9sum\u00e9"],
  ])("the client closes with %i %s, and the upstream reads it", async (code, reason) => {
    let heard: Promise<readonly [number, string]> | null = null;
    world.upstream.greet((peer) => (heard = farewell(peer)));
    const socket = open(world.port(way));
    await opening(socket);
    const answered = farewell(socket);
    socket.close(code, reason);
    expect(await until("a greeting", () => heard)).toEqual([code, reason]);
    expect((await answered)[0]).toBe(code);
  });

  test.each([
    [1000, "done"],
    [1011, "sorry"],
    [4000, "own"],
  ])("the upstream closes with %i %s, and the client reads it", async (code, reason) => {
    world.upstream.greet((peer) => peer.close(code, reason));
    expect(await farewell(open(world.port(way)))).toEqual([code, reason]);
  });

  test("a client that vanishes is missed at the upstream", async () => {
    let code: number | null = null;
    world.upstream.greet((peer) => peer.on("close", (given) => (code = given)));
    const socket = open(world.port(way));
    await opening(socket);
    socket.terminate();
    await until("the upstream hears of it", () => code !== null);
    expect(code).toBe(1006);
  });

  test("an upstream that vanishes is missed at the client", async () => {
    world.upstream.greet((peer) => peer.terminate());
    expect((await farewell(open(world.port(way))))[0]).toBe(1006);
  });

  test("a refusal is the upstream's own reply, with its status, its fields and its body", async () => {
    world.upstream.greet(null);
    const socket = open(world.port(way));
    socket.on("error", () => undefined);
    const [, reply] = (await once(socket, "unexpected-response", { signal: AbortSignal.timeout(OPEN_MS_MAX) })) as [
      unknown,
      IncomingMessage,
    ];
    expect([reply.statusCode, reply.headers["x-why"]]).toEqual([403, "because"]);
  });

  test("a ping is answered with what it carried", async () => {
    world.upstream.greet(() => undefined);
    const socket = open(world.port(way));
    await opening(socket);
    const answered = once(socket, "pong", { signal: AbortSignal.timeout(OPEN_MS_MAX) });
    socket.ping("are you there");
    expect(String((await answered)[0])).toBe("are you there");
  });
});
