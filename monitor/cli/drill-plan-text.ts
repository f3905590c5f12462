// A drill's plan as a person reads it before saying yes: what is broken and how it is put back, who is hurt and for how long,
// what it proves, and what speaks against it.
import { LEVER_PROOFS } from "../lever/lever.ts";
import { formatShare } from "../drill/bounds.ts";
import { formatWish } from "../drill/lever-wish.ts";
import type { DrillPlan } from "../drill/script.ts";
import { type Simulation, TIMED_FIGURES, type TimedFigure } from "../drill/simulation.ts";
import { FIGURE_WORDS } from "../report/drill-words.ts";
import { formatDuration, SECOND_MS } from "../time.ts";
import { alignColumns } from "./columns.ts";
import type { Readiness } from "./drill-ready.ts";
import { isWaitedFor } from "./drill-ready.ts";
import type { DrillSetting } from "./drill-setting.ts";

const WIDTH = 100;

export function planText(setting: DrillSetting, simulation: Simulation, ready: Readiness): string {
  const { plan } = setting;
  const rows = [
    ...whereRows(setting),
    ...paceRows(setting),
    ...courseRows(plan, ready),
    ...effectRows(plan),
    ...abortRows(plan),
  ];
  return [
    `${plan.title} (${plan.scriptId})`,
    ...wrap(plan.description, WIDTH),
    "",
    alignColumns(rows),
    "",
    alignColumns(figureRows(plan, simulation)),
    ...refusalLines(ready),
    "",
  ].join("\n");
}

function whereRows({ plan, scene, sceneless }: DrillSetting): readonly (readonly string[])[] {
  const where = plan.local ? "the local world, where all places are one machine" : "a real service";
  return [
    ["service", `${plan.service.host}, ${where}`],
    ["monitor", scene === null ? `none: ${sceneless}` : scene.monitor.url],
  ];
}

/** Only where they differ. */
function paceRows({ plan, topology }: DrillSetting): readonly (readonly string[])[] {
  const usualMs = topology.probe.intervalSeconds * SECOND_MS;
  const { roundMs } = plan.cadence;
  if (roundMs === usualMs) return [];
  return [
    ["looks", `the monitor's rounds come every ${formatDuration(roundMs)} instead of ${formatDuration(usualMs)}`],
  ];
}

function courseRows(plan: DrillPlan, { levers }: Readiness): readonly (readonly string[])[] {
  const steps =
    levers.kind === "ready"
      ? levers.levers.flatMap(({ plan: one }) => [
          ...one.steps,
          ...one.warnings.map((warning) => `mind: ${warning}`),
          ...(one.expiresBy === null ? [] : [`by itself: ${one.expiresBy}`]),
        ])
      : [];
  const proofs = new Set(plan.faults.map(({ lever }) => LEVER_PROOFS[lever]));
  return [
    ["steady", `watched for ${formatDuration(plan.steadyWindowMs)} before anything is done`],
    ...labelled("fault", plan.faults.map(formatWish)),
    ...labelled("", steps),
    ["proves", [...proofs].join(", ")],
    ["stands", `${formatDuration(plan.faultMs)}; undone after ${formatDuration(plan.expiryMs)} at the latest`],
    [
      "rollback",
      "written to a journal before each lever acts; undone by Ctrl-C, by the end, or by `monitor drill restore`",
    ],
    ["after", `watched for ${formatDuration(plan.afterMs)} more`],
  ];
}

function effectRows(plan: DrillPlan): readonly (readonly string[])[] {
  const { answers, users, notices } = plan.expect;
  return [
    ["expects", `${ANSWERS[answers]}; ${USERS[users]}`],
    ["notices", notices.length === 0 ? "the monitor stays calm" : `the monitor calls ${notices.join(", ")} deviating`],
  ];
}

const ANSWERS: Readonly<Record<DrillPlan["expect"]["answers"], string>> = {
  move: "DNS answers move away",
  stay: "DNS answers stay",
  either: "DNS answers may move",
};
const USERS: Readonly<Record<DrillPlan["expect"]["users"], string>> = {
  recover: "users may lose requests until their answer has moved, and are served before the repair",
  "never-lost": "no user loses a request",
  lost: "users who are led to the fault lose requests until the repair",
};

function abortRows({ abort }: DrillPlan): readonly (readonly string[])[] {
  const reasons = [
    ...(abort.bystanderUnhealthy ? ["a region that it leaves alone becomes unhealthy"] : []),
    ...(abort.lostShareOver === null
      ? []
      : [
          `more than ${formatShare(abort.lostShareOver.share)} of requests are lost in ${formatDuration(abort.lostShareOver.windowMs)}`,
        ]),
    ...(abort.monitorSilentMs === null
      ? []
      : [`nothing is heard of the monitor for ${formatDuration(abort.monitorSilentMs)}`]),
  ];
  return labelled("aborts", reasons);
}

function labelled(label: string, texts: readonly string[]): readonly (readonly string[])[] {
  return texts.map((text, index) => [index === 0 ? label : "", text]);
}

/** The figures that are bounded, with where they lie in simulated trials. */
function figureRows({ bounds }: DrillPlan, simulation: Simulation): readonly (readonly string[])[] {
  const boundOf: Readonly<Partial<Record<TimedFigure, number | null>>> = {
    detection: bounds.detectionMs,
    failover: bounds.failoverMs,
    recovery: bounds.recoveryMs,
    failback: bounds.failbackMs,
    gap: bounds.gapMs,
  };
  const rows = TIMED_FIGURES.flatMap((name) => {
    const { interval } = simulation.figures[name];
    if (interval === null) return [];
    const bound = boundOf[name] ?? null;
    const times = [interval.min, interval.p50, interval.max].map((ms) => formatDuration(ms));
    return [[FIGURE_WORDS[name].title, ...times, bound === null ? "" : formatDuration(bound)]];
  });
  return [["figure", "least", "usual", "most", "allowed"], ...rows];
}

function refusalLines({ refusals }: Readiness): readonly string[] {
  const [now, later] = [refusals.filter((one) => !isWaitedFor(one)), refusals.filter(isWaitedFor)];
  const lines = (title: string, list: Readiness["refusals"]): readonly string[] =>
    list.length === 0 ? [] : ["", title, ...list.map(({ message }) => `  - ${message}`)];
  return [...lines("Against it:", now), ...lines("Not steady yet:", later)];
}

function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.trim().split(/\s+/)) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return line === "" ? lines : [...lines, line];
}
