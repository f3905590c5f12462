// Two regions of the real service behind gates, on addresses of loopback and one port, and a topology that says so: what a
// foreign name server watches live, and we beside it.
import { createAppServer } from "../../monitor/local/app-server.ts";
import type { GateFault } from "../../monitor/drill/faults.ts";
import { gateHost, openGates } from "../../monitor/local/gate-row.ts";
import { closeListener, listenOn } from "../../monitor/local/listening.ts";
import { localRegions, localTopology } from "../../monitor/local/topology.ts";
import { parseTopology } from "../../monitor/topology/parse.ts";
import type { Topology } from "../../monitor/topology/topology.ts";
import { makeApp } from "../../service/app.ts";

export const REGION_COUNT = 2;
const SERVICE_HOST = "127.0.0.1";

/** What the foreign server's own monitoring is set to, and what we are told of it. */
export const LIVE_TIMES = { intervalSeconds: 2, timeoutSeconds: 1, failureThreshold: 3 } as const;
/** Between its verdict and its answers, on a busy machine. */
const SPREAD_SECONDS = 4;

export interface LiveRegions {
  readonly port: number;
  setFaults(faults: readonly GateFault[]): Promise<void>;
  close(): Promise<void>;
}

export async function openRegions(): Promise<LiveRegions> {
  const servers = localRegions(REGION_COUNT).map(({ id, region }) => {
    const identity = { region, hostname: id, podIP: "unknown", cluster: id, version: "suite" };
    const report = (fault: Error): void => console.error(fault);
    const undrained = { drainToken: null, tell: () => {} };
    return createAppServer(
      makeApp({ identity, readiness: () => "ready", now: () => Date.now(), ...undrained, report }),
    );
  });
  const ports = await Promise.all(servers.map((server) => listenOn(server, { host: SERVICE_HOST, port: 0 })));
  const gates = await openGates(
    ports.map((port, index) => ({
      host: gateHost(index + 1),
      upstream: { host: SERVICE_HOST, port },
      slowMs: 1,
      falseClaim: { region: "nowhere", cluster: "nowhere" },
    })),
  );
  return {
    port: gates[0]?.place.port ?? 0,
    setFaults: async (faults) => {
      await Promise.all(gates.map((gate, index) => gate.setFault(faults[index] ?? "open")));
    },
    close: async () => {
      await Promise.all(gates.map((gate) => gate.close()));
      for (const server of servers) server.closeAllConnections();
      await Promise.all(servers.map((server) => closeListener(server)));
    },
  };
}

/** The local world's vantages, all five or one American and one European; a round a second. */
export function liveTopology(
  routing: "failover" | "latency" | "multivalue",
  host: string,
  ports: { readonly gates: number; readonly dns: number },
  vantages: "all" | "two",
): Topology {
  const text = localTopology({
    regions: REGION_COUNT,
    policy: routing === "latency" ? "latency" : "failover",
    intervalSeconds: 1,
    gatePort: ports.gates,
    dnsPort: ports.dns,
    dohPort: ports.dns,
  });
  const parsed = parseTopology(text);
  if (!parsed.ok) throw new Error(`the local topology: ${parsed.problems.map(({ message }) => message).join("; ")}`);
  const { service, dns, probe, ...rest } = parsed.value;
  const { intervalSeconds, failureThreshold, timeoutSeconds } = LIVE_TIMES;
  return {
    ...rest,
    service: { ...service, host },
    dns: {
      ...dns,
      policy: routing === "multivalue" ? { routing, ttlSeconds: dns.policy.ttlSeconds } : dns.policy,
      resolvers: [],
      healthCheck: { ...dns.healthCheck, intervalSeconds, failureThreshold },
      timing: { ...dns.timing, propagationSeconds: SPREAD_SECONDS },
    },
    probe: {
      ...probe,
      timeoutMs: timeoutSeconds * 1000,
      vantages: probe.vantages.filter(({ id }) => vantages === "all" || id === "enam" || id === "weur"),
    },
  };
}
