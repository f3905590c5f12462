// Our side of the comparison: looks at an endpoint as a vantage in Node does, and tells what that cost this process.
// BENCH_CURVE names the only key exchange to offer; without it Node's own choice is offered.
import tls from "node:tls";
import { connectIdentified } from "../../monitor/node/server-identity.ts";
import { makeNodeWorld } from "../../monitor/node/world.ts";
import type { ProbeJob } from "../../monitor/run/plan.ts";
import { BODY_BYTES_MAX, runProbe } from "../../monitor/run/probe.ts";
import { AWS } from "../support/example-topology.ts";
import { answerOrders } from "./orders.ts";

export interface ProbeOrder {
  /** "handshake": a connection by Node alone, that asks for nothing. */
  readonly kind: "look" | "probe" | "handshake";
  /** Of the health page. */
  readonly url: string;
  readonly count: number;
  readonly lanes: number;
}

export interface ProbeCost {
  readonly cpuMs: number;
  readonly phases: readonly string[];
}

const LOOK_MS_MAX = 10_000;

const curve = process.env["BENCH_CURVE"];
if (curve !== undefined) tls.DEFAULT_ECDH_CURVE = curve;
const world = makeNodeWorld();
const secureContext = tls.createSecureContext();
const LOOKS = { look, probe, handshake };

answerOrders((order) => run(order as ProbeOrder));

async function run({ kind, url, count, lanes }: ProbeOrder): Promise<ProbeCost> {
  const phases = new Set<string>();
  const before = process.cpuUsage();
  let left = count;
  const lane = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      for (const phase of await LOOKS[kind](url)) phases.add(phase);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  const { user, system } = process.cpuUsage(before);
  return { cpuMs: (user + system) / 1000, phases: [...phases] };
}

/** One GET on a fresh connection. */
async function look(url: string): Promise<readonly string[]> {
  const reply = await world.net.fetchOnce({
    url,
    headers: { accept: "application/json, */*" },
    bytesMax: BODY_BYTES_MAX,
    deadlineMs: world.clock.monotonicMs() + LOOK_MS_MAX,
  });
  if (reply.kind === "failed") throw new Error(`${url}: ${reply.failure.detail}`);
  return Object.keys(reply.phases);
}

/** What no look over TLS can do without: the name, the connection, and OpenSSL's handshake. */
function handshake(url: string): Promise<readonly string[]> {
  const { hostname: host, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connectIdentified({ host, port: Number(port), servername: host, secureContext });
    socket.once("secureConnect", () => {
      socket.destroy();
      resolve([]);
    });
    socket.on("error", reject);
  });
}

/** The health page and the claim, each on a fresh connection: what a round does with a region. */
async function probe(url: string): Promise<readonly string[]> {
  const { hostname, port, protocol, origin } = new URL(url);
  const job: ProbeJob = {
    region: AWS,
    vantage: "bench",
    host: hostname,
    port: Number(port),
    secure: protocol === "https:",
    healthUrl: url,
    claimUrl: `${origin}/`,
    phases: "dial",
  };
  const seen = await runProbe(job, world.clock.monotonicMs() + LOOK_MS_MAX, world);
  if (seen.failure !== null) throw new Error(`${url}: ${seen.failure.detail}`);
  return Object.keys(seen.phases);
}
