// What a topology becomes in Route 53's words.
import { describe, expect, test } from "vitest";
import { ENDPOINT_DEFAULTS } from "../../../monitor/policy/health-check.ts";
import type { RecordSet } from "../../../monitor/policy/record-set.ts";
import { recordTypes } from "../../../monitor/topology/topology.ts";
import { zoneOf } from "../../../monitor/topology/zone.ts";
import { edited, SMALLEST, topologyOf } from "../../support/topology-text.ts";

const AWS_REGIONS = [
  ["region: us-east-1", "region: us-east-1\n    awsRegion: us-east-1"],
  ["region: us-west-2", "region: us-west-2\n    awsRegion: us-west-2"],
] as const;
const DUAL = [
  ["[192.0.2.10]", '["2001:db8::10", 192.0.2.10]'],
  ["[198.51.100.20]", '[198.51.100.20, "2001:db8::20"]'],
] as const;
const POLICY = "routing: failover, primary: east, secondary: west";

/** "A east PRIMARY 192.0.2.10 60 s, check east" for each record set. */
function recordLines(text: string): readonly string[] {
  return zoneOf(topologyOf(text)).recordSets.map(
    (record) =>
      `${record.type} ${record.setIdentifier ?? "-"} ${routingWord(record)} ${targetWords(record)}, check ${record.healthCheckId ?? "none"}`,
  );
}

function targetWords({ target }: RecordSet): string {
  return target.kind === "values" ? `${target.values.join(" ")} ${target.ttlSeconds} s` : `alias ${target.name}`;
}

function routingWord({ routing }: RecordSet): string {
  if (routing.routing === "failover") return routing.role;
  return routing.routing === "latency" ? routing.awsRegion : "simple";
}

describe("record sets", () => {
  test.each([
    {
      name: "failover",
      text: SMALLEST,
      lines: ["A east PRIMARY 192.0.2.10 60 s, check east", "A west SECONDARY 198.51.100.20 60 s, check west"],
    },
    {
      name: "failover with the second region as primary",
      text: edited([POLICY, "routing: failover, primary: west, secondary: east, ttlSeconds: 30"]),
      lines: ["A east SECONDARY 192.0.2.10 30 s, check east", "A west PRIMARY 198.51.100.20 30 s, check west"],
    },
    {
      name: "failover in both families",
      text: edited(...DUAL),
      lines: [
        "A east PRIMARY 192.0.2.10 60 s, check east",
        "A west SECONDARY 198.51.100.20 60 s, check west",
        "AAAA east PRIMARY 2001:db8::10 60 s, check east",
        "AAAA west SECONDARY 2001:db8::20 60 s, check west",
      ],
    },
    {
      name: "a family that one region alone has",
      text: edited(["[192.0.2.10]", '[192.0.2.10, "2001:db8::10"]']),
      lines: [
        "A east PRIMARY 192.0.2.10 60 s, check east",
        "A west SECONDARY 198.51.100.20 60 s, check west",
        "AAAA east PRIMARY 2001:db8::10 60 s, check east",
      ],
    },
    {
      name: "IPv6 alone",
      text: edited(["[192.0.2.10]", '["2001:db8::10"]'], ["[198.51.100.20]", '["2001:db8::20"]']),
      lines: ["AAAA east PRIMARY 2001:db8::10 60 s, check east", "AAAA west SECONDARY 2001:db8::20 60 s, check west"],
    },
    {
      name: "a secondary without a health check",
      text: edited(["region: us-west-2", "region: us-west-2\n    dnsHealthCheck: false"]),
      lines: ["A east PRIMARY 192.0.2.10 60 s, check east", "A west SECONDARY 198.51.100.20 60 s, check none"],
    },
    {
      name: "a third region under failover, which has no record",
      text: edited([
        "dns:\n",
        '  - { id: third, region: x, cluster: { context: third }, endpoint: { url: "https://third.example.com", addresses: [203.0.113.3] } }\ndns:\n',
      ]),
      lines: ["A east PRIMARY 192.0.2.10 60 s, check east", "A west SECONDARY 198.51.100.20 60 s, check west"],
    },
    {
      name: "latency",
      text: edited([POLICY, "routing: latency"], ...AWS_REGIONS),
      lines: ["A east us-east-1 192.0.2.10 60 s, check east", "A west us-west-2 198.51.100.20 60 s, check west"],
    },
    {
      name: "simple, with all addresses in one set and no check",
      text: edited([POLICY, "routing: simple, ttlSeconds: 300"], ...DUAL),
      lines: [
        "A - simple 192.0.2.10 198.51.100.20 300 s, check none",
        "AAAA - simple 2001:db8::10 2001:db8::20 300 s, check none",
      ],
    },
  ])("$name", ({ text, lines }) => {
    expect(recordLines(text)).toEqual(lines);
  });

  test("carry the service's host in the zone's name", () => {
    const zone = zoneOf(topologyOf(SMALLEST));
    expect(zone.name).toBe("example.com");
    expect(new Set(zone.recordSets.map((record) => record.name))).toEqual(new Set(["demo.example.com"]));
  });
});

describe("health checks", () => {
  test("look at each region's own endpoint with the topology's settings", () => {
    const text = edited(
      ["https://west.example.com", "https://west.example.com:8443"],
      ["  policy:", "  healthCheck: { path: /ready, intervalSeconds: 10, failureThreshold: 2 }\n  policy:"],
    );
    const settings = {
      ...ENDPOINT_DEFAULTS,
      path: "/ready",
      requestIntervalSeconds: 10,
      failureThreshold: 2,
    };
    expect(zoneOf(topologyOf(text)).healthChecks).toEqual([
      { id: "east", type: "HTTPS", ...settings, ipAddress: "192.0.2.10", host: "east.example.com", port: 443 },
      { id: "west", type: "HTTPS", ...settings, ipAddress: "198.51.100.20", host: "west.example.com", port: 8443 },
    ]);
  });

  test.each([
    { name: "the IPv4 address beside an IPv6 one", addresses: '["2001:db8::10", 192.0.2.10]', found: "192.0.2.10" },
    { name: "the first of IPv6 addresses alone", addresses: '["2001:db8::10", "2001:db8::11"]', found: "2001:db8::10" },
    { name: "the name where several IPv4 addresses stand for it", addresses: "[192.0.2.10, 192.0.2.11]", found: null },
  ])("look at $name", ({ addresses, found }) => {
    const zone = zoneOf(topologyOf(edited(["[192.0.2.10]", addresses])));
    expect(zone.healthChecks[0]).toMatchObject({ ipAddress: found, host: "east.example.com" });
  });

  test("are plain HTTP where the endpoint is", () => {
    const text = `${edited(["https://east.example.com", "http://127.0.10.1:8080"])}local: true\n`;
    expect(zoneOf(topologyOf(text)).healthChecks[0]).toMatchObject({ type: "HTTP", host: "127.0.10.1", port: 8080 });
  });
});

test.each([
  { name: "IPv4", text: SMALLEST, types: ["A"] },
  { name: "IPv6", text: edited(["[192.0.2.10]", '["::2"]'], ["[198.51.100.20]", '["::3"]']), types: ["AAAA"] },
  { name: "both", text: edited(...DUAL), types: ["A", "AAAA"] },
])("record types of $name", ({ text, types }) => {
  expect(recordTypes(topologyOf(text))).toEqual(types);
});
