// What each faulty server does with a connection, once the request has come; raw bytes, because the point is to break rules.
import type { Socket } from "node:net";
import type { ReplyFault } from "../contract/fault-addresses.ts";

const PAGE = "here I am\n";
export const SLOW_STEP_MS = 120;
const DRIP_MS = 20;
const HUGE_HEADER_BYTES = 512 * 1024;
const CHUNK = Buffer.alloc(16 * 1024, "x");

export function head(status: string, headers: readonly string[]): string {
  return [`HTTP/1.1 ${status}`, ...headers, "", ""].join("\r\n");
}

function page(status: string, ...headers: readonly string[]): string {
  return head(status, [`content-length: ${PAGE.length}`, "connection: close", ...headers]) + PAGE;
}

/** Timers end with the connection, which every test closes. */
function repeat(socket: Socket, everyMs: number, step: () => void): void {
  const timer = setInterval(step, everyMs);
  socket.once("close", () => clearInterval(timer));
}

export function after(socket: Socket, ms: number, step: () => void): void {
  const timer = setTimeout(step, ms);
  socket.once("close", () => clearTimeout(timer));
}

function sendSlowly(socket: Socket): void {
  after(socket, SLOW_STEP_MS, () => socket.write(head("200 OK", [`content-length: ${PAGE.length}`])));
  after(socket, 2 * SLOW_STEP_MS, () => socket.end(PAGE));
}

function sendForEver(socket: Socket): void {
  socket.write(head("200 OK", ["connection: close"]));
  const fill = (): void => {
    while (!socket.destroyed && socket.write(CHUNK));
  };
  socket.on("drain", fill);
  fill();
}

/** What a server does after it has read a request's head. */
export const REPLIES: Readonly<Record<ReplyFault, (socket: Socket) => unknown>> = {
  ok: (socket) => socket.end(page("200 OK", "x-region: eu-west-3")),
  slow: sendSlowly,
  blackhole: () => undefined,
  reset: (socket) => socket.resetAndDestroy(),
  hangup: (socket) => socket.end(),
  "reset-body": (socket) => {
    socket.write(head("200 OK", ["content-length: 1000"]) + PAGE);
    after(socket, DRIP_MS, () => socket.resetAndDestroy());
  },
  stall: (socket) => socket.write(head("200 OK", ["content-length: 1000"])),
  truncate: (socket) => socket.end(head("200 OK", ["content-length: 1000"]) + PAGE),
  "truncate-chunked": (socket) => socket.end(`${head("200 OK", ["transfer-encoding: chunked"])}5\r\nhello\r\n`),
  "garbage-chunked": (socket) =>
    socket.end(`${head("200 OK", ["transfer-encoding: chunked"])}5\r\nhello\r\nnot a length\r\nx\r\n0\r\n\r\n`),
  garbage: (socket) => socket.end("\u0000\u0001 this is not HTTP\r\n\r\n"),
  huge: sendForEver,
  "huge-headers": (socket) => {
    socket.write(head("200 OK", ["content-length: 2", `x-long: ${"x".repeat(HUGE_HEADER_BYTES)}`]));
    socket.end("ok");
  },
  "header-drip": (socket) => {
    socket.write("HTTP/1.1 200 OK\r\n");
    repeat(socket, DRIP_MS, () => socket.write("x-drip: 1\r\n"));
  },
  "body-drip": (socket) => {
    socket.write(head("200 OK", ["content-length: 1000000"]));
    repeat(socket, DRIP_MS, () => socket.write("x"));
  },
  redirect: (socket) => socket.end(page("302 Found", "location: http://127.0.0.1:9/elsewhere")),
  "http-503": (socket) => socket.end(page("503 Service Unavailable", "x-region: eu-west-3")),
  "edge-521": (socket) => socket.end(page("521 Web Server Is Down")),
  "edge-530": (socket) => socket.end(`${head("530 ", ["content-length: 16", "connection: close"])}error code: 1016`),
  "service-521": (socket) => socket.end(page("521 Mine", "x-region: eu-west-3")),
};
