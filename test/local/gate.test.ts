import { createServer, type Server } from "node:http";
import { createServer as createTcpServer, type Server as TcpServer } from "node:net";
import { Writable } from "node:stream";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import * as z from "zod";
import { GATE_FAULT_NAMES } from "../../monitor/drill/faults.ts";
import { type Gate, type GatePlan, openGate } from "../../monitor/local/gate.ts";
import { pourOut } from "../../monitor/local/gate-answer.ts";
import { gateHost, openGates } from "../../monitor/local/gate-row.ts";
import { closeListener, listenOn } from "../../monitor/local/listening.ts";
import { exchange, GET, openLine } from "./raw-exchange.ts";
import { until } from "../support/until.ts";

const HOST = "127.0.11.1";
const SLOW_MS = 60;

let service: Server;
let gate: Gate;

async function planTo(upstream: TcpServer, host = HOST): Promise<GatePlan> {
  const port = upstream.listening ? portOf(upstream) : await listenOn(upstream, { host: "127.0.0.1", port: 0 });
  const falseClaim = { region: "eu-west-9", cluster: "impostor" };
  return { host, upstream: { host: "127.0.0.1", port }, slowMs: SLOW_MS, falseClaim };
}

function portOf(server: TcpServer): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

beforeEach(async () => {
  service = createServer((request, response) => {
    response.setHeader("content-type", "text/plain");
    response.end(`real ${request.url}`);
  });
  gate = await openGate(await planTo(service), 0);
});

afterEach(async () => {
  await gate.close();
  service.closeAllConnections();
  await closeListener(service);
});

describe("an open gate", () => {
  test("passes request and reply through", async () => {
    const reply = await exchange(gate.place, GET("/healthz"));
    expect(reply.text).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*real \/healthz$/);
  });

  test("keeps a connection for a second request", async () => {
    const line = await openLine(gate.place);
    line.socket.write(GET("/a"));
    await until("the first reply", () => line.text().includes("real /a"));
    line.socket.write(GET("/b"));
    await until("the second reply", () => line.text().includes("real /b"));
    line.socket.destroy();
  });

  test("carries a half close over: who has ended still gets its answer", async () => {
    const echo = createTcpServer({ allowHalfOpen: true }, (socket) => {
      let heard = "";
      socket.on("data", (piece) => (heard += piece.toString()));
      socket.on("end", () => socket.end(`heard ${heard}`));
    });
    const half = await openGate(await planTo(echo), 0);
    onTestFinished(async () => {
      await half.close();
      await closeListener(echo);
    });
    const line = await openLine(half.place);
    line.socket.end("all of it");
    await until("the answer", () => line.text() === "heard all of it" && line.ending() === "end");
  });

  test("carries it over the other way: a service that has ended still hears the rest", async () => {
    let heard = "";
    const early = createTcpServer({ allowHalfOpen: true }, (socket) => {
      socket.on("data", (piece) => (heard += piece.toString()));
      socket.on("end", () => socket.destroy());
      socket.end("early");
    });
    const half = await openGate(await planTo(early), 0);
    onTestFinished(async () => {
      await half.close();
      await closeListener(early);
    });
    const line = await openLine(half.place);
    await until("the service's end", () => line.text() === "early" && line.ending() === "end");
    line.socket.end("late");
    await until("the rest", () => heard === "late");
  });

  test("shows a service that is gone as a reset, and lives on", async () => {
    service.closeAllConnections();
    await closeListener(service);
    expect((await exchange(gate.place, GET("/"))).ending).toBe("reset");
    expect((await exchange(gate.place, GET("/"))).ending).toBe("reset");
  });

  test("passes a reset of the service on", async () => {
    const rude = createTcpServer((socket) => socket.on("data", () => socket.resetAndDestroy()));
    const half = await openGate(await planTo(rude), 0);
    onTestFinished(async () => {
      await half.close();
      await closeListener(rude);
    });
    expect((await exchange(half.place, GET("/"))).ending).toBe("reset");
  });
});

