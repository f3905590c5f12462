// Our rendered payloads, the zone reader and the comparison before servers and models that we did not write: moto's Route 53
// on loopback, and AWS's service model in botocore. Run as `node test/suites/moto.ts`; without them everything is skipped.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { CloudWatchClient, type MetricDatum, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import {
  type Change,
  type ChangeBatch,
  ChangeResourceRecordSetsCommand,
  CreateHealthCheckCommand,
  CreateHostedZoneCommand,
} from "@aws-sdk/client-route-53";
import { stringify } from "yaml";
import { type CreateHealthCheck, renderRoute53 } from "../../monitor/render/route53.ts";
import type { VantageOutcome } from "../../monitor/model/observation.ts";
import type { MonitorState } from "../../monitor/model/state.ts";
import { makeStatus } from "../../monitor/report/status.ts";
import { foldRound } from "../../monitor/run/fold.ts";
import { EMPTY_STATE } from "../../monitor/run/state.ts";
import { MINUTE_MS } from "../../monitor/time.ts";
import { ZONE_FORMS, type ZoneForm } from "../../monitor/topology/published-zone.ts";
import type { DnsPolicy, Topology } from "../../monitor/topology/topology.ts";
import type { AwsIds } from "../../monitor/zone/to-aws.ts";
import { topologyOfClusters } from "../render/topologies.ts";
import { AWS, FAILOVER, GCP, LATENCY } from "../support/example-topology.ts";
import { goodLook } from "../support/looks.ts";
import { ROOT } from "../support/source-files.ts";
import { expectSame, isInstalled, runChecks, type SuiteCheck } from "./checks.ts";
import { type Api, CREDENTIALS, KEYS, MOTO_INSTALL, motoPresence, startMoto } from "./moto-server.ts";
import { startOnce } from "./program.ts";

const CALL_MS_MAX = 120_000;
const moto = startOnce(startMoto);
const folder = mkdtempSync(join(tmpdir(), "multicloud-probe-moto-"));

const WEIGHTED: DnsPolicy = { routing: "weighted", weights: { [AWS.id]: 3, [GCP.id]: 1 }, ttlSeconds: 60 };
const GEOLOCATION: DnsPolicy = {
  routing: "geolocation",
  locations: { [AWS.id]: ["NA", "*"], [GCP.id]: ["EU", "US-CA"] },
  ttlSeconds: 60,
};
const POLICIES: readonly DnsPolicy[] = [FAILOVER, LATENCY, WEIGHTED, GEOLOCATION];

const CASES = POLICIES.flatMap((policy) => ZONE_FORMS.map((form) => ({ policy, form })));

const CHECKS: readonly SuiteCheck<"moto_server" | "botocore">[] = [
  { name: "AWS's service model accepts every rendered payload", program: "botocore", run: checkModel },
  ...CASES.map(({ policy, form }) =>
    onMoto(`${policy.routing} as ${form} is applied, read back and settled`, (api) => checkApplied(api, policy, form)),
  ),
  onMoto("from failover to latency by the batch of zone diff", checkMoved),
  onMoto("zone compare reads what the checkers saw, and agrees with a monitor that is served", checkCompared),
  onMoto("a zone of several pages is read whole", checkPages),
  onMoto("pages that never end are given up", checkEndless),
  onMoto("CloudWatch's word on health checks is read, and none where it has none", checkCloudWatch),
];

function onMoto(name: string, run: (api: Api) => Promise<void>): SuiteCheck<"moto_server"> {
  return { name, program: "moto_server", run: async () => run((await moto.get()).api) };
}

function topologyWith(policy: DnsPolicy): Topology {
  const topology = topologyOfClusters(3);
  return { ...topology, dns: { ...topology.dns, policy } };
}

/** All payloads in one Python process; it prints what the model refuses. */
const VALIDATE = `
import json, sys
from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.validate import ParamValidator
model = ServiceModel(Loader().load_service_model("route53", "service-2"))
for operation, payload in json.load(sys.stdin):
    shape = model.operation_model(operation).input_shape
    report = ParamValidator().validate(payload, shape)
    if report.has_errors():
        print(operation, report.generate_report())
    def walk(value, shape):
        if shape.type_name == "structure":
            for key, inner in value.items():
                walk(inner, shape.members[key])
        elif shape.type_name == "list":
            for inner in value:
                walk(inner, shape.member)
        elif shape.type_name == "string" and getattr(shape, "enum", None) and value not in shape.enum:
            print(operation, shape.name, value)
    walk(payload, shape)
`;

