// What a drill is run on: a topology, the monitor that watches it, and how that is spoken to. Either a local world that runs
// here, which knows all of it, or what the person named.
import { TOKEN_CHARACTERS_MIN, usableToken } from "../http/write-routes.ts";
import { askTopology, findWorld, worldlessWords } from "../local/world-client.ts";
import { formatProblem } from "../problem.ts";
import { pacesOf } from "../topology/pace.ts";
import { parseTopology } from "../topology/parse.ts";
import type { Topology } from "../topology/topology.ts";
import { makeMonitorClient, type MonitorClient } from "./monitor-client.ts";

export interface SceneWish {
  /** Of a monitor that is no local world of this machine; null: a local world. */
  readonly url: string | null;
  /** Of the local world; null: the only one that runs. */
  readonly port: number | null;
}

export interface Scene {
  readonly topology: Topology;
  readonly monitor: MonitorClient;
  /** Null: no local world. */
  readonly worldPort: number | null;
  readonly router: RouterDoor | null;
}

/** Where requests go that take the way through the router, where it serves them itself. */
export interface RouterDoor {
  readonly url: string;
  /** Null: wherever the system finds its name. */
  readonly address: string | null;
}

export type FoundScene =
  | { readonly kind: "scene"; readonly scene: Scene }
  | { readonly kind: "none"; readonly why: string };

/** `fileTopology` is what a real drill is run on, beside `wish.url`. */
export async function findScene(
  wish: SceneWish,
  fileTopology: () => Topology | string,
  variable: (name: string) => string | null,
): Promise<FoundScene> {
  if (wish.url === null) return await findLocalScene(wish.port);
  const topology = fileTopology();
  if (typeof topology === "string") return none(topology);
  const token = usableToken(variable("ADMIN_TOKEN") ?? undefined);
  if (token === null)
    return none(
      `ADMIN_TOKEN: expected the monitor's token, of at least ${TOKEN_CHARACTERS_MIN} characters, in the environment`,
    );
  const scene: Scene = {
    topology,
    monitor: makeMonitorClient(wish.url, token),
    worldPort: null,
    router: routerOf(topology, null),
  };
  return { kind: "scene", scene };
}

async function findLocalScene(port: number | null): Promise<FoundScene> {
  const search = await findWorld(port);
  if (search.kind !== "found") {
    const other = search.running.length === 0 ? ", or name a monitor with --url and its --topology" : "";
    return none(`${worldlessWords(search, port)}${other}`);
  }
  const { world } = search;
  const text = await askTopology(world);
  const parsed = text === null ? null : parseTopology(text);
  if (parsed === null) return none(`the local world on port ${world.port} does not answer`);
  if (!parsed.ok) return none(parsed.problems.map((problem) => formatProblem(problem, "topology.yaml")).join("\n"));
  const monitor = makeMonitorClient(world.statusUrl, world.token);
  const router = routerOf(parsed.value, new URL(world.statusUrl));
  return { kind: "scene", scene: { topology: parsed.value, monitor, worldPort: world.port, router } };
}

/** `local`: where the monitor of a local world answers. A router that redirects leaves the request itself to the user's own way. */
function routerOf({ router, service }: Topology, local: URL | null): RouterDoor | null {
  if (router.mode !== "proxy") return null;
  const host = router.host ?? service.host;
  if (local === null) return { url: `https://${host}/`, address: null };
  return { url: `http://${host}:${local.port}/`, address: local.hostname };
}

/** Seconds between rounds during a drill; null: they cannot be quicker, or need not. */
export function drillPace(topology: Topology): number | null {
  return pacesOf(topology).at(-1) ?? null;
}

function none(why: string): FoundScene {
  return { kind: "none", why };
}
