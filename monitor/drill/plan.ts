// A script under a topology: roles become regions, "policy" becomes milliseconds, and what does not fit is said, all of it
// at once. Running, measuring, judging and reporting read the plan and never the script again.
import { type Parsed, type Problem, unreachable } from "../problem.ts";
import { SECOND_MS } from "../time.ts";
import { fingerprint } from "../topology/fingerprint.ts";
import { judgedTtlSeconds } from "../topology/judged-zone.ts";
import { publicVantages, type Topology } from "../topology/topology.ts";
import { cadenceOf, type DrillDeadlines, deadlinesOf } from "./deadlines.ts";
import { type LeverWish, regionOfWish } from "./lever-wish.ts";
import { effectOf } from "./fault-effect.ts";
import { regionOfWord } from "./roles.ts";
import type {
  DrillExpectation,
  DrillPlan,
  DrillScript,
  PlannedAbort,
  PlannedBounds,
  ScriptFault,
  Seconds,
} from "./script.ts";

/** What is still looked at after the last deadline, in rounds: a new state must be seen to last. */
const LASTING_ROUNDS = 3;
/** How much longer than the fault itself its levers may stand: undoing takes time as well. */
const EXPIRY_EXTRA_MS = 60 * SECOND_MS;

export function planDrill(script: DrillScript, topology: Topology): Parsed<DrillPlan> {
  const where = topology.local || script.faults.real.length === 0 ? "local" : "real";
  const problems = script.faults[where].flatMap((fault, index) =>
    faultProblems(fault, topology).map((message) => ({ message, path: `faults.${where}[${index}]` })),
  );
  if (problems.length > 0) return { ok: false, problems };
  const faults = script.faults[where].map((fault) => wishOf(fault, topology));
  const times = timesOf(script, topology, faults);
  const late: readonly Problem[] =
    times.expiryMs > times.faultMs
      ? []
      : [
          {
            message: `expected more than the fault itself, which lasts ${seconds(times.faultMs)}`,
            path: "expirySeconds",
          },
        ];
  if (late.length > 0) return { ok: false, problems: late };
  return { ok: true, value: { ...setting(script, topology, faults), ...times } };
}

/** From the first look at the steady state to the last one after the repair, at the longest: who is told less would call a drill overdue that is not. */
export function courseMaxMs({ steadyWindowMs, expiryMs, afterMs }: DrillPlan): number {
  return steadyWindowMs + expiryMs + afterMs;
}

type Times = Pick<DrillPlan, "bounds" | "abort" | "steadyWindowMs" | "faultMs" | "afterMs" | "expiryMs" | "cadence">;

function setting(script: DrillScript, topology: Topology, faults: readonly LeverWish[]): Omit<DrillPlan, keyof Times> {
  const faulted = new Set(faults.map(regionOfWish));
  return {
    scriptId: script.id,
    title: script.title,
    description: script.description,
    topologyFingerprint: fingerprint(topology),
    local: topology.local,
    localOnly: script.faults.real.length === 0,
    service: { name: topology.service.name, host: topology.service.host },
    regions: topology.regions.map(({ id, endpoint }) => ({ id, addresses: endpoint.addresses })),
    vantages: publicVantages(topology).map(({ id }) => id),
    ttlSeconds: judgedTtlSeconds(topology),
    faults,
    faulted: topology.regions.filter(({ id }) => faulted.has(id)).map(({ id }) => id),
    expect: expectationOf(script, faults),
    blockedWindows: script.blockedWindows,
    approvals: script.approvals,
  };
}

function timesOf(script: DrillScript, topology: Topology, faults: readonly LeverWish[]): Times {
  const cadence = cadenceOf(topology);
  const deadlines = deadlinesOf(topology, faults, cadence);
  const lastMs = Math.max(deadlines.recoveryMs, deadlines.detectionMs) + LASTING_ROUNDS * cadence.roundMs;
  const faultMs = millis(script.faultSeconds, lastMs);
  return {
    steadyWindowMs: millis(script.steadyState.windowSeconds, deadlines.detectionMs),
    faultMs,
    afterMs: millis(script.afterSeconds, lastMs),
    expiryMs: millis(script.expirySeconds, faultMs + EXPIRY_EXTRA_MS),
    bounds: boundsOf(script, deadlines, expectationOf(script, faults)),
    abort: abortOf(script, deadlines, cadence.roundMs),
    cadence,
  };
}

