// Histories under other policies: what is told of faults is what the rules make of the recorded looks, and each shortcut on the way
// leads where the long way leads.
import { describe, expect, test } from "vitest";
import { route53Vote } from "../../../monitor/health/votes.ts";
import { aggregateHealth, type EndpointCheck, NO_OPINION, stepOpinion } from "../../../monitor/policy/health-check.ts";
import type { Topology } from "../../../monitor/topology/topology.ts";
import { zoneOf } from "../../../monitor/topology/zone.ts";
import type { History } from "../../../monitor/verify/history.ts";
import { replayHealth } from "../../../monitor/verify/replay-health.ts";
import { replay } from "../../../monitor/verify/replay.ts";
import { AWS, EXAMPLE, GCP, LATENCY, withPolicy } from "../../support/example-topology.ts";
import { pastOf, type Stretch } from "../../support/past.ts";
import { type Dice, diceOf } from "../../support/random-zone.ts";

const MINUTE = 60_000;
const HOUR = 3600;

interface Setting {
  readonly interval?: number;
  readonly threshold?: number;
  readonly ttl?: number;
}

function setTo({ interval = 30, threshold = 3, ttl = 60 }: Setting, base: Topology = EXAMPLE): Topology {
  const healthCheck = { path: "/healthz", intervalSeconds: interval, failureThreshold: threshold };
  return { ...base, dns: { ...base.dns, healthCheck, policy: { ...base.dns.policy, ttlSeconds: ttl } } };
}

const under = (stretches: readonly Stretch[], other: Topology, recorded = EXAMPLE) =>
  replay(pastOf(stretches), recorded, other, MINUTE);

const LONG: readonly Stretch[] = [
  { from: 0, to: HOUR },
  { from: HOUR, to: HOUR + 900, says: "aws=down" },
  { from: HOUR + 900, to: 2 * HOUR },
];

describe("a fault of a quarter of an hour", () => {
  const { faults } = under(LONG, setTo({ interval: 10, threshold: 2 }));

  test("is seen from the first slot that fails to the first that serves again", () => {
    expect(faults.map(({ fault }) => fault)).toEqual([
      { region: AWS.id, from: HOUR * 1000, to: (HOUR + 900) * 1000, lostAt: null },
    ]);
  });

  test("is noticed within the threshold's looks, then comes the propagation, then the TTL", () => {
    for (const [{ interval, threshold }, seen] of [
      [{ interval: 30, threshold: 3 }, faults[0]?.recorded],
      [{ interval: 10, threshold: 2 }, faults[0]?.other],
    ] as const) {
      expect(seen).toMatchObject({ kind: "followed", vantages: ["enam", "weur", "oc"] });
      const { detectedMs, serversMs, usersMs } = seen ?? {};
      expect(detectedMs).toBeGreaterThan((threshold - 1) * interval * 1000);
      expect(detectedMs).toBeLessThan(threshold * interval * 1000);
      expect(serversMs).toBe((detectedMs ?? 0) + 60_000);
      expect(usersMs).toBe((serversMs ?? 0) + 60_000);
      expect(seen?.hurtMs).toBe(usersMs);
    }
  });

  test("makes a failover that is of use under either policy", () => {
    const { recorded, other } = under(LONG, setTo({ interval: 10, threshold: 2 }));
    for (const totals of [recorded, other])
      expect(totals).toMatchObject({ followed: 1, moves: 1, falseMoves: 0, openMoves: 0 });
  });

  test("hangs longer in each look where nobody answers", () => {
    const hanging = LONG.map((stretch) => ({ ...stretch, says: stretch.says?.replace("down", "hang") ?? "" }));
    const [row] = under(hanging, setTo({ interval: 10 })).faults;
    expect((row?.other.detectedMs ?? 0) - (under(LONG, setTo({ interval: 10 })).faults[0]?.other.detectedMs ?? 0)).toBe(
      12_000,
    );
  });
});

