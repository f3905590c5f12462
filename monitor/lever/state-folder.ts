// Where drills keep what must outlive the process: a folder of the user's own, because whoever can write a journal can have
// levers undone, and whoever reads it learns what can be broken.
import { chmod, lstat, mkdir } from "node:fs/promises";
import { homedir, userInfo } from "node:os";
import { join } from "node:path";

const NAME = "multicloud-probe";

/** `MULTICLOUD_PROBE_STATE`, or the place that the XDG Base Directory Specification names; without creating it. */
export function stateFolder(env: Readonly<Record<string, string | undefined>>): string {
  const own = env["MULTICLOUD_PROBE_STATE"];
  if (own !== undefined && own !== "") return own;
  const state = env["XDG_STATE_HOME"];
  return join(state !== undefined && state.startsWith("/") ? state : join(homedir(), ".local/state"), NAME);
}

/** Where the journals are. */
export function journalFolder(state: string): string {
  return join(state, "drills");
}

/** Creates it with mode 0700. Rejects where it belongs to someone else. */
export async function ensureOwnFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const found = await lstat(folder);
  if (!found.isDirectory() || found.uid !== userInfo().uid) throw new Error(`${folder} belongs to someone else`);
  if ((found.mode & 0o077) !== 0) await chmod(folder, 0o700);
}
