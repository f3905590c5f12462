// A gate stands in front of one region's service and is what the monitor sees of that region: it lets connections through
// or plays a fault. A change of the fault cuts what was open before, because probes keep connections and would otherwise
// go on seeing the old state; between open and slow nothing is cut, because both lose nothing.
import { connect, createServer, type Server, type Socket } from "node:net";
import type { GateFault } from "../drill/faults.ts";
import { answerFault, type FaultSetting } from "./gate-answer.ts";
import { hearRequest } from "./gate-choice.ts";
import { passThrough } from "./gate-passage.ts";
import { closeListener, listenAgainOn, listenOn, type Place } from "./listening.ts";
import { takeTurns } from "./turns.ts";

/** Connections at one time; more are dropped by the system. */
const CONNECTIONS_MAX = 512;
/** A connection on which nothing moves is dropped after this. */
const IDLE_MS = 60_000;

export interface GatePlan {
  readonly host: string;
  /** Where the service listens. */
  readonly upstream: Place;
  /** Delay of `slow`: below the probe's timeout. */
  readonly slowMs: number;
  /** What `wrong-region` claims. */
  readonly falseClaim: { readonly region: string; readonly cluster: string };
}

export interface Gate {
  readonly place: Place;
  fault(): GateFault;
  /** Ids of the vantages that alone meet the fault; empty: everybody does. */
  onlyFrom(): readonly string[];
  /** Resolves when the new state is what the next connection meets. Rejects when the port cannot be had again. */
  setFault(fault: GateFault, onlyFrom?: readonly string[]): Promise<void>;
  /** Ends listener and connections. */
  close(): Promise<void>;
}

/** Opens on `port` (0: the system chooses); rejects with the system's error when it is taken. */
export async function openGate(plan: GatePlan, port: number): Promise<Gate> {
  const sockets = new Set<Socket>();
  let fault: GateFault = "open";
  let onlyFrom: readonly string[] = [];
  const delayMs = (): number => (fault === "slow" ? plan.slowMs : 0);
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    keep(socket, sockets);
    if (onlyFrom.length === 0) meet(socket, plan, { fault, place, delayMs });
    else void meetByVantage(socket, plan, { fault, place, onlyFrom, delayMs });
  });
  server.maxConnections = CONNECTIONS_MAX;
  const place = { host: plan.host, port: await listenOn(server, { host: plan.host, port }) };
  server.on("error", () => {});

  const inTurn = takeTurns();
  return {
    place,
    fault: () => fault,
    onlyFrom: () => onlyFrom,
    setFault: (next, from = []) =>
      inTurn(async () => {
        const before = fault;
        const wasOnlyFrom = onlyFrom;
        fault = next;
        onlyFrom = next === "open" ? [] : from;
        if (next !== "refuse" && !server.listening) {
          await listenAgainOn(server, place).catch((error: unknown) => {
            fault = before;
            throw error;
          });
        }
        const gentle = isPassing(before) && isPassing(next) && [...wasOnlyFrom, ...onlyFrom].length === 0;
        if (!gentle) await cut(server, sockets, next === "refuse" ? "close" : "keep");
      }),
    close: () => inTurn(() => cut(server, sockets, "close")),
  };
}

function keep(socket: Socket, sockets: Set<Socket>): void {
  sockets.add(socket);
  socket.setTimeout(IDLE_MS, () => socket.destroy());
  socket.on("error", () => socket.destroy());
  socket.on("close", () => sockets.delete(socket));
}

interface Setting extends Pick<FaultSetting, "place"> {
  readonly fault: GateFault;
  /** Of the gate's fault of the moment, in milliseconds. */
  readonly delayMs: () => number;
}

function isPassing(fault: GateFault): boolean {
  return fault === "open" || fault === "slow";
}

function meet(client: Socket, plan: GatePlan, { fault, place, delayMs }: Setting): void {
  switch (fault) {
    case "open":
    case "slow":
      passThrough(client, connect({ ...plan.upstream, allowHalfOpen: true, noDelay: true }), delayMs);
      return;
    case "refuse":
      // Came in while the listener was closing.
      client.destroy();
      return;
    default:
      void answerFault(client, fault, { place, falseClaim: plan.falseClaim });
  }
}

async function meetByVantage(
  client: Socket,
  plan: GatePlan,
  setting: Setting & { readonly onlyFrom: readonly string[] },
): Promise<void> {
  const request = await hearRequest(client);
  if (request === null) return;
  const meets = request.vantage !== null && setting.onlyFrom.includes(request.vantage);
  meet(client, plan, meets ? setting : { ...setting, fault: "open", delayMs: () => 0 });
  if (meets) request.giveBack();
  else request.giveBackOnce();
}

async function cut(server: Server, sockets: ReadonlySet<Socket>, listener: "keep" | "close"): Promise<void> {
  const closed = listener === "close" ? closeListener(server) : null;
  for (const socket of sockets) socket.destroy();
  await closed;
}
