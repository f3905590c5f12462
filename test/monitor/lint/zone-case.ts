// One rule's case of a hosted zone: one that breaks it, and the nearest one that does not.
import type { SourceText } from "../../../monitor/lint/manifest.ts";
import type { DraftZone } from "./zones.ts";

export interface ZoneCase {
  readonly rule: string;
  readonly name?: string;
  readonly bad: DraftZone;
  /** Where the rule speaks, and nowhere else. */
  readonly at: readonly string[];
  readonly says: string;
  readonly severity?: string;
  readonly good: DraftZone;
  /** Beside both zones. */
  readonly beside?: readonly SourceText[];
}
