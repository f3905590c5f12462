// Stand-ins for the API servers of a whole topology, each holding what its cluster does when all is well; tests then break one
// thing. They simulate: see `kube-server.ts` and `member-world.ts`.
import { hostWishes, memberWishes, NODES, type Wish } from "../../monitor/clusters/wish.ts";
import type { Topology } from "../../monitor/topology/topology.ts";
import { type KubeServer, startKubeServer, writeKubeconfig } from "./kube-server.ts";
import { hostShelf, memberShelf, type Shelf } from "./member-world.ts";

export interface StandIns {
  /** By context. */
  readonly servers: ReadonlyMap<string, KubeServer>;
  readonly kubeconfig: string;
  /** Of the context's server; throws where there is none. */
  at(context: string): KubeServer;
  close(): Promise<void>;
}

export async function startStandIns(
  topology: Topology,
  via: "plain" | "kubefed" | "karmada" = "plain",
): Promise<StandIns> {
  const servers = new Map<string, KubeServer>();
  const nodes = { group: "", version: "v1", plural: NODES, key: NODES, namespace: null };
  for (const region of topology.regions) {
    const wishes = [...memberWishes(topology, "configmap"), nodes];
    servers.set(region.cluster.context, await serverWith(wishes, memberShelf(topology, region)));
  }
  const host = topology.federation?.context;
  if (via !== "plain" && host !== undefined)
    servers.set(host, await serverWith(hostWishes(topology, via, "configmap"), hostShelf(topology, via)));
  const urls = Object.fromEntries([...servers].map(([context, { url }]) => [context, url]));
  return {
    servers,
    kubeconfig: writeKubeconfig(urls),
    at: (context) => {
      const server = servers.get(context);
      if (server === undefined) throw new Error(`no stand-in for ${context}`);
      return server;
    },
    close: async () => {
      await Promise.all([...servers.values()].map((server) => server.close()));
    },
  };
}

type Kind = Pick<Wish, "key" | "group" | "version" | "plural" | "namespace">;

export function kindPath({ group, version, plural }: Pick<Wish, "group" | "version" | "plural">): string {
  return group === "" ? `${version}/${plural}` : `${group}/${version}/${plural}`;
}

async function serverWith(kinds: readonly Kind[], shelf: Shelf): Promise<KubeServer> {
  const server = await startKubeServer(kinds.map(kindPath));
  for (const kind of kinds)
    for (const object of shelf[kind.key] ?? []) server.put(kindPath(kind), kind.namespace ?? "", object);
  return server;
}
