// What no field can know alone: each text breaks one rule and has its full list of problems.
import { describe, expect, test } from "vitest";
import { edited, extended, problemLines, SMALLEST } from "../../support/topology-text.ts";

const LATENCY = ["routing: failover, primary: east, secondary: west", "routing: latency"] as const;
const AWS_REGIONS = [
  ["region: us-east-1", "region: us-east-1\n    awsRegion: us-east-1"],
  ["region: us-west-2", "region: us-west-2\n    awsRegion: us-west-2"],
] as const;

describe("fields that do not go together", () => {
  test.each([
    {
      name: "two regions with one id",
      text: edited(["id: west", "id: east"]),
      problems: [
        '7:9: regions[1].id: expected a region id that no other region has (regions[0].id has it already), found "east"',
        '13:58: dns.policy.secondary: expected the id of a region (east), found "west"',
      ],
    },
    {
      name: "two regions in one cluster",
      text: edited(["context: west", "context: east"]),
      problems: [
        '9:25: regions[1].cluster.context: expected a cluster of its own for each region (regions[0].cluster.context has it already), found "east"',
      ],
    },
    {
      name: "two regions at one endpoint",
      text: edited(["https://west.example.com", "https://east.example.com"]),
      problems: [
        '10:22: regions[1].endpoint.url: expected an endpoint of its own for each region (regions[0].endpoint.url has it already), found "https://east.example.com"',
      ],
    },
    {
      name: "two regions with one address, spelt in two ways",
      text: edited(["[192.0.2.10]", "[2001:db8::1]"], ["[198.51.100.20]", "[198.51.100.20, 2001:DB8:0:0::0.0.0.1]"]),
      problems: [
        '10:75: regions[1].endpoint.addresses[1]: expected an address that stands nowhere else (regions[0].endpoint.addresses[0] has it already), found "2001:DB8:0:0::0.0.0.1"',
      ],
    },
    {
      name: "two vantages with one id",
      text: extended("probe: { vantages: [{ id: a, hint: weur }, { id: a, hint: enam }] }"),
      problems: [
        '14:50: probe.vantages[1].id: expected a vantage id that no other vantage has (probe.vantages[0].id has it already), found "a"',
      ],
    },
    {
      name: "an id that every object has already",
      text: extended("probe: { vantages: [{ id: constructor, hint: weur }] }").replace("id: west", "id: constructor"),
      problems: [
        '7:9: regions[1].id: expected an id other than constructor, found "constructor"',
        '13:58: dns.policy.secondary: expected the id of a region (east, constructor), found "west"',
        '14:27: probe.vantages[0].id: expected an id other than constructor, found "constructor"',
      ],
    },
    {
      name: "a primary that is no region",
      text: edited(["primary: east", "primary: eats"]),
      problems: [
        '13:41: dns.policy.primary: expected the id of a region (east, west), found "eats", did you mean east?',
      ],
    },
    {
      name: "a secondary that is no region",
      text: edited(["secondary: west", "secondary: gcp"]),
      problems: ['13:58: dns.policy.secondary: expected the id of a region (east, west), found "gcp"'],
    },
    {
      name: "one region as primary and secondary",
      text: edited(["secondary: west", "secondary: east"]),
      problems: ['13:58: dns.policy.secondary: expected another region than the primary, found "east"'],
    },
    {
      name: "a failover primary without a health check",
      text: edited(["    region: us-east-1", "    region: us-east-1\n    dnsHealthCheck: false"]),
      problems: [
        "5:21: regions[0].dnsHealthCheck: expected true, because Route 53 refuses a failover primary without a health check, found false",
      ],
    },
    {
      name: "failover with one region",
      text: SMALLEST.replace(/ {2}- id: west[^]*?(?=dns:)/, ""),
      problems: [
        "3:3: regions: expected at least 2 regions, because the routing is failover, found a list of 1",
        '9:58: dns.policy.secondary: expected the id of a region (east), found "west"',
      ],
    },
    {
      name: "latency routing without AWS regions",
      text: edited(LATENCY),
      problems: [
        "3:5: regions[0].awsRegion: missing: expected the AWS region nearest to this one, because the routing is latency",
        "7:5: regions[1].awsRegion: missing: expected the AWS region nearest to this one, because the routing is latency",
      ],
    },
    {
      name: "latency routing with one AWS region twice",
      text: edited(LATENCY, AWS_REGIONS[0], ["region: us-west-2", "region: us-west-2\n    awsRegion: us-east-1"]),
      problems: [
        '10:16: regions[1].awsRegion: expected an AWS region that no other region has, because Route 53 takes one latency record for each (regions[0].awsRegion has it already), found "us-east-1"',
      ],
    },
    {
      name: "latency routing with two addresses of one kind",
      text: edited(LATENCY, ...AWS_REGIONS, ["[192.0.2.10]", '[192.0.2.10, "2001:db8::1", 192.0.2.11]']),
      problems: [
        '7:87: regions[0].endpoint.addresses[2]: expected one IPv4 and one IPv6 address at most, because a latency record of Route 53 holds one value, found "192.0.2.11"',
      ],
    },
    {
      name: "a failover TTL over a minute",
      text: edited(["secondary: west", "secondary: west, ttlSeconds: 61"]),
      problems: [
        "13:76: dns.policy.ttlSeconds: expected at most 60 seconds, because users keep the answer of a region that failed for that long, found 61",
      ],
    },
    {
      name: "a latency TTL over a minute",
      text: edited(
        ["routing: failover, primary: east, secondary: west", "routing: latency, ttlSeconds: 300"],
        ...AWS_REGIONS,
      ),
      problems: [
        "15:43: dns.policy.ttlSeconds: expected at most 60 seconds, because users keep the answer of a region that failed for that long, found 300",
      ],
    },
    {
      name: "a host outside of the zone",
      text: edited(["zone: example.com", "zone: ample.com"]),
      problems: ['1:30: service.host: expected a name in the zone ample.com, found "demo.example.com"'],
    },
    {
      name: "an endpoint at the service's own name",
      text: edited(["https://west.example.com", "https://demo.example.com:8443"]),
      problems: [
        '10:22: regions[1].endpoint.url: expected a host name of this region alone, not service.host: the health check would follow the very record it decides, found "https://demo.example.com:8443"',
      ],
    },
    {
      name: "an endpoint without TLS",
      text: edited(["https://west.example.com", "http://west.example.com"]),
      problems: [
        '10:22: regions[1].endpoint.url: expected an https URL (http is allowed under `local: true`), found "http://west.example.com"',
      ],
    },
    {
      name: "endpoints at bare addresses",
      text: edited(
        ["https://east.example.com", "https://192.0.2.10"],
        ["url: https://west.example.com", 'url: "https://[2001:db8::1]"'],
      ),
      problems: [
        `6:22: regions[0].endpoint.url: expected a host name: Cloudflare's edge fetches no bare addresses (allowed under \`local: true\`), found "https://192.0.2.10"`,
        `10:22: regions[1].endpoint.url: expected a host name: Cloudflare's edge fetches no bare addresses (allowed under \`local: true\`), found "https://[2001:db8::1]"`,
      ],
    },
    {
      name: "an endpoint with two mistakes",
      text: edited(["https://west.example.com", "http://192.0.2.10"]),
      problems: [
        `10:22: regions[1].endpoint.url: expected a host name: Cloudflare's edge fetches no bare addresses (allowed under \`local: true\`), found "http://192.0.2.10"`,
        '10:22: regions[1].endpoint.url: expected an https URL (http is allowed under `local: true`), found "http://192.0.2.10"',
      ],
    },
    {
      name: "an endpoint without a domain",
      text: edited(["https://west.example.com", "https://localhost:8443"]),
      problems: [
        '10:22: regions[1].endpoint.url: expected a host name with a domain, which the whole world can resolve (bare names are for `local: true`), found "https://localhost:8443"',
      ],
    },
    {
      name: "addresses that no checker reaches",
      text: edited(
        ["[192.0.2.10]", "[127.0.0.1, 10.1.2.3, 172.31.0.1, 192.168.0.1, 169.254.1.1, 224.0.0.1]"],
        ["[198.51.100.20]", '["::1", "fe80::1", "fd00::1", "ff02::1", "::ffff:192.0.2.1"]'],
      ),
      problems: [
        `6:60: regions[0].endpoint.addresses[0]: expected an address that Route 53's checkers can reach, which loopback addresses are not (allowed under \`local: true\`), found "127.0.0.1"`,
        `6:71: regions[0].endpoint.addresses[1]: expected an address that Route 53's checkers can reach, which private addresses are not (allowed under \`local: true\`), found "10.1.2.3"`,
        `6:81: regions[0].endpoint.addresses[2]: expected an address that Route 53's checkers can reach, which private addresses are not (allowed under \`local: true\`), found "172.31.0.1"`,
        `6:93: regions[0].endpoint.addresses[3]: expected an address that Route 53's checkers can reach, which private addresses are not (allowed under \`local: true\`), found "192.168.0.1"`,
        `6:106: regions[0].endpoint.addresses[4]: expected an address that Route 53's checkers can reach, which link-local addresses are not (allowed under \`local: true\`), found "169.254.1.1"`,
        `6:119: regions[0].endpoint.addresses[5]: expected an address that Route 53's checkers can reach, which multicast addresses are not (allowed under \`local: true\`), found "224.0.0.1"`,
        `10:60: regions[1].endpoint.addresses[0]: expected an address that Route 53's checkers can reach, which loopback addresses are not (allowed under \`local: true\`), found "::1"`,
        `10:67: regions[1].endpoint.addresses[1]: expected an address that Route 53's checkers can reach, which link-local addresses are not (allowed under \`local: true\`), found "fe80::1"`,
        `10:78: regions[1].endpoint.addresses[2]: expected an address that Route 53's checkers can reach, which private addresses are not (allowed under \`local: true\`), found "fd00::1"`,
        `10:89: regions[1].endpoint.addresses[3]: expected an address that Route 53's checkers can reach, which multicast addresses are not (allowed under \`local: true\`), found "ff02::1"`,
        `10:100: regions[1].endpoint.addresses[4]: expected an address that Route 53's checkers can reach, which IPv4-mapped addresses are not (allowed under \`local: true\`), found "::ffff:192.0.2.1"`,
      ],
    },
    {
      name: "an interval that Route 53 does not have",
      text: edited(["  policy:", "  healthCheck: { intervalSeconds: 20 }\n  policy:"]),
      problems: [
        "13:35: dns.healthCheck.intervalSeconds: expected 10 or 30 seconds, the intervals that Route 53 has (others are allowed under `local: true`), found 20",
      ],
    },
    {
      name: "a probe interval under ten seconds",
      text: extended("probe: { intervalSeconds: 5 }"),
      problems: [
        "14:27: probe.intervalSeconds: expected a whole number from 10 to 3600 seconds (shorter ones and fractions are allowed under `local: true`), found 5",
      ],
    },
    {
      name: "a probe interval that is no whole number",
      text: extended("probe: { intervalSeconds: 10.5 }"),
      problems: [
        "14:27: probe.intervalSeconds: expected a whole number from 10 to 3600 seconds (shorter ones and fractions are allowed under `local: true`), found 10.5",
      ],
    },
    {
      name: "a timeout over half of the interval",
      text: extended("probe: { intervalSeconds: 10, timeoutMs: 5001 }"),
      problems: [
        "14:42: probe.timeoutMs: expected at most 5000 milliseconds, half of probe.intervalSeconds, so that a round ends before the next one starts, found 5001",
      ],
    },
    {
      name: "a default timeout over half of the interval",
      text: extended("local: true", "probe: { intervalSeconds: 2 }"),
      problems: [
        "15:8: probe.timeoutMs: expected at most 1000 milliseconds, half of probe.intervalSeconds, so that a round ends before the next one starts, found the default of 2500",
      ],
    },
    {
      name: "a latency order with a region twice",
      text: extended("probe: { vantages: [{ id: a, hint: weur, latencyOrder: [us-east-1, eu-west-3, us-east-1] }] }"),
      problems: [
        '14:79: probe.vantages[0].latencyOrder[2]: expected each AWS region once (probe.vantages[0].latencyOrder[0] has it already), found "us-east-1"',
      ],
    },
    {
      name: "a resolver without TLS, one at a bare address, one twice",
      text: edited([
        "  policy:",
        "  resolvers: [http://dns.google/dns-query, https://8.8.8.8/dns-query, https://dns.google/dns-query, https://dns.google/dns-query]\n  policy:",
      ]),
      problems: [
        '13:15: dns.resolvers[0]: expected an https URL (http is allowed under `local: true`), found "http://dns.google/dns-query"',
        `13:44: dns.resolvers[1]: expected a host name: Cloudflare's edge fetches no bare addresses (allowed under \`local: true\`), found "https://8.8.8.8/dns-query"`,
        '13:101: dns.resolvers[3]: expected each resolver once (dns.resolvers[2] has it already), found "https://dns.google/dns-query"',
      ],
    },
    {
      name: "neither resolvers nor name servers",
      text: edited(["  policy:", "  resolvers: []\n  policy:"]),
      problems: ["13:14: dns.resolvers: expected at least one resolver, or name servers to ask, found an empty list"],
    },
    {
      name: "maintenance of a region that is not there, on one day twice, under one name",
      text: extended(
        "maintenance:",
        "  - { name: a, regions: [wets, east], weekdays: [sun, sun], start: '02:00', durationMinutes: 9, timeZone: UTC }",
        "  - { name: a, regions: [east, east], weekdays: [sun], start: '02:00', durationMinutes: 9, timeZone: UTC }",
      ),
      problems: [
        '15:26: maintenance[0].regions[0]: expected a region of this topology (east, west), found "wets"',
        '15:55: maintenance[0].weekdays[1]: expected each weekday once (maintenance[0].weekdays[0] has it already), found "sun"',
        '16:13: maintenance[1].name: expected a name that no other window has (maintenance[0].name has it already), found "a"',
        '16:32: maintenance[1].regions[1]: expected each region once (maintenance[1].regions[0] has it already), found "east"',
      ],
    },
    {
      name: "a router that would call itself",
      text: extended("router: { mode: proxy, host: east.example.com }"),
      problems: [
        '14:30: router.host: expected a name that is no region\'s endpoint, because the router would call itself, found "east.example.com"',
      ],
    },
    {
      name: "a router's order with a region that is not there, and one that is there twice",
      text: extended("router: { steering: { by: failover, order: [wets, east, east] } }"),
      problems: [
        '14:45: router.steering.order[0]: expected the id of a region (east, west), found "wets", did you mean west?',
        '14:57: router.steering.order[2]: expected each region once (router.steering.order[1] has it already), found "east"',
      ],
    },
    {
      name: "a router's weights of nobody",
      text: extended("router: { steering: { by: weighted, weights: { north: 1 } } }"),
      problems: ["14:48: router.steering.weights.north: unknown key `north`, known here: east, west"],
    },
    {
      name: "a router's weights that are all zero",
      text: extended("router: { steering: { by: weighted, weights: { east: 0 } } }"),
      problems: ["14:46: router.steering.weights: expected a weight above 0 for one region at least, found a mapping"],
    },
    {
      name: "a router's places that two regions have",
      text: extended("router: { steering: { by: geo, places: { east: [BE], west: ['country:BE'] } } }"),
      problems: [
        '14:61: router.steering.places.west[0]: expected a place that no other region has (router.steering.places.east[0] has it already), found "country:BE"',
      ],
    },
    {
      name: "a router by proximity between regions without a place",
      text: extended("router: { steering: { by: proximity } }"),
      problems: [
        "3:5: regions[0].coordinates: missing: expected coordinates, or the AWS region that it is in, because the router steers by proximity",
        "7:5: regions[1].coordinates: missing: expected coordinates, or the AWS region that it is in, because the router steers by proximity",
      ],
    },
    {
      name: "two objectives of one name",
      text: extended(
        "objectives:",
        "  - { name: availability, target: 0.999, windowDays: 30 }",
        "  - { name: availability, target: 0.99, windowDays: 7 }",
      ),
      problems: [
        '16:13: objectives[1].name: expected a name that no other objective has (objectives[0].name has it already), found "availability"',
      ],
    },
    {
      name: "objectives whose parts do not go together",
      text: extended(
        "objectives:",
        "  - { name: a, target: 0.99, windowDays: 30, thresholdMs: 300, timeSliceTarget: 0.9 }",
        "  - { name: b, target: 0.99, windowDays: 30, indicator: latency, method: timeslices, timeSliceMinutes: 1 }",
        "  - { name: c, target: 0.99, windowDays: 30, indicator: latency, thresholdMs: 2501, region: easst }",
        "probe: { intervalSeconds: 90 }",
      ),
      problems: [
        "15:59: objectives[0].thresholdMs: expected nothing: availability has no threshold, found 300",
        "15:81: objectives[0].timeSliceTarget: expected nothing: only timeslices have it, found 0.9",
        "16:5: objectives[1].thresholdMs: missing: expected milliseconds, the longest good fetch",
        "16:5: objectives[1].timeSliceTarget: missing: expected the share of its looks that makes a slice good, such as 0.9",
        "16:104: objectives[1].timeSliceMinutes: expected at least 2 minutes, so that a round is made in each slice, found 1",
        "17:79: objectives[2].thresholdMs: expected at most 2500 milliseconds, as long as a probe waits, found 2501",
        '17:93: objectives[2].region: expected the id of a region (east, west), found "easst", did you mean east?',
      ],
    },
    {
      name: "a slice of the default length that is too short",
      text: extended(
        "objectives: [ { name: b, target: 0.99, windowDays: 30, method: timeslices, timeSliceTarget: 0.9 } ]",
        "probe: { intervalSeconds: 600 }",
      ),
      problems: [
        "14:15: objectives[0].timeSliceMinutes: expected at least 10 minutes, so that a round is made in each slice, found the default of 5",
      ],
    },
  ])("$name", ({ text, problems }) => {
    expect(problemLines(text)).toEqual(problems);
  });
});
