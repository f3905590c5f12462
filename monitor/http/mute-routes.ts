// The faces by which somebody asks for quiet about some subjects, and ends it.
import type { Context } from "hono";
import type { Mute } from "../model/alert.ts";
import { MUTE_ORDER, type MuteAcceptance, type MuteEnd, type MuteOrder, MUTES_MAX } from "../incident/mute-order.ts";
import { unreachable } from "../problem.ts";
import { toIso } from "../time.ts";
import { refuseBody, withBody, type WriteRoute } from "./write-routes.ts";

export interface MuteFaces {
  /** The one that ends last first. */
  readonly readMutes: () => Promise<readonly Mute[]>;
  readonly startMute: (order: MuteOrder) => Promise<MuteAcceptance>;
  readonly endMute: (id: string) => Promise<MuteEnd>;
}

export function muteRoutes(faces: MuteFaces): readonly WriteRoute[] {
  return [
    {
      method: "GET",
      path: "/v1/mutes",
      answer: async (c) => c.json({ mutes: (await faces.readMutes()).map(muteEntry) }),
    },
    {
      method: "POST",
      path: "/v1/mutes",
      answer: withBody(MUTE_ORDER, async (c, order) => started(c, await faces.startMute(order))),
    },
    { method: "DELETE", path: "/v1/mutes/:id", answer: (c) => end(c, faces) },
  ];
}

function started(c: Context, acceptance: MuteAcceptance): Response {
  switch (acceptance.kind) {
    case "muted":
      return c.json({ mute: muteEntry(acceptance.mute) }, 201);
    case "known":
      return c.json({ mute: muteEntry(acceptance.mute) });
    case "taken": {
      const { mute } = acceptance;
      return c.json({ error: `there is another mute "${mute.id}"`, mute: muteEntry(mute) }, 409);
    }
    case "full":
      return c.json({ error: `${MUTES_MAX} mutes are in force, and more are not kept` }, 409);
    case "refused":
      return refuseBody(c, acceptance.problems);
    default:
      return unreachable(acceptance);
  }
}

async function end(c: Context, faces: MuteFaces): Promise<Response> {
  const id = c.req.param("id") ?? "";
  const ended = await faces.endMute(id);
  if (ended.kind === "unknown") return c.json({ error: `there is no mute "${id}"` }, 404);
  return c.json({ end: ended.kind, mute: muteEntry(ended.mute) });
}

/** As readers get it: times as text. */
function muteEntry(mute: Mute): object {
  return { ...mute, from: toIso(mute.from), until: toIso(mute.until) };
}
