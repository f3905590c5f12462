// Tests inside workerd cannot listen: the servers they ask live in Vitest's own process, and their ports are handed in. Who
// waits until a server has no connection needs servers that nobody else keeps busy, so there are two sets.
import type { TestProject } from "vitest/node";
import type { Route53Url } from "../contract/route53-address.ts";
import { startDnsServer } from "./dns-server.ts";
import { startFaultServer } from "./fault-server.ts";
import { answerStatus } from "./route53-status.ts";
import { startRoute53Server } from "./route53-server.ts";

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const faults = [await startFaultServer(), await startFaultServer()] as const;
  const dns = [await startDnsServer(), await startDnsServer()] as const;
  const route53 = await startRoute53Server(answerStatus);
  const route53Url: Route53Url = route53.url;
  project.provide("route53Url", route53Url);
  project.provide("faults", faults[0].addresses);
  project.provide("dns", dns[0].addresses);
  project.provide("busyFaults", faults[1].addresses);
  project.provide("busyDns", dns[1].addresses);
  return async () => {
    await route53.close();
    for (const server of dns) server.close();
    for (const server of faults) await server.close();
  };
}