test.each([
  {
    name: "a TTL of 300 is 240 s later for users, and nothing else",
    other: setTo({ ttl: 300 }),
    servers: 0,
    users: 240_000,
  },
  {
    name: "the propagation counts once",
    other: { ...EXAMPLE, dns: { ...EXAMPLE.dns, timing: { ...EXAMPLE.dns.timing, propagationSeconds: 15 } } },
    servers: -45_000,
    users: -45_000,
  },
  { name: "the same policy is no difference", other: EXAMPLE, servers: 0, users: 0 },
])("$name", ({ other, servers, users }) => {
  const told = under(LONG, other);
  const [row] = told.faults;
  expect((row?.other.serversMs ?? 0) - (row?.recorded.serversMs ?? 0)).toBe(servers);
  expect((row?.other.usersMs ?? 0) - (row?.recorded.usersMs ?? 0)).toBe(users);
  expect(told.moves.other).toHaveLength(told.moves.recorded.length);
});

describe("a short fault", () => {
  const SHORT: readonly Stretch[] = [
    { from: 0, to: HOUR },
    { from: HOUR, to: HOUR + 30, says: "aws=down" },
    { from: HOUR + 30, to: 2 * HOUR },
  ];

  test("is a false failover of the nervous setting alone", () => {
    const told = under(SHORT, setTo({ interval: 10, threshold: 1 }));
    expect(told.faults[0]?.recorded).toMatchObject({ kind: "stayed", hurtMs: 30_000 });
    expect(told.faults[0]?.other).toMatchObject({ kind: "followed", hurtMs: 30_000 });
    expect(told.recorded).toMatchObject({ moves: 0, falseMoves: 0 });
    expect(told.other).toMatchObject({ moves: 1, falseMoves: 1 });
    expect(told.moves.other).toMatchObject([{ region: AWS.id, isFalse: "yes", vantages: ["enam", "weur", "oc"] }]);
  });

  test.each([
    { within: 0, lasts: 300, isFalse: "no" },
    { within: 300, lasts: 300, isFalse: "yes" },
    { within: 86_400, lasts: 6000, isFalse: "not known" },
  ])("of $lasts s is false when users are served within $within s: $isFalse", ({ within, lasts, isFalse }) => {
    const past = pastOf([
      { from: 0, to: HOUR },
      { from: HOUR, to: HOUR + lasts, says: "aws=down" },
      { from: HOUR + lasts, to: Math.max(2 * HOUR, HOUR + lasts) },
    ]);
    expect(replay(past, EXAMPLE, setTo({ interval: 10, threshold: 1 }), within * 1000).moves.other).toMatchObject([
      { isFalse },
    ]);
  });
});

describe("what the policy does not move", () => {
  const standby = LONG.map((stretch) => ({ ...stretch, says: stretch.says?.replace("aws", "gcp") ?? "" }));

  test("a fault of the standby concerns nobody under failover, and those who are near it under latency", () => {
    const [row] = under(standby, setTo({}, withPolicy(LATENCY))).faults;
    expect(row?.fault.region).toBe(GCP.id);
    expect(row?.recorded).toMatchObject({ kind: "not-concerned", hurtMs: 0, vantages: [] });
    expect(row?.other).toMatchObject({ kind: "followed", vantages: ["weur", "oc"] });
  });

  test("simple routing keeps users where they are", () => {
    const [row] = under(LONG, withPolicy({ routing: "simple", ttlSeconds: 60 })).faults;
    expect(row?.other).toMatchObject({ kind: "stayed", hurtMs: 900_000 });
  });

  test("when both are down there is nowhere to go", () => {
    const both = LONG.map((stretch) => ({ ...stretch, says: stretch.says === undefined ? "" : "aws=down gcp=down" }));
    const [row] = under(both, setTo({ interval: 10 })).faults;
    expect([row?.recorded.kind, row?.other.kind]).toEqual(["fail-open", "fail-open"]);
  });

  test("one vantage that alone sees a fault moves nobody and hurts nobody", () => {
    const alone = LONG.map((stretch) => ({ ...stretch, says: stretch.says?.replace("aws", "aws@oc") ?? "" }));
    expect(under(alone, setTo({ interval: 10, threshold: 1 }))).toMatchObject({ faults: [], other: { moves: 0 } });
  });

  test("a redirect hurts users, and Route 53 is content with it", () => {
    const redirected = LONG.map((stretch) => ({ ...stretch, says: stretch.says?.replace("down", "redirect") ?? "" }));
    expect(under(redirected, setTo({ interval: 10, threshold: 1 })).faults[0]?.other).toMatchObject({ kind: "stayed" });
  });
});

