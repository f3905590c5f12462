// What the policy says for the health we have, and how a topology's settings enter the judgements: read by the round that
// judges and by the report that shows, so that both speak of the same thing.
import { type Freshness, freshnessOf, route53View, type UserHealth, userView } from "../health/views.ts";
import type { HealthBook } from "../model/health.ts";
import type { MonitorState } from "../model/state.ts";
import { type Answer, ANYONE, type Asker, type Question } from "../policy/answer.ts";
import type { PolicyTiming } from "../policy/deadline.ts";
import { expectedAnswer } from "../policy/evaluator.ts";
import type { HealthView } from "../policy/health-check.ts";
import type { AddressType } from "../policy/record-set.ts";
import { type Instant, SECOND_MS } from "../time.ts";
import {
  checkView,
  type JudgedZone,
  judgedRouting,
  judgedTtlSeconds,
  judgedZoneOf,
  regionOfChoice,
} from "../topology/judged-zone.ts";
import { privateVantages, publicVantages, recordTypes, type Topology, type Vantage } from "../topology/topology.ts";
import { type PolicyTimeline, policySpreadMs } from "./timeline.ts";
import { type FailoverStanding, judgeFailover } from "./failover.ts";

export interface Standing {
  readonly judged: JudgedZone;
  /** By region id. */
  readonly route53: HealthView;
  readonly user: UserHealth;
  readonly failover: FailoverStanding;
}

export function standingOf(topology: Topology, book: HealthBook, at: Instant): Standing {
  const judged = judgedZoneOf(topology);
  const freshness = freshnessFor(topology);
  const route53 = route53View(book, freshness, at);
  const failover = failoverOf(topology, judged, route53);
  return { judged, route53, user: userView(book, freshness, at), failover };
}

export function freshnessFor(topology: Topology): Freshness {
  const { intervalSeconds, timeoutMs } = topology.probe;
  const guests = new Set(privateVantages(topology).map(({ id }) => id));
  return freshnessOf(intervalSeconds * SECOND_MS, timeoutMs, publicVantages(topology).length, guests);
}

function failoverOf(topology: Topology, judged: JudgedZone, route53: HealthView): FailoverStanding {
  const [type = "A"] = recordTypes(topology);
  const health = checkView(judged, route53);
  const answers = topology.probe.vantages.map((vantage): [string, Answer] => [
    vantage.id,
    expectedAnswer(judged.zone, questionOf(topology, type, vantage), health),
  ]);
  return judgeFailover(judgedRouting(topology), Object.fromEntries(answers), ({ expected }) =>
    regionOfChoice(topology, expected),
  );
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
  standing: Pick<Standing, "judged" | "route53">,
  state: Pick<MonitorState, "health" | "policy">,
  question: Question,
): PolicyTimeline {
  const timing = policyTimingOf(topology);
  const { judged, route53 } = standing;
  const { healthCheck } = topology.dns;
  const { changedAt, ttlSecondsBefore } = state.policy;
  const spreadMs = policySpreadMs(
    topology.dns.timing.apiPropagationSeconds * SECOND_MS,
    Math.max(judgedTtlSeconds(topology), ttlSecondsBefore),
    timing.slackMs,
  );
  return {
    zone: judged.zone,
    question,
    health: checkView(judged, route53),
    changedAt: Object.fromEntries(
      Object.entries(judged.regionOfCheck).map(([check, region]) => [check, state.health[region]?.changedAt ?? null]),
    ),
    timing,
    lookEveryMs: topology.probe.intervalSeconds * SECOND_MS + topology.probe.timeoutMs,
    policyChange: changedAt === null ? null : { at: changedAt, spreadMs },
    unansweredMax: healthCheck.failureThreshold,
  };
}
