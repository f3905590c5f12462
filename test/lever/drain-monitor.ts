// A monitor's routes of drains, as far as levers use them, over HTTP.
import { Hono } from "hono";
import { createAppServer } from "../../monitor/local/app-server.ts";
import { closeListener, listenOn } from "../../monitor/local/listening.ts";
import { TOKEN } from "./pods.ts";

export interface DrainMonitor {
  readonly url: string;
  /** By region. */
  readonly drains: Map<string, { readonly kind: string; readonly until: string }>;
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
  const since = "2026-11-28T12:00:00.000Z";
  app.get("/status", (c) => c.json(monitor.mode === "off" ? {} : { router: { mode: monitor.mode } }));
  app.use("/v1/*", async (c, next) =>
    c.req.header("authorization") === `Bearer ${TOKEN}` ? next() : c.json({ error: "a bearer token is needed" }, 401),
  );
  app.get("/v1/drains", (c) =>
    c.json({ drains: [...monitor.drains].map(([region, one]) => ({ region, since, ...one })) }),
  );
  app.put("/v1/drains/:region", async (c) => {
    const { seconds } = (await c.req.json()) as { readonly seconds: number };
    const until = new Date(Date.now() + seconds * 1000).toISOString();
    monitor.drains.set(c.req.param("region"), { kind: "drain", until });
    return c.json({ drain: null });
  });
  app.delete("/v1/drains/:region", (c) => {
    monitor.drains.delete(c.req.param("region"));
    return c.json({ drain: null });
  });
  return monitor;
}
