// The parser as a whole: defaults, everything that is wrong at once, and laws that hold for any text.
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import shipped from "../../../manifests/topology.yaml?raw";
import { parseTopology } from "../../../monitor/topology/parse.ts";
import { ROUTINGS, type Topology } from "../../../monitor/topology/topology.ts";
import { zoneOf } from "../../../monitor/topology/zone.ts";
import { ROUTER_OFF } from "../../support/example-topology.ts";
import { anyTopologyFile } from "../../support/topology-file.ts";
import { problemLines, ROOT_KEYS, SMALLEST, topologyOf } from "../../support/topology-text.ts";

test("the smallest file gets every default", () => {
  const region = { awsRegion: null, dnsHealthCheck: true };
  expect(topologyOf(SMALLEST)).toEqual({
    local: false,
    service: { name: "demo", host: "demo.example.com", image: "demo:1" },
    regions: [
      {
        id: "east",
        region: "us-east-1",
        cluster: { context: "east", replicas: 2 },
        endpoint: { url: "https://east.example.com", addresses: ["192.0.2.10"] },
        ...region,
      },
      {
        id: "west",
        region: "us-west-2",
        cluster: { context: "west", replicas: 2 },
        endpoint: { url: "https://west.example.com", addresses: ["198.51.100.20"] },
        ...region,
      },
    ],
    dns: {
      zone: "example.com",
      policy: { routing: "failover", primary: "east", secondary: "west", ttlSeconds: 60 },
      healthCheck: { path: "/healthz", intervalSeconds: 30, failureThreshold: 3 },
      timing: { propagationSeconds: 60, apiPropagationSeconds: 60, slackSeconds: 10 },
      nameServers: [],
      resolvers: ["https://dns.google/dns-query"],
    },
    probe: {
      intervalSeconds: 30,
      timeoutMs: 2500,
      phases: "dial",
      vantages: ["enam", "wnam", "weur", "apac-se", "oc"].map((hint) => ({
        id: hint,
        hint,
        clientSubnet: null,
        latencyOrder: [],
      })),
    },
    router: ROUTER_OFF,
    objectives: [],
    alerts: [],
  });
});

test("the shipped example is the proof of concept's own set-up", () => {
  expect(problemLines(shipped)).toEqual([]);
  const topology = topologyOf(shipped);
  expect(topology.regions.map(({ id, region, awsRegion }) => [id, region, awsRegion])).toEqual([
    ["aws-us-east-1", "us-east-1", "us-east-1"],
    ["gcp-europe-west1", "europe-west1", "eu-west-3"],
  ]);
  expect(topology.dns.policy).toEqual({
    routing: "failover",
    primary: "aws-us-east-1",
    secondary: "gcp-europe-west1",
    ttlSeconds: 60,
  });
  expect(shipped.split("\n")[0]).toBe("# yaml-language-server: $schema=./topology.schema.json");
});

