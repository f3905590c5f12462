// `monitor verify` for people: cluster by cluster what is wrong and what to do about it, what is well beside it, and what is
// simply as rendered in one line.
import { type Judged, type JudgedCluster, clusterVerdict, objectVerdict, ruleOf } from "../clusters/judged.ts";
import type { VerdictKind } from "../model/verdict.ts";
import type { Finding } from "../model/finding.ts";
import { visibleText } from "../local/text-line.ts";
import { countPhrase } from "../report/findings-verdict.ts";
import { alignColumns } from "./columns.ts";

/** So many that say the same are told in one line. */
const FOLDED_LEAST = 3;

export function verifyText(
  clusters: readonly JudgedCluster[],
  findings: readonly Finding[],
  verdict: VerdictKind,
  service: string,
): string {
  const count = `${clusters.length} ${clusters.length === 1 ? "cluster" : "clusters"}`;
  return `${[...clusters.map(clusterText), `${service}: ${verdict} (${count}: ${countPhrase(findings)})`].join("\n\n")}\n`;
}

function clusterText(cluster: JudgedCluster): string {
  const { context, region, objects } = cluster;
  const role = region === null ? "the federation's host" : `region ${region}`;
  const folds = foldsOf(objects);
  const folded = new Set(folds.flat());
  const told = objects.filter((judged) => !folded.has(judged));
  const rows = told.map((judged) => {
    const { object, verdict, reason } = objectVerdict(judged);
    return [verdict, object, reason].map(visibleText);
  });
  const lines = alignColumns(rows).split("\n");
  const body = rows.length === 0 ? [] : told.flatMap((judged, index) => [lines[index] ?? "", ...remarkLines(judged)]);
  return [`${visibleText(context)} (${role}): ${clusterVerdict(cluster)}`, ...body, ...folds.map(foldLine)].join("\n");
}

/** Each remark with its rule, and the rule's fix once; its words again only where the row above does not have them. */
function remarkLines(judged: Judged): readonly string[] {
  const { reason } = objectVerdict(judged);
  return judged.remarks.flatMap(({ rule, message }, index) => {
    const { severity, fix } = ruleOf(rule);
    const words = message === reason ? "" : `: ${visibleText(message)}`;
    const isLast = judged.remarks[index + 1]?.rule !== rule;
    return [`      ${severity} ${rule}${words}`, ...(isLast ? [`        fix: ${fix}`] : [])];
  });
}

/** Objects that are well and have the same good news, in the order of the first ones. */
function foldsOf(objects: readonly Judged[]): readonly (readonly Judged[])[] {
  const groups = new Map<string, Judged[]>();
  for (const judged of objects) {
    if (judged.remarks.length > 0) continue;
    groups.set(judged.good, [...(groups.get(judged.good) ?? []), judged]);
  }
  return [...groups.values()].filter(({ length }) => length >= FOLDED_LEAST);
}

function foldLine(alike: readonly Judged[]): string {
  return visibleText(`  ${alike[0]?.good ?? ""}: ${alike.map(({ object }) => object).join(", ")}`);
}
