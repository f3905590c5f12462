// Wiring only: the router for its own name, the HTTP faces over the coordinator for all others, and cron as its watchdog.
import { makeApp, type WriteFaces } from "../monitor/http/app.ts";
import type { AlertFaces } from "../monitor/http/alert-routes.ts";
import type { DrillFaces } from "../monitor/http/drill-routes.ts";
import { keepStatus } from "../monitor/http/kept-status.ts";
import type { MaintenanceFaces } from "../monitor/http/maintenance-routes.ts";
import type { MuteFaces } from "../monitor/http/mute-routes.ts";
import type { ObservationFaces } from "../monitor/http/observation-routes.ts";
import type { RouterFaces } from "../monitor/http/router-routes.ts";
import { TOKEN_CHARACTERS_MIN, usableToken } from "../monitor/http/write-routes.ts";
import type { Topology } from "../monitor/topology/topology.ts";
import { allSecrets, secretProblems } from "../monitor/wire/vantage-secrets.ts";
import { makeRouter, type Router } from "./router.ts";
import type { AskSnapshot } from "./router-memory.ts";
import { readTopology, type WorkerEnv } from "./topology-text.ts";

export { Coordinator } from "./coordinator.ts";
export { EdgeDialer } from "./edge-dialer.ts";
export { Vantage } from "./vantage.ts";

/** One coordinator watches one service. */
function coordinatorOf(env: WorkerEnv) {
  return env.COORDINATOR.getByName("coordinator");
}

type Answer = (request: Request) => Response | Promise<Response>;

interface Served {
  readonly env: WorkerEnv;
  /** Null: off. */
  readonly router: Router | null;
  readonly faces: Answer;
}

let served: Served | null = null;

/** Made once for all requests; a call's stub belongs to its own request, so every call gets a new one. */
function servedOf(env: WorkerEnv): Served {
  if (served?.env === env) return served;
  const topology = readTopology(env);
  const app = makeApp({
    topologyProblems: topology.ok ? [] : topology.problems,
    readStatus: () => coordinatorOf(env).readStatus(),
    readPast: () => coordinatorOf(env).readPast(),
    readMetrics: () => coordinatorOf(env).readMetrics(),
    readSelf: () => coordinatorOf(env).readSelf(),
    readRounds: (wish) => coordinatorOf(env).readRounds(wish),
    reports: {
      readRecent: (windowMs) => coordinatorOf(env).readRecent(windowMs),
      readBuckets: (width, windowMs) => coordinatorOf(env).readBuckets(width, windowMs),
      readDays: () => coordinatorOf(env).readDays(),
      readDay: (day) => coordinatorOf(env).readDay(day),
    },
    writes: writesOf(env),
    observations: topology.ok ? observationsOf(env, topology.value) : null,
  });
  const faces = keepStatus(
    (request) => app.fetch(request),
    () => Date.now(),
  );
  const routed = topology.ok && topology.value.router.mode !== "off";
  served = { env, faces, router: routed ? makeRouter(topology.value, env.AFFINITY_SECRET ?? null) : null };
  return served;
}

function observationsOf(env: WorkerEnv, topology: Topology): ObservationFaces | null {
  const secrets = allSecrets(topology, { ...env });
  for (const problem of secretProblems(topology, { ...env })) console.error(problem);
  if ([...secrets.values()].every((own) => own.length === 0)) return null;
  return {
    now: () => Date.now(),
    secrets: () => secrets,
    accept: (batch, digest) => coordinatorOf(env).acceptBatch(batch, digest),
  };
}

function writesOf(env: WorkerEnv): WriteFaces | null {
  const token = usableToken(env.ADMIN_TOKEN);
  if (token !== null) {
    const drills: DrillFaces = {
      readDrills: () => coordinatorOf(env).readDrills(),
      startDrill: (order) => coordinatorOf(env).startDrill(order),
      endDrill: (id) => coordinatorOf(env).endDrill(id),
    };
    const maintenance: MaintenanceFaces = {
      readMaintenance: () => coordinatorOf(env).readMaintenance(),
      scheduleMaintenance: (order) => coordinatorOf(env).scheduleMaintenance(order),
      endMaintenance: (id) => coordinatorOf(env).endMaintenance(id),
    };
    const alerts: AlertFaces = {
      readAlerts: () => coordinatorOf(env).readAlerts(),
      testAlert: (channel) => coordinatorOf(env).testAlert(channel),
      retryAlerts: () => coordinatorOf(env).retryAlerts(),
    };
    const mutes: MuteFaces = {
      readMutes: () => coordinatorOf(env).readMutes(),
      startMute: (order) => coordinatorOf(env).startMute(order),
      endMute: (id) => coordinatorOf(env).endMute(id),
    };
    const router: RouterFaces = {
      readDrains: () => coordinatorOf(env).readDrains(),
      drain: (region, order) => coordinatorOf(env).drainRegion(region, order),
      endDrain: (region) => coordinatorOf(env).endDrain(region),
      explain: (client) => coordinatorOf(env).explainRoute(client),
    };
    return { token, readAudit: () => coordinatorOf(env).readAudit(), drills, alerts, mutes, maintenance, router };
  }
  if (env.ADMIN_TOKEN !== undefined)
    console.error(`ADMIN_TOKEN: expected at least ${TOKEN_CHARACTERS_MIN} characters; nothing can be changed with it`);
  return null;
}

export default {
  /** Not async: on the router's way every promise counts. */
  fetch(request, env, ctx): Response | Promise<Response> {
    const { router, faces } = servedOf(env);
    if (router === null) return faces(request);
    const ask: AskSnapshot = (hints) => coordinatorOf(env).exchangeRouting(hints);
    return router.route(request, ctx, ask) ?? faces(request);
  },

  async scheduled(_event, env): Promise<void> {
    await coordinatorOf(env).ensure();
  },
} satisfies ExportedHandler<WorkerEnv>;
