// `monitor drill run`: shows the plan, and with --yes runs it, from the first look to the report. --simulate-only plays one
// trial in virtual time instead, for machines on which nothing may be broken.
import { drillId } from "../drill/record.ts";
import { simulateDrill, simulateOnce } from "../drill/simulate.ts";
import type { DrillEnd, DrillRun } from "../conduct/drill-run.ts";
import { runDrill } from "../conduct/run-drill.ts";
import { drillPace, type Scene } from "../conduct/scene.ts";
import { rollbackUndo } from "../lever/make-lever.ts";
import { stateFolder } from "../lever/state-folder.ts";
import { hearLostReader } from "../local/lost-reader.ts";
import { catchStopSignals } from "../local/stop-signal.ts";
import { visibleText } from "../local/text-line.ts";
import { makeNodeWorld } from "../node/world.ts";
import type { DrillArguments } from "./drill-arguments.ts";
import { endDrillRun, tellRefusal } from "./drill-end.ts";
import { planText } from "./drill-plan-text.ts";
import { makeProgress } from "./drill-progress.ts";
import { isWaitedFor, judgeReadiness, type Readiness, readReadiness } from "./drill-ready.ts";
import { type DrillSetting, readSetting } from "./drill-setting.ts";
import { DRILL_USAGE } from "./drill-usage.ts";
import { EXIT, type ExitCode } from "./envelope.ts";
import { refuse } from "./refusal.ts";

export async function runDrillRun(given: DrillArguments): Promise<ExitCode> {
  const setting = await readSetting(given);
  if ("refusal" in setting) return refuse(setting, DRILL_USAGE);
  if (given.mode === "simulated") return await simulate(setting, given);
  const { scene, plan, topology, sceneless } = setting;
  if (scene === null) return refuse({ refusal: "scene", lines: [sceneless] }, "");
  const ready = await readReadiness(setting, given);
  const talk = given.consent === "yes" ? process.stderr : process.stdout;
  talk.write(`${planText(setting, simulateDrill(plan, topology), ready)}\n`);
  const hard = ready.refusals.filter((one) => !isWaitedFor(one));
  if (hard.length > 0)
    return tellRefusal(
      given,
      setting,
      hard.map(({ message }) => message),
    );
  if (given.consent !== "yes") {
    process.stderr.write("Nothing was changed: --yes runs it.\n");
    return EXIT.conforms;
  }
  return await conduct(setting, given, ready, scene);
}

async function simulate(setting: DrillSetting, given: DrillArguments): Promise<ExitCode> {
  const { plan, topology } = setting;
  const record = simulateOnce(plan, topology, given.seed ?? 1, Date.now());
  return await endDrillRun(given, setting, record, null);
}

async function conduct(
  setting: DrillSetting,
  given: DrillArguments,
  ready: Readiness,
  scene: Scene,
): Promise<ExitCode> {
  const { plan, topology, reach } = setting;
  if (ready.levers.kind === "refused") return EXIT.undecided;
  const startedAt = reach.clock.now();
  const id = drillId(plan.scriptId, startedAt);
  const run: DrillRun = {
    id,
    plan,
    topology,
    levers: ready.levers.levers,
    monitor: scene.monitor,
    worldPort: scene.worldPort,
    router: scene.router,
    probeEverySeconds: drillPace(topology),
    state: stateFolder(process.env),
    rollback: (undo) => rollbackUndo(undo, reach),
    judgeStart: async (status) => {
      const seen = { ...ready, status, own: id };
      const refusals = await judgeReadiness(setting, given, seen, reach.clock.now());
      const words = (list: typeof refusals): readonly string[] => list.map(({ message }) => message);
      return {
        lasting: words(refusals.filter((one) => !isWaitedFor(one))),
        passing: words(refusals.filter(isWaitedFor)),
      };
    },
  };
  const progress = makeProgress(plan, startedAt, (line) => void process.stderr.write(`${visibleText(line)}\n`));
  const stop = catchStopSignals();
  const unheard = new AbortController();
  // Never released: the report comes last, and may find nobody either.
  hearLostReader(() => unheard.abort("nobody reads any more what it tells"));
  stop.onImpatience(() => {
    process.stderr.write("Given up: `monitor drill restore` puts back what is left.\n");
    process.exit(EXIT_IMPATIENT);
  });
  try {
    const end = await runDrill(run, {
      world: makeNodeWorld(),
      tell: progress,
      stop: AbortSignal.any([stop.asked, unheard.signal]),
    });
    return await finish(end, setting, given);
  } finally {
    stop.release();
  }
}

/** As of a process that a second Ctrl-C ended. */
const EXIT_IMPATIENT = 130;

async function finish(end: DrillEnd, setting: DrillSetting, given: DrillArguments): Promise<ExitCode> {
  return end.kind === "refused"
    ? tellRefusal(given, setting, end.why)
    : await endDrillRun(given, setting, end.record, end.restored);
}
