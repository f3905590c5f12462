// `monitor drill`: failover drills, from the plan to the report.
import type { DrillArguments, DrillVerb } from "./drill-arguments.ts";
import { parseDrill } from "./drill-arguments.ts";
import { DRILL_USAGE } from "./drill-usage.ts";
import type { ExitCode } from "./envelope.ts";
import { refuse } from "./refusal.ts";

type DrillCommand = (given: DrillArguments) => Promise<ExitCode> | ExitCode;

/** Loaded only when called for. */
const COMMANDS: Readonly<Record<DrillVerb, () => Promise<DrillCommand>>> = {
  list: async () => (await import("./drill-list.ts")).runDrillList,
  plan: async () => (await import("./drill-plan.ts")).runDrillPlan,
  simulate: async () => (await import("./drill-simulate.ts")).runDrillSimulate,
  run: async () => (await import("./drill-run.ts")).runDrillRun,
  report: async () => (await import("./drill-report.ts")).runDrillReport,
  history: async () => (await import("./drill-history.ts")).runDrillHistory,
  restore: async () => (await import("./drill-restore.ts")).runDrillRestore,
};

export async function runDrillCommand(argv: readonly string[]): Promise<ExitCode> {
  const given = parseDrill(argv);
  if ("refusal" in given) return refuse(given, DRILL_USAGE);
  return (await COMMANDS[given.verb]())(given);
}
