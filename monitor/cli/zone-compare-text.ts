// What three observers say of each region, side by side, and why they differ.
import { visibleText } from "../local/text-line.ts";
import type { Agreement } from "../verify/disagreement.ts";
import type { RegionSight } from "../verify/sight.ts";
import { alignColumns } from "./columns.ts";
import { wrapped } from "./policy-lines.ts";

/** Checkers that said the same are told together; so many kinds of words at most. */
const KINDS_MAX = 6;

export function compareText(host: string, sights: readonly RegionSight[], agreements: readonly Agreement[]): string {
  const heads = ["region", "users", "our vantages", "Route 53", "DNS", "so"];
  const rows = agreements.map(({ region, users, ours, dns, verdict }, index) => [
    region,
    users,
    ours,
    theirWords(sights[index], agreements[index]),
    dns ?? "not answered",
    verdict,
  ]);
  const blocks = agreements.flatMap((agreement, index) => {
    const lines = regionLines(sights[index], agreement);
    return lines.length === 0 ? [] : [[agreement.region, ...lines].join("\n")];
  });
  const text = [`${host}\n${alignColumns([heads, ...rows])}`, ...blocks].join("\n\n");
  return `${text.split("\n").map(visibleText).join("\n")}\n`;
}

function theirWords(sight: RegionSight | undefined, agreement: Agreement | undefined): string {
  const { theirs } = sight ?? { theirs: null };
  if (theirs === null) return "no health check";
  const passed = theirs.looks.filter((look) => look.passed).length;
  const looks = theirs.looks.length === 0 ? "" : ` (${passed} of ${theirs.looks.length} checkers)`;
  return `${agreement?.theirs ?? "unknown"}${theirs.verdict === null ? "" : " by CloudWatch"}${looks}`;
}

function regionLines(sight: RegionSight | undefined, { differences, causes, verdict }: Agreement): readonly string[] {
  if (differences.length === 0) return [];
  return [
    ...differences.map((line) => wrapped(line, "  ", "    ")),
    ...checkerLines(sight),
    ...causes.flatMap(({ id, words, fix }) => [
      wrapped(`likely ${id}: ${words}`, "  ", "    "),
      wrapped(`fix: ${fix}`, "    ", "      "),
    ]),
    ...(causes.length === 0 && verdict !== "conforms" ? ["  nothing that is known here explains it"] : []),
  ];
}

function checkerLines(sight: RegionSight | undefined): readonly string[] {
  const looks = sight?.theirs?.looks ?? [];
  const kinds = [...new Set(looks.map(({ passed, words }) => `${passed ? "pass" : "fail"}: ${words}`))];
  return kinds.slice(0, KINDS_MAX).map((kind) => {
    const regions = looks
      .filter(({ passed, words }) => `${passed ? "pass" : "fail"}: ${words}` === kind)
      .map(({ region }) => region);
    return wrapped(`${regions.length} checkers ${kind} (${[...new Set(regions)].toSorted().join(", ")})`, "  ", "    ");
  });
}