/** Not every lever that a script allows breaks the region; of those that do not, less can be expected. */
function expectationOf({ expect }: DrillScript, faults: readonly LeverWish[]): DrillExpectation {
  if (faults.some((wish) => wish.lever === "dns-gate" || effectOf(wish).cause !== null)) return expect;
  if (faults.every((wish) => wish.lever === "router-drain"))
    return { answers: "stay", users: "never-lost", notices: [] };
  // Nobody tells the monitor that a check is pinned: to it, DNS leaves a healthy region for no reason.
  if (faults.some((wish) => wish.lever === "route53-health-check"))
    return { answers: expect.answers, users: "never-lost", notices: ["dns"] };
  return expect;
}

/** What cannot happen under this expectation has no bound. */
function boundsOf({ bounds }: DrillScript, deadlines: DrillDeadlines, expect: DrillExpectation): PlannedBounds {
  const within = (value: Seconds | null, policyMs: number, happens: boolean): number | null =>
    value === null || !happens ? null : millis(value, policyMs);
  const moves = expect.answers === "move";
  return {
    detectionMs: within(bounds.detectionSeconds, deadlines.detectionMs, expect.notices.includes("region")),
    failoverMs: within(bounds.failoverSeconds, deadlines.authoritativeMs, moves),
    recoveryMs: within(bounds.recoverySeconds, deadlines.recoveryMs, expect.users === "recover"),
    failbackMs: within(bounds.failbackSeconds, deadlines.authoritativeMs, moves),
    gapMs: within(bounds.gapSeconds, deadlines.recoveryMs, true),
    lostShareMax: bounds.lostShareMax,
  };
}

function abortOf({ abortWhen }: DrillScript, deadlines: DrillDeadlines, roundMs: number): PlannedAbort {
  const share = abortWhen.find((one) => one.when === "lost-share-over");
  const silent = abortWhen.find((one) => one.when === "monitor-silent");
  return {
    bystanderUnhealthy: abortWhen.some((one) => one.when === "bystander-unhealthy"),
    lostShareOver:
      share === undefined ? null : { share: share.share, windowMs: millis(share.windowSeconds, deadlines.recoveryMs) },
    monitorSilentMs: silent === undefined ? null : millis(silent.seconds, LASTING_ROUNDS * roundMs),
  };
}

function millis(value: Seconds, policyMs: number): number {
  return value === "policy" ? policyMs : value * SECOND_MS;
}

function seconds(ms: number): string {
  return `${ms / SECOND_MS} s`;
}

function wishOf(fault: ScriptFault, topology: Topology): LeverWish {
  switch (fault.lever) {
    case "gate": {
      const lookMs = topology.dns.healthCheck.intervalSeconds * SECOND_MS;
      const { flap, onlyFrom } = fault;
      return {
        lever: "gate",
        region: regionOfWord(fault.region, topology),
        fault: fault.fault,
        onlyFrom,
        flap: flap === null ? null : { downMs: flap.downLooks * lookMs, upMs: flap.upLooks * lookMs },
      };
    }
    case "dns-gate":
      return { lever: "dns-gate", fault: fault.fault };
    case "istio-abort":
    case "route53-health-check":
    case "kubefed-replicas":
    case "karmada-replicas":
    case "service-drain":
    case "router-drain":
      return { ...fault, region: regionOfWord(fault.region, topology) };
    default:
      return unreachable(fault);
  }
}

function faultProblems(fault: ScriptFault, topology: Topology): readonly string[] {
  if (fault.lever === "dns-gate") return [];
  const ids = topology.regions.map(({ id }) => id);
  const vantages = publicVantages(topology).map(({ id }) => id);
  const strangers = (fault.lever === "gate" ? fault.onlyFrom : []).filter((id) => !vantages.includes(id));
  return [
    ...(ids.includes(regionOfWord(fault.region, topology))
      ? []
      : [`expected a region of the topology (${ids.join(", ")}), found ${fault.region}`]),
    ...strangers.map((id) => `expected a vantage of the topology (${vantages.join(", ")}), found ${id}`),
  ];
}
