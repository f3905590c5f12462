// Somebody who is told: an HTTP server on loopback that does with a message what the test says, and keeps what arrived.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { closeListener, listenOn } from "../../monitor/local/listening.ts";

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** "hang": the message is taken and never answered. "reset": the connection is broken. */
export type Behaviour =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }
  | "hang"
  | "reset"
  | "endless";

export interface AlertReceiver {
  readonly url: string;
  readonly port: number;
  /** All that were read to their end, in the order of their arrival. */
  readonly received: readonly Received[];
  /** What it does from now on. */
  readonly behave: (behaviour: Behaviour) => void;
  readonly close: () => Promise<void>;
}

const BODY_BYTES_MAX = 1_000_000;
const CHUNK = "x".repeat(64 * 1024);

/** Takes everything with a 204 until it is told otherwise. `port` 0: the system chooses. */
export async function openAlertReceiver(port = 0): Promise<AlertReceiver> {
  let behaviour: Behaviour = { status: 204 };
  const received: Received[] = [];
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    received.push(await read(request));
    answer(response, behaviour);
  };
  const server = createServer((request, response) => void take(request, response));
  const opened = await listenOn(server, { host: "127.0.0.1", port });
  return {
    url: `http://127.0.0.1:${opened}/hook`,
    port: opened,
    received,
    behave: (next) => {
      behaviour = next;
    },
    close: async () => {
      server.closeAllConnections();
      await closeListener(server);
    },
  };
}

async function read(request: IncomingMessage): Promise<Received> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= BODY_BYTES_MAX) chunks.push(chunk);
  }
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  return { method: request.method ?? "", path: request.url ?? "", headers, body: Buffer.concat(chunks).toString() };
}

function answer(response: ServerResponse, behaviour: Behaviour): void {
  if (behaviour === "hang") return;
  if (behaviour === "reset") {
    response.destroy();
    return;
  }
  if (behaviour === "endless") {
    response.writeHead(200);
    const more = (): void => {
      while (!response.destroyed && response.write(CHUNK));
    };
    response.on("drain", more);
    more();
    return;
  }
  response.writeHead(behaviour.status, behaviour.headers);
  response.end(behaviour.body ?? "");
}
