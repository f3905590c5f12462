// The gates of all regions, on one port number: DNS answers carry no ports, so an address must be enough to tell regions
// apart. The system chooses the number on the first address; where another address has it taken, the choice is repeated.
import { type Gate, type GatePlan, openGate } from "./gate.ts";
import { errorCode } from "./listening.ts";

const PORT_ATTEMPTS_MAX = 20;

/** Region n, counted from 1, has its gate here. */
export function gateHost(n: number): string {
  return `127.0.10.${n}`;
}

/** Gates in the order of the plans. Rejects when no common port was found, or the addresses are not this machine's. */
export async function openGates(plans: readonly GatePlan[]): Promise<readonly Gate[]> {
  for (let attempt = 1; attempt <= PORT_ATTEMPTS_MAX; attempt += 1) {
    const gates = await openRow(plans);
    if (gates !== null) return gates;
  }
  throw new Error(
    `no port is free on all of ${plans.map((plan) => plan.host).join(", ")} (${PORT_ATTEMPTS_MAX} attempts)`,
  );
}

/** Null: the number that the system chose on the first address is taken on another one. */
async function openRow(plans: readonly GatePlan[]): Promise<readonly Gate[] | null> {
  const gates: Gate[] = [];
  try {
    for (const plan of plans) gates.push(await openGate(plan, gates[0]?.place.port ?? 0));
    return gates;
  } catch (error) {
    await Promise.all(gates.map((gate) => gate.close()));
    if (errorCode(error) === "EADDRINUSE") return null;
    throw errorCode(error) === "EADDRNOTAVAIL" ? addressMissing(plans) : error;
  }
}

/** Linux has all of 127.0.0.0/8 on its loopback interface, macOS only 127.0.0.1. */
function addressMissing(plans: readonly GatePlan[]): Error {
  const commands = plans.map((plan) => `sudo ifconfig lo0 alias ${plan.host} up`).join("; ");
  return new Error(`this machine has no address ${plans[0]?.host ?? ""}; on macOS, add them first: ${commands}`);
}