describe("a fault", () => {
  test("refuse: nobody listens, and opening listens on the same port again", async () => {
    await gate.setFault("refuse");
    expect((await exchange(gate.place, GET("/"))).ending).toBe("refused");
    await gate.setFault("open");
    expect((await exchange(gate.place, GET("/"))).text).toContain("real /");
  });

  test("blackhole: the connection is accepted and nothing ever comes", async () => {
    await gate.setFault("blackhole");
    expect(await exchange(gate.place, GET("/"))).toEqual({ text: "", bytes: 0, ending: "silence" });
  });

  test("reset: not before the request has arrived, then a reset and no byte", async () => {
    await gate.setFault("reset");
    expect((await exchange(gate.place, "GET / HTTP/1.1\r\n")).ending).toBe("silence");
    expect(await exchange(gate.place, GET("/"))).toEqual({ text: "", bytes: 0, ending: "reset" });
  });

  test("slow: the true reply comes, on a kept connection too, and never before the delay", async () => {
    await gate.setFault("slow");
    const line = await openLine(gate.place);
    for (const path of ["/a", "/b"]) {
      const asked = performance.now();
      line.socket.write(GET(path));
      await until("the reply", () => line.text().includes(`real ${path}`));
      expect(performance.now() - asked).toBeGreaterThanOrEqual(SLOW_MS - 2);
    }
    line.socket.destroy();
  });

  test("stall: head without the announced body, then silence", async () => {
    await gate.setFault("stall");
    const reply = await exchange(gate.place, GET("/"));
    expect(reply.ending).toBe("silence");
    expect(reply.text).toMatch(/^HTTP\/1\.1 200 OK\r\ncontent-length: [1-9]\d*\r\nconnection: close\r\n\r\n$/);
  });

  test("truncate: the end comes before the announced length", async () => {
    await gate.setFault("truncate");
    const reply = await exchange(gate.place, GET("/"));
    const [head = "", body = ""] = reply.text.split("\r\n\r\n");
    expect(reply.ending).toBe("end");
    expect(body.length).toBeLessThan(Number(/content-length: (\d+)/.exec(head)?.[1]));
  });

  test("garbage: what comes is not HTTP", async () => {
    await gate.setFault("garbage");
    const reply = await exchange(gate.place, GET("/"));
    expect(reply.bytes).toBeGreaterThan(0);
    expect(reply.text).not.toMatch(/^HTTP/);
  });

  test("huge: megabytes come as long as somebody reads", async () => {
    await gate.setFault("huge");
    const reply = await exchange(gate.place, GET("/"), { bytesMax: 8 * 1024 * 1024 });
    expect(reply.bytes).toBeGreaterThan(8 * 1024 * 1024);
    expect(reply.text).toMatch(/^HTTP\/1\.1 200 OK/);
  });

  test("huge: what nobody reads is not written", () => {
    let written = 0;
    const unread = new Writable({
      write: (piece: Buffer) => {
        written += piece.length;
      },
    });
    pourOut(unread);
    expect(written + unread.writableLength).toBeLessThan(256 * 1024);
  });

  test("huge: it ends by itself", async () => {
    await gate.setFault("huge");
    const reply = await exchange(gate.place, GET("/"), { patienceMs: 2000 });
    expect(reply.ending).toBe("end");
  });

  test("redirect: 302 to the gate itself", async () => {
    await gate.setFault("redirect");
    const reply = await exchange(gate.place, GET("/healthz"));
    expect(reply.text).toContain("HTTP/1.1 302 Found\r\n");
    expect(reply.text).toContain(`location: http://${gate.place.host}:${gate.place.port}/moved\r\n`);
  });

  test("http-503: on every path", async () => {
    await gate.setFault("http-503");
    expect((await exchange(gate.place, GET("/healthz"))).text).toMatch(/^HTTP\/1\.1 503 /);
  });

  test("wrong-region: healthy, with another region's valid claim", async () => {
    await gate.setFault("wrong-region");
    const health = await exchange(gate.place, GET("/healthz"));
    const claim = await exchange(gate.place, GET("/"));
    expect(health.text).toMatch(/^HTTP\/1\.1 200 OK/);
    const { time, ...rest } = z.record(z.string(), z.string()).parse(JSON.parse(claim.text.split("\r\n\r\n")[1] ?? ""));
    expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(rest).toEqual({
      region: "eu-west-9",
      hostname: "impostor-eu-west-9",
      podIP: HOST,
      cluster: "impostor",
      version: "0.0.0",
    });
  });

  test.each(["http-503", "redirect", "wrong-region", "truncate", "garbage"] as const)(
    "%s closes the connection after one reply",
    async (fault) => {
      await gate.setFault(fault);
      expect((await exchange(gate.place, GET("/"))).ending).toBe("end");
    },
  );

  test.each(["stall", "http-503", "reset"] as const)("%s: a request head without an end is cut off", async (fault) => {
    await gate.setFault(fault);
    const endless = `GET / HTTP/1.1\r\n${"x: y\r\n".repeat(4000)}`;
    const { bytes, ending } = await exchange(gate.place, endless);
    expect({ bytes, cut: ending !== "silence" }).toEqual({ bytes: 0, cut: true });
  });
});

