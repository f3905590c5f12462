// A whole drill of one gate in a process of its own that kills itself at one of its points: before and after each exchange with
// the monitor or the local world. Without a point to die at it prints the names of all that it passed.
import { subscribe } from "node:diagnostics_channel";
import { makeMonitorClient } from "../../monitor/conduct/monitor-client.ts";
import { runDrill } from "../../monitor/conduct/run-drill.ts";
import { rollbackUndo } from "../../monitor/lever/make-lever.ts";
import { makeReach } from "../../monitor/lever/reach.ts";
import { preparedLevers } from "../../monitor/conduct/prepare.ts";
import { makeNodeWorld } from "../../monitor/node/world.ts";
import { shortPlan, smallTopology } from "./small-drill.ts";

export interface RunOrder {
  readonly id: string;
  readonly state: string;
  readonly monitorUrl: string;
  readonly worldPort: number;
  /** The number of the point, from 0; null: it lives. */
  readonly dieAt: number | null;
}

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- from the test itself
const { id, state, monitorUrl, worldPort, dieAt } = JSON.parse(process.argv[2] ?? "") as RunOrder;
const passed: string[] = [];

function pass(name: string): void {
  passed.push(name);
  if (passed.length - 1 === dieAt) process.kill(process.pid, "SIGKILL");
}

const topology = smallTopology();
const plan = shortPlan(topology, { cadence: { roundMs: 200, statusMs: 60_000, dnsMs: 60_000, requestMs: 60_000 } });
const reach = makeReach(process.env);
const levers = await preparedLevers(plan, { topology, worldPort }, reach);
if (levers.kind === "refused") throw new Error(levers.why.join("; "));

interface Seen {
  readonly request: { readonly method: string; readonly path: string };
}

const isAct = ({ method }: Seen["request"]): boolean => method !== "GET";
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as undici documents its channels
subscribe(
  "undici:request:create",
  (message) => isAct((message as Seen).request) && pass(`before ${nameOf(message as Seen)}`),
);
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as undici documents its channels
subscribe(
  "undici:request:headers",
  (message) => isAct((message as Seen).request) && pass(`after ${nameOf(message as Seen)}`),
);

function nameOf({ request }: Seen): string {
  return `${request.method} ${request.path}`;
}

const end = await runDrill(
  {
    id,
    plan,
    topology,
    levers: levers.levers,
    monitor: makeMonitorClient(monitorUrl, "x".repeat(16)),
    worldPort: null,
    router: null,
    probeEverySeconds: null,
    state,
    rollback: (undo) => rollbackUndo(undo, reach),
    judgeStart: () => Promise.resolve({ lasting: [], passing: [] }),
  },
  { world: makeNodeWorld(), tell: () => {}, stop: new AbortController().signal },
);
if (end.kind === "refused") throw new Error(end.why.join("; "));
console.log(JSON.stringify(passed));
process.exit(0);
