// `monitor maintenance`: announces at a running monitor that regions may fail for a while, and ends it. What it would do is shown
// first, with what is known of the regions now; only --yes does it.
import { type Asked, wordlessRefusal } from "../conduct/monitor-client.ts";
import { EXIT, envelope, type ExitCode } from "./envelope.ts";
import { orderProblems } from "../maintenance/order.ts";
import { unreachable } from "../problem.ts";
import type { StatusReport } from "../report/status-schema.ts";
import { type MaintenanceWish, parseMaintenance } from "./maintenance-arguments.ts";
import { askEnd, askList, askStart } from "./maintenance-ask.ts";
import { endedText, endText, listText, orderText } from "./maintenance-text.ts";
import { MAINTENANCE_USAGE } from "./maintenance-usage.ts";
import { findMonitor, type RunningMonitor } from "./running-monitor.ts";
import { refuse } from "./refusal.ts";
import { fetchStatus } from "./status-source.ts";

/** What was done or found, for people and for machines. */
interface Shown {
  readonly text: string;
  readonly payload: object;
}

export async function runMaintenance(argv: readonly string[]): Promise<ExitCode> {
  const wish = parseMaintenance(argv, Date.now());
  if ("refusal" in wish) return refuse(wish, MAINTENANCE_USAGE);
  const monitor = await findMonitor(wish);
  if ("refusal" in monitor) return refuse({ ...monitor, lines: [monitor.refusal] }, "");
  const answer = await carryOut(wish, monitor);
  switch (answer.kind) {
    case "answer": {
      const { text, payload } = answer.value;
      const json = (): string => envelope(`maintenance ${wish.verb}`, "conforms", payload, Date.now());
      process.stdout.write(wish.output === "json" ? json() : text);
      if (wish.verb !== "list" && wish.consent === "show")
        process.stderr.write("Nothing was changed: --yes does it.\n");
      return EXIT.conforms;
    }
    case "refused":
      process.stderr.write(`${refusedWords(answer)}\n`);
      return answer.status === 401 ? EXIT.undecided : EXIT.usage;
    case "silent":
      process.stderr.write(`${answer.detail}\n`);
      return EXIT.undecided;
    default:
      return unreachable(answer);
  }
}

function refusedWords({ status, detail }: Extract<Asked<unknown>, { kind: "refused" }>): string {
  if (status === 401) return "the monitor does not know this token";
  // A path that is not there has no sentence of the monitor's own.
  return detail === wordlessRefusal(404) ? "no token is configured there, so nothing can be changed" : detail;
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
  const status = await readStatus(monitor);
  if (status.kind !== "answer") return status;
  const known = status.value.regions.map(({ id }) => id);
  const problems = orderProblems(known, order, Date.now());
  if (problems.length > 0) {
    const detail = problems.map(({ path, message }) => `${path ?? ""}: ${message}`).join("\n");
    return { kind: "refused", status: 400, detail };
  }
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
  const [listed, status] = await Promise.all([askList(monitor), readStatus(monitor)]);
  if (listed.kind !== "answer") return listed;
  if (status.kind !== "answer") return status;
  const window = listed.value.find((one) => one.id === id);
  if (window === undefined) return { kind: "refused", status: 400, detail: `there is no window "${id}"` };
  return shown(endText(window, status.value, Date.now()), { done: false, maintenance: window });
}

function shown(text: string, payload: object): Asked<Shown> {
  return { kind: "answer", value: { text, payload } };
}

async function readStatus({ url }: RunningMonitor): Promise<Asked<StatusReport>> {
  const read = await fetchStatus(url.href);
  return read.kind === "read" ? { kind: "answer", value: read.status } : { kind: "silent", detail: read.detail };
}
