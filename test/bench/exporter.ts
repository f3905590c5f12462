// The peer: Debian's prometheus-blackbox-exporter, driven over kept connections from this process, its CPU read from /proc.
import { spawnSync } from "node:child_process";
import { Agent, get } from "node:http";
import { createServer, type AddressInfo } from "node:net";
import { once } from "node:events";
import { until } from "../support/until.ts";
import type { Belongings } from "./belongings.ts";
import { writeInto } from "./files.ts";
import { cpuMsOf, startProgram } from "./processes.ts";

export interface Exporter {
  /** Probes `url` and gives the exporter's CPU for it, in milliseconds; throws when a probe does not succeed. */
  probe(url: string, count: number, lanes: number): Promise<number>;
  /** The same for requests that probe nothing. */
  greet(count: number, lanes: number): Promise<number>;
  /** What the exporter says of one probe: seconds by phase. */
  phases(url: string): Promise<Readonly<Record<string, number>>>;
  end(): Promise<void>;
}

const PROGRAM = "prometheus-blackbox-exporter";
const HOST = "127.0.0.1";
const PHASE = /^probe_http_duration_seconds\{phase="(\w+)"\} (\S+)$/gm;

/** Null where the program, or /proc, is missing. */
export async function startExporter(
  authorityFile: string,
  family: 4 | 6,
  belongings: Belongings,
): Promise<Exporter | null> {
  const found = spawnSync(PROGRAM, ["--version"], { stdio: "ignore" }).error === undefined;
  if (!found || cpuMsOf(process.pid) === null) return null;
  const port = await freePort();
  const http = `{ preferred_ip_protocol: ip${family}, tls_config: { ca_file: ${JSON.stringify(authorityFile)} } }`;
  const config = `modules: { http_2xx: { prober: http, timeout: 10s, http: ${http} } }\n`;
  const file = writeInto(belongings.makeFolder(), "blackbox.yml", config);
  const words = [`--config.file=${file}`, `--web.listen-address=${HOST}:${port}`, "--log.level=error"];
  const running = startProgram(PROGRAM, words, belongings);
  const agent = new Agent({ keepAlive: true });
  const base = `http://${HOST}:${port}`;
  const probeUrl = (url: string): string => `${base}/probe?module=http_2xx&target=${encodeURIComponent(url)}`;
  const cost = async (url: string, wanted: string, count: number, lanes: number): Promise<number> => {
    const before = cpuMsOf(running.pid) ?? 0;
    await readMany(url, wanted, { agent, count, lanes });
    return (cpuMsOf(running.pid) ?? 0) - before;
  };
  await until("the exporter answers", () => readText(`${base}/-/healthy`, agent).catch(() => null));
  return {
    probe: (url, count, lanes) => cost(probeUrl(url), "probe_success 1", count, lanes),
    greet: (count, lanes) => cost(`${base}/-/healthy`, "ealthy", count, lanes),
    phases: async (url) => {
      const text = await readText(probeUrl(url), agent);
      return Object.fromEntries([...text.matchAll(PHASE)].map(([, phase = "", value]) => [phase, Number(value)]));
    },
    end: async () => {
      agent.destroy();
      await running.end();
    },
  };
}

async function readMany(
  url: string,
  wanted: string,
  { agent, count, lanes }: { readonly agent: Agent; readonly count: number; readonly lanes: number },
): Promise<void> {
  let left = count;
  const lane = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const text = await readText(url, agent);
      if (!text.includes(wanted)) throw new Error(`${url} did not say ${wanted}: ${text}`);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

function readText(url: string, agent: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent }, (reply) => {
      let text = "";
      reply.setEncoding("utf8").on("data", (piece: string) => (text += piece));
      reply.on("end", () => resolve(text)).on("error", reject);
    });
    request.on("error", reject);
  });
}

/** A program that cannot be told to choose its port is given one that was borrowed and given back. */
export async function freePort(): Promise<number> {
  const borrowed = createServer().listen(0, HOST);
  await once(borrowed, "listening");
  const { port } = borrowed.address() as AddressInfo;
  borrowed.close();
  await once(borrowed, "close");
  return port;
}
