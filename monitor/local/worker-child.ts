// Entry of the child that bundles the Worker and runs it in workerd, and the world's janitor: whenever its channel to the
// parent closes, also when the parent was killed, it ends what it started and removes the world's files, as the last to go.
import { rm } from "node:fs/promises";
import { type Miniflare } from "miniflare";
import * as z from "zod";
import { BUNDLE_PLAN, buildBundle } from "./bundle.ts";
import { errorText } from "./listening.ts";
import { obey } from "./orders.ts";
import { explainWorkerd, startWorkerd, WORKERD_PLAN } from "./workerd.ts";

/** Ending workerd is a kill and a few closed sockets. */
const DISPOSE_MS = 3000;
/** Files may appear while they are being removed, as long as workerd is on its way out. */
const REMOVE_ATTEMPTS_MAX = 10;
const REMOVE_PAUSE_MS = 50;

const [tempDir = ""] = process.argv.slice(2);
const belongings: string[] = [tempDir];
const stopping = new AbortController();
let bundling: Promise<void> = Promise.resolve();
let running: Miniflare | null = null;

process.on("disconnect", () => void tidyUp());
takeSignals();
if (!process.connected) void tidyUp();

obey({
  /** One more file to remove at the end. */
  keep: async (argument) => void belongings.push(z.string().parse(argument)),
  bundle: async (argument) => {
    bundling = buildBundle(BUNDLE_PLAN.parse(argument), stopping.signal);
    await bundling;
  },
  start: async (argument) => {
    const miniflare = startWorkerd(WORKERD_PLAN.parse(argument));
    running = miniflare;
    const url = await miniflare.ready.catch((error: unknown) => {
      throw new Error(explainWorkerd(errorText(error)));
    });
    takeSignals();
    return url.origin;
  },
  stop: () => stop(),
});

/** Miniflare ends the process on signals; here only the parent does that. */
function takeSignals(): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.removeAllListeners(signal);
    process.on(signal, () => {});
  }
}

/** Wrangler and workerd are gone when it resolves. A second call waits for nothing. */
async function stop(): Promise<void> {
  stopping.abort();
  await bundling.catch(() => {});
  const miniflare = running;
  running = null;
  await miniflare?.dispose();
}

async function tidyUp(): Promise<void> {
  // Whatever hangs, this process ends; Miniflare's exit hook then kills workerd.
  setTimeout(() => process.exit(1), DISPOSE_MS).unref();
  await stop().catch((error: unknown) => console.error(errorText(error)));
  for (const path of belongings.filter((one) => one !== "")) {
    await rm(path, { recursive: true, force: true, maxRetries: REMOVE_ATTEMPTS_MAX, retryDelay: REMOVE_PAUSE_MS });
  }
  process.exit(0);
}
