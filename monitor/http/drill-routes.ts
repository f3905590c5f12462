// The faces by which a drill tells the monitor that it begins and that it is over. The monitor holds the lock: a second drill
// is told which one it must wait for.
import type { Context } from "hono";
import type { DrillNotice } from "../model/planned.ts";
import { DRILL_ORDER, type DrillOrder, type StartedDrill } from "../run/drill-order.ts";
import { toIso } from "../time.ts";
import { unreachable } from "../problem.ts";
import { refuseBody, withBody, type WriteRoute } from "./write-routes.ts";

export interface DrillFaces {
  /** The latest first. */
  readonly readDrills: () => Promise<readonly DrillNotice[]>;
  readonly startDrill: (order: DrillOrder) => Promise<StartedDrill>;
  /** Null: there is no such drill. */
  readonly endDrill: (id: string) => Promise<DrillNotice | null>;
}

export function drillRoutes(faces: DrillFaces): readonly WriteRoute[] {
  return [
    {
      method: "GET",
      path: "/v1/drills",
      answer: async (c) => c.json({ drills: (await faces.readDrills()).map(drillEntry) }),
    },
    {
      method: "POST",
      path: "/v1/drills",
      answer: withBody(DRILL_ORDER, async (c, order) => started(c, await faces.startDrill(order))),
    },
    { method: "DELETE", path: "/v1/drills/:id", answer: (c) => end(c, faces) },
  ];
}

function started(c: Context, { acceptance, cost }: StartedDrill): Response {
  switch (acceptance.kind) {
    case "started":
      return c.json({ drill: drillEntry(acceptance.drill), cost }, 201);
    case "known":
      return c.json({ drill: drillEntry(acceptance.drill), cost });
    case "locked": {
      const { drill } = acceptance;
      return c.json({ error: `the drill ${drill.id} is not over`, drill: drillEntry(drill) }, 409);
    }
    case "refused":
      return refuseBody(c, acceptance.problems);
    default:
      return unreachable(acceptance);
  }
}

async function end(c: Context, faces: DrillFaces): Promise<Response> {
  const id = c.req.param("id") ?? "";
  const drill = await faces.endDrill(id);
  return drill === null ? c.json({ error: `there is no drill "${id}"` }, 404) : c.json({ drill: drillEntry(drill) });
}

/** As readers get it: times as text. */
function drillEntry({ settleMs: _own, ...drill }: DrillNotice): object {
  const { startedAt, expiresAt, endedAt } = drill;
  return {
    ...drill,
    startedAt: toIso(startedAt),
    expiresAt: toIso(expiresAt),
    endedAt: endedAt === null ? null : toIso(endedAt),
  };
}
