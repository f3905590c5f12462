// The topology of the local world: as many regions as asked for on loopback addresses, with times short enough to watch.
// It is written as the file a person would write, so that everything downstream goes the way of a real one.
import { stringify } from "yaml";
import { DNS_LABEL } from "../topology/name.ts";
import type { RouterSettings } from "../topology/topology.ts";
import { gateHost } from "./gate-row.ts";

export const LOCAL_HOST = "demo.multicloud.example.com";
/** Browsers and curl take every name under localhost to this machine (RFC 6761, section 6.3). */
export const ROUTER_HOST = "demo.localhost";
export const LOCAL_ZONE = "multicloud.example.com";

export interface LocalPlan {
  /** 1 to `LOCAL_REGIONS_MAX`; failover needs 2. */
  readonly regions: number;
  readonly policy: "failover" | "latency";
  /** Off unless given. */
  readonly router?: RouterSettings["mode"];
  /** Who is told of incidents; nobody unless given. */
  readonly alertUrl?: string | null;
  /** None unless given. */
  readonly privateVantage?: string | null;
  /** Of our probes; every other time follows from it. 2 is what people get, 0.2 the least. */
  readonly intervalSeconds: number;
  readonly gatePort: number;
  readonly dnsPort: number;
  readonly dohPort: number;
}

export interface LocalRegion {
  readonly id: string;
  /** Cloud region code, which the service there claims. */
  readonly region: string;
  readonly awsRegion: string;
}

const REGIONS: readonly LocalRegion[] = [
  { id: "aws-us-east-1", region: "us-east-1", awsRegion: "us-east-1" },
  { id: "gcp-europe-west1", region: "europe-west1", awsRegion: "eu-west-3" },
  { id: "aws-sa-east-1", region: "sa-east-1", awsRegion: "sa-east-1" },
  { id: "gcp-us-central1", region: "us-central1", awsRegion: "us-east-2" },
  { id: "aws-ap-southeast-1", region: "ap-southeast-1", awsRegion: "ap-southeast-1" },
  { id: "gcp-asia-northeast1", region: "asia-northeast1", awsRegion: "ap-northeast-1" },
];
export const LOCAL_REGIONS_MAX = REGIONS.length;

/** Subnets are documentation ranges (RFC 5737); the orders are plausible, not measured. */
const VANTAGES = [
  {
    id: "enam",
    clientSubnet: "198.51.100.0/26",
    near: ["us-east-1", "us-east-2", "eu-west-3", "sa-east-1", "ap-northeast-1", "ap-southeast-1"],
  },
  {
    id: "wnam",
    clientSubnet: "198.51.100.64/26",
    near: ["us-east-2", "us-east-1", "ap-northeast-1", "eu-west-3", "ap-southeast-1", "sa-east-1"],
  },
  {
    id: "weur",
    clientSubnet: "203.0.113.0/26",
    near: ["eu-west-3", "us-east-1", "us-east-2", "ap-southeast-1", "sa-east-1", "ap-northeast-1"],
  },
  {
    id: "apac-se",
    clientSubnet: "203.0.113.64/26",
    near: ["ap-southeast-1", "ap-northeast-1", "eu-west-3", "us-east-2", "us-east-1", "sa-east-1"],
  },
  {
    id: "oc",
    clientSubnet: "203.0.113.128/26",
    near: ["ap-southeast-1", "ap-northeast-1", "us-east-2", "us-east-1", "eu-west-3", "sa-east-1"],
  },
] as const;

/** As if it were an office in Europe. */
const INSIDE = {
  clientSubnet: "203.0.113.192/26",
  latencyOrder: ["eu-west-3", "us-east-1", "us-east-2", "sa-east-1", "ap-southeast-1", "ap-northeast-1"],
} as const;

/** False: it is no id, or one of ours has it. */
export function isFreeId(id: string): boolean {
  return DNS_LABEL.test(id) && id !== "constructor" && !VANTAGES.some((vantage) => vantage.id === id);
}

