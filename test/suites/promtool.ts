// Our metrics and rules before the judges that matter: promtool's own checks, and a real Prometheus that scrapes a real server on
// loopback and answers queries. Run as `node test/suites/promtool.ts`; without the programs everything is skipped.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeApp } from "../../monitor/http/app.ts";
import { createAppServer } from "../../monitor/local/app-server.ts";
import { closeListener, listenOn } from "../../monitor/local/listening.ts";
import { makeMetrics, type MetricsSource } from "../../monitor/report/metrics.ts";
import { metricsRules } from "../docs/metrics-rules.ts";
import { EVERY_METRIC } from "../monitor/report/every-metric.ts";
import { until } from "../support/until.ts";
import { expectSame, isInstalled, type Presence, runChecks, type SuiteCheck } from "./checks.ts";
import { meteredRounds } from "./metered-rounds.ts";
import { type PrometheusServer, startPrometheus } from "./prometheus-server.ts";
import { ruleTestFile } from "./rule-tests.ts";

const HOST = "127.0.0.1";
const SCRAPE_MS_MAX = 60_000;
const CHECK_MS_MAX = 30_000;
/** Rounds until the failover is over, and some more. */
const ROUNDS = 10;

const text = makeMetrics(EVERY_METRIC);
const sampleCount = text.split("\n").filter((line) => line !== "" && !line.startsWith("#")).length;

const CHECKS: readonly SuiteCheck<"promtool" | "prometheus">[] = [
  { name: "promtool has nothing to say of any family", program: "promtool", run: checkByPromtool },
  { name: "the rules in docs/metrics.md are rules", program: "promtool", run: () => checkRules(metricsRules()) },
  { name: "each of them fires when it must, and only then", program: "promtool", run: testRules },
  {
    name: "Prometheus scrapes every sample and evaluates the rules over rounds",
    program: "prometheus",
    run: checkByPrometheus,
  },
];

function notAsked(): Promise<never> {
  return Promise.reject(new Error("not asked"));
}

function checkByPromtool(): void {
  const { status, stdout, stderr } = promtool(["check", "metrics"], text);
  expectSame("exit code and words", { status, words: `${stdout}${stderr}` }, { status: 0, words: "" });
}

function checkRules(rules: string): string {
  return inFolder((folder) => {
    const file = join(folder, "rules.yml");
    writeFileSync(file, rules);
    const { status, stdout, stderr } = promtool(["check", "rules", file]);
    expectSame("exit code", { status, stderr }, { status: 0, stderr: "" });
    return /\d+ rules found/.exec(stdout)?.[0] ?? stdout;
  });
}

function testRules(): void {
  inFolder((folder) => {
    writeFileSync(join(folder, "rules.yml"), metricsRules());
    const file = join(folder, "tests.yml");
    writeFileSync(file, ruleTestFile("rules.yml"));
    const { status, stdout, stderr } = promtool(["test", "rules", file]);
    if (status !== 0) throw new Error(`${stdout}${stderr}`);
  });
}

function promtool(words: readonly string[], input = "") {
  return spawnSync("promtool", words, { input, encoding: "utf8", timeout: CHECK_MS_MAX });
}

function makeFolder(): string {
  return mkdtempSync(join(tmpdir(), "multicloud-probe-prometheus-"));
}

function inFolder<T>(work: (folder: string) => T): T {
  const folder = makeFolder();
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function serverOf(readMetrics: () => MetricsSource): Server {
  const app = makeApp({
    topologyProblems: [],
    readStatus: notAsked,
    readMetrics: async () => readMetrics(),
    readSelf: notAsked,
    readRounds: notAsked,
    reports: { readRecent: notAsked, readBuckets: notAsked, readDays: notAsked, readDay: notAsked },
  });
  return createAppServer(app);
}

async function checkByPrometheus(): Promise<void> {
  const folder = makeFolder();
  const servers = [serverOf(() => EVERY_METRIC), serverOf(meteredRounds())];
  const [still = 0, rounds = 0] = await Promise.all(servers.map((server) => listenOn(server, { host: HOST, port: 0 })));
  let prometheus: PrometheusServer | null = null;
  try {
    prometheus = await startPrometheus(folder, { still, rounds }, metricsRules());
    await queryStill(prometheus);
    await queryRounds(prometheus);
  } finally {
    await prometheus?.stop();
    await Promise.all(servers.map((server) => closeListener(server)));
    rmSync(folder, { recursive: true, force: true });
  }
}

async function queryStill({ valuesOf }: PrometheusServer): Promise<void> {
  await until("the first scrape", async () => (await valuesOf('up{job="still"}'))[0] === 1, SCRAPE_MS_MAX);
  expectSame("samples scraped", await valuesOf('scrape_samples_scraped{job="still"}'), [sampleCount]);
  expectSame(
    "probe_success from weur",
    await valuesOf('probe_success{job="still",region="aws-us-east-1",vantage="weur"}'),
    [0],
  );
  expectSame("phases that do not exist", await valuesOf('probe_http_duration_seconds{job="still",vantage="oc"}'), []);
  expectSame(
    "an alert's own words",
    await valuesOf('count(edge_dns_policy_match{job="still",verdict="deviates"} == 1)'),
    [3],
  );
}

/** Every scrape is a round, so counters grow by 1 from scrape to scrape. */
async function queryRounds({ valuesOf }: PrometheusServer): Promise<void> {
  const made = async (): Promise<number> => (await valuesOf('edge_rounds_total{job="rounds"}'))[0] ?? 0;
  await until("rounds enough", async () => (await made()) >= ROUNDS, SCRAPE_MS_MAX);
  const grown = async (query: string): Promise<boolean> => ((await valuesOf(query))[0] ?? 0) > 1;
  const where = 'job="rounds",vantage="enam"';
  for (const region of ["aws-us-east-1", "gcp-europe-west1"])
    expectSame(
      `increase of rounds led to ${region}`,
      await grown(`increase(edge_served_by_region_total{${where},region="${region}"}[1m])`),
      true,
    );
  const rate = (region: string): string =>
    `rate(http_client_request_duration_seconds_bucket{${where},region="${region}"}[1m])`;
  const [median = 0] = await valuesOf(`histogram_quantile(0.5, ${rate("gcp-europe-west1")})`);
  expectSame("the median is in its bucket", median > 0.1 && median <= 0.25, true);
  expectSame(
    "failed looks are the longest",
    await valuesOf(`histogram_quantile(0.99, ${rate("aws-us-east-1")})`),
    [30],
  );
  const stages = await valuesOf('sort(edge_failover_seconds{job="rounds",region="aws-us-east-1"})');
  expectSame("detection, failover and recovery of the region that fell", stages, [91, 121, 121]);
  expectSame("lag", await valuesOf('edge_scheduler_lag_seconds{job="rounds"}'), [0.04]);
  const record = `region_vantage:http_client_request_duration_seconds:p95_15m{region="gcp-europe-west1",vantage="enam"}`;
  await until("the recording rule", async () => (await valuesOf(record)).length > 0, SCRAPE_MS_MAX);
  const firing = 'count(ALERTS{alertname="RegionDoesNotServe",subject="region:aws-us-east-1"}) > 0';
  await until("the alert", async () => (await valuesOf(firing)).length > 0, SCRAPE_MS_MAX);
}

/** Debian's package of both is called prometheus. */
function presence(program: string): Presence {
  return { isHere: isInstalled(program, ["--version"], "started"), install: "apt-get install prometheus" };
}

await runChecks(CHECKS, { promtool: presence("promtool"), prometheus: presence("prometheus") });
