// Judges everything that a round saw: whether each region serves, each claim is right, and each DNS answer is the policy's.
import type { DnsObservation, DnsWatch, MonitorState, Observation, VantageOutcome, Verdict } from "../model.ts";
import type { Instant } from "../time.ts";
import type { Topology, Vantage } from "../topology/topology.ts";
import { judgeClaim } from "../verify/claim.ts";
import { judgeAnswer } from "../verify/dns.ts";
import { judgeRegion } from "../verify/region.ts";
import { questionOf, type Standing, timelineOf } from "../verify/standing.ts";
import { dnsSubject } from "../verify/verdict.ts";
import { reportsOf } from "./outcome.ts";

/** Every DNS subject that is still watched; one whose vantage is silent keeps its last look and is undecided. */
export function judgeDns(
  topology: Topology,
  standing: Standing,
  state: MonitorState,
  outcomes: readonly VantageOutcome[],
  at: Instant,
): MonitorState["dns"] {
  const watches = reportsOf(outcomes)
    .flatMap((report) => report.dns)
    .flatMap((seen): readonly (readonly [string, DnsWatch])[] => {
      const vantage = topology.probe.vantages.find((one) => one.id === seen.vantage);
      return vantage === undefined ? [] : [[dnsSubject(seen), watchOf(topology, standing, state, seen, vantage, at)]];
    });
  const fresh = Object.fromEntries(watches);
  const watched = Object.entries(state.dns).filter(([, { seen }]) => isWatched(topology, seen));
  const silent = watched.map(([subject, watch]): [string, DnsWatch] => [
    subject,
    { ...watch, verdict: "undecided", reason: "its vantage took no part in the latest round", deadline: null },
  ]);
  return { ...Object.fromEntries(silent), ...fresh };
}

function isWatched(topology: Topology, seen: DnsObservation): boolean {
  return seen.name === topology.service.host && topology.probe.vantages.some((vantage) => vantage.id === seen.vantage);
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
  return judgeAnswer(timeline, seen, state.dns[dnsSubject(seen)] ?? null, at);
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
  const names = Object.entries(state.dns).map(([subject, { verdict, reason, deadline }]): Verdict => {
    return { subject, verdict, reason, ...(deadline === null ? {} : { deadline }) };
  });
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
