// The faults that a gate plays itself: it reads one request and gives a canned answer, or none. Each is a way in which
// real endpoints fail, as plain bytes, so that no HTTP library can mend it on the way.
import type { Socket } from "node:net";
import type { Writable } from "node:stream";
import type { GateFault } from "../drill/faults.ts";
import type { Place } from "./listening.ts";

/** A request head that is longer than this ends the connection. */
const REQUEST_BYTES_MAX = 16 * 1024;
/** `huge` gives up after this: far more than any probe reads. */
const HUGE_BYTES_MAX = 64 * 1024 * 1024;
const HUGE_PIECE = Buffer.alloc(64 * 1024, "all work and no play makes a very long body\n");
/** What `stall` and `truncate` announce and do not deliver. */
const ANNOUNCED_BYTES = 512;

export type PlayedFault = Exclude<GateFault, "open" | "slow" | "refuse">;

export interface FaultSetting {
  /** The gate itself: where `redirect` points to. */
  readonly place: Place;
  readonly falseClaim: { readonly region: string; readonly cluster: string };
}

/** Never rejects; the connection's end is the client's or the gate's business. */
export async function answerFault(client: Socket, fault: PlayedFault, setting: FaultSetting): Promise<void> {
  const path = await readRequestPath(client);
  if (path === null) return;
  switch (fault) {
    case "blackhole":
      return;
    case "reset":
      client.resetAndDestroy();
      return;
    case "stall":
      client.write(head(200, `content-length: ${ANNOUNCED_BYTES}`));
      return;
    case "truncate":
      client.end(`${head(200, `content-length: ${ANNOUNCED_BYTES}`)}{"status":`);
      return;
    case "garbage":
      client.end("\u0000\u0001SSH-2.0-not-http\r\n\r\n");
      return;
    case "huge":
      pourOut(client);
      return;
    case "redirect":
      client.end(head(302, `location: http://${setting.place.host}:${setting.place.port}/moved`, "content-length: 0"));
      return;
    case "http-503":
      client.end(json(503, { status: "unavailable" }));
      return;
    case "wrong-region":
      client.end(wrongRegion(path, setting));
  }
}

/** The path of the request line once the head is complete; null when there was none within the limit. */
function readRequestPath(client: Socket): Promise<string | null> {
  return new Promise((resolve) => {
    let text = "";
    client.on("data", (piece: Buffer) => {
      // Latin 1 keeps one character per byte. After the head the rest is read and dropped: unread bytes would turn the
      // end of the connection into a reset.
      if (text.length <= REQUEST_BYTES_MAX) text += piece.toString("latin1");
      if (text.includes("\r\n\r\n")) resolve(/^\S+ (\S+) HTTP\//.exec(text)?.[1] ?? "/");
      else if (text.length > REQUEST_BYTES_MAX) client.destroy();
    });
    client.on("end", () => client.destroySoon());
    client.on("close", () => resolve(null));
  });
}

/** As fast as it is read, and no faster. */
export function pourOut(client: Writable): void {
  client.write(head(200, "content-type: text/plain"));
  let poured = 0;
  const pour = (): void => {
    while (poured < HUGE_BYTES_MAX && !client.destroyed) {
      poured += HUGE_PIECE.length;
      if (!client.write(HUGE_PIECE)) return;
    }
    client.end();
  };
  client.on("drain", pour);
  pour();
}

function wrongRegion(path: string, { place, falseClaim }: FaultSetting): string {
  if (path !== "/") return json(200, { status: "ok" });
  return json(200, {
    region: falseClaim.region,
    hostname: `impostor-${falseClaim.region}`,
    podIP: place.host,
    time: new Date().toISOString().replace(/\.\d+Z$/, "Z"),
    cluster: falseClaim.cluster,
    version: "0.0.0",
  });
}

function json(status: number, body: object): string {
  const text = JSON.stringify(body);
  return head(status, "content-type: application/json", `content-length: ${Buffer.byteLength(text)}`) + text;
}

function head(status: number, ...headers: readonly string[]): string {
  return [`HTTP/1.1 ${status} ${REASONS[status] ?? "Other"}`, ...headers, "connection: close", "", ""].join("\r\n");
}

const REASONS: Readonly<Record<number, string>> = { 200: "OK", 302: "Found", 503: "Service Unavailable" };
