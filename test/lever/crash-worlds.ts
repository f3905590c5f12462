// For each kind of lever a world that it can act in, and the world's snapshot, by which it is known to be as it was.
import { vi } from "vitest";
import type { LeverKind, LeverWish } from "../../monitor/drill/lever-wish.ts";
import { makeLever, type LeverScene } from "../../monitor/lever/make-lever.ts";
import { makeReach } from "../../monitor/lever/reach.ts";
import type { Undo } from "../../monitor/lever/undo.ts";
import { AWS, EXAMPLE } from "../support/example-topology.ts";
import { makeCheck, startRoute53Account } from "../support/route53-account.ts";
import { openClusters, TOPOLOGY, undoIn } from "./clusters.ts";
import { openDrainMonitor } from "./drain-monitor.ts";
import { openSmallWorld, PORT } from "./local-world.ts";
import { openPods, TOKEN } from "./pods.ts";

export interface CrashWorld {
  /** For a drill that begins now. */
  undo(): Undo;
  snapshot(): Promise<unknown>;
  close(): Promise<void>;
}

/** `tempDir`, and what else the levers need, become this process's environment, and so that of its children. */
export const CRASH_WORLDS: Readonly<Record<LeverKind, (tempDir: string) => Promise<CrashWorld>>> = {
  gate: (tempDir) => localWorld({ lever: "gate", region: AWS.id, fault: "refuse", onlyFrom: [], flap: null }, tempDir),
  "dns-gate": (tempDir) => localWorld({ lever: "dns-gate", fault: "stuck" }, tempDir),
  "kubefed-replicas": () => clusterWorld({ lever: "kubefed-replicas", region: AWS.id }),
  "karmada-replicas": () => clusterWorld({ lever: "karmada-replicas", region: AWS.id }),
  "istio-abort": () => clusterWorld({ lever: "istio-abort", region: AWS.id, httpStatus: 503, percent: 50 }),
  "route53-health-check": route53World,
  "service-drain": serviceWorld,
  "router-drain": routerWorld,
};

/** A gate that goes on and off as fast as it can. */
export function flappingWorld(tempDir: string): Promise<CrashWorld> {
  const flap = { downMs: 1, upMs: 1 };
  return localWorld({ lever: "gate", region: AWS.id, fault: "refuse", onlyFrom: [], flap }, tempDir);
}

function always<T>(value: T): () => T {
  return () => value;
}

async function undoFor(wish: LeverWish, scene: Partial<LeverScene> = {}): Promise<Undo> {
  const whole = { topology: EXAMPLE, worldPort: null, ...scene };
  return undoIn(await makeLever(wish, whole, makeReach(process.env)).plan());
}

async function localWorld(wish: LeverWish, tempDir: string): Promise<CrashWorld> {
  const world = await openSmallWorld(tempDir);
  return {
    undo: always(await undoFor(wish, { worldPort: PORT })),
    snapshot: () => Promise.resolve(world.faults()),
    close: () => world.close(),
  };
}

async function clusterWorld(wish: LeverWish): Promise<CrashWorld> {
  const clusters = await openClusters();
  return {
    undo: always(await undoFor(wish, { topology: TOPOLOGY })),
    snapshot: () => Promise.resolve(clusters.snapshot()),
    close: () => clusters.close(),
  };
}

async function route53World(): Promise<CrashWorld> {
  const account = await startRoute53Account();
  const records = [{ name: "demo.multicloud.example.com.", setIdentifier: AWS.id, checkId: "check" }];
  account.zones.set("Z1", { name: "multicloud.example.com.", records });
  account.checks.set("check", makeCheck());
  vi.stubEnv("AWS_ENDPOINT_URL", account.server.url);
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "not-a-secret");
  const undo = await undoFor({ lever: "route53-health-check", region: AWS.id });
  if (undo.lever !== "route53-health-check") throw new Error(undo.lever);
  return {
    // Each drill before has counted the version twice.
    undo: () => ({ ...undo, version: account.checks.get("check")?.version ?? 0 }),
    snapshot: () => Promise.resolve([...account.checks].map(([id, { version: _counted, ...check }]) => [id, check])),
    close: () => account.server.close(),
  };
}

async function serviceWorld(): Promise<CrashWorld> {
  const pods = await openPods(3);
  vi.stubEnv("DRAIN_TOKEN", TOKEN);
  const region = { ...AWS, endpoint: { ...AWS.endpoint, url: pods.url }, cluster: { ...AWS.cluster, replicas: 3 } };
  return {
    undo: always(
      await undoFor({ lever: "service-drain", region: AWS.id }, { topology: { ...EXAMPLE, regions: [region] } }),
    ),
    snapshot: () => pods.healths(),
    close: () => pods.close(),
  };
}

async function routerWorld(): Promise<CrashWorld> {
  const monitor = await openDrainMonitor();
  vi.stubEnv("ADMIN_TOKEN", TOKEN);
  return {
    undo: always(await undoFor({ lever: "router-drain", region: AWS.id }, { monitorUrl: monitor.url })),
    snapshot: () => Promise.resolve([...monitor.drains]),
    close: () => monitor.close(),
  };
}
