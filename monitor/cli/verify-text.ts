// `monitor verify` for people: cluster by cluster what is wrong and what to do about it, what is well beside it, and what is
// simply as rendered in one line.
import {
  type Judged,
  type JudgedCluster,
  clusterFindings,
  clusterVerdict,
  objectVerdict,
  ruleOf,
} from "../clusters/judged.ts";
import type { WaivedClusters } from "../clusters/waived.ts";
import type { VerdictKind } from "../model/verdict.ts";
import type { Finding } from "../model/finding.ts";
import { visibleText } from "../local/text-line.ts";
import { countPhrase } from "../report/findings-verdict.ts";
import { alignColumns } from "./columns.ts";

/** So many that say the same are told in one line. */
const FOLDED_LEAST = 3;

export function verifyText({ clusters, findings }: WaivedClusters, verdict: VerdictKind, service: string): string {
  const count = `${clusters.length} ${clusters.length === 1 ? "cluster" : "clusters"}`;
  const phrase = countPhrase([...clusterFindings(clusters), ...findings]);
  const last = `${service}: ${verdict} (${count}: ${phrase})`;
  return `${[...clusters.map(clusterText), ...findings.map(waiverText), last].join("\n\n")}\n`;
}

/** About a waiver, which stands in the topology. */
function waiverText({ severity, id, place: { file, line, column }, message, fix }: Finding): string {
  return `${visibleText(`${file}:${line}:${column}`)}: ${severity} ${id}: ${visibleText(message)}\n        fix: ${fix}`;
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
  return judged.remarks.flatMap(({ rule, message, waiver }, index) => {
    const { severity, fix } = ruleOf(rule);
    const words = [message, `waived: ${message}`].includes(reason) ? "" : `: ${visibleText(message)}`;
    if (waiver !== undefined)
      return [`      waived ${rule}${words}`, `        until ${waiver.until}: ${visibleText(waiver.reason)}`];
    const next = judged.remarks[index + 1];
    const isLast = next?.rule !== rule || next.waiver !== undefined;
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
