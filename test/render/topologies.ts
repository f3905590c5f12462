// The example topology with two, three or four clusters, and with every optional key: what every renderer is shown.
import type { Region, Topology } from "../../monitor/topology/topology.ts";
import { EXAMPLE } from "../support/example-topology.ts";

const SAO_PAULO: Region = {
  id: "aws-sa-east-1",
  region: "sa-east-1",
  awsRegion: "sa-east-1",
  cluster: { context: "aws-sa-east-1", replicas: 2 },
  endpoint: { url: "https://sae1.demo.multicloud.example.com", addresses: ["203.0.113.30"] },
  dnsHealthCheck: true,
};

const IOWA: Region = {
  id: "gcp-us-central1",
  region: "us-central1",
  awsRegion: "us-east-2",
  cluster: { context: "gcp-us-central1", replicas: 5 },
  endpoint: { url: "https://usc1.demo.multicloud.example.com", addresses: ["203.0.113.40", "2001:db8::40"] },
  dnsHealthCheck: true,
};

export const CLUSTER_COUNTS = [2, 3, 4] as const;

const DIGEST = `sha256:${"0123456789abcdef".repeat(4)}`;

/** Three clusters, of which two say their cloud; an image by digest; what is left out elsewhere. */
export const EVERY_OPTION: Topology = {
  ...EXAMPLE,
  service: {
    ...EXAMPLE.service,
    image: `ghcr.io/your-org/multicloud-demo:1.0.0@${DIGEST}`,
    imagePullSecret: "ghcr",
    priorityClass: "production",
  },
  regions: [...EXAMPLE.regions.map((region) => ({ ...region, cloud: region.id.slice(0, 3) })), SAO_PAULO],
};

export function topologyOfClusters(count: number): Topology {
  return { ...EXAMPLE, regions: [...EXAMPLE.regions, SAO_PAULO, IOWA].slice(0, count) };
}
