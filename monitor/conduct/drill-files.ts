// The files of a drill, on the disk before anybody is told of it: what cannot be written cannot be put back either.
import type { DrillRecord } from "../drill/record.ts";
import { createJournal, type Journal } from "../lever/journal.ts";
import { tryAppend } from "../lever/pull.ts";
import { journalFolder } from "../lever/state-folder.ts";
import { errorText } from "../local/listening.ts";
import type { Instant } from "../time.ts";
import type { DrillFiles, DrillRun } from "./drill-run.ts";
import { createRecordFile, recordFolder } from "./record-file.ts";

/** `url`: the monitor's. */
type DrillPlace = Pick<DrillRun, "id" | "plan" | "state" | "worldPort"> & { readonly url: string };

/** A sentence says why they cannot be. */
export async function openFiles(
  { id, plan, state, url, worldPort }: DrillPlace,
  { startedAt, expiresAt }: { readonly startedAt: Instant; readonly expiresAt: Instant },
): Promise<DrillFiles | string> {
  let journal: Journal | null = null;
  try {
    const head = { kind: "drill", schemaVersion: 1, drill: id, title: plan.title } as const;
    const watcher = { url, worldPort };
    journal = await createJournal(journalFolder(state), { ...head, startedAt, expiresAt, pid: process.pid, watcher });
    const blank: DrillRecord = { schemaVersion: 1, id, plan, simulated: false, startedAt, endedAt: null, events: [] };
    return { journal, file: await createRecordFile(recordFolder(state), blank, watcher) };
  } catch (thrown) {
    await journal?.append({ kind: "closed", at: startedAt }).catch(() => {});
    await journal?.release();
    return `what puts things back cannot be written below ${state}: ${errorText(thrown)}; make room there, or set MULTICLOUD_PROBE_STATE to another folder`;
  }
}

/** Of a drill that does not begin. A sentence says what of it could not be written. */
export async function dropFiles(
  { journal, file }: DrillFiles,
  begun: "refused" | "unknown",
  at: Instant,
): Promise<readonly string[]> {
  await file.discard();
  // An open journal is what a restore tells the monitor by.
  if (begun === "unknown" || (await tryAppend(journal, { kind: "closed", at }))) return [];
  const { drill } = journal.head;
  return [
    `there is no writing to ${journal.path} that it did not begin: once there is room, \`monitor drill restore ${drill}\` closes it`,
  ];
}
