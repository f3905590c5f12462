// The HTTP faces of a monitor in Node: those of the Worker, over a keeper in the same process, and beside them what became of
// the topology's file. There is no router here, so its faces are absent.
import type { Faces } from "../http/app.ts";
import type { MetricsSource } from "../report/metrics.ts";
import { type Reload, selfWithReload, statusWithReload } from "../report/reload.ts";
import type { SelfReport } from "../report/self.ts";
import type { StatusReport } from "../report/status-schema.ts";
import type { Topology } from "../topology/topology.ts";
import type { Keeper } from "../wire/keeper.ts";

/** What is watched may be replaced between two calls. */
export interface Watched {
  readonly topology: Topology;
  readonly reload: Reload;
}

export async function readWatchedStatus(keeper: Keeper, { topology, reload }: Watched): Promise<StatusReport> {
  return statusWithReload(await keeper.readStatus(topology), reload);
}

async function readWatchedSelf(keeper: Keeper, { topology, reload }: Watched): Promise<SelfReport> {
  return selfWithReload(await keeper.readSelf(topology), reload);
}

async function readWatchedMetrics(keeper: Keeper, { topology, reload }: Watched): Promise<MetricsSource> {
  const source = await keeper.readMetrics(topology);
  return { ...source, status: statusWithReload(source.status, reload) };
}

/** `token`: null: nothing can be changed from outside. */
export function watchFaces(keeper: Keeper, watched: () => Watched, token: string | null): Faces {
  return {
    topologyProblems: [],
    readStatus: () => readWatchedStatus(keeper, watched()),
    readMetrics: () => readWatchedMetrics(keeper, watched()),
    readSelf: () => readWatchedSelf(keeper, watched()),
    readRounds: (wish) => keeper.readRounds(watched().topology, wish),
    reports: {
      readRecent: (windowMs) => keeper.readRecent(watched().topology, windowMs),
      readBuckets: (width, windowMs) => keeper.readBuckets(watched().topology, width, windowMs),
      readDays: async () => keeper.readDays(),
      readDay: async (day) => keeper.readDay(day),
    },
    writes: token === null ? null : writeFaces(keeper, watched, token),
  };
}

function writeFaces(keeper: Keeper, watched: () => Watched, token: string): NonNullable<Faces["writes"]> {
  return {
    token,
    readAudit: async () => keeper.readAudit(),
    drills: {
      readDrills: async () => keeper.readDrills(),
      startDrill: async (order) => keeper.startDrill(watched().topology, order),
      endDrill: async (id) => keeper.endDrill(id),
    },
    maintenance: {
      readMaintenance: async () => keeper.readMaintenance(watched().topology),
      scheduleMaintenance: async (order) => keeper.scheduleMaintenance(watched().topology, order),
      endMaintenance: async (id) => keeper.endMaintenance(watched().topology, id),
    },
    alerts: {
      readAlerts: async () => keeper.readAlerts(watched().topology),
      testAlert: async (channel) => keeper.testAlert(watched().topology, channel),
      retryAlerts: async () => keeper.retryAlerts(watched().topology),
    },
  };
}
