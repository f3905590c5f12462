// DNS in virtual time: what the checkers decided reaches each place's name server after a while, caches keep what they were
// told, and a DNS that is broken answers nothing, or for ever the same.
import { CHECKER_REGIONS } from "../policy/constants.ts";
import { type EndpointCheck, type Health, statusPasses } from "../policy/health-check.ts";
import { type Instant, SECOND_MS } from "../time.ts";
import type { Vantage } from "../topology/topology.ts";
import { checkerChanges, type HealthChange, LOCAL_CHECKERS, ROUTE53_CHECKERS } from "./simulated-checkers.ts";
import { answerWhile, checkerLookMs, checksOf, effectAt, type Scene, type Trial } from "./simulated-scene.ts";

export interface SimulatedDns {
  /** Health of each health check of a faulted region as Route 53 decided it; the oldest change first. */
  readonly decided: Readonly<Record<string, readonly HealthChange[]>>;
  /** How long a decision takes to each vantage's name server, by vantage id. */
  readonly spreadMs: Readonly<Record<string, number>>;
}

/** Sorted addresses; null: no answer. */
export type SimulatedAnswer = readonly string[] | null;

export function simulateDns(trial: Trial): SimulatedDns {
  const { scene } = trial;
  const { topology, plan } = scene;
  const propagationMs = topology.dns.timing.propagationSeconds * SECOND_MS;
  return {
    decided: Object.fromEntries(checksOf(scene, plan.faulted).map((check) => [check.id, changesOf(trial, check)])),
    // The local server waits the whole time; of the real ones no more is known than a bound.
    spreadMs: Object.fromEntries(
      plan.vantages.map((id) => [id, propagationMs * (topology.local ? 1 : trial.chance())]),
    ),
  };
}

function changesOf(trial: Trial, check: EndpointCheck): readonly HealthChange[] {
  const region = trial.scene.judged.regionOfCheck[check.id] ?? "";
  return pinnedChanges(trial, region) ?? decidedChanges(trial, region, check);
}

function decidedChanges(trial: Trial, region: string, check: EndpointCheck): readonly HealthChange[] {
  const { scene, times, chance } = trial;
  const intervalMs = check.requestIntervalSeconds * SECOND_MS;
  const threshold = check.failureThreshold;
  return checkerChanges(
    {
      checkers: scene.topology.local ? LOCAL_CHECKERS : ROUTE53_CHECKERS,
      intervalMs,
      threshold,
      from: times.startAt,
      to: times.endAt,
      look: (checker, at) => {
        const awsRegion = CHECKER_REGIONS[checker % CHECKER_REGIONS.length] ?? "";
        const effect = effectAt(trial, region, { kind: "checker", awsRegion }, at);
        if (effect === null || (effect.status !== null && statusPasses(effect.status)))
          return { passed: true, lookMs: 0 };
        return { passed: false, lookMs: effect.ends === "at once" ? 0 : checkerLookMs(scene, check) };
      },
    },
    chance,
  );
}

/** By UpdateHealthCheck: what the checkers see then counts for nothing. Null: nobody pins this region's check. */
function pinnedChanges({ scene, times, chance }: Trial, region: string): readonly HealthChange[] | null {
  const { plan, topology } = scene;
  if (!plan.faults.some((wish) => wish.lever === "route53-health-check" && wish.region === region)) return null;
  const apiMs = topology.dns.timing.apiPropagationSeconds * SECOND_MS;
  return [
    { at: times.faultAt + apiMs * chance(), health: "unhealthy" },
    { at: times.repairAt + apiMs * chance(), health: "healthy" },
  ];
}

/** What the name server of this vantage answers. */
export function authoritativeAnswer(trial: Trial, dns: SimulatedDns, vantage: Vantage, at: Instant): SimulatedAnswer {
  const { scene, times, chance } = trial;
  const broken = at >= times.faultAt && at < times.repairAt ? dnsFaultOf(scene) : null;
  if (broken !== null && broken !== "stuck") return null;
  const asOf = (broken === "stuck" ? times.faultAt : at) - (dns.spreadMs[vantage.id] ?? 0);
  const unhealthy = Object.keys(dns.decided).filter(
    (check) => healthAt(dns.decided[check] ?? [], asOf) === "unhealthy",
  );
  const { acceptable } = answerWhile(scene, vantage, unhealthy);
  // Of several legal answers any one: the simulation knows neither weights nor what Route 53 knows of the asker.
  return acceptable[Math.floor(chance() * acceptable.length)]?.values ?? null;
}

function dnsFaultOf({ plan }: Scene): string | null {
  const wish = plan.faults.find((one) => one.lever === "dns-gate");
  return wish?.lever === "dns-gate" ? wish.fault : null;
}

function healthAt(changes: readonly HealthChange[], at: Instant): Health {
  return changes.findLast((change) => change.at <= at)?.health ?? "healthy";
}