/** 800 ms at 2 s. */
const TIMEOUT_SHARE = 0.4;
const PROPAGATION_INTERVALS = 1.5;
const SLACK_INTERVALS = 0.5;
const FAILURE_THRESHOLD = 3;

/** The first `count` regions, in a fixed order: the first is the primary. */
export function localRegions(count: number): readonly LocalRegion[] {
  return REGIONS.slice(0, count);
}

/** Longest probe, in milliseconds. */
export function localTimeoutMs(intervalSeconds: number): number {
  return Math.round(intervalSeconds * 1000 * TIMEOUT_SHARE);
}

/** YAML text for `parseTopology`. */
export function localTopology(plan: LocalPlan): string {
  const regions = localRegions(plan.regions);
  const document = {
    local: true,
    service: { name: "multicloud-demo", host: LOCAL_HOST, image: "localhost/multicloud-demo:local" },
    regions: regions.map((region, index) => regionEntry(region, index + 1, plan.gatePort)),
    dns: dnsEntry(plan, regions),
    probe: probeEntry(plan, regions),
    router: routerEntry(plan),
    ...alertEntries(plan),
    objectives: [{ name: "availability", target: 0.999, windowDays: 30 }],
  };
  return stringify(document, { lineWidth: 0, aliasDuplicateObjects: false });
}

/** It steers as DNS does, so that both can be compared side by side. */
function routerEntry({ router = "off", policy }: LocalPlan): object {
  return router === "off" ? { mode: "off" } : { mode: router, host: ROUTER_HOST, steering: { by: policy } };
}

function alertEntries({ alertUrl = null }: LocalPlan): object {
  return alertUrl === null ? {} : { alerts: [{ name: "local", kind: "webhook", url: alertUrl }] };
}

function regionEntry({ id, region, awsRegion }: LocalRegion, n: number, gatePort: number): object {
  const host = gateHost(n);
  const endpoint = { url: `http://${host}:${gatePort}`, addresses: [host] };
  return { id, region, awsRegion, cluster: { context: id, replicas: 1 }, endpoint };
}

function dnsEntry(plan: LocalPlan, regions: readonly LocalRegion[]): object {
  const ttlSeconds = wholeSeconds(plan.intervalSeconds);
  const propagationSeconds = wholeSeconds(plan.intervalSeconds * PROPAGATION_INTERVALS);
  const [primary, secondary] = regions;
  return {
    zone: LOCAL_ZONE,
    policy:
      plan.policy === "failover"
        ? { routing: "failover", primary: primary?.id, secondary: secondary?.id, ttlSeconds }
        : { routing: "latency", ttlSeconds },
    healthCheck: {
      path: "/healthz",
      intervalSeconds: wholeSeconds(plan.intervalSeconds),
      failureThreshold: FAILURE_THRESHOLD,
    },
    timing: {
      propagationSeconds,
      apiPropagationSeconds: propagationSeconds,
      slackSeconds: wholeSeconds(plan.intervalSeconds * SLACK_INTERVALS),
    },
    nameServers: [`127.0.0.1:${plan.dnsPort}`],
    resolvers: [`http://127.0.0.1:${plan.dohPort}/dns-query`],
  };
}

function probeEntry({ intervalSeconds, privateVantage = null }: LocalPlan, regions: readonly LocalRegion[]): object {
  const present = new Set(regions.map((region) => region.awsRegion));
  const order = (near: readonly string[]): readonly string[] => near.filter((awsRegion) => present.has(awsRegion));
  return {
    intervalSeconds,
    timeoutMs: localTimeoutMs(intervalSeconds),
    vantages: [
      ...VANTAGES.map(({ id, clientSubnet, near }) => ({ id, hint: id, clientSubnet, latencyOrder: order(near) })),
      ...(privateVantage === null
        ? []
        : [{ id: privateVantage, private: true, ...INSIDE, latencyOrder: order(INSIDE.latencyOrder) }]),
    ],
  };
}

/** DNS and Route 53 count whole seconds; probes may be quicker. */
function wholeSeconds(seconds: number): number {
  return Math.max(1, Math.round(seconds));
}
