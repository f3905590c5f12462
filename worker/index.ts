// Wiring only: the HTTP faces over the coordinator, and cron as its watchdog.
import { makeApp } from "../monitor/http/app.ts";
import { readTopology, type WorkerEnv } from "./topology-text.ts";

export { Coordinator } from "./coordinator.ts";
export { EdgeDialer } from "./edge-dialer.ts";
export { Vantage } from "./vantage.ts";

/** One coordinator watches one service. */
function coordinatorOf(env: WorkerEnv) {
  return env.COORDINATOR.getByName("coordinator");
}

export default {
  async fetch(request, env): Promise<Response> {
    const topology = readTopology(env);
    const coordinator = coordinatorOf(env);
    const app = makeApp({
      topologyProblems: topology.ok ? [] : topology.problems,
      readStatus: () => coordinator.readStatus(),
      readSelf: () => coordinator.readSelf(),
      reports: {
        readRecent: (windowMs) => coordinator.readRecent(windowMs),
        readDays: () => coordinator.readDays(),
        readDay: (day) => coordinator.readDay(day),
      },
    });
    return app.fetch(request);
  },

  async scheduled(_event, env): Promise<void> {
    await coordinatorOf(env).ensure();
  },
} satisfies ExportedHandler<WorkerEnv>;
