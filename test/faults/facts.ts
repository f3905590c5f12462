// What a cell of the matrix showed, in the few words that its page and its expectations speak.
import type { DnsObservation } from "../../monitor/model/observation.ts";
import type { VerdictKind } from "../../monitor/model/verdict.ts";
import type { MonitorState } from "../../monitor/model/state.ts";
import { dnsSubject, regionSubject, claimSubject, worstVerdict } from "../../monitor/verify/verdict.ts";
import { standingOf } from "../../monitor/verify/standing.ts";
import type { Topology } from "../../monitor/topology/topology.ts";
import { type Cell, type CellRun, FAR, FIRST, NEAR, ROUNDS, SECOND } from "./cell.ts";

/** One fact where all rounds and vantages agree; several, with commas, where they do not. */
export interface CellFacts {
  readonly cause: string;
  readonly route53: string;
  readonly region: VerdictKind;
  readonly claim: VerdictKind;
  /** Replies and verdicts of the vantage with the DNS fault. */
  readonly authoritative: DnsFacts;
  readonly recursive: DnsFacts;
  readonly overall: VerdictKind;
  /** Who has the overall verdict; nobody where all conform. */
  readonly worst: readonly string[];
  readonly undisturbed: Undisturbed;
}

interface DnsFacts {
  readonly reply: string;
  /** Round by round. */
  readonly verdicts: readonly VerdictKind[];
}

/** What no fault may touch. */
export interface Undisturbed {
  readonly otherRegion: string;
  readonly otherVantage: string;
  readonly missed: readonly string[];
  readonly saved: string;
  readonly rounds: number;
  readonly missedSlots: number;
  /** Subjects with an open incident that do not deviate, or the other way round. */
  readonly strayIncidents: readonly string[];
}

export const ALL_WELL: Undisturbed = {
  otherRegion: "conforms",
  otherVantage: "conforms",
  missed: [],
  saved: "saved",
  rounds: ROUNDS,
  missedSlots: 0,
  strayIncidents: [],
};

export function factsOf({ states, saved }: CellRun, topology: Topology): CellFacts {
  const last = states.at(-1);
  if (last === undefined) throw new Error("a cell has rounds");
  const verdict = (subject: string): VerdictKind => verdictOf(last, subject);
  const dns = (vantage: string, view: DnsObservation["view"]): DnsFacts => {
    const subject = dnsSubject({ name: topology.service.host, vantage, view, type: "A" });
    const reply = agreed(states.map((state) => replyOf(state, vantage, view)));
    return { reply, verdicts: states.map((state) => verdictOf(state, subject)) };
  };
  const overall = worstVerdict(last.verdicts.map((one) => one.verdict));
  const bad = last.verdicts.filter((one) => one.verdict === overall && overall !== "conforms");
  const { route53 } = standingOf(topology, last.health, last.lastRoundAt ?? 0);
  return {
    cause: agreed(states.flatMap((state) => [NEAR, FAR].map((id) => causeOf(state, id)))),
    route53: route53[FIRST] ?? "unknown",
    region: verdict(regionSubject(FIRST)),
    claim: verdict(claimSubject(FIRST)),
    authoritative: dns(NEAR, "authoritative"),
    recursive: dns(NEAR, "recursive"),
    overall,
    worst: [...new Set(bad.map((one) => wordFor(one.subject)))],
    undisturbed: {
      otherRegion: agreed([verdict(regionSubject(SECOND)), verdict(claimSubject(SECOND))]),
      otherVantage: agreed(
        (["authoritative", "recursive"] as const).flatMap((view) => dns(FAR, view).verdicts.at(-1) ?? []),
      ),
      missed: states.flatMap((state) => Object.values(state.vantages).flatMap(({ missed }) => missed ?? [])),
      saved: agreed(saved),
      rounds: last.rounds,
      missedSlots: last.missedSlots,
      strayIncidents: strayIncidents(last),
    },
  };
}

export function nameOf({ endpoint, dns }: Cell): string {
  return `${endpoint.fault} × ${dns.fault}`;
}

function verdictOf(state: MonitorState, subject: string): VerdictKind {
  const found = state.verdicts.find((one) => one.subject === subject);
  if (found === undefined) throw new Error(`no verdict on ${subject}`);
  return found.verdict;
}

function causeOf(state: MonitorState, vantage: string): string {
  const seen = state.cells[FIRST]?.[vantage];
  return seen === undefined ? "not looked at" : (seen.failure?.cause ?? "none");
}

function replyOf(state: MonitorState, vantage: string, view: DnsObservation["view"]): string {
  const watch = Object.values(state.dns).find(({ seen }) => seen.vantage === vantage && seen.view === view);
  if (watch === undefined) return "not asked";
  const { reply } = watch.seen;
  return reply.kind === "reply" ? reply.rcode : reply.failure.cause;
}

function strayIncidents(state: MonitorState): readonly string[] {
  const open = state.incidents.open.map((incident) => incident.subject);
  const deviating = state.verdicts.filter((one) => one.verdict === "deviates").map((one) => one.subject);
  return [
    ...open.filter((subject) => !deviating.includes(subject)),
    ...deviating.filter((subject) => !open.includes(subject)),
  ];
}

function agreed(words: readonly string[]): string {
  return [...new Set(words)].join(", ");
}

/** "region" for "region:aws-us-east-1"; the one that has the fault needs no name, any other one does. */
function wordFor(subject: string): string {
  const [kind = "", of = ""] = subject.split(":");
  return kind === "dns" || of === FIRST || of === "" ? kind : subject;
}
