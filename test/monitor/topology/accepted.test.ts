// The other side of every rule: what stands just inside of it, and what `local: true` allows.
import { describe, expect, test } from "vitest";
import { edited, extended, problemLines, SMALLEST } from "../../support/topology-text.ts";

const POLICY = "routing: failover, primary: east, secondary: west";
const AWS_REGIONS = [
  ["region: us-east-1", "region: us-east-1\n    awsRegion: us-east-1"],
  ["region: us-west-2", "region: us-west-2\n    awsRegion: us-west-2"],
] as const;
const UNCHECKED = [
  ["region: us-east-1", "region: us-east-1\n    awsRegion: us-east-1\n    dnsHealthCheck: false"],
  ["region: us-west-2", "region: us-west-2\n    awsRegion: us-gov-west-1\n    dnsHealthCheck: false"],
] as const;

describe("texts without a problem", () => {
  test.each([
    { name: "the smallest", text: SMALLEST },
    { name: "Windows line ends", text: SMALLEST.replaceAll("\n", "\r\n") },
    { name: "a byte order mark", text: `\uFEFF${SMALLEST}` },
    { name: "a document with start and end", text: `---\n${SMALLEST}...\n` },
    {
      name: "YAML 1.1 by its directive, in which off would be false",
      text: `%YAML 1.1\n---\n${extended("router: { mode: off }")}`,
    },
    { name: "empty lists", text: extended("objectives: []", "alerts: []") },
    { name: "a tag that says what is there anyway", text: edited(["zone: example.com", "zone: !!str example.com"]) },
    { name: "a text that looks like a number", text: edited(["name: demo", 'name: "7"']) },
    {
      name: "an anchor and its alias",
      text: edited(["context: east", "context: &east east"], ["primary: east", "primary: *east"]),
    },
    {
      name: "nothing said where null is the default",
      text: edited(["region: us-east-1", "region: us-east-1\n    awsRegion: null"]),
    },
    { name: "the host at the top of the zone", text: edited(["zone: example.com", "zone: demo.example.com"]) },
    {
      name: "a host with capitals in a URL",
      text: edited(["https://east.example.com", "https://East.Example.com:8443"]),
    },
    {
      name: "a context that is an ARN",
      text: edited(["context: east", "context: arn:aws:eks:us-east-1:1234:cluster/a_b"]),
    },
    { name: "an image with registry, port and digest", text: edited(["demo:1", '"localhost:5000/a/b@sha256:0af1"']) },
    {
      name: "what only the manifests need",
      text: edited(
        ["image: demo:1", "image: demo:1, imagePullSecret: ghcr.io-pull, priorityClass: production"],
        ["region: us-east-1", "region: us-east-1\n    cloud: aws"],
      ),
    },
    { name: "addresses for documentation", text: edited(["[192.0.2.10]", '[203.0.113.1, "2001:db8::1"]']) },
    {
      name: "the shortest and the longest timings",
      text: edited([
        "  policy:",
        "  timing: { propagationSeconds: 0, apiPropagationSeconds: 0, slackSeconds: 3600 }\n  policy:",
      ]),
    },
    {
      name: "the longest health path",
      text: edited(["  policy:", `  healthCheck: { path: /${"x".repeat(254)} }\n  policy:`]),
    },
    {
      name: "a health path with a query",
      text: edited(["  policy:", '  healthCheck: { path: "/healthz?deep=1" }\n  policy:']),
    },
    { name: "the longest TTL of a failover", text: edited(["secondary: west", "secondary: west, ttlSeconds: 60"]) },
    {
      name: "the longest TTL without health checks",
      text: edited([POLICY, "routing: latency, ttlSeconds: 172800"], ...UNCHECKED),
    },
    { name: "the longest TTL of simple routing", text: edited([POLICY, "routing: simple, ttlSeconds: 172800"]) },
    { name: "latency routing", text: edited([POLICY, "routing: latency"], ...AWS_REGIONS) },
    {
      name: "latency routing with two kinds of address",
      text: edited([POLICY, "routing: latency"], ...AWS_REGIONS, ["[192.0.2.10]", '["2001:db8::1", 192.0.2.10]']),
    },
    {
      name: "a secondary without a health check",
      text: edited(["region: us-west-2", "region: us-west-2\n    dnsHealthCheck: false"]),
    },
    {
      name: "one AWS region twice where the routing needs none",
      text: edited(
        ["region: us-east-1", "region: us-east-1\n    awsRegion: us-east-1"],
        ["region: us-west-2", "region: us-west-2\n    awsRegion: us-east-1"],
      ),
    },
    {
      name: "a timeout of exactly half of the interval",
      text: extended("probe: { intervalSeconds: 10, timeoutMs: 5000 }"),
    },
    { name: "the longest interval", text: extended("probe: { intervalSeconds: 3600 }") },
    {
      name: "name servers alone",
      text: edited([
        "  policy:",
        '  resolvers: []\n  nameServers: [192.0.2.53, ns1.example.com:53, "[2001:db8::53]:5353", "[2001:db8::54]"]\n  policy:',
      ]),
    },
    {
      name: "client subnets of every length",
      text: extended(
        "probe:",
        "  vantages:",
        "    - { id: a, hint: me, clientSubnet: 12.0.0.0/8 }",
        "    - { id: b, hint: me, clientSubnet: 198.51.100.7/32 }",
        '    - { id: c, hint: me, clientSubnet: "2001::/16" }',
        '    - { id: d, hint: me, clientSubnet: "2001:db8::1/128" }',
      ),
    },
    {
      name: "objectives of every kind",
      text: extended(
        "objectives:",
        "  - { name: availability, target: 0.999, windowDays: 30 }",
        "  - { name: fast, indicator: latency, thresholdMs: 2500, target: 0.95, windowDays: 7 }",
        "  - { name: east, region: east, method: timeslices, timeSliceTarget: 1, target: 0.99, windowDays: 366 }",
        "  - { name: quick, method: timeslices, timeSliceTarget: 0.5, timeSliceMinutes: 1, target: 0.99, windowDays: 1 }",
      ),
    },
  ])("$name", ({ text }) => {
    expect(problemLines(text)).toEqual([]);
  });
});

describe("what needs local: true", () => {
  test.each([
    { name: "plain HTTP to a loopback address", text: edited(["https://east.example.com", "http://127.0.10.1:8080"]) },
    { name: "a bare IPv6 address", text: edited(["url: https://east.example.com", 'url: "http://[::1]:8080"']) },
    { name: "a host without a domain", text: edited(["https://east.example.com", "https://localhost:8443"]) },
    { name: "loopback answers", text: edited(["[192.0.2.10]", "[127.0.10.1]"]) },
    {
      name: "an interval of two seconds for health checks",
      text: edited(["  policy:", "  healthCheck: { intervalSeconds: 2 }\n  policy:"]),
    },
    { name: "a probe interval of 0.2 seconds", text: extended("probe: { intervalSeconds: 0.2, timeoutMs: 100 }") },
    {
      name: "a resolver at hand",
      text: edited(["  policy:", "  resolvers: [http://127.0.0.1:5380/dns-query]\n  policy:"]),
    },
  ])("$name", ({ text }) => {
    expect(problemLines(text)).not.toEqual([]);
    expect(problemLines(`${text}local: true\n`)).toEqual([]);
  });

  test("while local itself is wrong, nothing is said of what depends on it", () => {
    const text = edited(["https://east.example.com", "http://127.0.10.1:8080"]);
    expect(problemLines(`${text}local: yes\n`)).toEqual(['14:8: local: expected true or false, found "yes"']);
  });
});
