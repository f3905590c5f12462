// The switchboard of a running local world: reads its state and sets its faults, for `monitor gate`, drills and tests. On
// loopback, and with a token, because any page in a browser can reach loopback.
import { createHash, timingSafeEqual } from "node:crypto";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import * as z from "zod";
import { createAppServer } from "./app-server.ts";
import {
  DNS_FAULT_NAMES,
  type DnsFault,
  GATE_FAULT_NAMES,
  type GateFault,
  parseDnsFault,
  parseGateFault,
} from "../drill/faults.ts";
import { closeListener, errorText, listenOn } from "./listening.ts";

const BODY_BYTES_MAX = 4096;
export const DNS_TARGET = "dns";

/** What `GET /` gives. */
export const WORLD_STATE = z.object({
  statusUrl: z.string(),
  regions: z.array(
    z.object({
      id: z.string(),
      url: z.string(),
      fault: z.enum(GATE_FAULT_NAMES),
      /** Vantages that alone meet it; absent: everybody does. */
      onlyFrom: z.array(z.string()).optional(),
    }),
  ),
  dns: z.object({ address: z.string(), dohUrl: z.string(), fault: z.enum(DNS_FAULT_NAMES) }),
  pids: z.object({ parent: z.int(), dns: z.int(), worker: z.int(), services: z.record(z.string(), z.int()) }),
  faults: z.object({ region: z.array(z.enum(GATE_FAULT_NAMES)), dns: z.array(z.enum(DNS_FAULT_NAMES)) }),
});
export type WorldState = z.infer<typeof WORLD_STATE>;

const VANTAGES_MAX = 100;
export const GATE_ORDER = z.strictObject({
  target: z.string(),
  fault: z.string(),
  /** Ids of the vantages that alone shall meet it; empty: everybody does. */
  onlyFrom: z.array(z.string()).max(VANTAGES_MAX).default([]),
});

/** What a refused order gives, with 400. */
export const GATE_REFUSAL = z.object({ problem: z.string(), valid: z.array(z.string()) });

/** What can be done to a world from outside. */
export interface Switches {
  state(): WorldState;
  /** YAML text, as everybody in the world has it. */
  topology(): string;
  setRegionFault(id: string, fault: GateFault, onlyFrom: readonly string[]): Promise<void>;
  setDnsFault(fault: DnsFault): Promise<void>;
}

export interface Control {
  /** Without a path. */
  readonly url: string;
  close(): Promise<void>;
}

export async function openControl(switches: Switches, token: string): Promise<Control> {
  const server = createAppServer(createControlApp(switches, token));
  const port = await listenOn(server, { host: "127.0.0.1", port: 0 });
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      const closed = closeListener(server);
      server.closeAllConnections();
      await closed;
    },
  };
}

export function createControlApp(switches: Switches, token: string): Hono {
  const app = new Hono();
  app.use(async (context, next) => {
    const given = context.req.header("authorization") ?? "";
    if (!isSame(given, `Bearer ${token}`)) return context.json({ problem: "A bearer token is needed." }, 401);
    return next();
  });
  app.get("/", (context) => context.json(switches.state()));
  app.get("/topology", (context) => context.text(switches.topology()));
  const limit = bodyLimit({
    maxSize: BODY_BYTES_MAX,
    onError: (context) => context.json({ problem: "The body is too long." }, 413),
  });
  app.post("/gate", limit, async (context) => {
    const order = GATE_ORDER.safeParse(await context.req.json().catch(() => null));
    if (!order.success)
      return context.json({ problem: 'Expected {"target": …, "fault": …}.', valid: targetsOf(switches) }, 400);
    const refusal = await obeyOrder(switches, order.data);
    return refusal === null ? context.json(switches.state()) : context.json(refusal, 400);
  });
  app.notFound((context) => context.json({ problem: "Only GET /, GET /topology and POST /gate are here." }, 404));
  app.onError((error, context) => context.json({ problem: errorText(error) }, 500));
  return app;
}

/** Null: done. */
async function obeyOrder(
  switches: Switches,
  order: z.infer<typeof GATE_ORDER>,
): Promise<z.infer<typeof GATE_REFUSAL> | null> {
  const { target, fault, onlyFrom } = order;
  if (target === DNS_TARGET) {
    const known = parseDnsFault(fault);
    if (known === null) return { problem: `DNS has no fault "${fault}".`, valid: [...DNS_FAULT_NAMES] };
    await switches.setDnsFault(known);
    return null;
  }
  if (!switches.state().regions.some((region) => region.id === target)) {
    return { problem: `There is no region "${target}".`, valid: targetsOf(switches) };
  }
  const known = parseGateFault(fault);
  if (known === null) return { problem: `A region has no fault "${fault}".`, valid: [...GATE_FAULT_NAMES] };
  if (known === "refuse" && onlyFrom.length > 0)
    return {
      problem: "A closed port cannot tell vantages apart.",
      valid: GATE_FAULT_NAMES.filter((name) => name !== "refuse"),
    };
  await switches.setRegionFault(target, known, onlyFrom);
  return null;
}

function targetsOf(switches: Switches): string[] {
  return [...switches.state().regions.map((region) => region.id), DNS_TARGET];
}

/** In constant time, whatever the lengths. */
function isSame(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
