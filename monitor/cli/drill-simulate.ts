// `monitor drill simulate`: one drill many times in virtual time, by the same rules and the same referee as a real one.
import { formatShare } from "../drill/bounds.ts";
import { SEED, simulateDrill, TRIALS } from "../drill/simulate.ts";
import { OUTCOMES } from "../drill/referee.ts";
import { type Simulation, TIMED_FIGURES } from "../drill/simulation.ts";
import { formatDuration } from "../time.ts";
import { alignColumns } from "./columns.ts";
import type { DrillArguments } from "./drill-arguments.ts";
import { FIGURE_WORDS } from "../report/drill-words.ts";
import { readSetting } from "./drill-setting.ts";
import { DRILL_USAGE } from "./drill-usage.ts";
import { EXIT, envelope, type ExitCode } from "./envelope.ts";
import { refuse } from "./refusal.ts";

/** 0: every trial passed. 1: some did not, so the script asks for what its topology cannot give. */
export async function runDrillSimulate(given: DrillArguments): Promise<ExitCode> {
  const setting = await readSetting(given);
  if ("refusal" in setting) return refuse(setting, DRILL_USAGE);
  const order = { trials: given.trials ?? TRIALS, seed: given.seed ?? SEED };
  const simulation = simulateDrill(setting.plan, setting.topology, order);
  const verdict = simulation.outcomes.passed === simulation.trials ? "conforms" : "deviates";
  if (given.output === "json") process.stdout.write(envelope("drill simulate", verdict, simulation, Date.now()));
  else process.stdout.write(`${setting.plan.title} (${setting.plan.scriptId})\n\n${simulationText(simulation)}`);
  return EXIT[verdict];
}

function simulationText({ trials, figures, lostShare, outcomes }: Simulation): string {
  const rows = TIMED_FIGURES.map((name) => {
    const { interval, times } = figures[name];
    const cells = interval === null ? ["-", "-", "-", "-"] : values(interval).map((ms) => formatDuration(ms));
    return [FIGURE_WORDS[name].title, ...cells, `${times} of ${trials}`];
  });
  const lost =
    lostShare === null ? [] : [["requests lost during the fault", ...values(lostShare).map(formatShare), ""]];
  const table = alignColumns([["figure", "least", "half", "95 %", "most", "came in"], ...rows, ...lost]);
  const counts = OUTCOMES.flatMap((outcome) => (outcomes[outcome] === 0 ? [] : [`${outcomes[outcome]} ${outcome}`]));
  return `${table}\n\n${trials} trials in virtual time: ${counts.join(", ")}\n`;
}

function values({ min, p50, p95, max }: NonNullable<Simulation["lostShare"]>): readonly number[] {
  return [min, p50, p95, max];
}
