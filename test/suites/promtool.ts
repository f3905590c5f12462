// Our metrics before the judges that matter: promtool's own checks, and a real Prometheus that scrapes a real server on
// loopback and answers queries. Run as `node test/suites/promtool.ts`; without the programs everything is skipped.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeApp } from "../../monitor/http/app.ts";
import { createAppServer } from "../../monitor/local/app-server.ts";
import { closeListener, listenOn } from "../../monitor/local/listening.ts";
import { makeMetrics } from "../../monitor/report/metrics.ts";
import { RICH, RICH_METERS } from "../monitor/report/rich-status.ts";
import { until } from "../support/until.ts";
import { expectSame, isInstalled, type Presence, runChecks, type SuiteCheck } from "./checks.ts";
import { freePort } from "./name-server.ts";
import { stopProgram } from "./program.ts";

const HOST = "127.0.0.1";
const START_MS_MAX = 60_000;
const SCRAPE_MS_MAX = 30_000;
const QUERY_MS_MAX = 5_000;
const CHECK_MS_MAX = 30_000;

const text = makeMetrics({ status: RICH, meters: RICH_METERS });
const sampleCount = text.split("\n").filter((line) => line !== "" && !line.startsWith("#")).length;

const CHECKS: readonly SuiteCheck<"promtool" | "prometheus">[] = [
  { name: "promtool has nothing to say", program: "promtool", run: checkByPromtool },
  { name: "Prometheus scrapes every sample and answers a query", program: "prometheus", run: checkByPrometheus },
];

function notAsked(): Promise<never> {
  return Promise.reject(new Error("not asked"));
}

function checkByPromtool(): void {
  const { status, stdout, stderr } = spawnSync("promtool", ["check", "metrics"], {
    input: text,
    encoding: "utf8",
    timeout: CHECK_MS_MAX,
  });
  expectSame("exit code and words", { status, words: `${stdout}${stderr}` }, { status: 0, words: "" });
}

async function checkByPrometheus(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "multicloud-probe-prometheus-"));
  const server = createAppServer(
    makeApp({
      topologyProblems: [],
      readStatus: notAsked,
      readMetrics: () => Promise.resolve({ status: RICH, meters: RICH_METERS }),
      readSelf: notAsked,
      readRounds: notAsked,
      reports: { readRecent: notAsked, readBuckets: notAsked, readDays: notAsked, readDay: notAsked },
    }),
  );
  const port = await listenOn(server, { host: HOST, port: 0 });
  const own = await freePort();
  const prometheus = startPrometheus(directory, port, own);
  try {
    await queryAll(own, prometheus);
  } finally {
    await stopProgram(prometheus);
    await closeListener(server);
    rmSync(directory, { recursive: true, force: true });
  }
}

async function queryAll(port: number, prometheus: ChildProcess): Promise<void> {
  await until("Prometheus answers", () => ask(port, "up", prometheus), START_MS_MAX);
  await until("the first scrape", async () => (await valuesOf(port, "up", prometheus))[0] === 1, SCRAPE_MS_MAX);
  expectSame("samples scraped", await valuesOf(port, "scrape_samples_scraped", prometheus), [sampleCount]);
  expectSame(
    "probe_success from weur",
    await valuesOf(port, 'probe_success{region="aws-us-east-1",vantage="weur"}', prometheus),
    [0],
  );
  expectSame(
    "phases that do not exist",
    await valuesOf(port, 'probe_http_duration_seconds{vantage="oc"}', prometheus),
    [],
  );
  expectSame(
    "an alert's own words",
    await valuesOf(port, 'count(edge_dns_policy_match{verdict="deviates"} == 1)', prometheus),
    [3],
  );
}

function startPrometheus(directory: string, target: number, own: number): ChildProcess {
  const config = join(directory, "prometheus.yml");
  writeFileSync(
    config,
    `global: { scrape_interval: 1s, scrape_timeout: 1s }
scrape_configs: [{ job_name: probe, static_configs: [{ targets: ["${HOST}:${target}"] }] }]
`,
  );
  const words = [
    `--config.file=${config}`,
    `--storage.tsdb.path=${join(directory, "tsdb")}`,
    `--web.listen-address=${HOST}:${own}`,
    "--log.level=error",
  ];
  return spawn("prometheus", words, { stdio: ["ignore", "ignore", "inherit"] });
}

interface QueryReply {
  readonly data: { readonly result: readonly { readonly value: readonly [number, string] }[] };
}

/** Null while nobody answers. */
async function ask(
  port: number,
  query: string,
  prometheus: ChildProcess,
): Promise<QueryReply["data"]["result"] | null> {
  if (prometheus.exitCode !== null) throw new Error(`prometheus ended with ${prometheus.exitCode}`);
  try {
    const url = `http://${HOST}:${port}/api/v1/query?query=${encodeURIComponent(query)}`;
    const reply = await fetch(url, { signal: AbortSignal.timeout(QUERY_MS_MAX) });
    return reply.ok ? ((await reply.json()) as QueryReply).data.result : null;
  } catch {
    return null;
  }
}

async function valuesOf(port: number, query: string, prometheus: ChildProcess): Promise<readonly number[]> {
  const result = await ask(port, query, prometheus);
  if (result === null) throw new Error(`Prometheus did not answer ${query}`);
  return result.map(({ value }) => Number(value[1]));
}

/** Debian's package of both is called prometheus. */
function presence(program: string): Presence {
  return { isHere: isInstalled(program, ["--version"], "started"), install: "apt-get install prometheus" };
}

await runChecks(CHECKS, { promtool: presence("promtool"), prometheus: presence("prometheus") });
