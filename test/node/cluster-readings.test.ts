// Many clusters at once over stand-ins for their API servers, with a look at each endpoint through a net of the test's own.
import { expect, onTestFinished, test, vi } from "vitest";
import { clusterFindings, clusterVerdict } from "../../monitor/clusters/judged.ts";
import { judgeMember } from "../../monitor/clusters/judge-member.ts";
import { CLUSTERS_AT_ONCE_MAX, readClusters } from "../../monitor/node/cluster-readings.ts";
import { makeNodeClock } from "../../monitor/node/clock.ts";
import type { LookingWorld } from "../../monitor/run/world.ts";
import type { Region, Topology } from "../../monitor/topology/topology.ts";
import { startStandIns } from "../support/cluster-stand-ins.ts";
import { AWS, EXAMPLE } from "../support/example-topology.ts";
import { podAddress, podName } from "../support/member-world.ts";

const clock = makeNodeClock();

/** Every endpoint answers as the first Pod of its cluster, but for those that are told to lie. */
function worldOf({ regions }: Topology, hostnames: Readonly<Record<string, string>> = {}): LookingWorld {
  const bodyFor = (region: Region): string =>
    JSON.stringify({
      region: region.region,
      hostname: hostnames[region.id] ?? podName(EXAMPLE, 0),
      podIP: podAddress(region, 0),
      time: new Date(clock.now()).toISOString(),
      cluster: region.cluster.context,
      version: "1.0.0",
    });
  return {
    clock,
    net: {
      sees: ["connect"],
      dial: () => Promise.reject(new Error("nobody dials")),
      fetchOnce: ({ url }) => {
        const region = regions.find(({ endpoint }) => url.startsWith(endpoint.url));
        if (region === undefined) throw new Error(`no region at ${url}`);
        return Promise.resolve({ kind: "reply", status: 200, body: bodyFor(region), phases: {}, totalMs: 1 });
      },
    },
    dns: { ask: () => Promise.reject(new Error("nobody asks")) },
  };
}

function many(count: number): Topology {
  const regions = Array.from({ length: count }, (_, at): Region => {
    const id = `cluster-${String(at).padStart(2, "0")}`;
    return {
      ...AWS,
      id,
      cluster: { context: id, replicas: 2 },
      endpoint: { url: `https://${id}.example.com`, addresses: ["192.0.2.10"] },
    };
  });
  return { ...EXAMPLE, regions };
}

/** Several hundred connections, on machines that have more to do. */
vi.setConfig({ testTimeout: 120_000 });

test("thirty clusters, one of them gone and one led astray: each is judged by itself, ten at a time", async () => {
  const topology = many(30);
  const stands = await startStandIns(topology);
  onTestFinished(() => stands.close());
  vi.stubEnv("KUBECONFIG", stands.kubeconfig);
  onTestFinished(() => void vi.unstubAllEnvs());
  await stands.at("cluster-07").close();
  const world = worldOf(topology, { "cluster-21": "multicloud-demo-of-another-cluster" });
  const wish = {
    topology,
    regions: topology.regions,
    host: null,
    regionBy: "configmap",
    timeoutMs: 60_000,
    claims: "look",
  } as const;
  const { members } = await readClusters(wish, world);
  const judged = members.map((member) => judgeMember(topology, member, "configmap", clock.now()));
  expect(judged.map(({ context }) => context)).toEqual(topology.regions.map(({ id }) => id));
  const odd = judged.filter((one) => clusterVerdict(one) !== "conforms");
  expect(clusterFindings(odd).map(({ id, place }) => [place.file, id])).toEqual([
    ["cluster:cluster-07", "CL-UNREACHABLE"],
    ["cluster:cluster-21", "CL-CLAIM-POD"],
  ]);
  expect(CLUSTERS_AT_ONCE_MAX).toBe(10);
});
