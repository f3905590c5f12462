// Opening and closing of listeners as promises, on a given port or on one that the system chooses. A port that was just
// given up may be held for a moment, so opening it again is tried a bounded number of times.
import { once } from "node:events";
import type { Server } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

export interface Place {
  readonly host: string;
  /** 0: the system chooses. */
  readonly port: number;
}

/** How often a listener that gave up its port tries to get it back, and how long it waits in between. */
const REOPEN_ATTEMPTS_MAX = 10;
const REOPEN_PAUSE_MS = 50;

/** Gives the port. Rejects with the system's error (`code` "EADDRINUSE", "EADDRNOTAVAIL", …). */
export async function listenOn(server: Server, place: Place): Promise<number> {
  server.listen(place);
  // Rejects when the server says "error" first.
  await once(server, "listening");
  return portOf(server);
}

/** As `listenOn`, for a port that was ours before: waits for it, bounded. */
export async function listenAgainOn(server: Server, place: Place): Promise<number> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await listenOn(server, place);
    } catch (error) {
      if (attempt >= REOPEN_ATTEMPTS_MAX || errorCode(error) !== "EADDRINUSE") throw error;
      await sleep(REOPEN_PAUSE_MS);
    }
  }
}

/** Resolves when the port is free; connections that are still open must be ended by the caller. */
export async function closeListener(server: Server): Promise<void> {
  if (!server.listening) return;
  await new Promise<void>((resolve) => server.close(() => resolve()));
}

/** The system's name of an error, "" where there is none. */
export function errorCode(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

/** What a person should read of anything thrown. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the listener has no port");
  return address.port;
}