function modelProblems(calls: readonly (readonly [operation: string, payload: unknown])[]): string {
  const { status, stdout, stderr } = spawnSync("python3", ["-c", VALIDATE], {
    input: JSON.stringify(calls),
    encoding: "utf8",
    timeout: CALL_MS_MAX,
  });
  return status === 0 ? stdout : `exit ${status}: ${stderr}`;
}

function checkModel(): void {
  const ids: AwsIds = { zoneId: "Z0123456789EXAMPLE", checkId: (id) => `check-of-${id}` };
  const others: readonly DnsPolicy[] = [
    { routing: "geoproximity", biases: { [GCP.id]: 5 }, ttlSeconds: 60 },
    { routing: "multivalue", ttlSeconds: 60 },
    { routing: "ip-based", blocks: { [GCP.id]: ["198.51.100.0/24"] }, default: AWS.id, ttlSeconds: 60 },
    { routing: "simple", ttlSeconds: 300 },
  ];
  const placed = (topology: Topology): Topology => ({
    ...topology,
    regions: topology.regions.map((region) => ({ ...region, coordinates: { latitude: 50.47, longitude: -3.82 } })),
  });
  const collection = { ...ids, collectionId: () => "00000000-0000-0000-0000-000000000000" };
  const files = [...POLICIES, ...others].flatMap((policy) => renderRoute53(placed(topologyWith(policy)), collection));
  const calls = files.filter(({ path }) => path.endsWith(".json")).flatMap(({ path, text }) => callsOf(path, text));
  if (calls.length < 20) throw new Error(`expected more payloads, found ${calls.length}`);
  expectSame("what the model refuses", modelProblems(calls), "");
  const strange = { Name: "a.", Type: "A", Region: "EU", Helthcheck: 1 };
  const batch = { Changes: [{ Action: "UPSERT", ResourceRecordSet: strange }] };
  const told = modelProblems([["ChangeResourceRecordSets", { HostedZoneId: "Z1", ChangeBatch: batch }]]);
  if (!told.includes("Helthcheck")) throw new Error(`expected the model to refuse an unknown key, found "${told}"`);
}

function callsOf(path: string, text: string): readonly (readonly [string, unknown])[] {
  const payload = JSON.parse(text) as unknown;
  if (path.endsWith("health-checks.json"))
    return (payload as readonly CreateHealthCheck[]).map((check) => ["CreateHealthCheck", check] as const);
  if (path.endsWith("cidr-blocks.json")) return [["ChangeCidrCollection", { Id: "C1", Changes: payload }]];
  return [["ChangeResourceRecordSets", { HostedZoneId: "Z1", ChangeBatch: payload }]];
}

async function checkApplied(api: Api, policy: DnsPolicy, form: ZoneForm): Promise<void> {
  const topology = topologyWith(policy);
  const { zoneId } = await applied(api, topology, form);
  const file = topologyFile(topology);
  const snapshot = join(folder, "snapshot.json");
  const pulled = monitor(api, "zone", "pull", "--zone-id", zoneId, "--topology", file, "--out", snapshot);
  // moto does not know what protects record sets, so the snapshot says that it could not be read.
  expectSame("exit code of zone pull", pulled.status, 1);
  const { notes } = JSON.parse(readFileSync(snapshot, "utf8")) as { readonly notes: readonly string[] };
  expectSame("notes", [notes.length, notes[0]?.includes("ListResourceRecordSetProtections")], [1, true]);
  const live = monitor(api, "zone", "diff", "--zone-id", zoneId, "--topology", file);
  expectSame("zone diff by the API", [live.status, live.stdout.includes("nothing to change")], [0, true]);
  const kept = monitor(null, "zone", "diff", "--snapshot", snapshot, "--topology", file);
  expectSame("zone diff by the snapshot", [kept.status, kept.stdout.includes("nothing to change")], [0, true]);
}

/** moto's checkers always succeed, from one region: as little as can be compared. */
async function checkCompared(api: Api): Promise<void> {
  const topology = topologyWith(FAILOVER);
  const { zoneId } = await applied(api, topology, "addresses");
  const file = topologyFile(topology);
  const status = join(folder, "status.json");
  writeFileSync(status, JSON.stringify(makeStatus(topology, servedState(topology), 0)));
  const told = monitor(api, "zone", "compare", "--zone-id", zoneId, "--status", status, "--topology", file);
  const words = [...told.stdout.matchAll(/healthy \(1 of 1 checkers\)/g)].length;
  // The policy has no record for the third region.
  const left = /note: \S+ has no health check under this policy/.test(told.stderr);
  expectSame("exit code, regions seen by moto's checker, and one left out", [told.status, words, left], [0, 2, true]);
}

