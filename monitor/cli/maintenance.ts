// `monitor maintenance`: announces at a running monitor that regions may fail for a while, and ends it. What it would do is shown
// first, with what is known of the regions now; only --yes does it.
import type { Asked } from "../conduct/monitor-client.ts";
import type { ExitCode } from "./envelope.ts";
import { orderProblems } from "../maintenance/order.ts";
import { unreachable } from "../problem.ts";
import { type MaintenanceWish, parseMaintenance } from "./maintenance-arguments.ts";
import { askEnd, askList, askStart } from "./maintenance-ask.ts";
import { endedText, endText, listText, orderText } from "./maintenance-text.ts";
import { MAINTENANCE_USAGE } from "./maintenance-usage.ts";
import { findMonitor, readStatusOf, type RunningMonitor } from "./running-monitor.ts";
import { refuse } from "./refusal.ts";
import { refusedProblems, showAnswer, shown, type Shown } from "./shown-answer.ts";

export async function runMaintenance(argv: readonly string[]): Promise<ExitCode> {
  const wish = parseMaintenance(argv, Date.now());
  if ("refusal" in wish) return refuse(wish, MAINTENANCE_USAGE);
  const monitor = await findMonitor(wish);
  if ("refusal" in monitor) return refuse({ ...monitor, lines: [monitor.refusal] }, "");
  const changes = wish.verb === "list" || wish.consent === "yes" ? "as told" : "nothing";
  const how = { command: `maintenance ${wish.verb}`, output: wish.output, changes } as const;
  return showAnswer(await carryOut(wish, monitor), how);
}

function carryOut(wish: MaintenanceWish, monitor: RunningMonitor): Promise<Asked<Shown>> {
  switch (wish.verb) {
    case "list":
      return list(monitor);
    case "start":
    case "schedule":
      return wish.consent === "yes" ? start(wish, monitor) : planStart(wish, monitor);
    case "end":
      return end(wish, monitor);
    default:
      return unreachable(wish);
  }
}

async function list(monitor: RunningMonitor): Promise<Asked<Shown>> {
  const asked = await askList(monitor);
  if (asked.kind !== "answer") return asked;
  return shown(listText(asked.value, Date.now()), { maintenance: asked.value });
}

type Start = Extract<MaintenanceWish, { verb: "start" | "schedule" }>;

/** Refused as the monitor would refuse it. */
async function planStart({ order }: Start, monitor: RunningMonitor): Promise<Asked<Shown>> {
  const status = await readStatusOf(monitor);
  if (status.kind !== "answer") return status;
  const known = status.value.regions.map(({ id }) => id);
  const problems = orderProblems(known, order, Date.now());
  if (problems.length > 0) return refusedProblems(problems);
  return shown(orderText(order, status.value, Date.now()), { done: false, order });
}

async function start({ order }: Start, monitor: RunningMonitor): Promise<Asked<Shown>> {
  const asked = await askStart(monitor, order);
  if (asked.kind !== "answer") return asked;
  const { id, from, until } = asked.value;
  return shown(`${id}: announced from ${from} until ${until}\n`, { done: true, maintenance: asked.value });
}

async function end(
  { id, consent }: Extract<MaintenanceWish, { verb: "end" }>,
  monitor: RunningMonitor,
): Promise<Asked<Shown>> {
  if (consent === "yes") {
    const asked = await askEnd(monitor, id);
    if (asked.kind !== "answer") return asked;
    return shown(endedText(asked.value), { done: true, ...asked.value });
  }
  const [listed, status] = await Promise.all([askList(monitor), readStatusOf(monitor)]);
  if (listed.kind !== "answer") return listed;
  if (status.kind !== "answer") return status;
  const window = listed.value.find((one) => one.id === id);
  if (window === undefined) return { kind: "refused", status: 400, detail: `there is no window "${id}"` };
  return shown(endText(window, status.value, Date.now()), { done: false, maintenance: window });
}
