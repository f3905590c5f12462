// The faces by which somebody announces maintenance and ends it. What recurs by the topology is in the list, and can be ended
// early; to change it for good is to change the topology.
import type { Context } from "hono";
import {
  MAINTENANCE_ORDER,
  type MaintenanceAcceptance,
  type MaintenanceEnd,
  type MaintenanceOrder,
  WINDOWS_MAX,
} from "../maintenance/order.ts";
import type { MaintenanceWindow } from "../model/planned.ts";
import { unreachable } from "../problem.ts";
import { toIso } from "../time.ts";
import { refuseBody, withBody, type WriteRoute } from "./write-routes.ts";

export interface MaintenanceFaces {
  /** The earliest first. */
  readonly readMaintenance: () => Promise<readonly MaintenanceWindow[]>;
  readonly scheduleMaintenance: (order: MaintenanceOrder) => Promise<MaintenanceAcceptance>;
  readonly endMaintenance: (id: string) => Promise<MaintenanceEnd>;
}

export function maintenanceRoutes(faces: MaintenanceFaces): readonly WriteRoute[] {
  return [
    {
      method: "GET",
      path: "/v1/maintenance",
      answer: async (c) => c.json({ maintenance: (await faces.readMaintenance()).map(windowEntry) }),
    },
    {
      method: "POST",
      path: "/v1/maintenance",
      answer: withBody(MAINTENANCE_ORDER, async (c, order) => scheduled(c, await faces.scheduleMaintenance(order))),
    },
    { method: "DELETE", path: "/v1/maintenance/:id", answer: (c) => end(c, faces) },
  ];
}

function scheduled(c: Context, acceptance: MaintenanceAcceptance): Response {
  switch (acceptance.kind) {
    case "scheduled":
      return c.json({ maintenance: windowEntry(acceptance.window) }, 201);
    case "known":
      return c.json({ maintenance: windowEntry(acceptance.window) });
    case "taken": {
      const { window } = acceptance;
      return c.json({ error: `there is another window "${window.id}"`, maintenance: windowEntry(window) }, 409);
    }
    case "full":
      return c.json({ error: `${WINDOWS_MAX} windows are ahead, and more are not kept` }, 409);
    case "refused":
      return refuseBody(c, acceptance.problems);
    default:
      return unreachable(acceptance);
  }
}

async function end(c: Context, faces: MaintenanceFaces): Promise<Response> {
  const id = c.req.param("id") ?? "";
  const ended = await faces.endMaintenance(id);
  if (ended.kind === "unknown") return c.json({ error: `there is no window "${id}"` }, 404);
  return c.json({ end: ended.kind, maintenance: windowEntry(ended.window) });
}

/** As readers get it: times as text. */
function windowEntry(window: MaintenanceWindow): object {
  return { ...window, from: toIso(window.from), until: toIso(window.until) };
}
