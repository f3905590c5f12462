// A monitor in one process: it opens its storage, listens, runs rounds from this machine on the grid, and reads its topology's
// file again between them, until it is asked to stop.
import type { Server } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { makeApp } from "../http/app.ts";
import { createAppServer } from "../local/app-server.ts";
import type { Sight } from "../local/faces.ts";
import { closeListener, errorText, listenOn } from "../local/listening.ts";
import { HERE_COLO } from "../node/here.ts";
import type { NodeStore } from "../node/store.ts";
import { formatProblem, unreachable } from "../problem.ts";
import type { StatusReport } from "../report/status-schema.ts";
import { runVantage } from "../run/vantage.ts";
import type { LookingWorld } from "../run/world.ts";
import type { Instant } from "../time.ts";
import { fingerprint } from "../topology/fingerprint.ts";
import { privateVantages, publicVantages, type Topology } from "../topology/topology.ts";
import { type CheckerKeys, openCheckerDesk } from "../wire/checker-desk.ts";
import { Keeper } from "../wire/keeper.ts";
import { makeSender } from "../wire/send.ts";
import type { SecretVariables } from "../wire/vantage-secrets.ts";
import { MEMORY, openDatabase } from "./database.ts";
import { keepGrid } from "./grid.ts";
import type { ReloadNews } from "./reload.ts";
import type { WatchScreen } from "./screen.ts";
import { readWatchedStatus, watchFaces } from "./watch-faces.ts";
import type { WatchedFile } from "./watched-file.ts";

export interface WatchPlan {
  readonly file: WatchedFile;
  readonly host: string;
  /** 0: the system chooses. */
  readonly port: number;
  /** A path, or ":memory:". */
  readonly database: string;
  /** Null: nothing can be changed from outside. */
  readonly token: string | null;
  /** With both, and a pulled zone, Route 53 is asked what its checkers see. */
  readonly keys: CheckerKeys;
  /** Where the secrets of private vantages are; without any nobody can report. */
  readonly secrets: SecretVariables;
  /** Null: until it is asked to stop. */
  readonly roundsMax: number | null;
}

export interface WatchSignals {
  readonly stop: AbortSignal;
  /** True once after each wish that the topology is read now. */
  readonly takeReloadWish: () => boolean;
}

export type WatchEnd =
  | { readonly kind: "stopped" }
  /** It never began: the database or the address cannot be had. */
  | { readonly kind: "refused"; readonly detail: string };

/** Nobody needs more at once, and each costs memory. */
const CONNECTIONS_MAX = 500;

/** The round that is under way when it is asked to stop ends by its own deadline, and is stored. */
export async function runWatch(
  plan: WatchPlan,
  screen: WatchScreen,
  signals: WatchSignals,
  world: LookingWorld,
): Promise<WatchEnd> {
  const { clock } = world;
  const opened = openDatabase(plan.database, clock.now());
  if (opened.kind === "failed") return { kind: "refused", detail: `${plan.database}: ${opened.detail}` };
  try {
    return await watchWith(opened.value, plan, screen, signals, world);
  } finally {
    opened.value.close();
  }
}

async function watchWith(
  store: NodeStore,
  plan: WatchPlan,
  screen: WatchScreen,
  signals: WatchSignals,
  world: LookingWorld,
): Promise<WatchEnd> {
  const { clock } = world;
  // What changes is told by the face, from the same report that readers get.
  const log = { note: (): void => {}, warn: (line: string): void => screen.tell([line]) };
  const checkers = openCheckerDesk(plan.keys, clock, log.warn);
  const keeper = new Keeper({ clock, store, sql: store.sql, checkers, sender: makeSender(fetch, clock), log });
  const server = createAppServer(makeApp(watchFaces(keeper, () => plan.file.watched, plan, clock)));
  server.maxConnections = CONNECTIONS_MAX;
  try {
    const port = await listenOn(server, plan).catch(errorText);
    if (typeof port === "string") return { kind: "refused", detail: port };
    screen.tell(beginning(plan, port));
    await runRounds(keeper, plan, screen, signals, world);
    return { kind: "stopped" };
  } finally {
    await closeServer(server);
    await keeper.untilTold();
  }
}

/** `http://[::1]:8788`. */
function addressOf(host: string, port: number): string {
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

function beginning({ file, host, database }: WatchPlan, port: number): readonly string[] {
  const { service, probe } = file.watched.topology;
  const places = publicVantages(file.watched.topology)
    .map(({ id }) => id)
    .join(", ");
  const senders = privateVantages(file.watched.topology).map(({ id }) => id);
  return [
    `${service.name}: a round every ${probe.intervalSeconds} s from ${places}; ${addressOf(host, port)}/`,
    senders.length === 0
      ? "one place: what it cannot reach is down for its users; when it reaches nothing at all, it judges nothing"
      : `beside it counts what ${senders.join(", ")} reports, as long as it does`,
    ...(database === MEMORY ? ["nothing is kept when this ends: --db FILE keeps it"] : []),
  ];
}

async function runRounds(
  keeper: Keeper,
  { file, roundsMax }: WatchPlan,
  screen: WatchScreen,
  { stop, takeReloadWish }: WatchSignals,
  world: LookingWorld,
): Promise<void> {
  const { clock } = world;
  const place = { colo: HERE_COLO, nameServers: new Map() };
  const between = async (): Promise<void> => {
    const before = file.watched.topology;
    const news = file.look(takeReloadWish() ? "asked" : "settle", clock.now());
    screen.tell(reloadLines(news, file, before));
    screen.face.show(await sightOf(() => readWatchedStatus(keeper.faces, file.watched)), clock.now());
  };
  const duty = {
    intervalMs: () => keeper.intervalMsAt(file.watched.topology, clock.now()),
    runSlot: (slot: Instant) => keeper.runSlot(file.watched.topology, slot, (job) => runVantage(job, place, world)),
    between,
    roundsMax,
    stop,
  };
  await keepGrid(duty, clock, (ms) => sleep(ms, undefined, { signal: stop }).catch(() => {}));
}

/** `before`: what was watched. */
function reloadLines(news: ReloadNews, { path, watched }: WatchedFile, before: Topology): readonly string[] {
  if (news === null) return [];
  switch (news.kind) {
    case "taken":
      return [
        fingerprint(watched.topology) === fingerprint(before)
          ? `${path}: read again; what DNS should answer is as before`
          : `${path}: read again; it is another policy from the next round on`,
      ];
    case "refused":
      return [
        ...news.problems.map((problem) => formatProblem(problem, problem.file ?? path)),
        `${path}: refused; what was watched before still is`,
      ];
    default:
      return unreachable(news);
  }
}

async function sightOf(read: () => Promise<StatusReport>): Promise<Sight> {
  try {
    return { kind: "report", report: await read() };
  } catch (thrown) {
    return { kind: "silent", detail: errorText(thrown) };
  }
}

async function closeServer(server: Server): Promise<void> {
  const closed = closeListener(server);
  server.closeAllConnections();
  await closed;
}
