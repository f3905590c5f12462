// When findings fail: any error that nobody waived, and on request any warning.
import type { VerdictKind } from "../model/verdict.ts";
import type { Finding } from "../model/finding.ts";

/** "strict": warnings fail too. Notes never do. */
export type Strictness = "lenient" | "strict";

export function fails({ severity, waiver }: Finding, strictness: Strictness): boolean {
  return waiver === null && (severity === "error" || (strictness === "strict" && severity === "warning"));
}

export function findingsVerdict(findings: readonly Finding[], strictness: Strictness): VerdictKind {
  return findings.some((finding) => fails(finding, strictness)) ? "deviates" : "conforms";
}

/** "2 errors, 1 warning, 3 waived", "no findings". */
export function countPhrase(findings: readonly Finding[]): string {
  const open = findings.filter(({ waiver }) => waiver === null);
  const counts = (["error", "warning", "note"] as const).map(
    (severity) => [open.filter((finding) => finding.severity === severity).length, severity] as const,
  );
  const phrases = counts
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}${count === 1 ? "" : "s"}`);
  const waived = findings.length - open.length;
  return [...phrases, ...(waived > 0 ? [`${waived} waived`] : [])].join(", ") || "no findings";
}
