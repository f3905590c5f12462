// Our own monitor in virtual time: its vantages look each round, its opinions, views and verdicts are those of the real
// code, fed with what the fault would show them. Regions that the drill leaves alone are healthy throughout.
import { stepHealth } from "../health/book.ts";
import { type Freshness, route53View, stampViews, userView } from "../health/views.ts";
import type { DnsObservation, Observation } from "../model/observation.ts";
import type { HealthBook } from "../model/health.ts";
import type { DnsWatch } from "../model/verdict.ts";
import type { MonitorState } from "../model/state.ts";
import { permits } from "../policy/answer.ts";
import type { HealthView } from "../policy/health-check.ts";
import type { Instant } from "../time.ts";
import { judgedRouting, regionOfChoice } from "../topology/judged-zone.ts";
import { publicVantages, type Vantage } from "../topology/topology.ts";
import { judgeAnswer } from "../verify/dns.ts";
import { judgeFailover } from "../verify/failover.ts";
import { judgeRegion } from "../verify/region.ts";
import { freshnessFor, questionOf, timelineOf } from "../verify/standing.ts";
import { dnsSubject, watchKey } from "../verify/verdict.ts";
import type { DrillEvent } from "./record.ts";
import { authoritativeAnswer, type SimulatedDns } from "./simulated-dns.ts";
import { answerWhile, checksOf, effectAt, type Scene, type Trial } from "./simulated-scene.ts";

/** A look where nothing is wrong. */
const LOOK_MS = 10;

interface Monitor {
  book: HealthBook;
  /** By `watchKey`; absent: nothing to remember. */
  readonly watches: Map<string, DnsWatch>;
}

/** The oldest round first. */
export function simulateMonitor(trial: Trial, dns: SimulatedDns): readonly DrillEvent[] {
  const { scene, times, chance } = trial;
  const { roundMs } = scene.plan.cadence;
  const warmUp = scene.topology.dns.healthCheck.failureThreshold;
  const first = times.startAt - Math.round((warmUp + chance()) * roundMs);
  const rounds = Math.max(0, Math.ceil((times.endAt - first) / roundMs));
  const monitor: Monitor = { book: {}, watches: new Map() };
  return Array.from({ length: rounds }, (_, index) => first + index * roundMs).flatMap((slot) => {
    const events = runRound(trial, dns, monitor, slot);
    return slot < times.startAt ? [] : events;
  });
}

function runRound(trial: Trial, dns: SimulatedDns, monitor: Monitor, slot: Instant): readonly DrillEvent[] {
  const { scene } = trial;
  const { regions } = scene.topology;
  const vantages = publicVantages(scene.topology);
  const looks = regions.flatMap(({ id }) => vantages.map((vantage) => lookOf(trial, id, vantage, slot)));
  const at = Math.max(...looks.map((look) => look.at));
  const freshness = freshnessFor(scene.topology);
  monitor.book = stampViews(monitor.book, stepAll(trial, monitor.book, looks), freshness, at);
  const views = viewsOf(trial, monitor.book, freshness, at);
  return [
    ...looks.map((look): DrillEvent => ({
      kind: "opinion",
      at: look.at,
      region: look.region,
      vantage: look.vantage,
      state: look.failure === null ? "up" : "down",
    })),
    ...regions.flatMap(({ id }): readonly DrillEvent[] => [
      { kind: "health", at, region: id, view: "route53", health: views.route53[id] ?? "unknown" },
      { kind: "health", at, region: id, view: "users", health: views.user[id] ?? "unknown" },
    ]),
    ...regionVerdicts(trial, monitor.book, views, at),
    failoverVerdict(trial, views.route53, at),
    ...dnsVerdicts(trial, dns, monitor, views.route53, at),
  ];
}

interface Views {
  readonly route53: HealthView;
  readonly user: HealthView;
}

/** Healthy regions that nobody troubles are not stepped: there is nothing to find out. */
function stepAll({ scene }: Trial, book: HealthBook, looks: readonly Observation[]): HealthBook {
  const faulted = new Set(scene.plan.faulted);
  return looks
    .filter((look) => faulted.has(look.region))
    .reduce((stepped, look) => {
      const check = scene.ownChecks.get(look.region);
      return check === undefined ? stepped : stepHealth(stepped, look, look.vantage, check);
    }, book);
}

function viewsOf({ scene }: Trial, book: HealthBook, freshness: Freshness, at: Instant): Views {
  return {
    route53: { ...scene.healthyView, ...route53View(book, freshness, at) },
    user: { ...scene.healthyView, ...userView(book, freshness, at) },
  };
}

