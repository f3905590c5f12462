// `monitor check`: probes from this machine, now, with every phase, and judges by the same rules as the Worker. A few rounds,
// because one look is not yet an opinion.
import { parseArgs } from "node:util";
import type { VantageReport } from "../model/observation.ts";
import type { MonitorState } from "../model/state.ts";
import { makeNodeWorld } from "../node/world.ts";
import { makeStatus } from "../report/status.ts";
import type { StatusReport } from "../report/status-schema.ts";
import { HEAR_NOBODY, runRound } from "../run/round.ts";
import { EMPTY_STATE } from "../run/state.ts";
import { runVantage } from "../run/vantage.ts";
import type { Store, World } from "../run/world.ts";
import { SECOND_MS } from "../time.ts";
import type { Topology } from "../topology/topology.ts";
import { checkText } from "./check-text.ts";
import { HERE_COLO, ownName, seenFromHere } from "../node/here.ts";
import { envelope, type ExitCode, exitCodeOf } from "./envelope.ts";
import { refuse, type Refusal } from "./refusal.ts";
import { loadTopology, TOPOLOGY_FILE } from "./topology-file.ts";

export const CHECK_USAGE = `monitor check [--topology FILE] [--rounds N] [--as VANTAGE] [--wait] [--json]

Probes every region and asks DNS from this machine, judges, and shows what it saw.

  --topology FILE  default ${TOPOLOGY_FILE}
  --rounds N       looks at each region, one second apart; default: as many as the health check's threshold
  --as VANTAGE     ask DNS with this vantage's client subnet, and judge by its latency order
  --wait           while something converges or is undecided, look on until its deadline
  --json           one JSON envelope on stdout

Exit code: 0 conforms, 1 deviates, 2 wrong usage or topology, 4 undecided or converging.
`;

const ROUNDS_MAX = 100;
const BETWEEN_ROUNDS_MS = SECOND_MS;
/** However far away a deadline is, nobody waits longer. */
const WAIT_MAX_MS = 30 * 60 * SECOND_MS;

/** A check is over when it has been shown. */
const NOWHERE: Store = {
  readState: () => Promise.resolve({ kind: "done", value: null }),
  commitRound: () => Promise.resolve({ kind: "done", value: true }),
  readRounds: () => Promise.resolve({ kind: "done", value: [] }),
};

interface CheckSettings {
  readonly topology: Topology;
  readonly rounds: number;
  readonly patience: "look once" | "wait";
  readonly output: "json" | "text";
}

export async function runCheck(argv: readonly string[]): Promise<ExitCode> {
  const settings = parseCheck(argv);
  if ("refusal" in settings) return refuse(settings, CHECK_USAGE);
  const world: World = { ...makeNodeWorld(), store: NOWHERE };
  const report = await lookOn(settings, world);
  const payload =
    settings.output === "json" ? envelope("check", report.verdict, report, world.clock.now()) : checkText(report);
  process.stdout.write(payload);
  return exitCodeOf(report.verdict);
}

function parseCheck(argv: readonly string[]): CheckSettings | Refusal {
  const one = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: { topology: one, rounds: one, as: one, wait: flag, json: flag, help: { ...flag, short: "h" } },
    });
    if (values.help === true) return { refusal: "help" };
    const loaded = loadTopology(values.topology ?? TOPOLOGY_FILE);
    if (loaded.kind === "broken") return { refusal: "topology", lines: loaded.lines };
    const { topology } = loaded;
    const rounds = Number(values.rounds ?? topology.dns.healthCheck.failureThreshold);
    if (!Number.isInteger(rounds) || rounds < 1 || rounds > ROUNDS_MAX) {
      return { refusal: `--rounds: expected a whole number from 1 to ${ROUNDS_MAX}, found "${values.rounds}"` };
    }
    const seen = seenFromHere(topology, ownName(), values.as === undefined ? [] : [values.as]);
    if (!seen.ok) return { refusal: seen.problems.map(({ message }) => message).join("\n") };
    return {
      topology: seen.value,
      rounds,
      patience: values.wait === true ? "wait" : "look once",
      output: values.json === true ? "json" : "text",
    };
  } catch (thrown) {
    return { refusal: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

async function lookOn({ topology, rounds, patience }: CheckSettings, world: World): Promise<StatusReport> {
  const place = { colo: HERE_COLO, nameServers: new Map() };
  const ask = (job: Parameters<typeof runVantage>[0]): Promise<VantageReport> => runVantage(job, place, world);
  const startedAt = world.clock.now();
  // Fewer looks than the health check asks for make an opinion here; its deadlines stay what they are.
  const looksForOpinion = Math.min(topology.dns.healthCheck.failureThreshold, rounds);
  let state: MonitorState = EMPTY_STATE;
  for (let round = 1; ; round += 1) {
    const slot = world.clock.now();
    state = (await runRound(topology, slot, state, ask, world, HEAR_NOBODY, looksForOpinion)).state;
    const report = makeStatus(topology, state, world.clock.now());
    if (round >= rounds && !mustLookOn(report, patience, slot - startedAt)) return report;
    await world.clock.sleepUntil(slot + BETWEEN_ROUNDS_MS);
  }
}

/** Waiting helps only where a subject has a deadline; when that has passed, the verdict is another one. */
function mustLookOn(report: StatusReport, patience: CheckSettings["patience"], waitedMs: number): boolean {
  if (patience === "look once" || waitedMs > WAIT_MAX_MS) return false;
  return report.verdicts.some((verdict) => verdict.deadline !== undefined);
}
