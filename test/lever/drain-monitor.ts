// The monitor's own routes of drains over HTTP, behind their token, on a memory of their own.
import { Hono } from "hono";
import { routerRoutes } from "../../monitor/http/router-routes.ts";
import { addWriteRoutes } from "../../monitor/http/write-routes.ts";
import { createAppServer } from "../../monitor/local/app-server.ts";
import { closeListener, listenOn } from "../../monitor/local/listening.ts";
import type { Drain } from "../../monitor/model/steering.ts";
import { liveDrains, makeDrain } from "../../monitor/steering/drain.ts";
import { TOKEN } from "./pods.ts";

export interface DrainMonitor {
  readonly url: string;
  /** By region. */
  readonly drains: Map<string, Drain>;
  mode: "off" | "proxy";
  close(): Promise<void>;
}

export async function openDrainMonitor(): Promise<DrainMonitor> {
  const app = new Hono();
  const server = createAppServer(app);
  const monitor: DrainMonitor = {
    url: `http://127.0.0.1:${await listenOn(server, { host: "127.0.0.1", port: 0 })}`,
    drains: new Map(),
    mode: "proxy",
    close: async () => {
      server.closeAllConnections();
      await closeListener(server);
    },
  };
  app.get("/status", (c) => c.json(monitor.mode === "off" ? {} : { router: { mode: monitor.mode } }));
  const routes = routerRoutes({
    readDrains: () => Promise.resolve(liveDrains(Object.fromEntries(monitor.drains), Date.now())),
    drain: (region, order) => {
      const drain = makeDrain(monitor.drains.get(region) ?? null, order, Date.now());
      monitor.drains.set(region, drain);
      return Promise.resolve({ kind: "drained", drain });
    },
    endDrain: (region) => {
      monitor.drains.delete(region);
      return Promise.resolve({ kind: "ended" });
    },
    explain: () => Promise.resolve({ ok: false, problems: [] }),
  });
  addWriteRoutes(app, TOKEN, routes);
  return monitor;
}
