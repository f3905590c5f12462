// The laws of steering, for every way of it, any health, any drains and any dice; and a table of what each way prefers.
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Health } from "../../../monitor/policy/health-check.ts";
import { type Client, steeringMapOf, type SteeringMap, UNKNOWN_CLIENT } from "../../../monitor/steering/client.ts";
import type { Drains } from "../../../monitor/model/steering.ts";
import { NOTHING_KNOWN, type RoutingSnapshot } from "../../../monitor/steering/snapshot.ts";
import { failsOpen, FITNESS, holdAffinity, NO_SUSPECTS, steer } from "../../../monitor/steering/steer.ts";
import type { Steering } from "../../../monitor/topology/topology.ts";
import { EXAMPLE } from "../../support/example-topology.ts";

const IDS = ["a", "b", "c", "d"] as const;
const MAP: SteeringMap = {
  regions: [
    { id: "a", place: { latitude: 39, longitude: -77.5 } },
    { id: "b", place: { latitude: 48.9, longitude: 2.4 } },
    { id: "c", place: { latitude: -23.6, longitude: -46.6 } },
    { id: "d", place: null },
  ],
  vantages: [
    { id: "enam", place: { latitude: 39, longitude: -77.5 }, continent: "NA" },
    { id: "weur", place: { latitude: 50, longitude: 4 }, continent: "EU" },
  ],
};

/** Mostly well, so that regions which differ in one thing alone meet often. */
const health = fc.constantFrom<Health>("healthy", "healthy", "healthy", "unhealthy", "unknown");
const drain = fc.option(
  fc.record({
    kind: fc.constantFrom("drain" as const, "maintenance" as const),
    since: fc.nat(1000),
    until: fc.constant(5000),
  }),
  { freq: 2 },
);
const byRegion = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<Record<string, T>> =>
  fc
    .tuple(value, value, value, value)
    .map((all) => Object.fromEntries(all.map((one, index) => [IDS[index] ?? "", one])));

const snapshots: fc.Arbitrary<RoutingSnapshot> = fc
  .record({ health: byRegion(health), drains: byRegion(drain), latency: byRegion(fc.option(fc.nat(300))) })
  .map((drawn) => ({
    at: 1000,
    health: drawn.health,
    drains: Object.fromEntries(Object.entries(drawn.drains).filter(([, one]) => one !== null)) as Drains,
    latency: {
      weur: Object.fromEntries(Object.entries(drawn.latency).filter(([, ms]) => ms !== null)) as Record<string, number>,
    },
    colos: { enam: "IAD", weur: "BRU" },
  }));

const steerings = fc.oneof(
  fc.shuffledSubarray([...IDS]).map((order): Steering => ({ by: "failover", order })),
  byRegion(fc.nat(255)).map((weights): Steering => ({ by: "weighted", weights })),
  byRegion(fc.subarray(["EU", "NA", "BE", "US-CA", "*"])).map((places): Steering => ({ by: "geo", places })),
  fc.constantFrom<Steering>({ by: "proximity" }, { by: "latency" }),
);
const clients: fc.Arbitrary<Client> = fc.record({
  country: fc.constantFrom("BE", "US", null),
  continent: fc.constantFrom("EU", "NA", null),
  subdivision: fc.constantFrom("CA", null),
  coordinates: fc.option(
    fc.record({
      latitude: fc.double({ min: -90, max: 90, noNaN: true }),
      longitude: fc.double({ min: -180, max: 180, noNaN: true }),
    }),
  ),
  colo: fc.constantFrom("BRU", "IAD", "XXX", null),
});
const chances = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const suspects = fc.subarray([...IDS]).map((ids): ReadonlySet<string> => new Set(ids));

describe("whatever the steering", () => {
  test("the candidates are a permutation of the regions", () => {
    fc.assert(
      fc.property(clients, snapshots, suspects, steerings, chances, (client, snapshot, open, steering, chance) => {
        const ids = steer(client, MAP, snapshot, open, steering, chance).map(({ region }) => region);
        expect(ids.toSorted()).toEqual([...IDS]);
      }),
    );
  });

  test("no region that is drained, unhealthy or suspect stands before one that is healthy", () => {
    fc.assert(
      fc.property(clients, snapshots, suspects, steerings, chances, (client, snapshot, open, steering, chance) => {
        const candidates = steer(client, MAP, snapshot, open, steering, chance);
        const unfit = (id: string): boolean =>
          snapshot.health[id] !== "healthy" || snapshot.drains[id] !== undefined || open.has(id);
        const first = candidates[0]?.region ?? "";
        if (IDS.some((id) => !unfit(id))) expect(unfit(first)).toBe(false);
        const tiers = candidates.map(({ fitness }) => FITNESS.indexOf(fitness));
        expect(tiers).toEqual(tiers.toSorted((a, b) => a - b));
      }),
    );
  });

  test("the same inputs give the same candidates", () => {
    fc.assert(
      fc.property(clients, snapshots, steerings, chances, (client, snapshot, steering, chance) => {
        const once = steer(client, MAP, snapshot, NO_SUSPECTS, steering, chance);
        expect(steer(client, MAP, snapshot, NO_SUSPECTS, steering, chance)).toEqual(once);
      }),
    );
  });

  test("it fails open only when every region is unhealthy or closed", () => {
    fc.assert(
      fc.property(clients, snapshots, suspects, steerings, chances, (client, snapshot, open, steering, chance) => {
        const candidates = steer(client, MAP, snapshot, open, steering, chance);
        const usable = candidates.some(({ fitness }) => fitness !== "unhealthy" && fitness !== "closed");
        expect(failsOpen(candidates)).toBe(!usable);
      }),
    );
  });
});

