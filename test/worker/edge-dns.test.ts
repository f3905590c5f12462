// The Dns contract inside workerd, by TCP through `connect` and by HTTPS through `fetch`.
import { inject } from "vitest";
import { edgeClock, makeEdgeWorld } from "../../worker/edge-world.ts";
import { dnsContract } from "../contract/dns.ts";
import { EDGE_DNS } from "./edge-expectations.ts";

dnsContract(() => ({ dns: makeEdgeWorld().dns, clock: edgeClock() }), EDGE_DNS, inject("dns"));
