// Bodies, events and WebSockets while they are still going on, directly and through the router: each piece arrives before the
// next one is sent, ends and breaks are told apart, and whoever leaves is missed on the other side.
import type { ServerResponse } from "node:http";
import type { LookupFunction } from "node:net";
import { lookup as lookUpName } from "node:dns";
import { Agent, EventSource, fetch as fetchByUndici } from "undici";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { until } from "../support/until.ts";
import { openExchange, replyTo } from "./passing-exchange.ts";
import { piecesOf, type Pieces } from "./passing-upstream.ts";
import { type PassingWorld, startPassingWorld, WAYS } from "./passing-world.ts";
import { HOST } from "./router-world.ts";

let world: PassingWorld;
let agent: Agent;
beforeAll(async () => {
  world = await startPassingWorld();
  agent = new Agent({ connections: 1, connect: { lookup: toLoopback } });
});
afterAll(async () => {
  await agent.destroy();
  await world.end();
});
afterEach(() => {
  expect(world.standby.arrivals).toEqual([]);
});

/** A name under .localhost, for clients that look names up. */
const toLoopback: LookupFunction = (_name, options, done) => lookUpName("127.0.0.1", options, done);

/** Keeps the reply of the next request open for the test. */
function nextReply(headers: Readonly<Record<string, string>> = {}): {
  readonly response: () => Promise<ServerResponse>;
  readonly gone: () => boolean;
} {
  let held: ServerResponse | null = null;
  let gone = false;
  world.upstream.play((request, response) => {
    request.resume();
    response.on("close", () => (gone = true));
    response.writeHead(200, headers).flushHeaders();
    held = response;
  });
  return { response: () => until("a request arrives", () => held), gone: () => gone };
}

