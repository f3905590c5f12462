// The Net contract inside workerd, with sockets opened where the test runs.
import { inject } from "vitest";
import { edgeClock, makeEdgeWorld } from "../../worker/edge-world.ts";
import { netContract } from "../contract/net.ts";
import { EDGE_NET } from "./edge-expectations.ts";

netContract(() => ({ net: makeEdgeWorld().net, clock: edgeClock() }), EDGE_NET, inject("faults"));
