// Puts a local world together in the order in which its parts need each other: ports first, then the topology that names
// them, then those that read it.
import { join } from "node:path";
import { readCompatibilityDate } from "./bundle.ts";
import type { RouterSettings } from "../topology/topology.ts";
import { type Control, openControl, type WorldState } from "./control.ts";
import { askDnsPorts, bundleWorker, type Crew, leaveToJanitor, serveDns, startWorker } from "./crew.ts";
import { type Gate, type GatePlan } from "./gate.ts";
import { gateHost, openGates } from "./gate-row.ts";
import { switchesOf } from "./switches.ts";
import { secretVariable } from "../wire/vantage-secrets.ts";
import { type LocalRegion, localRegions, localTimeoutMs, localTopology, ROUTER_HOST } from "./topology.ts";
import { worldFilePath, writeWorldFile } from "./world-file.ts";

export const WORLD_HOST = "127.0.0.1";
/** `slow` delays each connection, and a look makes two: at the usual timeout of 800 ms it is 200 ms. */
const SLOW_SHARE = 1 / 4;

export interface WorldPlan {
  readonly regions: number;
  readonly policy: "failover" | "latency";
  readonly router: RouterSettings["mode"];
  /** Where the Worker answers; 0: the system chooses. */
  readonly port: number;
  readonly intervalSeconds: number;
  /** Who is told of incidents; null: nobody. */
  readonly alertUrl: string | null;
  /** A vantage that looks by itself and reports; null: there is none. */
  readonly privateVantage: string | null;
  /** A bundle that was built already; null: build one. */
  readonly bundleDir: string | null;
}

/** What there is to take down again, as far as it exists. */
export interface Parts {
  readonly tempDir: string;
  readonly crew: Crew;
  gates: readonly Gate[];
  control: Control | null;
  worldFile: string | null;
}

/** Secrets of one world: in its file, which its owner alone reads, and nowhere else. */
export interface WorldKeys {
  /** Of the control server, and of the Worker's routes that change something. */
  readonly token: string;
  /** Of the services' `/drain`. */
  readonly drainToken: string;
  /** Of the private vantage. */
  readonly vantageSecret: string;
}

type Announced = Omit<WorldKeys, "vantageSecret"> & { readonly vantageSecret?: string };

export interface Assembled {
  readonly statusUrl: string;
  readonly port: number;
  readonly controlUrl: string;
  /** Where requests are routed; null: the router is off. */
  readonly routerUrl: string | null;
  /** Null: there is none. */
  readonly privateVantage: string | null;
  /** YAML text. */
  readonly topology: string;
  readonly state: () => WorldState;
}

/** Fills `parts` as it goes. Rejects with whatever failed; then the parts so far are still up. */
export async function assemble(plan: WorldPlan, parts: Parts, keys: WorldKeys): Promise<Assembled> {
  const { crew, tempDir } = parts;
  const regions = localRegions(plan.regions);
  const bundle = provideBundle(plan, parts);
  // It is awaited later: until then a failure must not count as unhandled.
  bundle.catch(() => {});
  const [dns, upstreams] = await Promise.all([
    askDnsPorts(crew),
    Promise.all(crew.services.map((service) => service.port)),
  ]);
  parts.gates = await openGates(gatePlans(regions, upstreams, plan.intervalSeconds));
  const gatePort = parts.gates[0]?.place.port ?? 0;
  const topology = localTopology({ ...plan, gatePort, dnsPort: dns.dns, dohPort: dns.doh });
  await serveDns(crew, topology);
  const statusUrl = await startWorker(crew, {
    bundleDir: await bundle,
    compatibilityDate: await readCompatibilityDate(),
    host: WORLD_HOST,
    port: plan.port,
    storageDir: join(tempDir, "storage"),
    topology,
    // One token opens the control server and the routes that change something: whoever has the world file may do both.
    adminToken: keys.token,
    secrets: plan.privateVantage === null ? {} : { [secretVariable(plan.privateVantage)]: keys.vantageSecret },
  });
  const switches = switchesOf({ crew, gates: parts.gates, regions, dns, statusUrl, topology });
  parts.control = await openControl(switches, keys.token);
  return {
    ...(await announce(parts, statusUrl, parts.control.url, keysFor(plan, keys))),
    topology,
    routerUrl: routerUrl(plan, statusUrl),
    privateVantage: plan.privateVantage,
    state: switches.state,
  };
}

/** A secret that opens nothing is not written down. */
function keysFor({ privateVantage }: WorldPlan, { vantageSecret, ...keys }: WorldKeys): Announced {
  return privateVantage === null ? keys : { ...keys, vantageSecret };
}

function routerUrl({ router }: WorldPlan, statusUrl: string): string | null {
  return router === "off" ? null : `http://${ROUTER_HOST}:${new URL(statusUrl).port}`;
}

/** The last step: others can find the world. */
async function announce(
  parts: Parts,
  statusUrl: string,
  controlUrl: string,
  keys: Announced,
): Promise<Pick<Assembled, "statusUrl" | "port" | "controlUrl">> {
  const port = Number(new URL(statusUrl).port);
  await leaveToJanitor(parts.crew, worldFilePath(port));
  parts.worldFile = await writeWorldFile(port, { pid: process.pid, statusUrl, controlUrl, ...keys });
  return { statusUrl, port, controlUrl };
}

async function provideBundle(plan: WorldPlan, { crew, tempDir }: Parts): Promise<string> {
  return plan.bundleDir ?? bundleWorker(crew, { outDir: join(tempDir, "bundle"), scratchDir: tempDir });
}

function gatePlans(
  regions: readonly LocalRegion[],
  upstreams: readonly number[],
  intervalSeconds: number,
): readonly GatePlan[] {
  return regions.map((region, index) => ({
    host: gateHost(index + 1),
    upstream: { host: WORLD_HOST, port: upstreams[index] ?? 0 },
    slowMs: Math.round(localTimeoutMs(intervalSeconds) * SLOW_SHARE),
    falseClaim: falseClaim(region, regions[(index + 1) % regions.length] ?? region),
  }));
}

/** A lone region claims to be one that does not exist. */
function falseClaim(region: LocalRegion, next: LocalRegion): GatePlan["falseClaim"] {
  return next.id === region.id
    ? { region: "elsewhere-1", cluster: "elsewhere" }
    : { region: next.region, cluster: next.id };
}
