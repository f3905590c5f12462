// The report of a drill in the form that was asked for.
import type { DrillRecord } from "../drill/record.ts";
import type { Judgement } from "../drill/referee.ts";
import type { DrillFormat } from "./drill-arguments.ts";

export interface DrillResult {
  readonly record: DrillRecord;
  readonly judgement: Judgement;
}

export function reportFace({ record, judgement }: DrillResult, _format: DrillFormat): string {
  return `${record.id}: ${judgement.outcome}\n${judgement.reasons.map((reason) => `  ${reason.weight}: ${reason.text}\n`).join("")}${JSON.stringify(judgement.figures, null, 1)}\n${judgement.bounds.map((b) => b.sentence).join("\n")}\n`;
}
