import type { SourceText } from "../../../monitor/lint/manifest.ts";
import { edited, TOPOLOGY } from "./manifests.ts";
import type { ZoneCase } from "./zone-case.ts";
import { check, checks, firstRecord, LATENCY, NAME, pair, record, SOUND, zoneWith } from "./zones.ts";

const CLOUDS = edited(TOPOLOGY, [
  ["region: us-east-1,", "region: us-east-1, cloud: aws,"],
  ["region: europe-west1,", "region: europe-west1, cloud: gcp,"],
]);
const topology = (text: string): SourceText => ({ file: "topology.yaml", text });
const GATEWAY: SourceText = {
  file: "gateway.yaml",
  text: `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: demo, namespace: demo }
spec: { servers: [{ hosts: ["demo.example.com", "a.example.com", "b.example.com"], port: { number: 443 } }] }
`,
};
const COREDNS = (plugin: string): SourceText => ({
  file: "coredns.yaml",
  text: `apiVersion: v1
kind: ConfigMap
metadata: { name: coredns, namespace: kube-system }
data:
  Corefile: |
    .:53 {
      ${plugin}
    }
`,
});

export const INVENTORY_CASES: readonly ZoneCase[] = [
  {
    rule: "R53-HOST-MISMATCH",
    bad: SOUND,
    at: ["record 0", "record 1"],
    says: "sends the host aws.example.com, and no Gateway has it",
    good: zoneWith({
      checks: [
        check("aws", { IPAddress: "192.0.2.10", FullyQualifiedDomainName: "a.example.com" }),
        check("gcp", { IPAddress: "192.0.2.20", FullyQualifiedDomainName: "b.example.com" }),
      ],
    }),
    beside: [topology(TOPOLOGY), GATEWAY],
  },
  {
    rule: "R53-LAT-NONAWS",
    bad: LATENCY,
    at: ["record 1"],
    says: "gcp runs in gcp and is ranked as eu-west-3",
    good: SOUND,
    beside: [topology(CLOUDS)],
  },
  {
    rule: "R53-LAT-REGION-CLASH",
    bad: pair({ Region: "us-west-2" }, { Region: "us-east-1" }),
    at: ["record 1"],
    says: "gcp borrows us-east-1, where aws runs",
    good: LATENCY,
    beside: [topology(CLOUDS)],
  },
  {
    rule: "R53-EIP-LOST",
    bad: checks({ IPAddress: "192.0.2.99" }),
    at: ["record 0"],
    says: "looks at 192.0.2.99, which is no region's of the topology",
    good: SOUND,
    beside: [topology(TOPOLOGY)],
  },
];

export const WHOLE_CASES: readonly ZoneCase[] = [
  {
    rule: "R53-INVALID",
    bad: firstRecord({ Weight: 256 }),
    at: ["record 0"],
    says: "resourceRecordSets[0].Weight: expected a whole number from 0 to 255, found 256",
    good: SOUND,
  },
  {
    rule: "R53-NOT-UNDERSTOOD",
    bad: firstRecord({ Weight: 1 }),
    at: ["record 0"],
    says: "expected one routing policy, found Weight and Failover",
    good: SOUND,
  },
  {
    rule: "R53-NOT-UNDERSTOOD",
    name: "of a health check",
    bad: checks({ Quantum: 1 }),
    at: ["check 0"],
    says: "the key Quantum is not known here",
    good: SOUND,
  },
  {
    rule: "R53-READ-PARTLY",
    bad: zoneWith({ rest: { notes: ["protections: AccessDenied"] } }),
    at: ["zone"],
    says: "protections: AccessDenied",
    good: SOUND,
  },
  {
    rule: "R53-DUP-ZONE",
    bad: zoneWith({ rest: { sameName: ["Z2"] } }),
    at: ["zone"],
    says: "Z2 has the same name",
    good: zoneWith({ rest: { sameName: [] } }),
  },
  {
    rule: "R53-NS-MISMATCH",
    bad: zoneWith({
      records: [...SOUND.records, record("ns-9.example.net.", { Name: "example.com.", TTL: 172_800 }, "NS")],
      rest: { nameServers: ["ns-1.awsdns-01.org"] },
    }),
    at: ["record 2"],
    says: "expected the name servers ns-1.awsdns-01.org, found ns-9.example.net",
    good: zoneWith({
      records: [...SOUND.records, record("NS-1.awsdns-01.org.", { Name: "example.com.", TTL: 172_800 }, "NS")],
      rest: { nameServers: ["ns-1.awsdns-01.org"] },
    }),
  },
  {
    rule: "R53-PROTECTED",
    bad: zoneWith({ rest: { protections: [{ RecordName: NAME, RecordType: "A" }] } }),
    at: ["record 0"],
    says: "A demo.example.com is protected against changes",
    good: zoneWith({ rest: { protections: [{ RecordName: "other.example.com.", RecordType: "A" }] } }),
  },
];

/** Its place is in the manifest, not in the zone. */
export const SPLIT_DNS = {
  rule: "R53-SPLIT-DNS",
  bad: COREDNS("route53 example.com.:Z0123456789"),
  line: 5,
  good: COREDNS("forward . /etc/resolv.conf"),
} as const;
