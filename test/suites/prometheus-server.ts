// A real Prometheus on loopback for one suite: what it scrapes, the rules it evaluates, and its answers to queries.
import { type ChildProcess, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "../support/until.ts";
import { freePort } from "./name-server.ts";
import { stopProgram } from "./program.ts";

const HOST = "127.0.0.1";
const START_MS_MAX = 60_000;
const QUERY_MS_MAX = 5_000;

export interface PrometheusServer {
  /** Values in the order of Prometheus; throws where it does not answer. */
  valuesOf(query: string): Promise<readonly number[]>;
  stop(): Promise<void>;
}

/** Scrapes and evaluates every second. `targets`: ports by job; `rules`: a file's text. */
export async function startPrometheus(
  folder: string,
  targets: Readonly<Record<string, number>>,
  rules: string,
): Promise<PrometheusServer> {
  const port = await freePort();
  writeFileSync(join(folder, "rules.yml"), rules);
  writeFileSync(join(folder, "prometheus.yml"), configOf(targets));
  const words = [
    `--config.file=${join(folder, "prometheus.yml")}`,
    `--storage.tsdb.path=${join(folder, "tsdb")}`,
    `--web.listen-address=${HOST}:${port}`,
    "--log.level=error",
  ];
  const child = spawn("prometheus", words, { stdio: ["ignore", "ignore", "inherit"] });
  const valuesOf = async (query: string): Promise<readonly number[]> => {
    const values = await ask(port, query, child);
    if (values === null) throw new Error(`Prometheus did not answer ${query}`);
    return values;
  };
  try {
    await until("Prometheus answers", () => ask(port, "up", child), START_MS_MAX);
  } catch (thrown) {
    await stopProgram(child);
    throw thrown;
  }
  return { valuesOf, stop: () => stopProgram(child) };
}

function configOf(targets: Readonly<Record<string, number>>): string {
  const jobs = Object.entries(targets).map(
    ([name, port]) => `{ job_name: ${name}, static_configs: [{ targets: ["${HOST}:${port}"] }] }`,
  );
  return `global: { scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s }
rule_files: [rules.yml]
scrape_configs: [${jobs.join(", ")}]
`;
}

interface QueryReply {
  readonly data: { readonly result: readonly { readonly value: readonly [number, string] }[] };
}

/** Null while nobody answers. */
async function ask(port: number, query: string, prometheus: ChildProcess): Promise<readonly number[] | null> {
  if (prometheus.exitCode !== null) throw new Error(`prometheus ended with ${prometheus.exitCode}`);
  try {
    const url = `http://${HOST}:${port}/api/v1/query?query=${encodeURIComponent(query)}`;
    const reply = await fetch(url, { signal: AbortSignal.timeout(QUERY_MS_MAX) });
    if (!reply.ok) return null;
    return ((await reply.json()) as QueryReply).data.result.map(({ value }) => Number(value[1]));
  } catch {
    return null;
  }
}
