// Entry of the child that is the local world's Route 53: the DNS server under orders of the parent, in a process of its
// own so that it shares nothing with what judges it.
import * as z from "zod";
import { formatProblem } from "../problem.ts";
import { parseTopology } from "../topology/parse.ts";
import { openDnsServer } from "./dns-server.ts";
import { DNS_FAULT_NAMES } from "../drill/faults.ts";
import { obey } from "./orders.ts";

const SERVE = z.string();
const FAULT = z.enum(DNS_FAULT_NAMES);

process.on("SIGINT", () => {});
process.on("SIGTERM", () => {});
process.on("SIGHUP", () => {});
process.on("disconnect", () => process.exit(0));
if (!process.connected) process.exit(0);

const server = await openDnsServer("127.0.0.1");

obey({
  ports: async () => server.ports,
  serve: async (argument) => {
    const topology = parseTopology(SERVE.parse(argument));
    if (!topology.ok)
      throw new Error(topology.problems.map((problem) => formatProblem(problem, "topology")).join("\n"));
    server.serve(topology.value);
  },
  fault: (argument) => server.setFault(FAULT.parse(argument)),
});
