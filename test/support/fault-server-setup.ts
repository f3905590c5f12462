// Tests inside workerd cannot listen: the servers they ask live in Vitest's own process, and their ports are handed in. Who
// waits until a server has no connection needs servers that nobody else keeps busy, so there are two sets.
import type { TestProject } from "vitest/node";
import { startDnsServer } from "./dns-server.ts";
import { startFaultServer } from "./fault-server.ts";

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const faults = [await startFaultServer(), await startFaultServer()] as const;
  const dns = [await startDnsServer(), await startDnsServer()] as const;
  project.provide("faults", faults[0].addresses);
  project.provide("dns", dns[0].addresses);
  project.provide("busyFaults", faults[1].addresses);
  project.provide("busyDns", dns[1].addresses);
  return async () => {
    for (const server of dns) server.close();
    for (const server of faults) await server.close();
  };
}
