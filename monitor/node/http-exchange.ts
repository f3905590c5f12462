// One request on a connection that stands, by HTTP/1.1 or HTTP/2: the head as soon as it is there, then the body, of which
// all bytes are counted and the first ones kept.
import { connect as connectHttp2 } from "node:http2";
import { request as httpRequest } from "node:http";
import type { Socket } from "node:net";
import type { Readable } from "node:stream";
import { finished } from "node:stream/promises";
import type { OpenSockets } from "./connection.ts";
import { exchange } from "./http-fetch.ts";

export interface ExchangeWish {
  readonly method: "GET" | "HEAD";
  readonly url: URL;
  /** Names in lower case, `host` among them. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface ReplyHead {
  readonly version: string;
  readonly status: number;
  /** By name, in lower case; several of one name are joined. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Grows as the body comes, so that what broke off shows what had come. */
export interface BodySeen {
  /** The first `KEPT_BYTES_MAX`. */
  readonly kept: Buffer[];
  bytes: number;
  end: "not yet" | "whole" | "too-large";
}

export type Hear = (head: ReplyHead, body: BodySeen) => void;

/** Far more than a claim, and than Route 53 searches. */
export const KEPT_BYTES_MAX = 64 * 1024;
/** A look is no download. */
export const BODY_BYTES_MAX = 16 * 1024 * 1024;

/** Rejects with the connection's error, also after the head. */
export function exchangeHttp1(socket: Socket, wish: ExchangeWish, hear: Hear): Promise<void> {
  const { method, url, headers } = wish;
  const outgoing = httpRequest({
    createConnection: () => socket,
    method,
    path: url.pathname + url.search,
    headers: { ...headers, connection: "close" },
  });
  return exchange(outgoing, (incoming) => {
    const body = nothingYet();
    const { httpVersion: version, statusCode: status = 0, headers: heard } = incoming;
    hear({ version, status, headers: joined(heard) }, body);
    return readBody(incoming, body);
  });
}

/** The connection must have agreed on "h2". */
export function exchangeHttp2(socket: Socket, wish: ExchangeWish, sockets: OpenSockets, hear: Hear): Promise<void> {
  const { method, url, headers } = wish;
  const { host = url.host, ...others } = headers;
  const session = sockets.keep(connectHttp2(url.origin, { createConnection: () => socket }));
  return new Promise((resolve, reject) => {
    session.on("error", reject).on("close", () => reject(new Error("socket hang up")));
    const stream = session.request({
      ":method": method,
      ":scheme": "https",
      ":authority": host,
      ":path": url.pathname + url.search,
      ...others,
    });
    stream.on("error", reject).on("aborted", () => reject(new Error("aborted")));
    stream.on("response", (head) => {
      const body = nothingYet();
      hear({ version: "2", status: head[":status"] ?? 0, headers: joined(head) }, body);
      readBody(stream, body).then(resolve, reject);
    });
  });
}

function joined(headers: Readonly<Record<string, string | readonly string[] | number | undefined>>) {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined || name.startsWith(":")
        ? []
        : [[name, typeof value === "object" ? value.join(", ") : String(value)]],
    ),
  );
}

function nothingYet(): BodySeen {
  return { kept: [], bytes: 0, end: "not yet" };
}

/** By events: an iterator forgets what has come and was not taken when the stream breaks. */
async function readBody(incoming: Readable, body: BodySeen): Promise<void> {
  incoming.on("data", (chunk: Buffer) => {
    if (body.bytes < KEPT_BYTES_MAX) body.kept.push(chunk.subarray(0, KEPT_BYTES_MAX - body.bytes));
    body.bytes += chunk.length;
    if (body.bytes <= BODY_BYTES_MAX) return;
    body.end = "too-large";
    incoming.destroy();
  });
  try {
    await finished(incoming, { writable: false });
    body.end = "whole";
  } catch (thrown) {
    // Its own early end is no failure of the stream.
    if (body.end === "not yet") throw thrown;
  }
}
