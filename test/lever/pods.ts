// Several Pods of the real service behind one address that gives each connection to the next of them, as a load balancer does.
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { makeApp } from "../../service/app.ts";
import { makeServer } from "../../service/server.ts";
import { AWS } from "../support/example-topology.ts";

export const TOKEN = "0123456789abcdef";

export interface Pods {
  readonly url: string;
  /** Status of `/healthz` of each Pod. */
  healths(): Promise<readonly number[]>;
  /** Which Pod the next connection meets, by its number from 0; null: in turn. */
  only: number | null;
  /** Milliseconds since 1970. */
  now: () => number;
  close(): Promise<void>;
}

export async function openPods(count: number, token: string | null = TOKEN): Promise<Pods> {
  const identity = { region: AWS.region, podIP: "10.0.0.1", cluster: AWS.id, version: "1" };
  const apps = Array.from({ length: count }, (_, index) =>
    makeApp({
      identity: { ...identity, hostname: `pod-${index}` },
      readiness: () => "ready",
      now: () => self.now(),
      drainToken: token,
      tell: () => {},
      report: () => {},
    }),
  );
  const servers = apps.map((app) => makeServer(app, AWS.region));
  let turn = 0;
  const front: Server = createServer();
  front.on("connection", () => (turn += 1));
  front.removeAllListeners("request");
  front.on("request", (request, reply) => {
    servers[self.only ?? turn % count]?.emit("request", request, reply);
  });
  front.listen(0, "127.0.0.1");
  await once(front, "listening");
  const self: Pods = {
    url: `http://127.0.0.1:${(front.address() as AddressInfo).port}`,
    healths: async () => await Promise.all(apps.map(async (app) => (await app.request("/healthz")).status)),
    only: null,
    now: () => Date.now(),
    close: async () => {
      front.closeAllConnections();
      front.close();
      await Promise.resolve();
    },
  };
  return self;
}