describe("what is not known", () => {
  test("a fault into which nobody looked is not compared, and the gap is told", () => {
    const told = under(
      [
        { from: 0, to: HOUR },
        { from: HOUR, to: HOUR + 30, says: "aws=down" },
        { from: 2 * HOUR, to: 3 * HOUR },
      ],
      setTo({ threshold: 2 }),
    );
    expect(told.unwatched).toEqual([{ from: HOUR * 1000, to: 2 * HOUR * 1000 }]);
    expect(told.faults).toMatchObject([
      {
        fault: { to: null, lostAt: (HOUR + 60) * 1000 },
        recorded: { kind: "not-known" },
        other: { kind: "not-known" },
      },
    ]);
    expect(told.other).toMatchObject({ notKnown: 1, hurtMs: 0 });
  });

  test("one missed slot is bridged", () => {
    const told = under(
      [
        { from: 0, to: HOUR },
        { from: HOUR + 30, to: 2 * HOUR },
      ],
      EXAMPLE,
    );
    expect(told).toMatchObject({ unwatched: [], faults: [], recorded: { moves: 0 } });
  });

  test("a fault that stands at the very beginning comes before health is known", () => {
    const [row] = under(
      [
        { from: 0, to: 900, says: "aws=down" },
        { from: 900, to: HOUR },
      ],
      setTo({ interval: 10 }),
    ).faults;
    expect([row?.recorded.kind, row?.other.kind]).toEqual(["not-known", "not-known"]);
  });

  test("a fault that goes on to the end is known as far as it was seen", () => {
    const open = LONG.slice(0, 2);
    const [row] = under(open, withPolicy({ routing: "simple", ttlSeconds: 60 })).faults;
    expect(row?.recorded.kind).toBe("followed");
    expect(row?.other).toMatchObject({ kind: "stayed", hurtMs: 870_000 });
    const [fresh] = under(
      [
        { from: 0, to: HOUR },
        { from: HOUR, to: HOUR + 60, says: "aws=down" },
      ],
      EXAMPLE,
    ).faults;
    expect(fresh?.recorded.kind).toBe("not-known");
  });

  test("a region of the other policy that nobody looked at leaves it open where users would go", () => {
    const third = {
      ...GCP,
      id: "aws-sa-east-1",
      awsRegion: "sa-east-1",
      endpoint: { url: "https://x.example.com", addresses: ["203.0.113.30"] },
    };
    const policy = { routing: "failover" as const, primary: AWS.id, secondary: third.id, ttlSeconds: 60 };
    const other = { ...withPolicy(policy), regions: [AWS, GCP, third] };
    expect(under(LONG, other).faults[0]?.other.kind).toBe("not-known");
  });

  test("rounds under several topologies are told apart", () => {
    const past = LONG.map((stretch, index) => (index === 1 ? { ...stretch, policy: "other" } : stretch));
    const { policies, recordedPolicy } = under(past, EXAMPLE);
    expect(policies.map(({ policy, rounds }) => [policy === recordedPolicy, rounds])).toEqual([
      [true, 120],
      [false, 30],
      [true, 90],
    ]);
  });

  test("an empty history says nothing, and needs the looks of the slower policy", () => {
    expect(under([], setTo({ threshold: 5 }))).toMatchObject({ rounds: 0, faults: [], neededMs: 150_000 });
  });
});

/** Every look of every checker, one after another, without a book and without a shortcut. */
function obviousHealth({ rounds, intervalMs }: History, check: EndpointCheck, at: number): string {
  const everyMs = check.requestIntervalSeconds * 1000;
  const vantages = [...new Set(rounds.flatMap((round) => round.observations.map((seen) => seen.vantage)))];
  const each = Math.ceil(16 / vantages.length);
  const all = each * vantages.length;
  const opinions = Array.from({ length: all }, (_, number) => {
    let opinion = NO_OPINION;
    let next = (rounds[0]?.slot ?? 0) + ((number + 0.5) * everyMs) / all;
    while (next < (rounds.at(-1)?.slot ?? 0) + intervalMs) {
      const round = rounds.findLast(({ slot }) => slot <= next);
      const seen = round?.observations.find(
        (one) => one.region === check.id && one.vantage === vantages[number % vantages.length],
      );
      const lookMs = seen?.failure?.cause === "timeout" ? 4000 : 0;
      const vote = seen === undefined ? null : route53Vote(seen);
      if (vote !== null && next + lookMs <= at)
        opinion = stepOpinion(opinion, vote, check.failureThreshold, next + lookMs);
      next += everyMs + (seen === undefined ? 0 : lookMs);
    }
    return opinion.health;
  });
  return aggregateHealth(opinions);
}