test("the alternatives that the shipped example keeps as comments are valid too", () => {
  const policies = [...shipped.matchAll(/^ {2}# (policy: .*)$/gm)].map(([, line = ""]) => line);
  const routings = policies.map((line) => {
    const other = shipped.replace(/ {2}policy:\n {4}routing: failover[^]*?(?= {2}# Or)/, `  ${line}\n`);
    return topologyOf(other).dns.policy.routing;
  });
  expect(routings.toSorted()).toEqual(ROUTINGS.filter((one) => one !== "simple" && one !== "failover").toSorted());
  const vantages = shipped.replace(/^( +)# (vantages:| {2}- \{ id)/gm, "$1$2");
  expect(topologyOf(vantages).probe.vantages.map(({ id }) => id)).toEqual(["enam", "weur", "apac"]);
  const placed = shipped.replace("    # coordinates:", "    coordinates:");
  expect(topologyOf(placed).regions[1]?.coordinates).toEqual({ latitude: 50.47, longitude: 3.82 });
});

test("everything that is wrong is told at once, in the order of the file", () => {
  const text = `servce: x
service:
  name: Multi_Cloud
  host: "\${HOST}"
  image: [a]
  owner: me
regions:
  - id: a
    region: r
    awsRegion: moon
    cluster: { context: -x, replicas: 0 }
    endpoint: { url: http://10.0.0.1/x, addresses: [] }
  - id: a
    region:
    cluster: {}
    endpoint:
      url: https://1.2.3.4
      addresses: [10.0.0.1, 10.0.0.1, "::1", foo]
  - 7
dns:
  zone: example.com
  zone: other.com
  policy: { routing: random }
  healthCheck: { intervall: 30, interval: 20, intervalSeconds: 11, path: healthz }
  nameServers: [1::2, ns1.example.com:0, "[::1]:53"]
  resolvers: [http://8.8.8.8/dns-query]
probe:
  intervalSeconds: 5
  timeoutMs: 2501
  vantages:
    - { id: enam, hint: enan, clientSubnet: 10.0.0.1/8 }
    - { id: enam, hint: enam, clientSubnet: "\${NOPE}" , latencyOrder: [us-east-1, us-east-1]}
router: { mode: forward }
objectives: [{ name: availability, target: 99.9, windowDays: 30 }]
alerts: [ 1 ]
__proto__: 3
"a b\\n": !foo 3
`;
  expect(problemLines(text, { HOST: "evil secret" })).toEqual([
    `1:1: servce: unknown key \`servce\`, did you mean \`service\`? Known here: ${ROOT_KEYS}`,
    '3:9: service.name: expected a service name of at most 63 lower case letters, digits and hyphens, with no hyphen at either end, found "Multi_Cloud"',
    '4:9: service.host: expected a DNS name in lower case without a final dot, such as demo.example.com, found "${HOST}" with its variables filled in',
    "5:10: service.image: expected a container image such as ghcr.io/your-org/multicloud-demo:1.0.0, found a list of 1",
    "6:3: service.owner: unknown key `owner`, known here: name, host, image, imagePullSecret, priorityClass",
    '10:16: regions[0].awsRegion: expected an AWS region code such as us-east-1, found "moon"',
    '11:25: regions[0].cluster.context: expected the name of a kubeconfig context, without spaces and not starting with a hyphen, found "-x"',
    "11:39: regions[0].cluster.replicas: expected a whole number from 1 to 1000 replicas, found 0",
    '12:22: regions[0].endpoint.url: expected a URL of scheme, host and perhaps port alone, such as https://use1.demo.example.com, found "http://10.0.0.1/x"',
    "12:52: regions[0].endpoint.addresses: expected a list of 1 to 16 addresses, found an empty list",
    '13:9: regions[1].id: expected a region id that no other region has (regions[0].id has it already), found "a"',
    "14:5: regions[1].region: expected a cloud region code of at most 63 lower case letters, digits and hyphens, with no hyphen at either end, found nothing",
    "15:14: regions[1].cluster.context: missing: expected the name of a kubeconfig context, without spaces and not starting with a hyphen",
    `17:12: regions[1].endpoint.url: expected a host name: Cloudflare's edge fetches no bare addresses (allowed under \`local: true\`), found "https://1.2.3.4"`,
    `18:19: regions[1].endpoint.addresses[0]: expected an address that Route 53's checkers can reach, which private addresses are not (allowed under \`local: true\`), found "10.0.0.1"`,
    '18:29: regions[1].endpoint.addresses[1]: expected an address that stands nowhere else (regions[1].endpoint.addresses[0] has it already), found "10.0.0.1"',
    `18:29: regions[1].endpoint.addresses[1]: expected an address that Route 53's checkers can reach, which private addresses are not (allowed under \`local: true\`), found "10.0.0.1"`,
    `18:39: regions[1].endpoint.addresses[2]: expected an address that Route 53's checkers can reach, which loopback addresses are not (allowed under \`local: true\`), found "::1"`,
    '18:46: regions[1].endpoint.addresses[3]: expected an IPv4 or IPv6 address, found "foo"',
    "19:5: regions[2]: expected a mapping with the keys id, region, cloud, awsRegion, cluster, endpoint, dnsHealthCheck, coordinates, found 7",
    "22:3: dns.zone: duplicate key `zone`: expected it once, found it in line 21 already",
    '23:22: dns.policy.routing: expected simple, failover, latency, weighted, geolocation, geoproximity, multivalue or ip-based, found "random"',
    "24:18: dns.healthCheck.intervall: unknown key `intervall`, did you mean `intervalSeconds`? Known here: path, intervalSeconds, failureThreshold",
    "24:33: dns.healthCheck.interval: unknown key `interval`, did you mean `intervalSeconds`? Known here: path, intervalSeconds, failureThreshold",
    "24:64: dns.healthCheck.intervalSeconds: expected 10 or 30 seconds, the intervals that Route 53 has (others are allowed under `local: true`), found 11",
    '24:74: dns.healthCheck.path: expected a path that starts with / and has at most 255 characters, none of them a space or #, found "healthz"',
    '25:17: dns.nameServers[0]: expected a name server as host, host:port or [IPv6]:port, such as ns1.example.com or [2001:db8::53]:5353, found "1::2"',
    '25:23: dns.nameServers[1]: expected a name server as host, host:port or [IPv6]:port, such as ns1.example.com or [2001:db8::53]:5353, found "ns1.example.com:0"',
    `26:15: dns.resolvers[0]: expected a host name: Cloudflare's edge fetches no bare addresses (allowed under \`local: true\`), found "http://8.8.8.8/dns-query"`,
    '26:15: dns.resolvers[0]: expected an https URL (http is allowed under `local: true`), found "http://8.8.8.8/dns-query"',
    "28:20: probe.intervalSeconds: expected a whole number from 10 to 3600 seconds (shorter ones and fractions are allowed under `local: true`), found 5",
    "29:14: probe.timeoutMs: expected at most 2500 milliseconds, half of probe.intervalSeconds, so that a round ends before the next one starts, found 2501",
    `31:25: probe.vantages[0].hint: expected a location hint of Cloudflare's (wnam, enam, sam, weur, eeur, apac, apac-ne, apac-se, oc, afr, me), found "enan", did you mean enam?`,
    '31:45: probe.vantages[0].clientSubnet: expected a CIDR block with its host bits zero, /8 to /32 for IPv4 or /16 to /128 for IPv6, such as 198.51.100.0/24, found "10.0.0.1/8"',
    '32:13: probe.vantages[1].id: expected a vantage id that no other vantage has (probe.vantages[0].id has it already), found "enam"',
    "32:45: probe.vantages[1].clientSubnet: expected a value for the variable ${NOPE}, found that it is not set",
    '32:83: probe.vantages[1].latencyOrder[1]: expected each AWS region once (probe.vantages[1].latencyOrder[0] has it already), found "us-east-1"',
    '33:17: router.mode: expected what the router does (off, redirect, proxy), found "forward"',
    "34:44: objectives[0].target: expected a share over 0 and under 1, such as 0.999, found 99.9",
    "35:11: alerts[0]: expected a mapping with the key kind, found 1",
    `36:1: __proto__: unknown key \`__proto__\`, known here: ${ROOT_KEYS}`,
    `37:1: "a b\\n": unknown key \`"a b\\n"\`, known here: ${ROOT_KEYS}`,
    "37:10: expected a value that needs no tag, found a tag that YAML's core schema does not have or that does not fit",
  ]);
});

describe("one wrong field anywhere", () => {
  const file = JSON.parse(JSON.stringify({ ...topologyOf(shipped), alerts: [] })) as Record<string, unknown>;
  const fields = fieldsOf(file, []);

  test.each(fields)("$name is told, also while another section is wrong", ({ name, path }) => {
    const other = path[0] === "service" ? { objectives: 7 } : { service: 7 };
    for (const wrong of [{ odd: 1 }, [[]], -1]) {
      const parsed = parseTopology(JSON.stringify({ ...(replaced(file, path, wrong) as object), ...other }));
      const paths = parsed.ok ? [] : parsed.problems.map((problem) => problem.path ?? "");
      expect(paths.filter((found) => found.startsWith(name))).not.toEqual([]);
      expect(paths).toContain(Object.keys(other)[0]);
    }
  });

  test("the list of fields is not empty", () => {
    expect(fields.length).toBeGreaterThan(50);
  });
});

describe("laws", () => {
  const variables = { NAME: "s3cr3t-V4lue" };
  const holds = (text: string): void => {
    const parsed = parseTopology(text, variables);
    if (parsed.ok) return;
    expect(parsed.problems.length).toBeGreaterThan(0);
    let before = { line: 0, column: 0 };
    for (const { message, line = 0, column = 0 } of parsed.problems) {
      expect(message).toMatch(/expected|known here/i);
      expect(message).not.toContain("Invalid input");
      expect(message).not.toContain(variables.NAME);
      expect(line * 1e6 + column).toBeGreaterThanOrEqual(before.line * 1e6 + before.column);
      expect(Math.min(line, column)).toBeGreaterThanOrEqual(1);
      expect(line).toBeLessThanOrEqual(text.split("\n").length);
      before = { line, column };
    }
  };

  test("any text is parsed or refused with problems in order, and nothing throws", () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.string({ unit: "binary" }), fc.json()), holds), { numRuns: 300 });
  });

  test("so is any text of YAML's own signs", () => {
    const sign = fc.constantFrom(
      ..."-?:,[]{}#&*!|>'\"%@` \t\n\r$ab1~<".split(""),
      "---",
      "...",
      ": ",
      "- ",
      "\n  ",
      "${NAME}",
    );
    fc.assert(
      fc.property(
        fc.array(sign, { maxLength: 60 }).map((signs) => signs.join("")),
        holds,
      ),
      { numRuns: 500 },
    );
  });

  test("so is the shipped example after any slips of the hand", () => {
    const slip = fc.record({
      at: fc.nat(shipped.length),
      length: fc.nat(12),
      put: fc.oneof(
        fc.string({ maxLength: 3 }),
        fc.constantFrom(
          "",
          "\n",
          "  ",
          "\t",
          ":",
          "- ",
          "[",
          "}",
          "'",
          "&a ",
          "*a",
          "!x ",
          "${NAME}",
          "${X}",
          "<<: ",
          "null",
          "0x1F",
          "1e999",
          ".nan",
        ),
      ),
    });
    fc.assert(
      fc.property(fc.array(slip, { minLength: 1, maxLength: 4 }), (slips) => {
        holds(slips.reduce((text, { at, length, put }) => text.slice(0, at) + put + text.slice(at + length), shipped));
      }),
      { numRuns: 300 },
    );
  });

  test("a valid topology's record sets are told apart by name, type and set identifier, and name checks that exist", () => {
    fc.assert(
      fc.property(anyTopologyFile, (file) => {
        const topology: Topology = topologyOf(JSON.stringify(file));
        const zone = zoneOf(topology);
        const keys = zone.recordSets.map(({ name, type, setIdentifier }) => `${name} ${type} ${setIdentifier ?? ""}`);
        expect(new Set(keys).size).toBe(keys.length);
        expect(keys.length).toBeGreaterThan(0);
        const checks = zone.healthChecks.map(({ id }) => id);
        const named = zone.recordSets.flatMap(({ healthCheckId }) => (healthCheckId === null ? [] : [healthCheckId]));
        expect(checks).toEqual(expect.arrayContaining(named));
      }),
    );
  });
});

interface Field {
  readonly name: string;
  readonly path: readonly (string | number)[];
}

/** Every field of a file, sections and items of lists included. */
function fieldsOf(value: unknown, path: Field["path"]): readonly Field[] {
  const name = path
    .map((step, index) => (typeof step === "number" ? `[${step}]` : index === 0 ? step : `.${step}`))
    .join("");
  const own = path.length === 0 ? [] : [{ name, path }];
  if (Array.isArray(value)) return [...own, ...value.flatMap((item, index) => fieldsOf(item, [...path, index]))];
  if (typeof value !== "object" || value === null) return own;
  return [...own, ...Object.entries(value).flatMap(([key, part]) => fieldsOf(part, [...path, key]))];
}

function replaced(value: unknown, path: Field["path"], by: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return by;
  const copy = structuredClone(value) as Record<string | number, unknown>;
  copy[step] = replaced(copy[step], rest, by);
  return copy;
}
