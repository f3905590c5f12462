// The HTTP faces of a monitor in Node: those of the Worker, over a keeper in the same process, and beside them what became of
// the topology's file. There is no router here, so its faces are absent.
import type { Faces } from "../http/app.ts";
import type { ObservationFaces } from "../http/observation-routes.ts";
import type { MetricsSource } from "../report/metrics.ts";
import { type Reload, selfWithReload, statusWithReload } from "../report/reload.ts";
import type { SelfReport } from "../report/self.ts";
import type { StatusReport } from "../report/status-schema.ts";
import type { Clock } from "../run/world.ts";
import type { Topology } from "../topology/topology.ts";
import type { Keeper } from "../wire/keeper.ts";
import type { KeeperFaces } from "../wire/keeper-faces.ts";
import type { KeeperWrites } from "../wire/keeper-writes.ts";
import { allSecrets, type SecretVariables } from "../wire/vantage-secrets.ts";

/** What is watched may be replaced between two calls. */
export interface Watched {
  readonly topology: Topology;
  readonly reload: Reload;
}

export async function readWatchedStatus(faces: KeeperFaces, { topology, reload }: Watched): Promise<StatusReport> {
  return statusWithReload(await faces.readStatus(topology), reload);
}

async function readWatchedSelf(faces: KeeperFaces, { topology, reload }: Watched): Promise<SelfReport> {
  return selfWithReload(await faces.readSelf(topology), reload);
}

async function readWatchedMetrics(faces: KeeperFaces, { topology, reload }: Watched): Promise<MetricsSource> {
  const source = await faces.readMetrics(topology);
  return { ...source, status: statusWithReload(source.status, reload) };
}

/** `token`: null: nothing can be changed from outside. `secrets`: none: no private vantage can report. */
export function watchFaces(
  keeper: Keeper,
  watched: () => Watched,
  { token, secrets }: { readonly token: string | null; readonly secrets: SecretVariables },
  clock: Pick<Clock, "now">,
): Faces {
  const { faces, writes } = keeper;
  return {
    topologyProblems: [],
    readStatus: () => readWatchedStatus(faces, watched()),
    readPast: async () => faces.readPast(),
    readMetrics: () => readWatchedMetrics(faces, watched()),
    readSelf: () => readWatchedSelf(faces, watched()),
    readRounds: (wish) => faces.readRounds(watched().topology, wish),
    reports: {
      readRecent: (windowMs) => faces.readRecent(watched().topology, windowMs),
      readBuckets: (width, windowMs) => faces.readBuckets(watched().topology, width, windowMs),
      readDays: async () => faces.readDays(),
      readDay: async (day) => faces.readDay(day),
    },
    writes: token === null ? null : writeFaces(writes, watched, token),
    observations: Object.keys(secrets).length === 0 ? null : observationFaces(keeper, watched, secrets, clock),
  };
}

function observationFaces(
  keeper: Keeper,
  watched: () => Watched,
  secrets: SecretVariables,
  clock: Pick<Clock, "now">,
): ObservationFaces {
  return {
    now: () => clock.now(),
    secrets: () => allSecrets(watched().topology, secrets),
    accept: (batch, digest) => keeper.acceptBatch(watched().topology, batch, digest),
  };
}

function writeFaces(writes: KeeperWrites, watched: () => Watched, token: string): NonNullable<Faces["writes"]> {
  return {
    token,
    readAudit: async () => writes.readAudit(),
    drills: {
      readDrills: async () => writes.readDrills(),
      startDrill: async (order) => writes.startDrill(watched().topology, order),
      endDrill: async (id) => writes.endDrill(id),
    },
    maintenance: {
      readMaintenance: async () => writes.readMaintenance(watched().topology),
      scheduleMaintenance: async (order) => writes.scheduleMaintenance(watched().topology, order),
      endMaintenance: async (id) => writes.endMaintenance(watched().topology, id),
    },
    mutes: {
      readMutes: async () => writes.readMutes(),
      startMute: async (order) => writes.startMute(watched().topology, order),
      endMute: async (id) => writes.endMute(id),
    },
    alerts: {
      readAlerts: async () => writes.readAlerts(watched().topology),
      testAlert: async (channel) => writes.testAlert(watched().topology, channel),
      retryAlerts: async () => writes.retryAlerts(watched().topology),
    },
  };
}
