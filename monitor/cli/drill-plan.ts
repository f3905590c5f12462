// `monitor drill plan`: what a drill would do here, and what speaks against it; it only reads.
import { simulateDrill } from "../drill/simulate.ts";
import type { DrillArguments } from "./drill-arguments.ts";
import { planText } from "./drill-plan-text.ts";
import { readReadiness } from "./drill-ready.ts";
import { readSetting } from "./drill-setting.ts";
import { DRILL_USAGE } from "./drill-usage.ts";
import { EXIT, envelope, type ExitCode } from "./envelope.ts";
import { refuse } from "./refusal.ts";

/** 0: it could begin now. 4: something speaks against it. */
export async function runDrillPlan(given: DrillArguments): Promise<ExitCode> {
  const setting = await readSetting(given);
  if ("refusal" in setting) return refuse(setting, DRILL_USAGE);
  const at = Date.now();
  const ready = await readReadiness(setting, given);
  const simulation = simulateDrill(setting.plan, setting.topology);
  const verdict = ready.refusals.length === 0 ? "conforms" : "undecided";
  if (given.output === "json") {
    const steps = ready.levers.kind === "ready" ? ready.levers.levers.flatMap(({ plan }) => plan.steps) : [];
    const payload = { plan: setting.plan, steps, simulation, refusals: ready.refusals };
    process.stdout.write(envelope("drill plan", verdict, payload, at));
  } else process.stdout.write(planText(setting, simulation, ready));
  return verdict === "conforms" ? EXIT.conforms : EXIT.undecided;
}
