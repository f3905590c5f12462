// Which region the policy sends users to right now, and whether it still has a healthy one to send them to.
import type { Verdict } from "../model/verdict.ts";
import type { Answer } from "../policy/answer.ts";
import type { DnsPolicy } from "../topology/topology.ts";
import { FAILOVER_SUBJECT } from "./verdict.ts";

export interface FailoverStanding {
  readonly routing: DnsPolicy["routing"];
  /** The one region that is expected for every asker; null when that depends on the asker, or is not decided. */
  readonly active: string | null;
  /** By vantage id, where the routing depends on the asker. */
  readonly activeByVantage?: Readonly<Record<string, string | null>>;
  readonly failOpen: boolean;
  readonly verdict: Verdict;
}

const DEPENDS_ON_ASKER: ReadonlySet<DnsPolicy["routing"]> = new Set<DnsPolicy["routing"]>([
  "latency",
  "geolocation",
  "geoproximity",
  "ip-based",
]);

/** Do two askers get different answers under one state of health? */
export function dependsOnAsker(routing: DnsPolicy["routing"]): boolean {
  return DEPENDS_ON_ASKER.has(routing);
}

/** `answers` by vantage id: the policy's answer for that vantage's place in the network. `regionOf`: whose an answer is. */
export function judgeFailover(
  routing: DnsPolicy["routing"],
  answers: Readonly<Record<string, Answer>>,
  regionOf: (answer: Answer) => string | null,
): FailoverStanding {
  const active = Object.fromEntries(Object.entries(answers).map(([vantage, answer]) => [vantage, regionOf(answer)]));
  const distinct = [...new Set(Object.values(active))];
  const choices = Object.values(answers).flatMap((answer) => answer.acceptable);
  const failOpen = choices.length > 0 && choices.every((choice) => choice.failOpen);
  return {
    routing,
    active: distinct.length === 1 ? (distinct[0] ?? null) : null,
    ...(dependsOnAsker(routing) ? { activeByVantage: active } : {}),
    failOpen,
    verdict: { subject: FAILOVER_SUBJECT, ...verdictOf(Object.values(answers), failOpen) },
  };
}

function verdictOf(answers: readonly Answer[], failOpen: boolean): Omit<Verdict, "subject"> {
  const [first] = answers;
  if (first === undefined) return { verdict: "undecided", reason: "no vantage to answer for" };
  if (failOpen) return { verdict: "deviates", reason: `fail-open: ${first.reason}` };
  const open = answers.find((answer) => answer.unknown.length > 0);
  if (open !== undefined) {
    return { verdict: "undecided", reason: `health of ${open.unknown.join(", ")} is not known yet: ${open.reason}` };
  }
  return { verdict: "conforms", reason: [...new Set(answers.map((answer) => answer.reason))].join("; ") };
}
