// Credential plugins that still run when nobody waits for them any more are ended: the client library starts them and gives
// nobody a handle, and each would keep this process alive for as long as it hangs.
import type { ChildProcess } from "node:child_process";
import { subscribe, unsubscribe } from "node:diagnostics_channel";

/** Node publishes every child process here as it is made. */
const CHANNEL = "child_process";

/** Gives what the work gives. Children that others start meanwhile are taken for plugins: do nothing else beside it. */
export async function endingPlugins<T>(work: () => Promise<T>): Promise<T> {
  const children = new Set<ChildProcess>();
  const keep = (message: unknown): void => {
    const child = childIn(message);
    if (child !== null) children.add(child);
  };
  subscribe(CHANNEL, keep);
  try {
    return await work();
  } finally {
    unsubscribe(CHANNEL, keep);
    for (const child of children) if (child.exitCode === null) child.kill("SIGKILL");
  }
}

function childIn(message: unknown): ChildProcess | null {
  if (typeof message !== "object" || message === null || !("process" in message)) return null;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Node's own message: { process: ChildProcess }
  return message.process as ChildProcess;
}
