// Node's World, put together.
import type { LookingWorld } from "../run/world.ts";
import { makeNodeClock } from "./clock.ts";
import { makeNodeDns, type NodeDnsOptions } from "./dns.ts";
import { makeNodeNet, type NodeNetOptions } from "./net.ts";

export type NodeWorldOptions = Omit<NodeNetOptions & NodeDnsOptions, "clock">;

/** All but the store, which has a life of its own: `makeNodeStore`. */
export function makeNodeWorld(options: NodeWorldOptions = {}): LookingWorld {
  const clock = makeNodeClock();
  return { clock, net: makeNodeNet({ ...options, clock }), dns: makeNodeDns({ ...options, clock }) };
}
