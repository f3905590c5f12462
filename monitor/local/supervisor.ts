// The local world as a whole: everything up or nothing left, also when a start fails or is given up in the middle, and
// taken down again in an order that leaves no process, port or file.
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { assemble, type Assembled, type Parts, WORLD_HOST, type WorldPlan } from "./assembly.ts";
import type { ChildEnd } from "./child.ts";
import { childrenOf, type Crew, endCrew, firstEnd, startCrew } from "./crew.ts";
import { closeListener, errorCode, errorText, listenOn } from "./listening.ts";
import { localRegions } from "./topology.ts";
import { ensureWorldDir } from "./world-file.ts";

/** Files may still be written while the last process goes. */
const REMOVE_ATTEMPTS_MAX = 5;

export interface LocalWorld extends Assembled {
  /** Opens the control server at `controlUrl`. */
  readonly token: string;
  /** The first child that ended, by itself or because the world stops. */
  readonly childEnded: Promise<ChildEnd>;
  /** Resolves when no process, port or file is left. A second call waits for the first. */
  stop(): Promise<void>;
  /** Every child, now; `stop` is still what tidies up. */
  kill(): void;
}

export type StartOutcome =
  | { readonly kind: "running"; readonly world: LocalWorld }
  | { readonly kind: "port-taken"; readonly port: number }
  /** `detail` has a sentence, and what the part that failed had to say. */
  | { readonly kind: "failed"; readonly detail: string };

/** Never rejects; after anything but `running` nothing is left. `signal` gives up a start under way. */
export async function startWorld(plan: WorldPlan, signal: AbortSignal): Promise<StartOutcome> {
  try {
    await probePort(plan.port);
    return await startParts(plan, signal);
  } catch (error) {
    const taken = errorCode(error) === "EADDRINUSE" || errorText(error).includes("Address already in use");
    return taken ? { kind: "port-taken", port: plan.port } : { kind: "failed", detail: errorText(error) };
  }
}

async function startParts(plan: WorldPlan, signal: AbortSignal): Promise<StartOutcome> {
  const tempDir = await mkdtemp(join(await ensureWorldDir(), "world-"));
  const [token, drainToken] = [makeSecret(), makeSecret()];
  const crew = startCrew(tempDir, localRegions(plan.regions), drainToken);
  const parts: Parts = { tempDir, crew, gates: [], control: null, worldFile: null };
  const vantageSecret = `whsec_${randomBytes(32).toString("base64")}`;
  const work = assemble(plan, parts, { token, drainToken, vantageSecret });
  try {
    return { kind: "running", world: makeWorld(await unlessEnded(crew, signal, work), parts, token) };
  } catch (error) {
    await endCrew(crew);
    // Without the crew it fails soon, and then adds no more parts.
    await work.catch(() => {});
    await takeDown(parts);
    throw error;
  }
}

function makeSecret(): string {
  return randomBytes(32).toString("hex");
}

function makeWorld(assembled: Assembled, parts: Parts, token: string): LocalWorld {
  let stopped: Promise<void> | null = null;
  return {
    ...assembled,
    token,
    childEnded: firstEnd(parts.crew),
    stop: () => (stopped ??= takeDown(parts)),
    kill: () => childrenOf(parts.crew).forEach((child) => child.kill()),
  };
}

/** Fails early, before anything is started. */
async function probePort(port: number): Promise<void> {
  if (port === 0) return;
  const probe = createServer();
  await listenOn(probe, { host: WORLD_HOST, port });
  await closeListener(probe);
}

/** A child that ends during the start ends the start. */
async function unlessEnded<T>(crew: Crew, signal: AbortSignal, work: Promise<T>): Promise<T> {
  const ended = firstEnd(crew).then(({ name, how, lastLines }) => {
    throw new Error([`${name} ended (${how})`, ...lastLines].join("\n"));
  });
  const aborted = new Promise<never>((_, reject) => {
    const giveUp = (): void => reject(new Error("the start was given up"));
    if (signal.aborted) giveUp();
    else signal.addEventListener("abort", giveUp, { once: true });
  });
  // Whichever loses the race may still reject.
  for (const loser of [work, ended, aborted]) loser.catch(() => {});
  return Promise.race([work, ended, aborted]);
}

async function takeDown({ crew, gates, control, tempDir, worldFile }: Parts): Promise<void> {
  await endCrew(crew);
  await Promise.all([...gates.map((gate) => gate.close()), control?.close()]);
  for (const path of worldFile === null ? [tempDir] : [worldFile, tempDir]) {
    await rm(path, { recursive: true, force: true, maxRetries: REMOVE_ATTEMPTS_MAX }).catch(() => {});
  }
}
