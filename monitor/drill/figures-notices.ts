// What the monitor called deviating, and when it first did.
import { between } from "./figures-places.ts";
import type { Moments } from "./moments.ts";
import type { Sights } from "./sights.ts";
import { firstSeen, type Look, type Mark, type Span } from "./span.ts";

export interface Notice {
  readonly subject: string;
  /** From the fault on. */
  readonly after: Span;
  /** Verdicts of this kind until the end. */
  readonly times: number;
}

/** The earliest first; of equally early ones by subject. */
export function noticesOf(sights: Sights, fault: Mark, { end }: Moments): readonly Notice[] {
  const verdicts = between(sights.verdicts, fault.earliest, end);
  const deviating = verdicts.filter(({ verdict }) => verdict === "deviates");
  const subjects = [...new Set(deviating.map(({ subject }) => subject))].toSorted();
  return subjects
    .flatMap((subject): readonly Notice[] => {
      const looks = verdicts
        .filter((event) => event.subject === subject)
        .map(({ at, verdict }): Look => ({ at, sees: verdict === "deviates" ? "after" : "before" }));
      const after = firstSeen(looks, fault, end);
      const times = looks.filter(({ sees }) => sees === "after").length;
      return after === null ? [] : [{ subject, after, times }];
    })
    .toSorted((a, b) => a.after.atMostMs - b.after.atMostMs);
}
