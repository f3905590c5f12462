// A local world of control server and world file alone: its gates only remember what they are set to.
import { vi } from "vitest";
import type { DnsFault, GateFault } from "../../monitor/drill/faults.ts";
import { openControl, type Switches, type WorldState } from "../../monitor/local/control.ts";
import { writeWorldFile } from "../../monitor/local/world-file.ts";

export const PORT = 8787;
export const REGION = "aws-us-east-1";
const OTHER = "gcp-europe-west1";
const TOKEN = "0123456789abcdef".repeat(4);

export interface SmallWorld {
  /** Of every gate, "dns" among them. */
  faults(): Readonly<Record<string, string>>;
  /** Every fault that was ordered, in order. */
  readonly orders: readonly string[];
  set(target: string, fault: GateFault): void;
  /** What it says its process is. */
  setPid(pid: number): void;
  close(): Promise<void>;
}

/** Under `tempDir`, which becomes this process's TMPDIR. */
export async function openSmallWorld(tempDir: string): Promise<SmallWorld> {
  vi.stubEnv("TMPDIR", tempDir);
  const gates: Record<string, GateFault> = { [REGION]: "open", [OTHER]: "open" };
  const orders: string[] = [];
  let dns: DnsFault = "open";
  let pid = process.pid;
  const switches: Switches = {
    state: (): WorldState => ({
      statusUrl: `http://127.0.0.1:${PORT}`,
      regions: Object.entries(gates).map(([id, fault]) => ({ id, url: "http://127.0.10.1:1", fault })),
      dns: { address: "127.0.0.1:53", dohUrl: "http://127.0.0.1:54/dns-query", fault: dns },
      pids: { parent: pid, dns: 1, worker: 1, services: {} },
      faults: { region: [], dns: [] },
    }),
    topology: () => "local: true\n",
    setRegionFault: async (id, fault) => {
      gates[id] = fault;
      orders.push(`${id} ${fault}`);
    },
    setDnsFault: async (fault) => {
      dns = fault;
      orders.push(`dns ${fault}`);
    },
  };
  const control = await openControl(switches, TOKEN);
  const file = { pid: process.pid, statusUrl: `http://127.0.0.1:${PORT}`, controlUrl: control.url, token: TOKEN };
  await writeWorldFile(PORT, file);
  return {
    faults: () => ({ ...gates, dns }),
    orders,
    set: (target, fault) => void (gates[target] = fault),
    setPid: (next) => void (pid = next),
    close: () => control.close(),
  };
}
