// One small exchange over HTTP with what a lever moves: on a connection of its own, so that each may meet another Pod behind a
// load balancer; bounded in time and size; with every outcome as a value.
import { request as plainRequest } from "node:http";
import { request as secureRequest } from "node:https";
import * as z from "zod";

const CALL_MS_MAX = 5000;
const BODY_BYTES_MAX = 1024 * 1024;

export interface HttpCall {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly url: URL;
  readonly token: string | null;
  /** Sent as JSON. */
  readonly body?: object;
}

export type HttpAnswer =
  | { readonly kind: "answer"; readonly status: number; readonly body: unknown }
  | { readonly kind: "silent"; readonly detail: string };

export function callHttp({ method, url, token, body }: HttpCall): Promise<HttpAnswer> {
  const text = body === undefined ? "" : JSON.stringify(body);
  const headers = {
    accept: "application/json",
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    ...(text === "" ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(text) }),
  };
  const start = url.protocol === "https:" ? secureRequest : plainRequest;
  return new Promise((resolve) => {
    const silent = (detail: string): void => resolve({ kind: "silent", detail: `${method} ${url.href}: ${detail}` });
    const signal = AbortSignal.timeout(CALL_MS_MAX);
    const sent = start(url, { method, headers, agent: false, signal }, (reply) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      reply.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > BODY_BYTES_MAX) reply.destroy(new Error(`more than ${BODY_BYTES_MAX} bytes`));
        else chunks.push(chunk);
      });
      reply.on("error", (error) => silent(error.message));
      reply.on("end", () => {
        resolve({ kind: "answer", status: reply.statusCode ?? 0, body: jsonIn(Buffer.concat(chunks).toString()) });
      });
    });
    sent.on("error", (error) => silent(signal.aborted ? `no answer in ${CALL_MS_MAX / 1000} s` : error.message));
    sent.end(text);
  });
}

/** Null: no JSON. */
function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const ERROR = z.looseObject({ error: z.string() });

/** "409: the router is off", in the other side's own words where it has any. */
export function wordsOf({ status, body }: Extract<HttpAnswer, { readonly kind: "answer" }>): string {
  const parsed = ERROR.safeParse(body);
  return parsed.success ? `${status}: ${parsed.data.error}` : String(status);
}
