// Judges everything that a round saw: whether each region serves, each claim is right, and each DNS answer is the policy's.
import type { DnsObservation, Observation, VantageOutcome } from "../model/observation.ts";
import type { DnsWatch, Subject, Verdict } from "../model/verdict.ts";
import type { MonitorState } from "../model/state.ts";
import { assert } from "../problem.ts";
import { type Instant, SECOND_MS } from "../time.ts";
import type { Topology, Vantage } from "../topology/topology.ts";
import { judgeClaim } from "../verify/claim.ts";
import { judgeAnswer } from "../verify/dns.ts";
import { judgeRegion } from "../verify/region.ts";
import { questionOf, type Standing, timelineOf } from "../verify/standing.ts";
import { dnsSubject, watchKey, worstVerdict } from "../verify/verdict.ts";
import { reportsOf } from "./outcome.ts";

/** Servers have their turns; one that did not come up for so many intervals is not asked any more. */
const TURNS_MAX = 16;

/** Everything that is still watched; where a vantage is silent its watches keep their last look and are undecided. */
export function judgeDns(
  topology: Topology,
  standing: Standing,
  state: MonitorState,
  outcomes: readonly VantageOutcome[],
  at: Instant,
): MonitorState["dns"] {
  const reports = reportsOf(outcomes);
  const heard = new Set(reports.filter((report) => report.dns.length > 0).map((report) => report.vantage));
  const kept = Object.entries(state.dns)
    .filter(([, { seen }]) => isWatched(topology, seen, at))
    .map(([key, watch]): [string, DnsWatch] => [key, heard.has(watch.seen.vantage) ? watch : silenced(watch)]);
  const fresh = reports
    .flatMap((report) => report.dns)
    .flatMap((seen): readonly (readonly [string, DnsWatch])[] => {
      const vantage = topology.probe.vantages.find((one) => one.id === seen.vantage);
      return vantage === undefined ? [] : [[watchKey(seen), watchOf(topology, standing, state, seen, vantage, at)]];
    });
  return { ...Object.fromEntries(kept), ...Object.fromEntries(fresh) };
}

function silenced(watch: DnsWatch): DnsWatch {
  return { ...watch, verdict: "undecided", reason: "its vantage took no part in the latest round", deadline: null };
}

function isWatched(topology: Topology, seen: DnsObservation, at: Instant): boolean {
  const { vantages, intervalSeconds } = topology.probe;
  const recent = at - seen.at <= TURNS_MAX * intervalSeconds * SECOND_MS;
  return recent && seen.name === topology.service.host && vantages.some((vantage) => vantage.id === seen.vantage);
}

function watchOf(
  topology: Topology,
  standing: Standing,
  state: MonitorState,
  seen: DnsObservation,
  vantage: Vantage,
  at: Instant,
): DnsWatch {
  const timeline = timelineOf(topology, standing, state, questionOf(topology, seen.type, vantage));
  return judgeAnswer(timeline, seen, state.dns[watchKey(seen)] ?? null, at);
}

/** One verdict a subject: failover, regions, claims, then DNS. */
export function judgeSubjects(
  topology: Topology,
  standing: Standing,
  state: MonitorState,
  outcomes: readonly VantageOutcome[],
  at: Instant,
): readonly Verdict[] {
  const latest = reportsOf(outcomes).flatMap((report) => report.observations);
  const regions = topology.regions.map((region) => {
    const user = standing.user[region.id] ?? "unknown";
    const route53 = standing.route53[region.id] ?? "unknown";
    const since = state.health[region.id]?.userSince ?? null;
    return judgeRegion(region, {
      user,
      route53,
      since,
      failures: failuresOf(latest.filter((seen) => seen.region === region.id)),
    });
  });
  const claims = topology.regions.map((region) => {
    const read = latest
      .filter((seen) => seen.region === region.id)
      .flatMap((seen) => (seen.claim === null ? [] : [seen.claim]));
    return judgeClaim(region, read, at);
  });
  const subjects = [...new Set(Object.values(state.dns).map((watch) => dnsSubject(watch.seen)))];
  const names = subjects.map((subject) => dnsVerdict(subject, Object.values(state.dns)));
  return [standing.failover.verdict, ...regions, ...claims, ...names];
}

/** "refused at enam, weur; timeout at oc". */
function failuresOf(seen: readonly Observation[]): string {
  const causes = [...new Set(seen.flatMap((one) => (one.failure === null ? [] : [one.failure.cause])))];
  const places = (cause: string): string =>
    seen
      .filter((one) => one.failure?.cause === cause)
      .map((one) => one.vantage)
      .join(", ");
  return causes.map((cause) => `${cause} at ${places(cause)}`).join("; ");
}

/** The worst of the servers of a subject speaks for it. */
function dnsVerdict(subject: Subject, watches: readonly DnsWatch[]): Verdict {
  const own = watches.filter((watch) => dnsSubject(watch.seen) === subject);
  const worst = worstVerdict(own.map((watch) => watch.verdict));
  const speaker = own.find((watch) => watch.verdict === worst);
  assert(speaker !== undefined, "a subject comes from its watches");
  const { reason, deadline } = speaker;
  return { subject, verdict: worst, reason, ...(deadline === null ? {} : { deadline }) };
}