function lookOf(trial: Trial, region: string, vantage: Vantage, slot: Instant): Observation {
  const effect = effectAt(trial, region, { kind: "vantage", id: vantage.id }, slot);
  const tookMs = effect?.ends === "at its timeout" ? trial.scene.topology.probe.timeoutMs : LOOK_MS;
  const cause = effect?.cause ?? null;
  return {
    region,
    vantage: vantage.id,
    at: slot + tookMs,
    status: effect === null ? 200 : effect.status,
    phases: {},
    totalMs: cause === null ? tookMs : null,
    failure: cause === null ? null : { cause, detail: "simulated" },
    claim: null,
  };
}

function regionVerdicts({ scene }: Trial, book: HealthBook, views: Views, at: Instant): readonly DrillEvent[] {
  return scene.topology.regions.map((region): DrillEvent => {
    const { subject, verdict } = judgeRegion(region, {
      user: views.user[region.id] ?? "unknown",
      route53: views.route53[region.id] ?? "unknown",
      since: book[region.id]?.userSince ?? null,
      failures: "",
    });
    return { kind: "verdict", at, subject, verdict };
  });
}

function failoverVerdict({ scene }: Trial, health: HealthView, at: Instant): DrillEvent {
  const unhealthy = unhealthyIn(scene, health);
  const answers = publicVantages(scene.topology).map(
    (vantage) => [vantage.id, answerWhile(scene, vantage, unhealthy)] as const,
  );
  const { subject, verdict } = judgeFailover(
    judgedRouting(scene.topology),
    Object.fromEntries(answers),
    ({ expected }) => regionOfChoice(scene.topology, expected),
  ).verdict;
  return { kind: "verdict", at, subject, verdict };
}

function dnsVerdicts(
  trial: Trial,
  dns: SimulatedDns,
  monitor: Monitor,
  health: HealthView,
  at: Instant,
): readonly DrillEvent[] {
  const views = ["authoritative", "recursive"] as const;
  return publicVantages(trial.scene.topology).flatMap((vantage) =>
    views.map((view) => dnsVerdict(trial, monitor, health, vantage, questionSeen(trial, dns, vantage, view, at))),
  );
}

/** The resolver's cache is that of users and not asked here: what the monitor is told is no older than theirs. */
function questionSeen(
  trial: Trial,
  dns: SimulatedDns,
  vantage: Vantage,
  view: "authoritative" | "recursive",
  at: Instant,
): DnsObservation {
  const { topology, type, plan } = trial.scene;
  const addresses = authoritativeAnswer(trial, dns, vantage, at);
  const base = { name: topology.service.host, type, vantage: vantage.id, view, server: "simulated", at };
  if (addresses === null)
    return { ...base, reply: { kind: "failed", failure: { cause: "timeout", detail: "simulated" } } };
  const { ttlSeconds } = plan;
  const reply = { kind: "reply", rcode: "NOERROR", authoritative: true, addresses, ttlSeconds } as const;
  return { ...base, reply: { ...reply, scope: null, elapsedMs: LOOK_MS } };
}

function dnsVerdict(
  trial: Trial,
  { book, watches }: Monitor,
  health: HealthView,
  vantage: Vantage,
  seen: DnsObservation,
): DrillEvent {
  const { scene } = trial;
  const { at } = seen;
  const key = watchKey(seen);
  const subject = dnsSubject(seen);
  // What the policy answers now conforms, and leaves nothing to remember: only the rest is worth the whole judgement.
  const choices = answerWhile(scene, vantage, unhealthyIn(scene, health)).acceptable;
  const answered = seen.reply.kind === "reply" ? seen.reply.addresses : [];
  if (isKnown(health) && choices.some((choice) => permits(choice, answered))) {
    watches.delete(key);
    return { kind: "verdict", at, subject, verdict: "conforms" };
  }
  const standing = { judged: scene.judged, route53: health };
  const timeline = timelineOf(
    scene.topology,
    standing,
    stateOf(trial, book),
    questionOf(scene.topology, scene.type, vantage),
  );
  const watch = judgeAnswer(timeline, seen, watches.get(key) ?? null, at);
  watches.set(key, watch);
  return { kind: "verdict", at, subject, verdict: watch.verdict };
}

function stateOf({ scene }: Trial, health: HealthBook): Pick<MonitorState, "health" | "policy"> {
  const { ttlSeconds } = scene.plan;
  const fingerprint = scene.plan.topologyFingerprint;
  return { health, policy: { fingerprint, changedAt: null, ttlSeconds, ttlSecondsBefore: ttlSeconds } };
}

/** Ids of health checks, from health by region. */
function unhealthyIn(scene: Scene, health: HealthView): readonly string[] {
  const regions = Object.keys(health).filter((id) => health[id] === "unhealthy");
  return checksOf(scene, regions).map(({ id }) => id);
}

function isKnown(health: HealthView): boolean {
  return Object.values(health).every((one) => one !== "unknown");
}
