// What is said of drills that are not over: one that runs, and one that broke off, which nobody should have to find by accident.
import { journalPath, openJournals } from "../lever/journal.ts";
import { type JournalStanding, readStanding } from "../lever/journal-standing.ts";
import { journalFolder } from "../lever/state-folder.ts";
import { toIso } from "../time.ts";

/** A line for each, by name; empty: all are over. */
export async function openDrillLines(state: string): Promise<readonly string[]> {
  const folder = journalFolder(state);
  const open = await openJournals(folder);
  const lines = open.map(async (journal) => {
    if (journal.kind === "unreadable") return `${journal.path} cannot be read: ${journal.detail}`;
    const { drill } = journal.head;
    return openDrillLine(drill, await readStanding(journalPath(folder, drill)));
  });
  return (await Promise.all(lines)).filter((line) => line !== "");
}

/** Empty where it is over. */
export function openDrillLine(id: string, standing: JournalStanding): string {
  switch (standing.kind) {
    case "running": {
      const { pid, startedAt } = standing.head;
      if (standing.by === "restore") return `${id} broke off, and is being put back now`;
      return `${id} is under way, as process ${pid}, since ${toIso(startedAt)}: \`monitor drill report ${id}\` shows what was seen so far`;
    }
    case "left": {
      const levers = standing.open.map(({ undo }) => undo.lever).join(", ");
      if (levers === "") return `${id} broke off, and no lever stands: \`monitor drill restore\` closes it`;
      return `${id} broke off, and may have left ${levers}: \`monitor drill restore\` puts that back`;
    }
    case "over":
    case "unknown":
      return "";
  }
}
