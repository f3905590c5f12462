// A Hono app behind a plain HTTP server of Node's, so that its listener can be closed and opened like any other.
import { createServer, type Server } from "node:http";
import { getRequestListener } from "@hono/node-server";
import type { Hono } from "hono";

/** Not listening yet. */
export function createAppServer(app: Hono): Server {
  const listener = getRequestListener(app.fetch);
  return createServer((request, response) => void listener(request, response));
}
