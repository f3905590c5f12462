// Tests inside workerd cannot listen: the servers they ask live in Vitest's own process, and their ports are handed in.
import type { TestProject } from "vitest/node";
import { startDnsServer } from "./dns-server.ts";
import { startFaultServer } from "./fault-server.ts";

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const faults = await startFaultServer();
  const dns = await startDnsServer();
  project.provide("faults", faults.addresses);
  project.provide("dns", dns.addresses);
  return async () => {
    dns.close();
    await faults.close();
  };
}
