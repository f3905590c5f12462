// A valid topology as a value, for tests of what comes after parsing.
import type { DnsPolicy, Region, RouterSettings, Topology } from "../../monitor/topology/topology.ts";

export const AWS: Region = {
  id: "aws-us-east-1",
  region: "us-east-1",
  awsRegion: "us-east-1",
  cluster: { context: "aws-us-east-1", replicas: 3 },
  endpoint: { url: "https://use1.demo.multicloud.example.com", addresses: ["192.0.2.10"] },
  dnsHealthCheck: true,
};

export const GCP: Region = {
  id: "gcp-europe-west1",
  region: "europe-west1",
  awsRegion: "eu-west-3",
  cluster: { context: "gcp-europe-west1", replicas: 2 },
  endpoint: { url: "https://euw1.demo.multicloud.example.com", addresses: ["198.51.100.20"] },
  dnsHealthCheck: true,
};

export const FAILOVER: DnsPolicy = { routing: "failover", primary: AWS.id, secondary: GCP.id, ttlSeconds: 60 };
export const LATENCY: DnsPolicy = { routing: "latency", ttlSeconds: 60 };

export const ROUTER_OFF: RouterSettings = {
  mode: "off",
  host: null,
  steering: { by: "failover", order: [] },
  affinity: null,
  retry: { waitMs: null, bodyBytesMax: 65_536, budgetShare: 0.2 },
};

export const EXAMPLE: Topology = {
  local: false,
  service: {
    name: "multicloud-demo",
    host: "demo.multicloud.example.com",
    image: "ghcr.io/your-org/multicloud-demo:1.0.0",
  },
  regions: [AWS, GCP],
  dns: {
    zone: "multicloud.example.com",
    policy: FAILOVER,
    healthCheck: { path: "/healthz", intervalSeconds: 30, failureThreshold: 3 },
    timing: { propagationSeconds: 60, apiPropagationSeconds: 60, slackSeconds: 10 },
    nameServers: ["192.0.2.53"],
    resolvers: ["https://dns.google/dns-query"],
  },
  probe: {
    intervalSeconds: 30,
    timeoutMs: 2500,
    phases: "dial",
    vantages: [
      { id: "enam", hint: "enam", clientSubnet: "198.51.100.0/24", latencyOrder: ["us-east-1", "eu-west-3"] },
      { id: "weur", hint: "weur", clientSubnet: "203.0.113.0/24", latencyOrder: ["eu-west-3", "us-east-1"] },
      { id: "oc", hint: "oc", clientSubnet: null, latencyOrder: [] },
    ],
  },
  router: ROUTER_OFF,
  objectives: [],
  alerts: [],
};

export function withPolicy(policy: DnsPolicy): Topology {
  return { ...EXAMPLE, dns: { ...EXAMPLE.dns, policy } };
}
