// What came of putting things back, in words: what was undone, and what a person must do by hand where it was not.
import type { Restored, Settled } from "../lever/restore.ts";
import { unreachable } from "../problem.ts";

export function restoredLines(restored: Restored | Settled): readonly string[] {
  switch (restored.kind) {
    case "finished":
      return restored.steps.length === 0
        ? [`${restored.drill}: nothing was left to put back`]
        : [`${restored.drill}: everything is as it was`, ...stepLines(restored)];
    case "stuck":
      return [
        `${restored.drill}: NOT everything could be put back; the journal stays, and \`monitor drill restore\` tries again`,
        ...stepLines(restored),
        `  put right by hand? \`monitor drill restore ${restored.drill} --settle REASON\` closes the journal`,
      ];
    case "busy":
      return [
        restored.pid === null
          ? "another process works on it"
          : `it still runs, as process ${restored.pid}: end that first (kill -INT ${restored.pid} puts everything back)`,
      ];
    case "settled":
      return [`${restored.drill}: counts as put back by hand (${restored.reason}); no lever acted`];
    case "unreadable":
      return [`its journal cannot be read: ${restored.detail}`];
    default:
      return unreachable(restored);
  }
}

function stepLines({ steps }: Extract<Restored, { readonly kind: "finished" | "stuck" }>): readonly string[] {
  return steps.flatMap(({ lever, result }) =>
    result.kind === "done"
      ? [`  ${lever}: ${result.detail}`]
      : [`  ${lever}: ${result.detail}`, ...result.byHand.map((command) => `    by hand: ${command}`)],
  );
}
