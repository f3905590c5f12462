// What came of putting things back, in words: what was undone, and what a person must do by hand where it was not.
import type { Restored, Settled } from "../lever/restore.ts";
import { unreachable } from "../problem.ts";

export function restoredLines(id: string, restored: Restored | Settled): readonly string[] {
  switch (restored.kind) {
    case "finished":
      return restored.steps.length === 0
        ? [`${id}: nothing was left to put back`]
        : [`${id}: everything is as it was`, ...stepLines(restored)];
    case "stuck":
      return [
        `${id}: NOT everything could be put back; the journal stays, and \`monitor drill restore\` tries again`,
        ...stepLines(restored),
        `  put right by hand? \`monitor drill restore ${id} --settle REASON\` closes the journal`,
      ];
    case "busy":
      return [
        restored.pid === null
          ? `${id}: another process works on it`
          : `${id}: it still runs, as process ${restored.pid}: end that first (kill -INT ${restored.pid} puts everything back)`,
      ];
    case "settled":
      return [`${id}: counts as put back by hand (${restored.reason}); no lever acted`];
    case "unreadable":
      return [
        `${id}: its journal cannot be read, so look yourself at what it broke: ${restored.detail}`,
        "  put right by hand? Remove the file: while it is there, no drill begins",
      ];
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