/** Every vantage was served everywhere, often enough for an opinion. */
function servedState(topology: Topology): MonitorState {
  const outcomes = topology.probe.vantages.map(({ id }): VantageOutcome => {
    const observations = topology.regions.map((region) => goodLook(region, id, 0));
    return { kind: "reported", report: { vantage: id, colo: `colo-${id}`, observations, dns: [] } };
  });
  const rounds = Array.from({ length: topology.dns.healthCheck.failureThreshold }, () => outcomes);
  return rounds.reduce((state, seen) => foldRound(topology, state, seen, 0, 0).state, EMPTY_STATE);
}

async function checkMoved(api: Api): Promise<void> {
  const { zoneId, ids } = await applied(api, topologyWith(FAILOVER), "addresses");
  const topology = topologyWith(LATENCY);
  const file = topologyFile(topology);
  const third = topology.regions.map(({ id }) => id).find((id) => id !== AWS.id && id !== GCP.id) ?? "";
  const checks = JSON.parse(fileOf(topology, "latency/health-checks.json", ids)) as readonly CreateHealthCheck[];
  const made = await createCheck(
    api,
    checks.find(({ CallerReference }) => CallerReference.endsWith(third)),
  );
  const where = ["--zone-id", zoneId, "--topology", file, "--check-id", `${third}=${made}`];
  const plan = monitor(api, "zone", "diff", ...where, "--batch");
  expectSame("exit code before", plan.status, 1);
  await change(api, zoneId, JSON.parse(plan.stdout) as ChangeBatch);
  expectSame("exit code after", monitor(api, "zone", "diff", ...where).status, 0);
}

/** Of 300 record sets each, with the pages' ends between names. */
async function checkPages(api: Api): Promise<void> {
  const { zoneId } = await applied(api, topologyWith(FAILOVER), "addresses");
  const names = Array.from({ length: 700 }, (_, index) => `n${index}.multicloud.example.com.`);
  await upsert(
    api,
    zoneId,
    names.map((Name) => ({ Name })),
  );
  const { stdout } = monitor(api, "zone", "pull", "--zone-id", zoneId);
  const { resourceRecordSets } = JSON.parse(stdout) as { readonly resourceRecordSets: readonly object[] };
  // Three regional names, two records of the service, SOA and NS.
  expectSame("record sets", resourceRecordSets.length, 700 + 7);
}

/** moto starts a page that ends inside of a group at the group's begin again. */
async function checkEndless(api: Api): Promise<void> {
  const { zoneId } = await applied(api, topologyWith(FAILOVER), "addresses");
  const many = Array.from({ length: 700 }, (_, index) => ({
    Name: "big.multicloud.example.com.",
    SetIdentifier: `s${index}`,
    Weight: 1,
  }));
  await upsert(api, zoneId, many);
  const { status, stderr } = monitor(api, "zone", "pull", "--zone-id", zoneId);
  expectSame("exit code", status, 4);
  if (!stderr.includes("the list would never end")) throw new Error(`expected why it was given up, found "${stderr}"`);
}

/** What moto does know: a metric that was put is what the snapshot says, and the latest minute counts. */
async function checkCloudWatch(api: Api): Promise<void> {
  const { zoneId, ids } = await applied(api, topologyWith(FAILOVER), "addresses");
  const [up, down] = [AWS, GCP].map(({ id }) => ids.checkId(id));
  const watch = new CloudWatchClient({ endpoint: api.url, region: "us-east-1", credentials: KEYS });
  const minutesAgo = (minutes: number): Date => new Date(Date.now() - minutes * MINUTE_MS);
  const datum = (id: string | undefined, minutes: number, Value: number): MetricDatum => ({
    MetricName: "HealthCheckStatus",
    Dimensions: [{ Name: "HealthCheckId", Value: id }],
    Timestamp: minutesAgo(minutes),
    Value,
  });
  const MetricData = [datum(up, 5, 0), datum(up, 2, 1), datum(down, 5, 1), datum(down, 2, 0)];
  await watch.send(new PutMetricDataCommand({ Namespace: "AWS/Route53", MetricData }));
  watch.destroy();
  const { stdout, stderr } = monitor(api, "zone", "pull", "--zone-id", zoneId, "--cloudwatch");
  if (stdout === "") throw new Error(stderr);
  const { cloudWatchStatus } = JSON.parse(stdout) as { readonly cloudWatchStatus: Readonly<Record<string, unknown>> };
  expectSame("status", [cloudWatchStatus[up ?? ""], cloudWatchStatus[down ?? ""]], [1, 0]);
  const silent = Object.values(cloudWatchStatus).filter((status) => status === null).length;
  expectSame("checks without a word", silent, Object.keys(cloudWatchStatus).length - 2);
}

