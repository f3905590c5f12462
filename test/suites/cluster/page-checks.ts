// Long lists at a real API server: pages with its own tokens, and the bounds beyond which nothing is kept.
import type { Look } from "../../../monitor/clusters/sight.ts";
import { makeNodeClock } from "../../../monitor/node/clock.ts";
import { openKube } from "../../../monitor/node/kube-api.ts";
import { makeKubeReader, PAGE_ITEMS_MAX, PAGES_MAX } from "../../../monitor/node/kube-reader.ts";
import { runInLanes } from "../../../monitor/run/lanes.ts";
import { expectSame } from "../checks.ts";
import type { RealClusters } from "./servers.ts";
import { HOST } from "./topology.ts";

const NAMESPACE = "pages";
const LEASES = { group: "coordination.k8s.io", version: "v1", plural: "leases" } as const;
const FEW = PAGE_ITEMS_MAX * 2 + 100;
const ALL = PAGE_ITEMS_MAX * PAGES_MAX + 1;
const LANES = 20;
const READ_MS_MAX = 60_000;

export async function checkPages(clusters: RealClusters): Promise<void> {
  const { api } = clusters.at(HOST);
  await api.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } });
  const tasks = Array.from({ length: ALL }, (_, index) => async (): Promise<void> => {
    const labels = { size: index < FEW ? "few" : "many" };
    const metadata = { name: `lease-${String(index).padStart(4, "0")}`, namespace: NAMESPACE, labels };
    await api.create({ apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata });
  });
  await runInLanes(tasks, LANES);
  process.env["KUBECONFIG"] = clusters.kubeconfigAs("admin");
  const few = await lookAt("size=few");
  expectSame("a list of three pages", few.kind === "seen" ? few.objects.length : few, FEW);
  const all = await lookAt(null);
  const words = `expected at most ${PAGE_ITEMS_MAX * PAGES_MAX} objects, found more`;
  if (all.kind !== "failed" || !all.detail.endsWith(words)) throw new Error(`expected "${words}", found ${all.kind}`);
  const opened = openKube(HOST, makeNodeClock());
  if (opened.kind === "failed") throw new Error(opened.detail);
  const listed = await opened.api.list(LEASES, NAMESPACE);
  if (listed.kind === "reply")
    throw new Error(`expected that levers take no part for whole, found ${listed.value.length}`);
  await api.remove(`/api/v1/namespaces/${NAMESPACE}`);
}

async function lookAt(labelSelector: string | null): Promise<Look> {
  const clock = makeNodeClock();
  const reader = makeKubeReader(HOST, clock, clock.monotonicMs() + READ_MS_MAX);
  const reading = await reader.read([{ ...LEASES, key: "leases", namespace: NAMESPACE, name: null, labelSelector }]);
  const look = reading.kind === "read" ? reading.looks["leases"] : undefined;
  if (look === undefined) throw new Error(`the list was not read: ${JSON.stringify(reading)}`);
  return look;
}
