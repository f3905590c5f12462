// The faces in Node, over a real server; in workerd see `worker/faces.test.ts`.
import type { Server } from "node:http";
import { afterAll, beforeAll } from "vitest";
import { createAppServer } from "../../monitor/local/app-server.ts";
import { closeListener, listenOn } from "../../monitor/local/listening.ts";
import { facesContract } from "../contract/faces.ts";

let server: Server | null = null;
let url = "";
afterAll(() => (server === null ? undefined : closeListener(server)));

facesContract((app) => {
  beforeAll(async () => {
    server = createAppServer(app);
    url = `http://127.0.0.1:${await listenOn(server, { host: "127.0.0.1", port: 0 })}`;
  });
  return (path, init) => fetch(url + path, { redirect: "manual", ...init });
});
