// The processes of one local world, and the order in which they go: the Worker first, so that nobody watches the rest
// being taken down, and its janitor last.
import { fileURLToPath } from "node:url";
import * as z from "zod";
import { BUILD_MS, type BundlePlan } from "./bundle.ts";
import { type Child, type ChildEnd, endChild, startChild } from "./child.ts";
import { errorText } from "./listening.ts";
import { giveOrder, type Order } from "./orders.ts";
import { type RegionService, startService } from "./region-service.ts";
import type { LocalRegion } from "./topology.ts";
import type { WorkerdPlan } from "./workerd.ts";

const WORKER_ENTRY = new URL("./worker-child.ts", import.meta.url);
const DNS_ENTRY = new URL("./dns-child.ts", import.meta.url);

/** Longest wait for a child to do something small. */
const ORDER_MS = 10_000;
/** Workerd starts in about a second. */
const WORKERD_START_MS = 60_000;
/** Longest wait for a child to end by itself; then it is killed. */
const END_MS = 5000;

const DNS_PORTS = z.object({ dns: z.int(), doh: z.int() });

export interface Crew {
  readonly worker: Child;
  readonly dns: Child;
  readonly services: readonly RegionService[];
}

/** The janitor comes first: from here on `tempDir` is removed whatever happens to the parent. */
export function startCrew(tempDir: string, regions: readonly LocalRegion[], drainToken: string): Crew {
  const worker = startChild({
    name: "the Worker's process",
    // Workerd cannot ignore the terminal's Ctrl-C, so it must not get it.
    processGroup: "own",
    nodeArguments: ["--no-warnings", fileURLToPath(WORKER_ENTRY), tempDir],
    env: {
      ...process.env,
      TMPDIR: tempDir,
      CLOUDFLARE_CF_FETCH_ENABLED: "false",
      WRANGLER_SEND_METRICS: "false",
      NO_COLOR: "1",
    },
  });
  const dns = startChild({
    name: "the DNS server",
    processGroup: "ours",
    nodeArguments: ["--no-warnings", fileURLToPath(DNS_ENTRY)],
    env: process.env,
  });
  return { worker, dns, services: regions.map((region, index) => startService(region, index + 1, drainToken)) };
}

export function childrenOf(crew: Crew): readonly Child[] {
  return [crew.worker, crew.dns, ...crew.services.map((service) => service.child)];
}

/** The first of the crew to end, for whatever reason. */
export function firstEnd(crew: Crew): Promise<ChildEnd> {
  return Promise.race(childrenOf(crew).map((child) => child.ended));
}

export async function askDnsPorts(crew: Crew): Promise<z.infer<typeof DNS_PORTS>> {
  return DNS_PORTS.parse(await order(crew.dns, { name: "ports", timeoutMs: ORDER_MS }));
}

/** `topology` is YAML text. */
export async function serveDns(crew: Crew, topology: string): Promise<void> {
  await order(crew.dns, { name: "serve", argument: topology, timeoutMs: ORDER_MS });
}

export async function setDnsFault(crew: Crew, fault: string): Promise<void> {
  await order(crew.dns, { name: "fault", argument: fault, timeoutMs: ORDER_MS });
}

/** Gives the bundle's directory. */
export async function bundleWorker(crew: Crew, plan: BundlePlan): Promise<string> {
  await order(crew.worker, { name: "bundle", argument: plan, timeoutMs: BUILD_MS + ORDER_MS });
  return plan.outDir;
}

/** Gives the Worker's origin: "http://127.0.0.1:8787". */
export async function startWorker(crew: Crew, plan: WorkerdPlan): Promise<string> {
  return z.url().parse(await order(crew.worker, { name: "start", argument: plan, timeoutMs: WORKERD_START_MS }));
}

/** The janitor removes this path as well. */
export async function leaveToJanitor(crew: Crew, path: string): Promise<void> {
  await order(crew.worker, { name: "keep", argument: path, timeoutMs: ORDER_MS });
}

/** Ends everyone, bounded, those that have ended included; the janitor is the last. Never rejects. */
export async function endCrew(crew: Crew): Promise<void> {
  await giveOrder(crew.worker.process, { name: "stop", timeoutMs: END_MS }).catch(() => {});
  await Promise.all([
    endChild(crew.dns, () => crew.dns.process.disconnect(), END_MS),
    ...crew.services.map(({ child }) => endChild(child, () => child.process.kill("SIGTERM"), END_MS)),
  ]);
  await endChild(crew.worker, () => crew.worker.process.disconnect(), END_MS);
}

/** An order whose failure says who failed, with its last words. */
async function order(child: Child, what: Order): Promise<unknown> {
  try {
    return await giveOrder(child.process, what);
  } catch (error) {
    throw new Error([`${child.name}: ${errorText(error)}`, ...child.lastLines()].join("\n"), { cause: error });
  }
}