/** A batch holds 1000 changes, and an UPSERT counts for two. */
const UPSERTS_MAX = 500;

async function upsert(api: Api, zoneId: string, records: readonly { readonly Name: string }[]): Promise<void> {
  for (let from = 0; from < records.length; from += UPSERTS_MAX) {
    const Changes = records.slice(from, from + UPSERTS_MAX).map((record): Change => ({
      Action: "UPSERT",
      ResourceRecordSet: { ...record, Type: "A", TTL: 60, ResourceRecords: [{ Value: "203.0.113.1" }] },
    }));
    await change(api, zoneId, { Changes });
  }
}

interface Applied {
  readonly zoneId: string;
  readonly ids: AwsIds;
}

let zones = 0;

/** A zone of its own with what the rendered files say, by the ids that the API gave. */
async function applied(api: Api, topology: Topology, form: ZoneForm): Promise<Applied> {
  zones += 1;
  const made = await api.client.send(
    new CreateHostedZoneCommand({ Name: topology.dns.zone, CallerReference: `zone-${zones}` }),
  );
  const zoneId = (made.HostedZone?.Id ?? "").replace("/hostedzone/", "");
  const { routing } = topology.dns.policy;
  const pending: AwsIds = { zoneId, checkId: (id) => id };
  const checks = JSON.parse(fileOf(topology, `${routing}/health-checks.json`, pending)) as readonly CreateHealthCheck[];
  const checkIds = new Map<string, string>();
  for (const { id } of topology.regions) {
    const check = checks.find(({ CallerReference }) => CallerReference.endsWith(id));
    if (check !== undefined) checkIds.set(id, await createCheck(api, check));
  }
  const ids: AwsIds = { zoneId, checkId: (id) => checkIds.get(id) ?? id };
  const name = form === "tree" ? "change-batch-tree.json" : "change-batch.json";
  await change(api, zoneId, JSON.parse(fileOf(topology, `${routing}/${name}`, ids)) as ChangeBatch);
  return { zoneId, ids };
}

async function createCheck({ client }: Api, check: CreateHealthCheck | undefined): Promise<string> {
  if (check === undefined) throw new Error("expected a health check to make");
  const { CallerReference, HealthCheckConfig } = check;
  const regions = HealthCheckConfig.Regions ?? [];
  const command = new CreateHealthCheckCommand({
    // moto, unlike AWS, makes another one of the same reference; a zone of its own wants checks of its own.
    CallerReference: `${CallerReference.slice(0, 56)}-${zones}`,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the model's names are checked above
    HealthCheckConfig: { ...HealthCheckConfig, Regions: [...regions] } as never,
  });
  const { HealthCheck: made } = await client.send(command);
  return made?.Id ?? "";
}

async function change({ client }: Api, zoneId: string, batch: ChangeBatch): Promise<void> {
  await client.send(new ChangeResourceRecordSetsCommand({ HostedZoneId: zoneId, ChangeBatch: batch }));
}

function fileOf(topology: Topology, path: string, ids: AwsIds): string {
  const file = renderRoute53(topology, ids).find((one) => one.path === `route53/${path}`);
  if (file === undefined) throw new Error(`expected route53/${path} to be rendered`);
  return file.text;
}

function topologyFile(topology: Topology): string {
  const file = join(folder, "topology.yaml");
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, stringify(topology));
  return file;
}

/** Null: without the API, so that whoever asks it fails. */
function monitor(api: Api | null, ...argv: readonly string[]) {
  const endpoint = api === null ? [] : ["--endpoint", api.url];
  return spawnSync(process.execPath, [join(ROOT, "monitor/cli/main.ts"), ...argv, ...endpoint], {
    cwd: ROOT,
    encoding: "utf8",
    env: { ...process.env, ...CREDENTIALS, ...(api === null ? {} : { AWS_ENDPOINT_URL_CLOUDWATCH: api.url }) },
    timeout: CALL_MS_MAX,
    maxBuffer: 64 * 1024 * 1024,
  });
}

await runChecks(CHECKS, {
  moto_server: motoPresence(),
  botocore: { isHere: isInstalled("python3", ["-c", "import botocore"], "succeeded"), install: MOTO_INSTALL },
});
await moto.end();
rmSync(folder, { recursive: true, force: true });
