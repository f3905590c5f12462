// What a judge says of one object: good news in a sentence, or rows of the rules with what was seen. Verdicts and findings are
// both made of that, so they cannot disagree.
import type { VerdictKind } from "../model/verdict.ts";
import type { Finding } from "../model/finding.ts";
import { CLUSTER_RULES, type ClusterRule, type ClusterRuleId } from "./rules.ts";

export interface Remark {
  readonly rule: ClusterRuleId;
  /** With the values seen. */
  readonly message: string;
  /** Set where the topology waives it; absent: it does not. */
  readonly waiver?: NonNullable<Finding["waiver"]>;
}

export interface Judged {
  /** "Deployment multicloud-demo". */
  readonly object: string;
  /** What is shown where nothing is wrong. */
  readonly good: string;
  readonly remarks: readonly Remark[];
}

/** Of one API server. */
export interface JudgedCluster {
  readonly context: string;
  /** Null: the host of the federation. */
  readonly region: string | null;
  readonly objects: readonly Judged[];
}

export interface ObjectVerdict {
  readonly object: string;
  readonly verdict: VerdictKind;
  readonly reason: string;
}

const RANK: readonly VerdictKind[] = ["conforms", "converging", "undecided", "deviates"];

export function worstVerdict(verdicts: readonly VerdictKind[]): VerdictKind {
  return verdicts.reduce((worst, one) => (RANK.indexOf(one) > RANK.indexOf(worst) ? one : worst), "conforms");
}

export function ruleOf(id: ClusterRuleId): ClusterRule {
  return CLUSTER_RULES[id];
}

/** The first remark that weighs the most speaks for the object; what is waived weighs nothing, and is no good news either. */
export function objectVerdict({ object, good, remarks }: Judged): ObjectVerdict {
  const open = remarks.filter(({ waiver }) => waiver === undefined);
  const verdict = worstVerdict(open.map(({ rule }) => ruleOf(rule).verdict));
  if (verdict === "conforms") {
    const waived = remarks.find(({ rule, waiver }) => waiver !== undefined && ruleOf(rule).verdict !== "conforms");
    return { object, verdict, reason: waived === undefined ? good : `waived: ${waived.message}` };
  }
  const speaks = open.find(({ rule }) => ruleOf(rule).verdict === verdict);
  return { object, verdict, reason: speaks?.message ?? good };
}

export function clusterVerdict({ objects }: JudgedCluster): VerdictKind {
  return worstVerdict(objects.map((judged) => objectVerdict(judged).verdict));
}

/** By cluster and object, as judged. A place in a cluster has no lines, so all are its first. */
export function clusterFindings(clusters: readonly JudgedCluster[]): readonly Finding[] {
  return clusters.flatMap(({ context, objects }) =>
    objects.flatMap(({ object, remarks }) =>
      remarks.map(({ rule, message, waiver = null }): Finding => {
        const { severity, fix, source } = ruleOf(rule);
        const place = { file: clusterFile(context), line: 1, column: 1 };
        return { id: rule, severity, place, subject: object, message, fix, source, waiver };
      }),
    ),
  );
}

export function clusterFile(context: string): string {
  return `cluster:${context}`;
}