describe("a change of fault", () => {
  test.each(GATE_FAULT_NAMES.filter((fault) => fault !== "open"))(
    "to %s cuts connections that were kept",
    async (fault) => {
      const line = await openLine(gate.place);
      line.socket.write(GET("/"));
      await until("the reply", () => line.text().includes("real /"));
      await gate.setFault(fault);
      await until("the cut", () => line.ending() !== null);
    },
  );

  test("back to open cuts connections that were held in silence", async () => {
    await gate.setFault("blackhole");
    const line = await openLine(gate.place);
    line.socket.write(GET("/"));
    await gate.setFault("open");
    await until("the cut", () => line.ending() !== null);
    expect(line.text()).toBe("");
  });

  test("is seen by the next connection, whatever comes before", async () => {
    for (const fault of ["refuse", "blackhole", "refuse", "refuse", "http-503"] as const) await gate.setFault(fault);
    expect((await exchange(gate.place, GET("/"))).text).toMatch(/^HTTP\/1\.1 503 /);
    expect(gate.fault()).toBe("http-503");
  });

  test("asked for many times at once ends in the last one", async () => {
    const orders = (["refuse", "open", "refuse", "open", "refuse"] as const).map((fault) => gate.setFault(fault));
    await Promise.all(orders);
    expect((await exchange(gate.place, GET("/"))).ending).toBe("refused");
  });

  test("fails while the port is someone else's, and leaves the gate as it was", async () => {
    await gate.setFault("refuse");
    const squatter = createTcpServer();
    await listenOn(squatter, gate.place);
    await expect(gate.setFault("open")).rejects.toMatchObject({ code: "EADDRINUSE" });
    expect(gate.fault()).toBe("refuse");
    await closeListener(squatter);
    await gate.setFault("open");
    expect((await exchange(gate.place, GET("/"))).text).toContain("real /");
  });
});

test("the gates of all regions share one port number on their own addresses", async () => {
  const plans = await Promise.all([1, 2, 3].map((n) => planTo(service, gateHost(n))));
  const gates = await openGates(plans);
  onTestFinished(async () => {
    await Promise.all(gates.map((one) => one.close()));
  });
  expect(gates.map((one) => one.place.host)).toEqual(["127.0.10.1", "127.0.10.2", "127.0.10.3"]);
  expect(new Set(gates.map((one) => one.place.port)).size).toBe(1);
});

test("a gate on a port that is taken is an error of the system, with its code", async () => {
  await expect(openGate(await planTo(service), gate.place.port)).rejects.toMatchObject({ code: "EADDRINUSE" });
});

test("between open and slow no connection is cut: neither loses anything", async () => {
  const line = await openLine(gate.place);
  line.socket.write(GET("/a"));
  await until("the first reply", () => line.text().includes("real /a"));
  await gate.setFault("slow");
  const startedMs = performance.now();
  line.socket.write(GET("/b"));
  await until("the slow reply", () => line.text().includes("real /b"));
  expect(performance.now() - startedMs).toBeGreaterThanOrEqual(SLOW_MS - 1);
  await gate.setFault("open");
  line.socket.write(GET("/c"));
  await until("the last reply", () => line.text().includes("real /c"));
  expect(line.ending()).toBeNull();
  line.socket.destroy();
});

describe("a fault for some vantages alone", () => {
  const asked = (vantage: string | null): string =>
    `GET /healthz HTTP/1.1\r\nhost: x\r\n${vantage === null ? "" : `X-Probe-Vantage: ${vantage}\r\n`}connection: keep-alive\r\n\r\n`;

  test("is met by them, and by nobody else", async () => {
    await gate.setFault("http-503", ["weur"]);
    expect([gate.fault(), gate.onlyFrom()]).toEqual(["http-503", ["weur"]]);
    expect((await exchange(gate.place, asked("weur"))).text).toMatch(/^HTTP\/1\.1 503 /);
    for (const vantage of ["enam", "weur-2", null])
      expect((await exchange(gate.place, asked(vantage))).text).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*real \/healthz$/);
  });

  test("lets one request pass on a connection, because another vantage may come on it", async () => {
    await gate.setFault("reset", ["weur"]);
    expect((await exchange(gate.place, asked("enam"))).text.toLowerCase()).toContain("connection: close");
  });

  test("is heard in pieces, and a head without end is not listened to for ever", async () => {
    await gate.setFault("http-503", ["weur"]);
    const line = await openLine(gate.place);
    for (const piece of ["GET / HTTP/1.1\r\nx-probe", "-vantage: we", "ur\r\n", "\r\n"]) line.socket.write(piece);
    await until("the answer", () => line.text().startsWith("HTTP/1.1 503 "));
    const endless = await openLine(gate.place);
    endless.socket.write(`GET / HTTP/1.1\r\nx: ${"y".repeat(20_000)}`);
    await until("its end", () => endless.ending() !== null);
  });

  test("goes with the fault", async () => {
    await gate.setFault("http-503", ["weur"]);
    await gate.setFault("open");
    expect(gate.onlyFrom()).toEqual([]);
    expect((await exchange(gate.place, asked("weur"))).text).toMatch(/^HTTP\/1\.1 200 /);
  });
});
