// What the policy says for the health we have, and how a topology's settings enter the judgements: read by the round that
// judges and by the report that shows, so that both speak of the same thing.
import { type Freshness, freshnessOf, route53View, type UserHealth, userView } from "../health/views.ts";
import type { HealthBook, MonitorState } from "../model.ts";
import { type Answer, ANYONE, type Asker, type Question } from "../policy/answer.ts";
import type { PolicyTiming } from "../policy/deadline.ts";
import { expectedAnswer } from "../policy/evaluator.ts";
import type { HealthView } from "../policy/health-check.ts";
import type { AddressType, Zone } from "../policy/record-set.ts";
import { type Instant, SECOND_MS } from "../time.ts";
import { recordTypes, type Topology, type Vantage } from "../topology/topology.ts";
import { zoneOf } from "../topology/zone.ts";
import { type PolicyTimeline, policySpreadMs } from "./timeline.ts";
import { type FailoverStanding, judgeFailover } from "./failover.ts";

export interface Standing {
  readonly zone: Zone;
  readonly route53: HealthView;
  readonly user: UserHealth;
  readonly failover: FailoverStanding;
}

export function standingOf(topology: Topology, book: HealthBook, at: Instant): Standing {
  const zone = zoneOf(topology);
  const freshness = freshnessFor(topology);
  const route53 = route53View(book, freshness, at);
  return { zone, route53, user: userView(book, freshness, at), failover: failoverOf(topology, zone, route53) };
}

export function freshnessFor(topology: Topology): Freshness {
  const { intervalSeconds, timeoutMs, vantages } = topology.probe;
  return freshnessOf(intervalSeconds * SECOND_MS, timeoutMs, vantages.length);
}

function failoverOf(topology: Topology, zone: Zone, health: HealthView): FailoverStanding {
  const [type = "A"] = recordTypes(topology);
  const answers = topology.probe.vantages.map((vantage): [string, Answer] => [
    vantage.id,
    expectedAnswer(zone, questionOf(topology, type, vantage), health),
  ]);
  return judgeFailover(topology.dns.policy.routing, Object.fromEntries(answers));
}

export function askerOf({ clientSubnet, latencyOrder, location, coordinates }: Vantage): Asker {
  return { ...ANYONE, clientSubnet, latencyOrder, location: location ?? null, coordinates: coordinates ?? null };
}

export function questionOf(topology: Topology, type: AddressType, vantage: Vantage): Question {
  return { name: topology.service.host, type, asker: askerOf(vantage) };
}

/** In the local world the checkers use our own limits; the real ones have theirs. */
export function policyTimingOf(topology: Topology): PolicyTiming {
  const { timing } = topology.dns;
  return {
    propagationMs: timing.propagationSeconds * SECOND_MS,
    slackMs: timing.slackSeconds * SECOND_MS,
    lookMaxMs: topology.local ? topology.probe.timeoutMs : null,
  };
}

export function timelineOf(
  topology: Topology,
  standing: Pick<Standing, "zone" | "route53">,
  state: Pick<MonitorState, "health" | "policy">,
  question: Question,
): PolicyTimeline {
  const timing = policyTimingOf(topology);
  const { policy, healthCheck } = topology.dns;
  const { changedAt, ttlSecondsBefore } = state.policy;
  const spreadMs = policySpreadMs(
    topology.dns.timing.apiPropagationSeconds * SECOND_MS,
    Math.max(policy.ttlSeconds, ttlSecondsBefore),
    timing.slackMs,
  );
  return {
    zone: standing.zone,
    question,
    health: standing.route53,
    changedAt: Object.fromEntries(Object.entries(state.health).map(([id, region]) => [id, region.changedAt])),
    timing,
    lookEveryMs: topology.probe.intervalSeconds * SECOND_MS + topology.probe.timeoutMs,
    policyChange: changedAt === null ? null : { at: changedAt, spreadMs },
    unansweredMax: healthCheck.failureThreshold,
  };
}
