// GetHealthCheckStatus's answer, read without an XML parser: nothing is asked of it but how many checkers there are and how many
// of their texts begin with "Success", which is all of such a text that is documented.
export interface CheckerVotes {
  readonly healthy: number;
  readonly total: number;
}

/** Route 53 has about sixteen checkers for a check. */
const CHECKERS_MAX = 256;

/** Null: not an answer of that call, or one without a checker, as of a check that nobody looks at. */
export function parseCheckerCount(xml: string): CheckerVotes | null {
  if (!/<GetHealthCheckStatusResponse[\s>]/.test(xml)) return null;
  let healthy = 0;
  let total = 0;
  for (const [, word] of xml.matchAll(/<Status>\s{0,8}(Success|Failure)/g)) {
    if (total === CHECKERS_MAX) return null;
    total += 1;
    if (word === "Success") healthy += 1;
  }
  return total === 0 ? null : { healthy, total };
}
