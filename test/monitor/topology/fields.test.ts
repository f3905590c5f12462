// Each field by itself: missing, unknown, of another type, of another form, out of range. Every text has its full list of
// problems, so that nothing else may be said about it.
import { describe, expect, test } from "vitest";
import { edited, extended, problemLines } from "../../support/topology-text.ts";

describe("fields that are wrong by themselves", () => {
  test.each([
    {
      name: "an unknown key near a known one",
      text: extended("probe:", "  intervall: 30"),
      problems: [
        "15:3: probe.intervall: unknown key `intervall`, did you mean `intervalSeconds`? Known here: intervalSeconds, timeoutMs, phases, vantages",
      ],
    },
    {
      name: "an unknown key that is like no other",
      text: extended("probe:", "  colour: 30"),
      problems: ["15:3: probe.colour: unknown key `colour`, known here: intervalSeconds, timeoutMs, phases, vantages"],
    },
    {
      name: "unknown keys in several places",
      text: edited(["name: demo,", "name: demo, nmae: x,"], ["zone:", "zones: []\n  zone:"]),
      problems: [
        "1:24: service.nmae: unknown key `nmae`, did you mean `name`? Known here: name, host, image, imagePullSecret, priorityClass",
        "12:3: dns.zones: unknown key `zones`, did you mean `zone`? Known here: zone, policy, healthCheck, timing, nameServers, resolvers",
      ],
    },
    {
      name: "a missing section",
      text: edited(["service: { name: demo, host: demo.example.com, image: demo:1 }\n", ""]),
      problems: [
        "1:1: service: missing: expected a mapping with the keys name, host, image, imagePullSecret, priorityClass",
      ],
    },
    {
      name: "a missing section under a heading",
      text: `# What we watch\n${edited(["service: { name: demo, host: demo.example.com, image: demo:1 }\n", ""])}`,
      problems: [
        "2:1: service: missing: expected a mapping with the keys name, host, image, imagePullSecret, priorityClass",
      ],
    },
    {
      name: "timings out of range",
      text: edited([
        "  policy:",
        "  timing: { propagationSeconds: -1, apiPropagationSeconds: 3601, slackSeconds: 3601 }\n  policy:",
      ]),
      problems: [
        "13:33: dns.timing.propagationSeconds: expected a whole number from 0 to 3600 seconds, found -1",
        "13:60: dns.timing.apiPropagationSeconds: expected a whole number from 0 to 3600 seconds, found 3601",
        "13:80: dns.timing.slackSeconds: expected a whole number from 0 to 3600 seconds, found 3601",
      ],
    },
    {
      name: "a missing field",
      text: edited(["url: https://east.example.com, ", ""]),
      problems: [
        "6:15: regions[0].endpoint.url: missing: expected a URL of scheme, host and perhaps port alone, such as https://use1.demo.example.com",
      ],
    },
    {
      name: "missing fields in two places",
      text: edited(["image: demo:1", ""], ["  zone: example.com\n", ""]),
      problems: [
        "1:10: service.image: missing: expected a container image such as ghcr.io/your-org/multicloud-demo:1.0.0",
        "12:3: dns.zone: missing: expected a DNS name in lower case without a final dot, such as demo.example.com",
      ],
    },
    {
      name: "a section without a value",
      text: extended("probe:"),
      problems: [
        "14:1: probe: expected a mapping with the keys intervalSeconds, timeoutMs, phases, vantages, found nothing",
      ],
    },
    {
      name: "a field without a value",
      text: edited(["zone: example.com", "zone:"]),
      problems: [
        "12:3: dns.zone: expected a DNS name in lower case without a final dot, such as demo.example.com, found nothing",
      ],
    },
    {
      name: "a text where a number belongs",
      text: extended("probe:", '  timeoutMs: "2500"'),
      problems: ['15:14: probe.timeoutMs: expected a whole number from 50 to 60000 milliseconds, found "2500"'],
    },
    {
      name: "a number where a text belongs",
      text: edited(["name: demo", "name: 7"]),
      problems: [
        "1:18: service.name: expected a service name of at most 63 lower case letters, digits and hyphens, with no hyphen at either end, found 7",
      ],
    },
    {
      name: "a list where a mapping belongs",
      text: edited(["cluster: { context: west }", "cluster: [west]"]),
      problems: ["9:14: regions[1].cluster: expected a mapping with the keys context, replicas, found a list of 1"],
    },
    {
      name: "a mapping where a list belongs",
      text: edited(["addresses: [192.0.2.10]", "addresses: { a: 192.0.2.10 }"]),
      problems: ["6:59: regions[0].endpoint.addresses: expected a list of 1 to 16 addresses, found a mapping"],
    },
    {
      name: "yes, which is a text in YAML 1.2",
      text: extended("local: yes"),
      problems: ['14:8: local: expected true or false, found "yes"'],
    },
    {
      name: "numbers out of range",
      text: extended("probe: { intervalSeconds: 4000, timeoutMs: 10 }"),
      problems: [
        "14:27: probe.intervalSeconds: expected a number from 10 to 3600 seconds (from 0.2 under `local: true`), in whole milliseconds, found 4000",
        "14:44: probe.timeoutMs: expected a whole number from 50 to 60000 milliseconds, found 10",
      ],
    },
    {
      name: "a fraction of a replica",
      text: edited(["context: east", "context: east, replicas: 1.5"]),
      problems: ["5:41: regions[0].cluster.replicas: expected a whole number from 1 to 1000 replicas, found 1.5"],
    },
    {
      name: "a threshold of 11",
      text: edited(["  policy:", "  healthCheck: { failureThreshold: 11 }\n  policy:"]),
      problems: [
        "13:36: dns.healthCheck.failureThreshold: expected a whole number from 1 to 10 looks in a row, found 11",
      ],
    },
    {
      name: "a health path without its slash",
      text: edited(["  policy:", "  healthCheck: { path: healthz }\n  policy:"]),
      problems: [
        '13:24: dns.healthCheck.path: expected a path that starts with / and has at most 255 characters, none of them a space or #, found "healthz"',
      ],
    },
    {
      name: "a health path of 256 characters",
      text: edited(["  policy:", `  healthCheck: { path: /${"x".repeat(255)} }\n  policy:`]),
      problems: [
        `13:24: dns.healthCheck.path: expected a path that starts with / and has at most 255 characters, none of them a space or #, found "/${"x".repeat(79)}…"`,
      ],
    },
    {
      name: "region ids that are no labels",
      text: edited(["id: east", "id: East_1"], ["id: west", "id: -west"]),
      problems: [
        '3:9: regions[0].id: expected a region id of at most 63 lower case letters, digits and hyphens, with no hyphen at either end, found "East_1"',
        '7:9: regions[1].id: expected a region id of at most 63 lower case letters, digits and hyphens, with no hyphen at either end, found "-west"',
      ],
    },
    {
      name: "a host with a final dot",
      text: edited(["host: demo.example.com", "host: demo.example.com."]),
      problems: [
        '1:30: service.host: expected a DNS name in lower case without a final dot, such as demo.example.com, found "demo.example.com."',
      ],
    },
    {
      name: "a URL with a path",
      text: edited(["https://east.example.com", "https://east.example.com/healthz"]),
      problems: [
        '6:22: regions[0].endpoint.url: expected a URL of scheme, host and perhaps port alone, such as https://use1.demo.example.com, found "https://east.example.com/healthz"',
      ],
    },
    {
      name: "a URL with a query",
      text: edited(["https://east.example.com", "https://east.example.com?a=b"]),
      problems: [
        '6:22: regions[0].endpoint.url: expected a URL of scheme, host and perhaps port alone, such as https://use1.demo.example.com, found "https://east.example.com?a=b"',
      ],
    },
    {
      name: "a URL with credentials",
      text: edited(["https://east.example.com", "https://me:secret@east.example.com"]),
      problems: [
        '6:22: regions[0].endpoint.url: expected a URL of scheme, host and perhaps port alone, such as https://use1.demo.example.com, found "https://…@east.example.com"',
      ],
    },
    {
      name: "a URL of another scheme",
      text: edited(["https://east.example.com", "tcp://east.example.com"]),
      problems: [
        '6:22: regions[0].endpoint.url: expected a URL of scheme, host and perhaps port alone, such as https://use1.demo.example.com, found "tcp://east.example.com"',
      ],
    },
    {
      name: "a URL whose host is a number in disguise",
      text: edited(["https://east.example.com", "https://127.1"]),
      problems: [
        '6:22: regions[0].endpoint.url: expected a URL of scheme, host and perhaps port alone, such as https://use1.demo.example.com, found "https://127.1"',
      ],
    },
    {
      name: "addresses that are none",
      text: edited(["[192.0.2.10]", "[192.0.2.256, 2001:db8::g, east.example.com]"]),
      problems: [
        '6:60: regions[0].endpoint.addresses[0]: expected an IPv4 or IPv6 address, found "192.0.2.256"',
        '6:73: regions[0].endpoint.addresses[1]: expected an IPv4 or IPv6 address, found "2001:db8::g"',
        '6:86: regions[0].endpoint.addresses[2]: expected an IPv4 or IPv6 address, found "east.example.com"',
      ],
    },
    {
      name: "no addresses",
      text: edited(["[192.0.2.10]", "[]"]),
      problems: ["6:59: regions[0].endpoint.addresses: expected a list of 1 to 16 addresses, found an empty list"],
    },
    {
      name: "no regions",
      text: "service: { name: demo, host: demo.example.com, image: demo:1 }\nregions: []\ndns: { zone: example.com, policy: { routing: simple } }\n",
      problems: ["2:10: regions: expected a list of 1 to 100 regions, found an empty list"],
    },
    {
      name: "names of objects and of a cloud that are none",
      text: edited(
        ["image: demo:1", "image: demo:1, imagePullSecret: My_Secret, priorityClass:"],
        ["region: us-east-1", "region: us-east-1\n    cloud: Amazon Web Services"],
      ),
      problems: [
        '1:80: service.imagePullSecret: expected the name of a Secret in every cluster: lower case letters, digits, hyphens and dots, found "My_Secret"',
        "1:91: service.priorityClass: expected the name of a PriorityClass in every cluster: lower case letters, digits, hyphens and dots, found nothing",
        '5:12: regions[0].cloud: expected a cloud such as aws, gcp or azure of at most 63 lower case letters, digits and hyphens, with no hyphen at either end, found "Amazon Web Services"',
      ],
    },
    {
      name: "an AWS region by its place",
      text: edited(["region: us-east-1", "region: us-east-1\n    awsRegion: EU"]),
      problems: ['5:16: regions[0].awsRegion: expected an AWS region code such as us-east-1, found "EU"'],
    },
    {
      name: "a routing policy that Route 53 does not have",
      text: edited(["routing: failover", "routing: random"]),
      problems: [
        '13:22: dns.policy.routing: expected simple, failover, latency, weighted, geolocation, geoproximity, multivalue or ip-based, found "random"',
      ],
    },
    {
      name: "a policy without its routing",
      text: edited(["routing: failover, ", ""]),
      problems: [
        "13:11: dns.policy.routing: missing: expected simple, failover, latency, weighted, geolocation, geoproximity, multivalue or ip-based",
      ],
    },
    {
      name: "a failover policy without its secondary",
      text: edited([", secondary: west", ""]),
      problems: [
        "13:11: dns.policy.secondary: missing: expected the id of a region of at most 63 lower case letters, digits and hyphens, with no hyphen at either end",
      ],
    },
    {
      name: "a key of another routing policy",
      text: edited(["routing: failover, primary: east, secondary: west", "routing: simple, primary: east"]),
      problems: ["13:30: dns.policy.primary: unknown key `primary`, known here: routing, ttlSeconds"],
    },
    {
      name: "a TTL over two days",
      text: edited(["secondary: west", "secondary: west, ttlSeconds: 172801"]),
      problems: ["13:76: dns.policy.ttlSeconds: expected a whole number from 1 to 172800 seconds, found 172801"],
    },
    {
      name: "name servers of no known form",
      text: edited([
        "  policy:",
        '  nameServers: ["2001:db8::53", "ns1.example.com:0", "[::1]:53", "ns1.example.com"]\n  policy:',
      ]),
      problems: [
        '13:17: dns.nameServers[0]: expected a name server as host, host:port or [IPv6]:port, such as ns1.example.com or [2001:db8::53]:5353, found "2001:db8::53"',
        '13:33: dns.nameServers[1]: expected a name server as host, host:port or [IPv6]:port, such as ns1.example.com or [2001:db8::53]:5353, found "ns1.example.com:0"',
      ],
    },
    {
      name: "a location hint with a slip",
      text: extended("probe: { vantages: [{ id: a, hint: wenr }] }"),
      problems: [
        `14:36: probe.vantages[0].hint: expected a location hint of Cloudflare's (wnam, enam, sam, weur, eeur, apac, apac-ne, apac-se, oc, afr, me), found "wenr", did you mean weur?`,
      ],
    },
    {
      name: "client subnets that are none",
      text: extended(
        "probe:",
        "  vantages:",
        "    - { id: a, hint: weur, clientSubnet: 198.51.100.7/24 }",
        "    - { id: b, hint: weur, clientSubnet: 0.0.0.0/0 }",
        "    - { id: c, hint: weur, clientSubnet: 198.51.100.0 }",
      ),
      problems: [
        '16:42: probe.vantages[0].clientSubnet: expected a CIDR block with its host bits zero, /8 to /32 for IPv4 or /16 to /128 for IPv6, such as 198.51.100.0/24, found "198.51.100.7/24"',
        '17:42: probe.vantages[1].clientSubnet: expected a CIDR block with its host bits zero, /8 to /32 for IPv4 or /16 to /128 for IPv6, such as 198.51.100.0/24, found "0.0.0.0/0"',
        '18:42: probe.vantages[2].clientSubnet: expected a CIDR block with its host bits zero, /8 to /32 for IPv4 or /16 to /128 for IPv6, such as 198.51.100.0/24, found "198.51.100.0"',
      ],
    },
    {
      name: "an objective in percent",
      text: extended("objectives: [{ name: availability, target: 99.9, windowDays: 30 }]"),
      problems: ["14:44: objectives[0].target: expected a share over 0 and under 1, such as 0.999, found 99.9"],
    },
    {
      name: "maintenance that recurs at no time and nowhere",
      text: extended(
        "maintenance:",
        "  - { name: Patches, weekdays: [sunday], start: '24:00', durationMinutes: 1441, timeZone: Mars/Base }",
      ),
      problems: [
        '15:13: maintenance[0].name: expected a name of at most 63 lower case letters, digits and hyphens, with no hyphen at either end, found "Patches"',
        '15:33: maintenance[0].weekdays[0]: expected a weekday (mon, tue, wed, thu, fri, sat, sun), found "sunday"',
        '15:49: maintenance[0].start: expected a time of day from 00:00 to 23:59, found "24:00"',
        "15:75: maintenance[0].durationMinutes: expected a whole number from 1 to 1440 minutes, found 1441",
        '15:91: maintenance[0].timeZone: expected a time zone of the IANA database, such as Europe/Brussels or UTC, found "Mars/Base"',
      ],
    },
    {
      name: "a router that does something else",
      text: extended(
        "router: { mode: on, host: Demo.example.com, steering: { by: chance }, affinity: { cookie: a=b } }",
      ),
      problems: [
        '14:17: router.mode: expected what the router does (off, redirect, proxy), found "on"',
        '14:27: router.host: expected a DNS name in lower case without a final dot, such as edge.demo.example.com, found "Demo.example.com"',
        '14:61: router.steering.by: expected failover, weighted, geo, proximity or latency, found "chance"',
        '14:91: router.affinity.cookie: expected the name of a cookie of at most 64 letters, digits, hyphens and underscores, found "a=b"',
      ],
    },
    {
      name: "a router whose retries know no bound",
      text: extended("router: { retry: { waitMs: 0, bodyBytesMax: 1000000, budgetShare: 2 } }"),
      problems: [
        "14:28: router.retry.waitMs: expected a whole number from 50 to 60000 milliseconds, found 0",
        "14:45: router.retry.bodyBytesMax: expected a whole number from 0 to 131072 bytes, found 1000000",
        "14:67: router.retry.budgetShare: expected a share from 0 to 1, such as 0.2, found 2",
      ],
    },
  ])("$name", ({ text, problems }) => {
    expect(problemLines(text)).toEqual(problems);
  });
});
