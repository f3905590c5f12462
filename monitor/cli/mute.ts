// `monitor mute`: nobody is told of some subjects for a while. What it would do is shown first, with what is open of them now;
// only --yes does it.
import type { Asked } from "../conduct/monitor-client.ts";
import { muteProblems } from "../incident/mute-order.ts";
import { unreachable } from "../problem.ts";
import type { ExitCode } from "./envelope.ts";
import { type MuteWish, parseMute } from "./mute-arguments.ts";
import { askMuteEnd, askMutes, askMuteStart } from "./mute-ask.ts";
import { muteEndedText, muteEndText, muteListText, muteOrderText } from "./mute-text.ts";
import { MUTE_USAGE } from "./mute-usage.ts";
import { refuse } from "./refusal.ts";
import { findMonitor, readStatusOf, type RunningMonitor } from "./running-monitor.ts";
import { refusedProblems, showAnswer, shown, type Shown } from "./shown-answer.ts";

export async function runMute(argv: readonly string[]): Promise<ExitCode> {
  const wish = parseMute(argv, Date.now());
  if ("refusal" in wish) return refuse(wish, MUTE_USAGE);
  const monitor = await findMonitor(wish);
  if ("refusal" in monitor) return refuse({ ...monitor, lines: [monitor.refusal] }, "");
  const changes = wish.verb === "list" || wish.consent === "yes" ? "as told" : "nothing";
  return showAnswer(await carryOut(wish, monitor), { command: `mute ${wish.verb}`, output: wish.output, changes });
}

function carryOut(wish: MuteWish, monitor: RunningMonitor): Promise<Asked<Shown>> {
  switch (wish.verb) {
    case "list":
      return list(monitor);
    case "start":
      return wish.consent === "yes" ? start(wish, monitor) : planStart(wish, monitor);
    case "end":
      return wish.consent === "yes" ? end(wish, monitor) : planEnd(wish, monitor);
    default:
      return unreachable(wish);
  }
}

async function list(monitor: RunningMonitor): Promise<Asked<Shown>> {
  const asked = await askMutes(monitor);
  return asked.kind === "answer" ? shown(muteListText(asked.value, Date.now()), { mutes: asked.value }) : asked;
}

type Start = Extract<MuteWish, { verb: "start" }>;
type End = Extract<MuteWish, { verb: "end" }>;

/** Refused as the monitor would refuse it. */
async function planStart({ order }: Start, monitor: RunningMonitor): Promise<Asked<Shown>> {
  const status = await readStatusOf(monitor);
  if (status.kind !== "answer") return status;
  const known = status.value.regions.map(({ id }) => id);
  const problems = muteProblems(known, order, Date.now());
  if (problems.length > 0) return refusedProblems(problems);
  return shown(muteOrderText(order, status.value, Date.now()), { done: false, order });
}

async function start({ order }: Start, monitor: RunningMonitor): Promise<Asked<Shown>> {
  const asked = await askMuteStart(monitor, order);
  if (asked.kind !== "answer") return asked;
  const { id, until } = asked.value;
  return shown(`${id}: muted until ${until}\n`, { done: true, mute: asked.value });
}

async function planEnd({ id }: End, monitor: RunningMonitor): Promise<Asked<Shown>> {
  const [listed, status] = await Promise.all([askMutes(monitor), readStatusOf(monitor)]);
  if (listed.kind !== "answer") return listed;
  if (status.kind !== "answer") return status;
  const mute = listed.value.find((one) => one.id === id);
  if (mute === undefined) return { kind: "refused", status: 400, detail: `there is no mute "${id}"` };
  return shown(muteEndText(mute, status.value, Date.now()), { done: false, mute });
}

async function end({ id }: End, monitor: RunningMonitor): Promise<Asked<Shown>> {
  const asked = await askMuteEnd(monitor, id);
  return asked.kind === "answer" ? shown(muteEndedText(asked.value), { done: true, ...asked.value }) : asked;
}
