// How a restore speaks to the monitor that a drill was told to, and to one that a person names because nothing is kept here
// that would say which it was.
import { makeMonitorClient } from "../conduct/monitor-client.ts";
import { readRecord, recordFolder } from "../conduct/record-file.ts";
import { journalPath, readJournal } from "../lever/journal.ts";
import type { Watcher } from "../lever/journal-entry.ts";
import type { Reach } from "../lever/reach.ts";
import { journalFolder } from "../lever/state-folder.ts";
import { worldlessWords } from "../local/world-client.ts";
import type { DrillArguments } from "./drill-arguments.ts";

export type ToldOver =
  | { readonly kind: "told" }
  /** It was a local world that has ended, so nobody counts the drill as running. */
  | { readonly kind: "ended" }
  | { readonly kind: "untold"; readonly why: string };

export async function tellOver(id: string, watcher: Watcher, reach: Reach): Promise<ToldOver> {
  const key = await keyFor(watcher, reach);
  if (key === "ended") return { kind: "ended" };
  const told = await makeMonitorClient(watcher.url, key.token).endDrill(id);
  const gone = told.kind === "refused" && told.status === 404;
  return told.kind === "answer" || gone ? { kind: "told" } : { kind: "untold", why: told.detail };
}

export interface KnownDrill {
  /** It was run from here, and no journal of it is open. */
  readonly isKept: boolean;
  /** Null: neither journal nor record says which monitor it was. */
  readonly watcher: Watcher | null;
}

export async function knownDrill(id: string, state: string): Promise<KnownDrill> {
  const journal = await readJournal(journalPath(journalFolder(state), id));
  const record = await readRecord(recordFolder(state), id);
  const head = journal.kind === "journal" ? journal.text.head : null;
  return {
    isKept: head !== null || record.kind === "record",
    watcher: record.kind === "record" ? record.watcher : (head?.watcher ?? null),
  };
}

type Where = Pick<DrillArguments, "url" | "port">;

/** A string says why there is none; null: none was named. */
export async function namedWatcher({ url, port }: Where, reach: Reach): Promise<Watcher | string | null> {
  if (url !== null) return { url: new URL(url).origin, worldPort: null };
  if (port === null) return null;
  const search = await reach.findWorld(port);
  if (search.kind !== "found") return worldlessWords(search, port);
  return { url: new URL(search.world.statusUrl).origin, worldPort: port };
}

/**
 * A drill that a monitor counts as running and that does not run from here: the monitor that is named, else the only local
 * world. Null: there is none, or it is one of `open`, which are known.
 */
export async function forgottenDrill(
  where: Where,
  open: readonly string[],
  folder: string,
  reach: Reach,
): Promise<string | null> {
  const watcher = (await namedWatcher(where, reach)) ?? (await onlyWorld(reach));
  if (watcher === null || typeof watcher === "string") return watcher;
  const read = await makeMonitorClient(watcher.url, null).readStatus();
  const drill = read.kind === "answer" ? read.value.drill : undefined;
  if (drill === undefined || drill.endedAt !== null || open.includes(drill.id)) return null;
  const counted = `${watcher.url} counts the drill ${drill.id} as running`;
  if ((await readRecord(folder, drill.id)).kind === "record")
    return `${counted}, and it is over here: \`monitor drill restore ${drill.id}\` tells it`;
  const flag = watcher.worldPort === null ? `--url ${watcher.url}` : `--port ${watcher.worldPort}`;
  return `${counted}, and nothing of it is kept here: if it broke off, \`monitor drill restore ${drill.id} ${flag}\` ends it there`;
}

async function onlyWorld(reach: Reach): Promise<Watcher | null> {
  const search = await reach.findWorld(null);
  if (search.kind !== "found") return null;
  return { url: new URL(search.world.statusUrl).origin, worldPort: search.world.port };
}

/** Of a local world its file has the token. "ended": the world that was told has gone, and another one knows nothing of it. */
async function keyFor({ url, worldPort }: Watcher, reach: Reach): Promise<{ readonly token: string | null } | "ended"> {
  if (worldPort === null) return { token: reach.variable("ADMIN_TOKEN") };
  const search = await reach.findWorld(worldPort);
  return search.kind === "found" && new URL(search.world.statusUrl).origin === url ? search.world : "ended";
}
