// Users in virtual time, one in each place: each asks its resolver, which keeps answers for their TTL, and sends a request
// to where the answer leads. Our own questions to DNS are asked beside them. The router is not simulated.
import { type Instant, SECOND_MS } from "../time.ts";
import { publicVantages, type Vantage } from "../topology/topology.ts";
import type { DrillEvent } from "./record.ts";
import { authoritativeAnswer, type SimulatedAnswer, type SimulatedDns } from "./simulated-dns.ts";
import { effectAt, type Trial } from "./simulated-scene.ts";

/** What a request takes where nothing is wrong: small, and the same everywhere, because places are not simulated. */
const SERVED_MS = 20;

interface Cache {
  readonly answer: SimulatedAnswer;
  readonly until: Instant;
}

interface User {
  readonly vantage: Vantage;
  cache: Cache;
}

type Action = { readonly at: Instant; readonly kind: "authoritative" | "recursive" | "request" };

/** In the order of vantages, each in the order of time. */
export function simulateUsers(trial: Trial, dns: SimulatedDns): readonly DrillEvent[] {
  const { scene, times, chance } = trial;
  return publicVantages(scene.topology).flatMap((vantage) => {
    const answer = authoritativeAnswer(trial, dns, vantage, times.startAt);
    const until = times.startAt + chance() * scene.plan.ttlSeconds * SECOND_MS;
    const user: User = { vantage, cache: { answer, until } };
    return actionsOf(trial).flatMap(({ at, kind }): readonly DrillEvent[] => {
      if (kind === "request") return [requestOf(trial, dns, user, at)];
      // The resolver of the local world keeps nothing.
      const direct = kind === "authoritative" || scene.topology.local;
      const told = direct ? authoritativeAnswer(trial, dns, vantage, at) : cachedAnswer(trial, dns, user, at);
      const ttlSeconds = told === null ? null : scene.plan.ttlSeconds;
      return [
        {
          kind: "dns",
          at,
          vantage: vantage.id,
          view: kind,
          answer: told ?? [],
          ttlSeconds,
          expected: [],
          verdict: null,
        },
      ];
    });
  });
}

/** The oldest first. */
function actionsOf({ scene, times, chance }: Trial): readonly Action[] {
  const { dnsMs, requestMs } = scene.plan.cadence;
  const every = (ms: number, kind: Action["kind"]): readonly Action[] => {
    const first = times.startAt + Math.floor(chance() * ms);
    const count = Math.max(0, Math.ceil((times.endAt - first) / ms));
    return Array.from({ length: count }, (_, index) => ({ at: first + index * ms, kind }));
  };
  return [...every(dnsMs, "authoritative"), ...every(dnsMs, "recursive"), ...every(requestMs, "request")].toSorted(
    (a, b) => a.at - b.at,
  );
}

function cachedAnswer(trial: Trial, dns: SimulatedDns, user: User, at: Instant): SimulatedAnswer {
  if (at >= user.cache.until) {
    const answer = authoritativeAnswer(trial, dns, user.vantage, at);
    // No answer is not kept: the next question goes out again.
    user.cache = { answer, until: answer === null ? at : at + trial.scene.plan.ttlSeconds * SECOND_MS };
  }
  return user.cache.answer;
}

function requestOf(trial: Trial, dns: SimulatedDns, user: User, at: Instant): DrillEvent {
  const { scene, chance } = trial;
  const answer = cachedAnswer(trial, dns, user, at);
  const base = { kind: "request", via: "dns", vantage: user.vantage.id } as const;
  const address = answer?.[Math.floor(chance() * answer.length)];
  const region = scene.plan.regions.find(({ addresses }) => address !== undefined && addresses.includes(address));
  if (region === undefined) return { ...base, at, served: null, totalMs: null, cause: "name-not-resolved" };
  const effect = effectAt(trial, region.id, { kind: "vantage", id: user.vantage.id }, at);
  const timeoutMs = scene.topology.probe.timeoutMs;
  switch (effect?.traffic) {
    case "lost": {
      const tookMs = effect.ends === "at once" ? SERVED_MS : timeoutMs;
      return { ...base, at: at + tookMs, served: null, totalMs: null, cause: effect.cause };
    }
    case "late": {
      const totalMs = Math.round(timeoutMs / 2);
      return { ...base, at: at + totalMs, served: region.id, totalMs, cause: null };
    }
    case "served":
    case undefined:
      return { ...base, at: at + SERVED_MS, served: region.id, totalMs: SERVED_MS, cause: null };
  }
}
