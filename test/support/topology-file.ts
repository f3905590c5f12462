// Valid topology files of every routing policy, as values whose JSON is also YAML: for laws over all of them.
import * as fc from "fast-check";

interface RegionFile {
  readonly id: string;
  readonly awsRegion: string;
  readonly ipv4: boolean;
  readonly ipv6: boolean;
  readonly dnsHealthCheck: boolean;
}

const AWS_REGIONS = ["us-east-1", "us-west-2", "eu-west-1", "eu-west-3", "ap-southeast-2", "sa-east-1"] as const;

const region = fc.record({
  id: fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?$/),
  awsRegion: fc.constantFrom(...AWS_REGIONS),
  ipv4: fc.boolean(),
  ipv6: fc.boolean(),
  dnsHealthCheck: fc.boolean(),
});

const regions = fc.uniqueArray(region, {
  minLength: 2,
  maxLength: AWS_REGIONS.length,
  comparator: (a, b) => a.id === b.id || a.awsRegion === b.awsRegion,
});

export const anyTopologyFile = fc
  .tuple(regions, fc.constantFrom("simple", "failover", "latency"), fc.integer({ min: 1, max: 60 }))
  .map(([list, routing, ttlSeconds]) => ({
    service: { name: "demo", host: "demo.example.com", image: "demo:1" },
    regions: list.map((one, index) => fileOf(one, index, routing)),
    dns: {
      zone: "example.com",
      policy: {
        routing,
        ttlSeconds,
        ...(routing === "failover" ? { primary: list[0]?.id, secondary: list[1]?.id } : {}),
      },
    },
  }));

function fileOf(one: RegionFile, index: number, routing: string): unknown {
  const ipv4 = one.ipv4 || !one.ipv6 ? [`192.0.2.${index + 1}`] : [];
  const ipv6 = one.ipv6 ? [`2001:db8::${index + 1}`] : [];
  return {
    id: one.id,
    region: one.awsRegion,
    awsRegion: one.awsRegion,
    cluster: { context: `cluster-${index}` },
    endpoint: { url: `https://r${index}.example.com`, addresses: [...ipv4, ...ipv6] },
    // Route 53 refuses a failover primary without a check.
    dnsHealthCheck: one.dnsHealthCheck || (routing === "failover" && index === 0),
  };
}
