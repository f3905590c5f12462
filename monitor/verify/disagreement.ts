// Do our vantages, Route 53's checkers and DNS agree about a region, and if they do not, why not?
import type { VerdictKind } from "../model/verdict.ts";
import type { Health } from "../policy/health-check.ts";
import { type Cause, CAUSE_RULES } from "./disagreement-causes.ts";
import { type RegionSight, theirHealth } from "./sight.ts";
import { worstVerdict } from "./verdict.ts";

export interface Agreement {
  readonly region: string;
  readonly ours: Health;
  readonly users: Health;
  readonly theirs: Health;
  /** Of the answers with this region in them; null: there is none. */
  readonly dns: VerdictKind | null;
  /** conforms: all agree. converging: what differs is passing. deviates: it is not. undecided: too little is known to compare. */
  readonly verdict: VerdictKind;
  /** Who differs from whom, one sentence each; empty when all agree. */
  readonly differences: readonly string[];
  /** The likeliest first; empty where nothing differs, or nothing that we know explains it. */
  readonly causes: readonly Cause[];
}

export function compareSight(sight: RegionSight): Agreement {
  const { ours } = sight;
  const theirs = theirHealth(sight);
  const answered = sight.dns.filter(({ regions }) => regions.includes(sight.region));
  const dns = answered.length === 0 ? null : worstVerdict(answered.map(({ verdict }) => verdict));
  const differences = differencesIn(sight, theirs, answered);
  const causes = differences.length === 0 ? [] : causesOf(sight);
  const known = ours.user !== "unknown" && theirs !== "unknown";
  return {
    region: sight.region,
    ours: ours.route53,
    users: ours.user,
    theirs,
    dns,
    verdict: differences.length === 0 ? (known ? "conforms" : "undecided") : verdictOn(causes),
    differences,
    causes,
  };
}

function differencesIn({ ours }: RegionSight, theirs: Health, answered: RegionSight["dns"]): readonly string[] {
  const differ = (a: Health, b: Health): boolean => a !== "unknown" && b !== "unknown" && a !== b;
  const late =
    answered.find(({ verdict }) => verdict === "deviates") ?? answered.find(({ verdict }) => verdict === "converging");
  return [
    ...(differ(ours.route53, theirs)
      ? [`by Route 53's rules our looks make it ${ours.route53}, and Route 53's own make it ${theirs}`]
      : []),
    ...(differ(ours.user, theirs) ? [`it is ${ours.user} for users, and ${theirs} for Route 53`] : []),
    ...(late === undefined ? [] : [`DNS ${late.verdict} at ${late.vantage} (${late.view}): ${late.reason}`]),
  ];
}

function causesOf(sight: RegionSight): readonly Cause[] {
  return CAUSE_RULES.flatMap(({ id, fix, lasts, find }) => {
    const words = find(sight);
    return words === null ? [] : [{ id, words, fix, lasts }];
  });
}

/** What nothing explains is worse than what passes by itself. */
function verdictOn(causes: readonly Cause[]): VerdictKind {
  return causes.length > 0 && causes.every(({ lasts }) => lasts === "passing") ? "converging" : "deviates";
}
