// Route 53's part of the topology as files for `aws route53`: health checks, and change batches in both forms. Both of the
// usual scenarios are there, latency and failover, whichever the topology has, so that one can be looked at beside the other.
import type { Draft } from "../topology/draft.ts";
import { textFingerprint } from "../topology/fingerprint.ts";
import { policyBreaches } from "../topology/policy-rules.ts";
import { publishedZone, type ZoneForm } from "../topology/published-zone.ts";
import { zoneOf } from "../topology/zone.ts";
import type { DnsPolicy, Topology } from "../topology/topology.ts";
import { formatPath } from "../topology/path.ts";
import { CHECKED_TTL_SECONDS_MAX } from "../policy/constants.ts";
import type { AwsHealthCheckConfig } from "../zone/aws-shapes.ts";
import { type AwsIds, awsHealthCheckConfig, awsRecordSet, CALLER_REFERENCE_START } from "../zone/to-aws.ts";
import type { RenderedFile } from "./manifest.ts";
import { type RenderedScenario, route53Readme } from "./route53-readme.ts";
import { headerWords } from "./yaml-text.ts";

export const ROUTE53_FOLDER = "route53";

const BATCHES: readonly (readonly [ZoneForm, string])[] = [
  ["addresses", "change-batch.json"],
  ["tree", "change-batch-tree.json"],
];

/** What `aws route53 create-health-check --cli-input-json` takes. */
export interface CreateHealthCheck {
  readonly CallerReference: string;
  readonly HealthCheckConfig: AwsHealthCheckConfig;
}

export function renderRoute53(topology: Topology, ids: AwsIds): readonly RenderedFile[] {
  const scenarios = scenariosOf(topology).map(({ routing, variant }) => renderScenario(routing, variant, ids));
  return [
    { path: `${ROUTE53_FOLDER}/README.md`, text: route53Readme(topology, scenarios) },
    ...scenarios.flatMap(({ files }) => files),
  ];
}

interface Scenario {
  readonly routing: DnsPolicy["routing"];
  /** A text: why the regions cannot have this routing. */
  readonly variant: Topology | string;
}

/** The topology's own routing first. */
function scenariosOf(topology: Topology): readonly Scenario[] {
  const own = topology.dns.policy.routing;
  const others = (["failover", "latency"] as const).filter((routing) => routing !== own);
  return [
    { routing: own, variant: topology },
    ...others.map((routing) => ({ routing, variant: variantOf(topology, routing) })),
  ];
}

function variantOf(topology: Topology, routing: "failover" | "latency"): Topology | string {
  const ttlSeconds = Math.min(topology.dns.policy.ttlSeconds, CHECKED_TTL_SECONDS_MAX);
  const [first, ...rest] = topology.regions.toSorted((a, b) => Number(b.dnsHealthCheck) - Number(a.dnsHealthCheck));
  const [second] = rest;
  if (first === undefined || second === undefined) return "it takes two regions";
  const policy: DnsPolicy =
    routing === "latency" ? { routing, ttlSeconds } : { routing, primary: first.id, secondary: second.id, ttlSeconds };
  const variant: Topology = { ...topology, dns: { ...topology.dns, policy } };
  const draft: Draft<Topology> = variant;
  // How many values a record may hold is a matter of the form, and `publishedZone` knows it.
  const breach = policyBreaches(draft).find(({ path }) => !path.includes("addresses"));
  return breach === undefined ? variant : `${formatPath(breach.path)}: expected ${breach.expected}`;
}

function renderScenario(routing: DnsPolicy["routing"], variant: Topology | string, ids: AwsIds): RenderedScenario {
  if (typeof variant === "string")
    return { routing, policy: null, files: [], missing: [`\`${routing}/\`: ${variant}`] };
  const batches = BATCHES.map(([form, name]) =>
    renderBatch(variant, form, `${ROUTE53_FOLDER}/${routing}/${name}`, ids),
  );
  const checks = healthChecksOf(variant);
  const files = batches.filter((batch) => typeof batch !== "string");
  return {
    routing,
    policy: variant.dns.policy,
    files: [
      ...(checks.length === 0 || files.length === 0
        ? []
        : [{ path: `${ROUTE53_FOLDER}/${routing}/health-checks.json`, text: jsonText(checks) }]),
      ...blockFiles(variant),
      ...files,
    ],
    missing: batches.filter((batch) => typeof batch === "string"),
  };
}

/** What `aws route53 change-cidr-collection --changes` takes. */
function blockFiles(topology: Topology): readonly RenderedFile[] {
  return zoneOf(topology).cidrCollections.map(({ locations }) => ({
    path: `${ROUTE53_FOLDER}/${topology.dns.policy.routing}/cidr-blocks.json`,
    text: jsonText(locations.map(({ name, blocks }) => ({ LocationName: name, Action: "PUT", CidrList: blocks }))),
  }));
}

/** A text: which file is missing, and why. */
function renderBatch(topology: Topology, form: ZoneForm, path: string, ids: AwsIds): RenderedFile | string {
  const published = publishedZone(topology, form);
  if (published.kind === "impossible") return `\`${path.slice(ROUTE53_FOLDER.length + 1)}\`: ${published.why}`;
  const batch = {
    Comment: headerWords("route53"),
    Changes: published.zone.recordSets.map((record) => ({
      Action: "UPSERT",
      ResourceRecordSet: awsRecordSet(record, ids),
    })),
  };
  return { path, text: jsonText(batch) };
}

/** In the order of the regions. */
export function healthChecksOf(topology: Topology): readonly CreateHealthCheck[] {
  const forms = (["addresses", "tree"] as const).map((form) => publishedZone(topology, form));
  const published = forms.find((one) => one.kind === "zone");
  if (published === undefined) return [];
  return published.zone.healthChecks.map((check) => {
    const config = awsHealthCheckConfig(check, { zoneId: "", checkId: (id) => id });
    return { CallerReference: callerReference(topology, check.id, config), HealthCheckConfig: config };
  });
}

const REFERENCE_MAX = 64;

/** The same for the same check, so that a call which is repeated makes no second one; another one for other settings. */
function callerReference(topology: Topology, id: string, config: AwsHealthCheckConfig): string {
  const start = `${CALLER_REFERENCE_START}${textFingerprint(JSON.stringify([topology.service.host, id, config]))}`;
  return `${start}-${id}`.slice(0, REFERENCE_MAX);
}

function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
