// What a round's outcomes are worth: the reports among them, once each vantage has doubted itself. One that reached nothing
// at all, neither a region nor DNS, has most likely lost its own network, and must not accuse anybody.
import type { Failure, FailureCause, VantageOutcome, VantageReport } from "../model/observation.ts";
import { type AddressType, valuesOf } from "../policy/record-set.ts";
import { plainWords } from "../report/plain-words.ts";
import { keptAddresses } from "../topology/state-size.ts";
import type { Topology } from "../topology/topology.ts";

export function reportsOf(outcomes: readonly VantageOutcome[]): readonly VantageReport[] {
  return outcomes.flatMap((outcome) => (outcome.kind === "reported" ? [outcome.report] : []));
}

/** Those of private vantages for slots before included; of one vantage the oldest first. */
export function everyReport(outcomes: readonly VantageOutcome[]): readonly VantageReport[] {
  return outcomes.flatMap((outcome) =>
    outcome.kind === "reported" ? [...(outcome.sent?.earlier ?? []), outcome.report] : [],
  );
}

export function vantageOf(outcome: VantageOutcome): string {
  return outcome.kind === "reported" ? outcome.report.vantage : outcome.vantage;
}

/** The same outcome with each of its reports as `change` makes it. */
export function mapReports(outcome: VantageOutcome, change: (report: VantageReport) => VantageReport): VantageOutcome {
  if (outcome.kind === "missed") return outcome;
  const { report, sent } = outcome;
  const earlier = sent === undefined ? {} : { sent: { ...sent, earlier: sent.earlier.map(change) } };
  return { kind: "reported", report: change(report), ...earlier };
}

/**
 * What others said is kept, shown and logged: whatever they say of origins ends here, and an answer of more addresses than the
 * zone has is kept only as far as shows that.
 */
export function plainOutcomes(outcomes: readonly VantageOutcome[], topology: Topology): readonly VantageOutcome[] {
  const kept = { A: addressesKept(topology, "A"), AAAA: addressesKept(topology, "AAAA") };
  const plain = (failure: Failure): Failure => ({ ...failure, detail: plainWords(failure.detail, topology) });
  return outcomes.map((outcome): VantageOutcome => {
    if (outcome.kind === "missed") return { ...outcome, detail: plainWords(outcome.detail, topology) };
    return mapReports(outcome, (report) => {
      const observations = report.observations.map((seen) =>
        seen.failure === null ? seen : { ...seen, failure: plain(seen.failure) },
      );
      const dns = report.dns.map((seen) =>
        seen.reply.kind === "reply"
          ? { ...seen, reply: { ...seen.reply, addresses: seen.reply.addresses.slice(0, kept[seen.type]) } }
          : { ...seen, reply: { kind: "failed" as const, failure: plain(seen.reply.failure) } },
      );
      return { ...report, observations, dns };
    });
  });
}

/** One more than any legal answer made of the zone's own addresses has, so at least one of those that stay is in no record. */
function addressesKept({ regions, pulledZone }: Topology, type: AddressType): number {
  const own = pulledZone?.zone.recordSets.flatMap(valuesOf) ?? regions.flatMap(({ endpoint }) => endpoint.addresses);
  return keptAddresses(new Set(own.filter((one) => one.includes(":") === (type === "AAAA"))).size);
}

/** Ends that need nobody on the other side. `refused` is not among them: somebody sent the refusal. */
const REACHED_NOBODY: ReadonlySet<FailureCause> = new Set([
  "name-not-resolved",
  "unreachable",
  "timeout",
  "internal",
  "not-started",
]);

/**
 * A report that reached nothing counts as missed, with what it saw as the reason. But when nobody reached anything from
 * several places, it is the world that is gone, and that is believed. Vantages in one colo are one place.
 */
export function doubtVantages(outcomes: readonly VantageOutcome[]): readonly VantageOutcome[] {
  const reports = reportsOf(outcomes);
  const colos = new Set(reports.map(({ colo }) => colo));
  if (colos.size > 1 && !reports.some(reachedAnything)) return outcomes;
  return outcomes.map((outcome): VantageOutcome => {
    if (outcome.kind === "missed") return outcome;
    const { report, sent } = outcome;
    if (reachedAnything(report))
      return sent === undefined
        ? outcome
        : { kind: "reported", report, sent: { ...sent, earlier: sent.earlier.filter(reachedAnything) } };
    const { vantage, observations } = outcome.report;
    const causes = new Set(observations.flatMap((seen) => (seen.failure === null ? [] : [seen.failure.cause])));
    const detail = `it reached nothing at all, neither a region nor DNS (${[...causes].join(", ")}): its own network?`;
    return { kind: "missed", vantage, detail };
  });
}

/** A report without any look has nothing to doubt. */
function reachedAnything({ observations, dns }: VantageReport): boolean {
  const reached = [
    ...observations.map((seen) => seen.status !== null || seen.phases.connect !== undefined || answered(seen.failure)),
    ...dns.map(({ reply }) => reply.kind === "reply" || answered(reply.failure)),
  ];
  return reached.length === 0 || reached.includes(true);
}

function answered(failure: Failure | null): boolean {
  return failure === null || !REACHED_NOBODY.has(failure.cause);
}
