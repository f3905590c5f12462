// What the Worker asks of Route 53, in workerd, of a server that wants its requests signed: off without credentials, one check a
// round, spaced, backing off, and never more than something to show.
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, inject, test, vi } from "vitest";
import type { CheckerCount } from "../../monitor/model/health.ts";
import type { Topology } from "../../monitor/topology/topology.ts";
import { makeClock } from "../../monitor/wire/clock.ts";
import { parsePulledZone } from "../../monitor/zone/pulled-zone.ts";
import { type Checkers, openCheckerDesk } from "../../monitor/wire/checker-desk.ts";
import { Coordinator } from "../../worker/coordinator.ts";
import { readTopology, type WorkerEnv } from "../../worker/topology-text.ts";
import type { Route53Url } from "../contract/route53-address.ts";
import { SNAPSHOT_VALUE } from "../support/example-snapshot.ts";
import { EXAMPLE } from "../support/example-topology.ts";
import { coordinator, endEach } from "./stubs.ts";

const SNAPSHOT = JSON.stringify(SNAPSHOT_VALUE);
const KEYS = { AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY: "not-a-secret" };
const START = Date.UTC(2026, 10, 22, 12);

let now = START;
const clock = makeClock({ now: () => now, monotonicMs: () => performance.now() });
let told: string[] = [];

beforeEach(() => {
  now = START;
  told = [];
  vi.spyOn(console, "error").mockImplementation((line) => void told.push(String(line)));
});
endEach();

function envWith(over: Partial<WorkerEnv>): WorkerEnv {
  const url: Route53Url = inject("route53Url");
  return { ...env, ROUTE53_ENDPOINT: url, ...over };
}

/** The example's zone, with a health check of this id before the region in Europe. */
function topologyWith(id = "hc-gcp"): Topology {
  const zone = parsePulledZone(SNAPSHOT.replaceAll("hc-gcp", id), EXAMPLE);
  if (!zone.ok) throw new Error("the example's snapshot is well");
  return { ...EXAMPLE, pulledZone: zone.value };
}

function desk(over: Partial<WorkerEnv> = KEYS) {
  const opened = openCheckerDesk(envWith(over), clock);
  if (opened === null) throw new Error("expected a desk");
  return opened;
}

describe("the desk", () => {
  test("is not there without credentials, and half of them is told", () => {
    expect(openCheckerDesk(envWith({}), clock)).toBeNull();
    expect(told).toEqual([]);
    expect(openCheckerDesk(envWith({ AWS_ACCESS_KEY_ID: "AKIDEXAMPLE" }), clock)).toBeNull();
    expect(told).toHaveLength(1);
  });

  test("asks nothing where no zone was pulled", async () => {
    expect(await desk().readNext(EXAMPLE, {})).toBeNull();
  });

  test("reads one check a round, each in its turn, and none more often than its checkers look", async () => {
    const topology = topologyWith();
    const own = desk();
    const rounds: (Checkers | null)[] = [];
    const known: Record<string, CheckerCount> = {};
    for (let round = 0; round < 7; round += 1) {
      const read = await own.readNext(topology, known);
      rounds.push(read);
      Object.assign(known, read);
      now += 2000;
    }
    expect(rounds.map((read) => Object.keys(read ?? {}))).toEqual([
      ["hc-gcp"],
      ["hc-aws"],
      [],
      [],
      [],
      ["hc-gcp"],
      ["hc-aws"],
    ]);
    expect(known["hc-aws"]).toMatchObject({ healthy: 14, total: 16 });
    expect(known["hc-gcp"]).toMatchObject({ healthy: 0, total: 16 });
  });

  test("leaves a second and a half between two calls", async () => {
    const own = desk();
    expect(await own.readNext(topologyWith(), {})).not.toBeNull();
    now += 1400;
    expect(await own.readNext(topologyWith(), {})).toBeNull();
    now += 100;
    expect(await own.readNext(topologyWith(), {})).not.toBeNull();
  });

  test.each([
    ["throttled", "HTTP 400: Throttling"],
    ["gone", "HTTP 404: NoSuchHealthCheck"],
    ["moved", "HTTP 302: no AWS error code"],
    ["huge", "more than 65536 bytes"],
  ])("%s is told, and nobody is asked for half a minute", async (id, words) => {
    const own = desk();
    expect(await own.readNext(topologyWith(id), {})).toBeNull();
    expect(told).toEqual([expect.stringContaining(words)]);
    now += 29_000;
    expect(await own.readNext(topologyWith(id), {})).toBeNull();
    now += 1000;
    // The other check has its turn, and is well.
    expect(Object.keys((await own.readNext(topologyWith(id), {})) ?? {})).toEqual(["hc-aws"]);
  });

  test("a page that is not the API's is nothing learned", async () => {
    expect(await desk().readNext(topologyWith("html"), {})).toBeNull();
  });

  test("a wrong key, or nobody there, is told without any secret", async () => {
    expect(await desk({ ...KEYS, AWS_ACCESS_KEY_ID: "OTHER" }).readNext(topologyWith(), {})).toBeNull();
    expect(await desk({ ...KEYS, ROUTE53_ENDPOINT: "http://127.0.0.1:1" }).readNext(topologyWith(), {})).toBeNull();
    expect(told).toHaveLength(2);
    expect(told.join()).not.toContain("not-a-secret");
  });
});

describe("a pulled zone in the Worker", () => {
  /** The test's topology answers with loopback addresses. */
  const local = SNAPSHOT.replaceAll("192.0.2.10", "127.0.10.1")
    .replaceAll("198.51.100.20", "127.0.10.2")
    .replaceAll("use1.demo.multicloud.example.com", "127.0.10.1");

  test("is what DNS is held to", () => {
    const topology = readTopology(envWith({ ZONE_SNAPSHOT: local }));
    expect(topology.ok && topology.value.pulledZone?.regionOfCheck).toEqual({
      "hc-gcp": "gcp-europe-west1",
      "hc-aws": "aws-us-east-1",
    });
  });

  test("that is broken is told as a broken topology is, with its name", () => {
    const topology = readTopology(envWith({ ZONE_SNAPSHOT: local.replace("Z0123456789EXAMPLE", '"') }));
    expect(topology.ok).toBe(false);
    const other = readTopology(envWith({ ZONE_SNAPSHOT: local.replace("multicloud.example.com.", "example.org.") }));
    expect(other.ok ? [] : other.problems).toMatchObject([{ file: "ZONE_SNAPSHOT", path: "hostedZone.Name" }]);
    expect(told.join("\n")).toContain("ZONE_SNAPSHOT");
  });

  test("a round asks, and /status shows it without a vote", async () => {
    const stub = coordinator();
    const status = await runInDurableObject(stub, async (_instance, state) => {
      const object = new Coordinator(state, envWith({ ...KEYS, ZONE_SNAPSHOT: local }));
      await object.alarm();
      return object.readStatus();
    });
    expect(status.route53).toEqual([
      {
        healthCheck: "hc-gcp",
        region: "gcp-europe-west1",
        checkers: { healthy: 0, total: 16 },
        at: expect.stringMatching(/Z$/),
      },
    ]);
    expect(status.regions.map(({ health }) => health)).toEqual(["unknown", "unknown"]);
    expect(status.failover.routing).toBe("failover");
  });
});