describe("weighted", () => {
  const allHealthy = { ...NOTHING_KNOWN, health: Object.fromEntries(IDS.map((id) => [id, "healthy" as const])) };

  /** Evenly spread chances, so that the shares are the same in every run. */
  function shares(weights: Record<string, number>, snapshot: RoutingSnapshot): Record<string, number> {
    const rolls = 20_000;
    const counts: Record<string, number> = {};
    for (let roll = 0; roll < rolls; roll += 1) {
      const first = steer(
        UNKNOWN_CLIENT,
        MAP,
        snapshot,
        NO_SUSPECTS,
        { by: "weighted", weights },
        (roll + 0.5) / rolls,
      )[0];
      counts[first?.region ?? ""] = (counts[first?.region ?? ""] ?? 0) + 1 / rolls;
    }
    return counts;
  }

  test("shares converge on the weights", () => {
    fc.assert(
      fc.property(byRegion(fc.nat(255)), (weights) => {
        const sum = Object.values(weights).reduce((total, weight) => total + weight, 0);
        fc.pre(sum > 0);
        const seen = shares(weights, allHealthy);
        for (const id of IDS) expect(seen[id] ?? 0).toBeCloseTo((weights[id] ?? 0) / sum, 1.5);
      }),
      { numRuns: 20 },
    );
  });

  test("shares of those that are left converge on their weights", () => {
    const seen = shares(
      { a: 100, b: 30, c: 10, d: 0 },
      { ...allHealthy, health: { ...allHealthy.health, a: "unhealthy" } },
    );
    expect(seen["a"]).toBeUndefined();
    expect(seen["b"]).toBeCloseTo(0.75, 1.5);
    expect(seen["c"]).toBeCloseTo(0.25, 1.5);
    expect(seen["d"]).toBeUndefined();
  });
});

describe("affinity", () => {
  test("holds a client to its region as long as that is fit, and moves nobody else", () => {
    fc.assert(
      fc.property(
        snapshots,
        steerings,
        chances,
        fc.option(fc.constantFrom(...IDS)),
        (snapshot, steering, chance, held) => {
          const candidates = steer(UNKNOWN_CLIENT, MAP, snapshot, NO_SUSPECTS, steering, chance);
          const after = holdAffinity(candidates, held, snapshot, 0, snapshot.at);
          expect(after.map(({ region }) => region).toSorted()).toEqual([...IDS]);
          const own = candidates.find(({ region }) => region === held);
          const fit = own?.fitness === "healthy" || own?.fitness === "unknown";
          expect(after[0]?.region).toBe(fit ? held : candidates[0]?.region);
          const rest = (of: typeof after): readonly string[] =>
            of.map(({ region }) => region).filter((id) => id !== held);
          expect(rest(after)).toEqual(rest(candidates));
        },
      ),
    );
  });

  test("holds through a drain exactly as long as it was told, whatever the drain and the hour", () => {
    fc.assert(
      fc.property(
        snapshots,
        steerings,
        fc.constantFrom(...IDS),
        fc.nat(2000),
        fc.integer({ min: 1000, max: 4000 }),
        (snapshot, steering, held, drainMs, at) => {
          const candidates = steer(UNKNOWN_CLIENT, MAP, snapshot, NO_SUSPECTS, steering, 0);
          const after = holdAffinity(candidates, held, snapshot, drainMs, at);
          const own = snapshot.drains[held];
          const well = snapshot.health[held] !== "unhealthy";
          const holds = well && (own === undefined || (own.kind === "drain" && at - own.since < drainMs));
          expect(after[0]?.region).toBe(holds ? held : candidates[0]?.region);
        },
      ),
    );
  });

  test("outlives a drain for as long as it was told, and not an outage", () => {
    const drained: RoutingSnapshot = {
      ...NOTHING_KNOWN,
      health: { a: "healthy", b: "healthy", c: "healthy", d: "healthy" },
      drains: { b: { kind: "drain", since: 1000, until: 99_000 } },
    };
    const first = (snapshot: RoutingSnapshot, at: number): string | undefined => {
      const candidates = steer(UNKNOWN_CLIENT, MAP, snapshot, NO_SUSPECTS, { by: "failover", order: [] }, 0);
      return holdAffinity(candidates, "b", snapshot, 300, at)[0]?.region;
    };
    expect([first(drained, 1000), first(drained, 1299), first(drained, 1300)]).toEqual(["b", "b", "a"]);
    expect(first({ ...drained, health: { ...drained.health, b: "unhealthy" } }, 1000)).toBe("a");
    const closed = { b: { kind: "maintenance" as const, since: 1000, until: 99_000 } };
    expect(first({ ...drained, drains: closed }, 1000)).toBe("a");
  });
});

