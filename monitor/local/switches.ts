// What can be seen and done from outside of a running local world, as the control server offers it.
import type { Switches, WorldState } from "./control.ts";
import { type Crew, setDnsFault } from "./crew.ts";
import { DNS_FAULT_NAMES, type DnsFault, GATE_FAULT_NAMES } from "../drill/faults.ts";
import type { Gate } from "./gate.ts";
import type { LocalRegion } from "./topology.ts";

export interface SwitchedWorld {
  readonly crew: Crew;
  /** In the order of the regions. */
  readonly gates: readonly Gate[];
  readonly regions: readonly LocalRegion[];
  readonly dns: { readonly dns: number; readonly doh: number };
  readonly statusUrl: string;
  /** YAML text. */
  readonly topology: string;
}

export function switchesOf(world: SwitchedWorld): Switches {
  const { crew, gates, regions } = world;
  let dnsFault: DnsFault = "open";
  return {
    state: () => stateOf(world, dnsFault),
    topology: () => world.topology,
    setRegionFault: async (id, fault, onlyFrom) => {
      await gates[regions.findIndex((region) => region.id === id)]?.setFault(fault, onlyFrom);
    },
    setDnsFault: async (fault) => {
      await setDnsFault(crew, fault);
      dnsFault = fault;
    },
  };
}

function stateOf({ crew, gates, regions, dns, statusUrl }: SwitchedWorld, dnsFault: DnsFault): WorldState {
  return {
    statusUrl,
    regions: gates.map((gate, index) => ({
      id: regions[index]?.id ?? "",
      url: `http://${gate.place.host}:${gate.place.port}`,
      fault: gate.fault(),
      ...(gate.onlyFrom().length === 0 ? {} : { onlyFrom: [...gate.onlyFrom()] }),
    })),
    dns: { address: `127.0.0.1:${dns.dns}`, dohUrl: `http://127.0.0.1:${dns.doh}/dns-query`, fault: dnsFault },
    pids: {
      parent: process.pid,
      dns: crew.dns.pid,
      worker: crew.worker.pid,
      services: Object.fromEntries(crew.services.map(({ child }, index) => [regions[index]?.id ?? "", child.pid])),
    },
    faults: { region: [...GATE_FAULT_NAMES], dns: [...DNS_FAULT_NAMES] },
  };
}
