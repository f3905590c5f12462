// The smallest drill that can be conducted: two levers of the local world, with times short enough to wait for.
import { parseScript } from "../../monitor/drill/parse-script.ts";
import { planDrill } from "../../monitor/drill/plan.ts";
import type { DrillPlan } from "../../monitor/drill/script.ts";
import { localTopology } from "../../monitor/local/topology.ts";
import { parseTopology } from "../../monitor/topology/parse.ts";
import type { Topology } from "../../monitor/topology/topology.ts";

const SCRIPT = `
schemaVersion: 1
id: two-levers
title: Two levers
description: Nothing real is broken.
faults: { local: [ { lever: dns-gate, fault: stuck }, { lever: gate, region: primary, fault: refuse } ] }
expect: { answers: either, users: lost, notices: [region] }
expirySeconds: policy
`;

/** Nothing answers at its places, and nothing has to. */
export function smallTopology(): Topology {
  const ports = { gatePort: 1, dnsPort: 1, dohPort: 1 };
  const parsed = parseTopology(localTopology({ regions: 2, policy: "failover", intervalSeconds: 0.2, ...ports }));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.value;
}

export function shortPlan(topology: Topology, part: Partial<DrillPlan> = {}): DrillPlan {
  const script = parseScript(SCRIPT);
  if (!script.ok) throw new Error(JSON.stringify(script.problems));
  const plan = planDrill(script.value, topology);
  if (!plan.ok) throw new Error(JSON.stringify(plan.problems));
  const cadence = { ...plan.value.cadence, statusMs: 20, dnsMs: 50, requestMs: 50 };
  return { ...plan.value, steadyWindowMs: 30, faultMs: 80, afterMs: 30, expiryMs: 200, cadence, ...part };
}
