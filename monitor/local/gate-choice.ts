// A fault that some vantages alone shall meet: the gate hears who asks before it decides. What passes is one request a
// connection, because another vantage may come on the same one.
import type { Socket } from "node:net";
import { VANTAGE_HEADER } from "../run/probe.ts";

/** A request head that is longer than this ends the connection. */
const HEAD_BYTES_MAX = 16 * 1024;
const HEAD_END = "\r\n\r\n";

export interface HeardRequest {
  /** Null: it does not say. */
  readonly vantage: string | null;
  /** Gives the request back to the connection, as it came, for whoever reads it next. */
  giveBack(): void;
  /** The same, and asks the other side to close after its reply. */
  giveBackOnce(): void;
}

/** Null: the connection ended before a whole head. */
export function hearRequest(client: Socket): Promise<HeardRequest | null> {
  return new Promise((resolve) => {
    let heard = Buffer.alloc(0);
    const stop = (): void => {
      client.off("data", hear).off("close", end).off("end", end);
      client.pause();
    };
    const end = (): void => {
      stop();
      client.destroy();
      resolve(null);
    };
    const hear = (piece: Buffer): void => {
      heard = Buffer.concat([heard, piece]);
      const headLength = heard.indexOf(HEAD_END);
      if (headLength < 0) {
        if (heard.length > HEAD_BYTES_MAX) end();
        return;
      }
      stop();
      resolve(requestOf(client, heard, headLength));
    };
    client.on("data", hear).on("close", end).on("end", end);
  });
}

function requestOf(client: Socket, heard: Buffer, headLength: number): HeardRequest {
  // Latin 1 keeps one character per byte.
  const [line = "", ...fields] = heard.subarray(0, headLength).toString("latin1").split("\r\n");
  const vantage = fields.find((field) => nameOf(field) === VANTAGE_HEADER);
  const once = [line, ...fields.filter((field) => nameOf(field) !== "connection"), "connection: close"].join("\r\n");
  const rest = heard.subarray(headLength);
  const give = (bytes: Buffer): void => {
    client.unshift(bytes);
    client.resume();
  };
  return {
    vantage: vantage === undefined ? null : vantage.slice(vantage.indexOf(":") + 1).trim(),
    giveBack: () => give(heard),
    giveBackOnce: () => give(Buffer.concat([Buffer.from(once, "latin1"), rest])),
  };
}

function nameOf(field: string): string {
  return field.slice(0, Math.max(0, field.indexOf(":"))).toLowerCase();
}