describe("each way of steering", () => {
  const here: Client = {
    country: "BE",
    continent: "EU",
    subdivision: null,
    coordinates: { latitude: 50.85, longitude: 4.35 },
    colo: "AMS",
  };
  const measured = { ...NOTHING_KNOWN, latency: { weur: { a: 90, b: 12.4, c: 200 }, enam: { a: 5, b: 88 } } };

  test.each<{ name: string; client: Client; steering: Steering; snapshot: RoutingSnapshot; want: readonly string[] }>([
    {
      name: "failover follows its order, then the list",
      client: UNKNOWN_CLIENT,
      steering: { by: "failover", order: [] },
      snapshot: NOTHING_KNOWN,
      want: ["a: choice 1 of 4", "b: choice 2 of 4", "c: choice 3 of 4", "d: choice 4 of 4"],
    },
    {
      name: "geo takes the most specific place",
      client: here,
      steering: { by: "geo", places: { a: ["*"], b: ["EU"], c: ["BE", "SA"] } },
      snapshot: NOTHING_KNOWN,
      want: ["c: for BE", "b: for EU", "a: for *", "d: none of its places holds the client"],
    },
    {
      name: "geo has a subdivision before its country",
      client: { ...here, country: "US", continent: "NA", subdivision: "CA" },
      steering: { by: "geo", places: { a: ["US"], b: ["US-CA"], c: ["US-NY"] } },
      snapshot: NOTHING_KNOWN,
      want: [
        "b: for US-CA",
        "a: for US",
        "c: none of its places holds the client",
        "d: none of its places holds the client",
      ],
    },
    {
      name: "proximity takes the nearest, and one without a place last",
      client: here,
      steering: { by: "proximity" },
      snapshot: NOTHING_KNOWN,
      want: ["b: 258 km away", "a: 6239 km away", "c: 9663 km away", "d: where it is, is not known"],
    },
    {
      name: "latency takes what the nearest vantage measured",
      client: here,
      steering: { by: "latency" },
      snapshot: measured,
      want: ["b: 12 ms from weur", "a: 90 ms from weur", "c: 200 ms from weur", "d: never reached from weur"],
    },
    {
      name: "latency takes the vantage in the caller's own data centre before the nearest",
      client: { ...here, colo: "IAD" },
      steering: { by: "latency" },
      snapshot: { ...measured, colos: { enam: "IAD" } },
      want: ["a: 5 ms from enam", "b: 88 ms from enam", "c: never reached from enam", "d: never reached from enam"],
    },
    {
      name: "latency knows the continent at least",
      client: { ...UNKNOWN_CLIENT, continent: "NA" },
      steering: { by: "latency" },
      snapshot: measured,
      want: ["a: 5 ms from enam", "b: 88 ms from enam", "c: never reached from enam", "d: never reached from enam"],
    },
    {
      name: "latency leaves a client of whom nothing is known to the order of the list",
      client: UNKNOWN_CLIENT,
      steering: { by: "latency" },
      snapshot: measured,
      want: IDS.map((id) => `${id}: where the client is, is not known`),
    },
  ])("$name", ({ client, steering, snapshot, want }) => {
    const candidates = steer(client, MAP, snapshot, NO_SUSPECTS, steering, 0);
    expect(candidates.map(({ region, why }) => `${region}: ${why.replace("everywhere else", "*")}`)).toEqual(want);
  });
});

test("without an order of its own, failover has that of dns.policy, then of the list", () => {
  const { dns } = EXAMPLE;
  const turned = {
    ...EXAMPLE,
    dns: {
      ...dns,
      policy: { ...dns.policy, routing: "failover" as const, primary: "gcp-europe-west1", secondary: "aws-us-east-1" },
    },
  };
  expect(steeringMapOf(turned).regions.map(({ id }) => id)).toEqual(["gcp-europe-west1", "aws-us-east-1"]);
  const own = {
    ...turned,
    router: { ...EXAMPLE.router, steering: { by: "failover" as const, order: ["aws-us-east-1"] } },
  };
  expect(steeringMapOf(own).regions.map(({ id }) => id)).toEqual(["aws-us-east-1", "gcp-europe-west1"]);
});
