// `monitor verify` for people: cluster by cluster what is wrong and what to do about it, what is well beside it, and what is
// simply as rendered in one line.
import { type Judged, type JudgedCluster, clusterVerdict, objectVerdict, ruleOf } from "../clusters/judged.ts";
import type { Finding, VerdictKind } from "../model.ts";
import { visibleText } from "../local/text-line.ts";
import { countPhrase } from "../report/findings-verdict.ts";
import { alignColumns } from "./columns.ts";

const AS_RENDERED = "as rendered";

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
  const plain = objects.filter((judged) => judged.remarks.length === 0 && judged.good === AS_RENDERED);
  const told = objects.filter((judged) => !plain.includes(judged));
  const rows = told.map((judged) => {
    const { object, verdict, reason } = objectVerdict(judged);
    return [verdict, object, reason].map(visibleText);
  });
  const lines = alignColumns(rows).split("\n");
  const body = rows.length === 0 ? [] : told.flatMap((judged, index) => [lines[index] ?? "", ...remarkLines(judged)]);
  return [`${visibleText(context)} (${role}): ${clusterVerdict(cluster)}`, ...body, ...plainLine(plain)].join("\n");
}

/** Rule and fix of each remark; its words again only where the row above does not have them. */
function remarkLines(judged: Judged): readonly string[] {
  const { reason } = objectVerdict(judged);
  return judged.remarks.flatMap(({ rule, message }) => {
    const { severity, fix } = ruleOf(rule);
    const words = message === reason ? "" : `: ${visibleText(message)}`;
    return [`      ${severity} ${rule}${words}`, `        fix: ${fix}`];
  });
}

function plainLine(plain: readonly Judged[]): readonly string[] {
  if (plain.length === 0) return [];
  return [`  ${AS_RENDERED}: ${plain.map(({ object }) => visibleText(object)).join(", ")}`];
}
