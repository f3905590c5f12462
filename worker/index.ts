// Wiring only: the HTTP faces over the coordinator, and cron as its watchdog.
import { makeApp, type WriteFaces } from "../monitor/http/app.ts";
import type { DrillFaces } from "../monitor/http/drill-routes.ts";
import { keepStatus } from "../monitor/http/kept-status.ts";
import { TOKEN_CHARACTERS_MIN, usableToken } from "../monitor/http/write-routes.ts";
import { readTopology, type WorkerEnv } from "./topology-text.ts";

export { Coordinator } from "./coordinator.ts";
export { EdgeDialer } from "./edge-dialer.ts";
export { Vantage } from "./vantage.ts";

/** One coordinator watches one service. */
function coordinatorOf(env: WorkerEnv) {
  return env.COORDINATOR.getByName("coordinator");
}

type Answer = (request: Request) => Promise<Response>;

let served: { readonly env: WorkerEnv; readonly answer: Answer } | null = null;

/** Made once for all requests; a call's stub belongs to its own request, so every call gets a new one. */
function answerOf(env: WorkerEnv): Answer {
  if (served?.env === env) return served.answer;
  const topology = readTopology(env);
  const app = makeApp({
    topologyProblems: topology.ok ? [] : topology.problems,
    readStatus: () => coordinatorOf(env).readStatus(),
    readSelf: () => coordinatorOf(env).readSelf(),
    readRounds: (wish) => coordinatorOf(env).readRounds(wish),
    reports: {
      readRecent: (windowMs) => coordinatorOf(env).readRecent(windowMs),
      readBuckets: (width, windowMs) => coordinatorOf(env).readBuckets(width, windowMs),
      readDays: () => coordinatorOf(env).readDays(),
      readDay: (day) => coordinatorOf(env).readDay(day),
    },
    writes: writesOf(env),
  });
  const answer = keepStatus(
    (request) => app.fetch(request),
    () => Date.now(),
  );
  served = { env, answer };
  return answer;
}

function writesOf(env: WorkerEnv): WriteFaces | null {
  const token = usableToken(env.ADMIN_TOKEN);
  if (token !== null) {
    const drills: DrillFaces = {
      readDrills: () => coordinatorOf(env).readDrills(),
      startDrill: (order) => coordinatorOf(env).startDrill(order),
      endDrill: (id) => coordinatorOf(env).endDrill(id),
    };
    return { token, readAudit: () => coordinatorOf(env).readAudit(), drills };
  }
  if (env.ADMIN_TOKEN !== undefined)
    console.error(`ADMIN_TOKEN: expected at least ${TOKEN_CHARACTERS_MIN} characters; nothing can be changed with it`);
  return null;
}

export default {
  async fetch(request, env): Promise<Response> {
    return answerOf(env)(request);
  },

  async scheduled(_event, env): Promise<void> {
    await coordinatorOf(env).ensure();
  },
} satisfies ExportedHandler<WorkerEnv>;