const WORDS = ["", "", "", "aws=down", "aws=hang", "aws@oc=down", "aws@enam=hang aws@weur=down", "aws=redirect"];

function randomPast(dice: Dice): readonly Stretch[] {
  let at = 0;
  return Array.from({ length: 2 + dice(6) }, () => {
    const from = at;
    at += 30 * (1 + dice(8));
    return { from, to: at, says: WORDS[dice(WORDS.length)] ?? "" };
  });
}

const SEEDS = Array.from({ length: navigator.userAgent === "Cloudflare-Workers" ? 10 : 60 }, (_, seed) => seed);

test("health that skips settled stretches is health of every single look", () => {
  for (const seed of SEEDS) {
    const dice = diceOf(seed);
    const past = pastOf(randomPast(dice));
    const check = zoneOf(setTo({ interval: [10, 30][dice(2)] ?? 10, threshold: 1 + dice(4) })).healthChecks[0];
    if (check === undefined) throw new Error("the example has health checks");
    const changes = replayHealth(past, check, null);
    for (const { at, health } of changes.slice(1))
      expect([seed, at, obviousHealth(past, check, at)]).toEqual([seed, at, health]);
    expect(changes.map(({ at }) => at)).toEqual(changes.map(({ at }) => at).toSorted((a, b) => a - b));
    const end = (past.rounds.at(-1)?.slot ?? 0) + 29_999;
    expect([seed, obviousHealth(past, check, end)]).toEqual([seed, changes.at(-1)?.health]);
  }
});

test("a higher threshold never notices sooner", () => {
  for (const seed of SEEDS) {
    const past = pastOf([
      { from: 0, to: HOUR },
      ...randomPast(diceOf(seed)).map((one) => ({ ...one, from: one.from + HOUR, to: one.to + HOUR })),
    ]);
    const first = (threshold: number): number => {
      const check = zoneOf(setTo({ threshold })).healthChecks[0];
      if (check === undefined) throw new Error("the example has health checks");
      return replayHealth(past, check, null).find(({ health }) => health === "unhealthy")?.at ?? Infinity;
    };
    for (const threshold of [1, 2, 3]) expect([seed, first(threshold) <= first(threshold + 1)]).toEqual([seed, true]);
  }
});

describe("the answers that were seen", () => {
  const primary = AWS.endpoint.addresses;
  const secondary = GCP.endpoint.addresses;
  const both = (addresses: readonly string[]) => ({ authoritative: addresses, recursive: addresses });
  const past: readonly Stretch[] = [
    { from: 0, to: HOUR, answers: both(primary) },
    { from: HOUR, to: HOUR + 150, says: "aws=down", answers: both(primary) },
    { from: HOUR + 150, to: HOUR + 900, says: "aws=down", answers: both(secondary) },
  ];

  test("were all legal under the policy that was kept to, and not under one that would have moved long before", () => {
    const { answered } = under(past, setTo({ interval: 10, threshold: 1, ttl: 1 }));
    expect(answered.recorded).toEqual({ seen: 900, legal: 900 });
    expect(answered.other.seen).toBe(900);
    expect(answered.other.legal).toBeLessThan(900);
  });

  test("are counted where DNS was stuck", () => {
    const stuck = past.map((stretch) => ({ ...stretch, answers: both(primary) }));
    const { recorded } = under(stuck, EXAMPLE).answered;
    expect(recorded.seen - recorded.legal).toBeGreaterThan(100);
  });

  test("that are none, another vantage's, or of another policy, are not judged", () => {
    const silent = past.map((stretch) => ({ ...stretch, answers: both([]) }));
    const fewer = { ...EXAMPLE, probe: { ...EXAMPLE.probe, vantages: EXAMPLE.probe.vantages.slice(0, 1) } };
    const elsewhere = past.map((stretch) => ({ ...stretch, policy: "another" }));
    expect(under(silent, EXAMPLE).answered.recorded.seen).toBe(0);
    expect(under(elsewhere, EXAMPLE).answered.recorded.seen).toBe(0);
    expect(under(past, fewer).answered.other.seen).toBe(300);
  });
});