describe.each(WAYS)("%s", (way) => {
  test.each([{ length: null }, { length: "9" }])(
    "a reply arrives piece by piece, length $length",
    async ({ length }) => {
      const { response } = nextReply(length === null ? {} : { "content-length": length });
      const asked = openExchange(world.port(way), {});
      asked.end();
      const pieces = piecesOf(await replyTo(asked));
      const open = await response();
      for (const [piece, whole] of [
        ["one", "one"],
        ["two", "onetwo"],
        ["six", "onetwosix"],
      ] as const) {
        open.write(piece);
        await pieces.hold(whole);
      }
      open.end();
      await until("the reply ends", () => pieces.ended() === "whole");
    },
  );

  test("the head arrives before any of the body", async () => {
    const { response } = nextReply({ "x-early": "1" });
    const asked = openExchange(world.port(way), {});
    asked.end();
    expect((await replyTo(asked)).headers["x-early"]).toBe("1");
    (await response()).end();
  });

  test.each([
    { framing: "chunked", header: ["Transfer-Encoding", "chunked"] },
    { framing: "with a length that is too large to be kept", header: ["Content-Length", "200009"] },
  ] as const)("a request's body arrives piece by piece, $framing", async ({ header }) => {
    let arrived: Pieces | null = null;
    world.upstream.play((request, response) => {
      arrived = piecesOf(request);
      request.on("end", () => response.end("thanks"));
    });
    const asked = openExchange(world.port(way), { method: "POST", headers: [header] });
    asked.write("one");
    const pieces = await until("a request arrives", () => arrived);
    await pieces.hold("one");
    asked.write("two");
    await pieces.hold("onetwo");
    asked.end("x".repeat(200_003));
    expect((await replyTo(asked)).statusCode).toBe(200);
    expect([pieces.bytes(), pieces.ended()]).toEqual([200_009, "whole"]);
  });

  test("both directions at once: each piece comes back before the next is sent", async () => {
    world.upstream.play((request, response) => {
      response.flushHeaders();
      request.pipe(response);
    });
    const asked = openExchange(world.port(way), { method: "POST", headers: [["Transfer-Encoding", "chunked"]] });
    asked.write("a");
    const pieces = piecesOf(await replyTo(asked));
    await pieces.hold("a");
    asked.write("b");
    await pieces.hold("ab");
    asked.end();
    await until("the reply ends", () => pieces.ended() === "whole");
  });

  test.each([
    { framing: "in chunks", headers: {} },
    { framing: "with a length", headers: { "content-length": "100" } },
  ])("a reply that breaks off $framing is broken for the client as well", async ({ headers }) => {
    const { response } = nextReply(headers);
    const asked = openExchange(world.port(way), {});
    asked.end();
    const pieces = piecesOf(await replyTo(asked));
    const open = await response();
    open.write("half");
    await pieces.hold("half");
    open.socket?.resetAndDestroy();
    await until("the reply ends", () => pieces.ended() !== "open");
    expect(pieces.ended()).toBe("broken");
  });

  // workerd reads nothing from a client while it answers it, so it hears of one that hung up when it writes again; nginx would
  // hear at once. One that resets its connection is heard at once.
  test("a client that hangs up in the middle of a reply is missed at the upstream with the next pieces", async () => {
    const { response, gone } = nextReply();
    const asked = openExchange(world.port(way), {});
    asked.end();
    const pieces = piecesOf(await replyTo(asked));
    const open = await response();
    open.write("half");
    await pieces.hold("half");
    asked.destroy();
    await until("the upstream hears of it", () => gone() || !open.write("more"));
    await until("the upstream hears of it", gone);
  });

  test("a client that resets its connection in the middle of a reply is missed at the upstream at once", async () => {
    const { response, gone } = nextReply();
    const asked = openExchange(world.port(way), {});
    asked.end();
    const pieces = piecesOf(await replyTo(asked));
    (await response()).write("half");
    await pieces.hold("half");
    asked.socket?.resetAndDestroy();
    await until("the upstream hears of it", gone);
  });

  // POST, because the context of a GET may be kept for the clock that it started for all others (worker/router-silence.ts).
  test("a client that resets its connection before the reply is missed at the upstream", async () => {
    let gone = false;
    let arrived = false;
    world.upstream.play((_request, response) => {
      arrived = true;
      response.on("close", () => (gone = true));
    });
    const asked = openExchange(world.port(way), { method: "POST", headers: [["Content-Length", "0"]] });
    asked.end();
    await until("the request arrives", () => arrived);
    asked.socket?.resetAndDestroy();
    await until("the upstream hears of it", () => gone);
  });

  test("a client that leaves in the middle of its own body is missed at the upstream", async () => {
    let arrived: Pieces | null = null;
    world.upstream.play((request) => {
      arrived = piecesOf(request);
    });
    const asked = openExchange(world.port(way), { method: "POST", headers: [["Transfer-Encoding", "chunked"]] });
    asked.write("half");
    const pieces = await until("a request arrives", () => arrived);
    await pieces.hold("half");
    asked.destroy();
    await until("the upstream hears of it", () => pieces.ended() === "broken");
  });

  test("connections are kept from one request to the next", async () => {
    world.upstream.play((request, response) => response.end(String(request.socket.remotePort)));
    const ask = async (): Promise<string> =>
      (await fetchByUndici(`http://${HOST}:${world.port(way)}/`, { dispatcher: agent })).text();
    await ask();
    expect(await ask()).toBe(await ask());
  });

  test("events arrive one by one, and the client comes back with the last one's id", async () => {
    const { response } = nextReply({ "content-type": "text/event-stream" });
    const source = new EventSource(`http://${HOST}:${world.port(way)}/events`, {
      dispatcher: agent,
      node: { reconnectionTime: 10 },
    });
    try {
      const open = await response();
      const events: string[] = [];
      source.addEventListener("message", (event) => void events.push(`${event.lastEventId} ${String(event.data)}`));
      for (const id of ["1", "2"]) {
        open.write(`retry: 10\nid: ${id}\ndata: event ${id}\n\n`);
        await until(`event ${id}`, () => events.at(-1) === `${id} event ${id}`);
      }
      let lastId: unknown = null;
      world.upstream.play((request, again) => {
        lastId = request.headers["last-event-id"];
        again.writeHead(204).end();
      });
      open.end();
      await until("the client comes back", () => lastId === "2");
    } finally {
      source.close();
    }
  });
});
