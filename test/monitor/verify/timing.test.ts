// What the tool measures of DNS's timing, on worlds whose true timing is known: phase-random checkers, a propagation, caches that
// asked at any moment. A measured bound is never below the truth, and not far above it.
import { describe, expect, test } from "vitest";
import type { TimingSample, TimingTrace } from "../../../monitor/model/state.ts";
import { CHANGES_MIN, makeTimingRows } from "../../../monitor/report/timing-rows.ts";
import { proposalWords, timingCells } from "../../../monitor/report/timing-words.ts";
import type { Topology } from "../../../monitor/topology/topology.ts";
import type { History } from "../../../monitor/verify/history.ts";
import { NO_TIMING, SAMPLES_MAX, stepTiming } from "../../../monitor/verify/timing.ts";
import { detectionMs } from "../../support/checkers.ts";
import { AWS, EXAMPLE, GCP } from "../../support/example-topology.ts";
import { pulled, SNAPSHOT_VALUE, withChecks } from "../../support/example-snapshot.ts";
import { pastOf, type Stretch } from "../../support/past.ts";
import { type Dice, diceOf } from "../../support/random-zone.ts";

const [A] = AWS.endpoint.addresses;
const [G] = GCP.endpoint.addresses;
const primary = [A ?? ""];
const secondary = [G ?? ""];
const SLOT = 30;

function traceOf(history: History, topology: Topology = EXAMPLE, from: TimingTrace = NO_TIMING): TimingTrace {
  return history.rounds.reduce((trace, round) => stepTiming(trace, topology, round), from);
}

const answers = (authoritative: readonly string[], recursive = authoritative) => ({ authoritative, recursive });

describe("a failover", () => {
  const past: readonly Stretch[] = [
    { from: 0, to: 300, answers: answers(primary) },
    { from: 300, to: 420, says: "aws=down", answers: answers(primary) },
    { from: 420, to: 480, says: "aws=down", answers: answers(secondary, primary) },
    { from: 480, to: 600, says: "aws=down", answers: answers(secondary) },
  ];
  const { samples } = traceOf(pastOf(past));

  test("is measured from the looks to the name servers, less what detection takes at least", () => {
    const servers = samples.filter(({ kind }) => kind === "propagation");
    expect(servers.map(({ vantage }) => vantage)).toEqual(["enam", "weur", "oc"]);
    expect(servers[0]).toEqual({
      kind: "propagation",
      cause: AWS.id,
      vantage: "enam",
      changedBy: 300_900,
      movedAfter: 390_000,
      movedBy: 420_900,
      tookMs: 120_000,
      // From the last good look at 270 s to 420.9 s, less 2 × 30 s.
      atMostMs: 90_900,
    });
  });

  test("is measured from the name servers to the resolvers, less the TTL", () => {
    const caches = samples.filter(({ kind }) => kind === "caches");
    expect(caches).toHaveLength(3);
    // From 390 s, when the name servers were last seen unmoved, to 480.9 s, less 60 s.
    expect(caches[0]).toMatchObject({ tookMs: 60_000, atMostMs: 30_900 });
  });

  test("is held against the health checks and the TTL of the zone that is judged, where that was pulled", () => {
    const records = SNAPSHOT_VALUE.resourceRecordSets.map((record) => ({ ...record, TTL: 20 }));
    const real = { ...withChecks({ RequestInterval: 10, FailureThreshold: 6 }), resourceRecordSets: records };
    const measured = traceOf(pastOf(past), pulled(real)).samples;
    // From 270 s to 420.9 s, less 5 × 10 s.
    expect(measured.find(({ kind }) => kind === "propagation")).toMatchObject({ cause: AWS.id, atMostMs: 100_900 });
    // From 390 s to 480.9 s, less 20 s.
    expect(measured.find(({ kind }) => kind === "caches")).toMatchObject({ cause: AWS.id, atMostMs: 70_900 });
  });

  test("and its failback are two changes", () => {
    const back: readonly Stretch[] = [
      ...past,
      { from: 600, to: 660, answers: answers(secondary) },
      { from: 660, to: 720, answers: answers(primary) },
    ];
    const all = traceOf(pastOf(back)).samples;
    expect(new Set(all.map(({ changedBy }) => changedBy))).toEqual(new Set([300_900, 600_900]));
  });

  test("that a lagging server takes back counts with its last move", () => {
    const lagging: readonly Stretch[] = [
      ...past.slice(0, 2),
      { from: 420, to: 450, says: "aws=down", answers: answers(secondary) },
      { from: 450, to: 480, says: "aws=down", answers: answers(primary) },
      { from: 480, to: 510, says: "aws=down", answers: answers(secondary) },
    ];
    const servers = traceOf(pastOf(lagging)).samples.filter(
      ({ kind, vantage }) => kind === "propagation" && vantage === "oc",
    );
    expect(servers.map(({ movedBy }) => movedBy)).toEqual([480_900]);
  });
});

describe("nothing is measured", () => {
  test.each<{ name: string; past: readonly Stretch[] }>([
    {
      name: "of an answer that moves without a cause that we saw",
      past: [
        { from: 0, to: 300, answers: answers(primary) },
        { from: 300, to: 600, answers: answers(secondary) },
      ],
    },
    {
      name: "of a change that an hour went by after",
      past: [
        { from: 0, to: 300, answers: answers(primary) },
        { from: 300, to: 4200, says: "aws=down", answers: answers(primary) },
        { from: 4200, to: 4260, says: "aws=down", answers: answers(secondary) },
      ],
    },
    {
      name: "of an answer that goes where no change leads",
      past: [
        { from: 0, to: 300, answers: answers(primary) },
        { from: 300, to: 360, says: "aws=down", answers: answers(primary) },
        { from: 360, to: 420, says: "aws=down", answers: answers(["203.0.113.99", ...primary]) },
      ],
    },
    {
      name: "of an answer that was not there",
      past: [
        { from: 0, to: 300, answers: answers(primary) },
        { from: 300, to: 360, says: "aws=down", answers: answers([]) },
        { from: 360, to: 420, says: "aws=down", answers: answers(primary) },
      ],
    },
    {
      name: "where one vantage alone fails: Route 53 keeps such a region",
      past: [
        { from: 0, to: 300, answers: answers(primary) },
        { from: 300, to: 360, says: "aws@oc=down", answers: answers(primary) },
        { from: 360, to: 420, says: "aws@oc=down", answers: answers(secondary) },
      ],
    },
    {
      name: "of what two changes explain",
      past: [
        { from: 0, to: 300, says: "gcp=down", answers: answers(primary) },
        { from: 300, to: 360, says: "aws=down", answers: answers(primary) },
        { from: 360, to: 420, says: "aws=down", answers: answers(secondary) },
      ],
    },
  ])("$name", ({ past }) => {
    expect(traceOf(pastOf(past)).samples).toEqual([]);
  });
});

test("records that were edited are measured from the new topology on", () => {
  const past = pastOf([
    { from: 0, to: 300, answers: answers(primary), policy: "old" },
    { from: 300, to: 360, answers: answers(primary), policy: "new" },
    { from: 360, to: 420, answers: answers(secondary), policy: "new" },
  ]);
  const { samples } = traceOf(past);
  expect(samples).toHaveLength(3);
  expect(samples[0]).toMatchObject({ kind: "edit", cause: "records", tookMs: 60_000, atMostMs: 90_900 });
});

/** A failover in a world whose propagation is known, as our slots see it. */
function worldOf(dice: Dice, truth: { readonly propagationMs: number; readonly extraMs: number }): History {
  const { intervalSeconds, failureThreshold } = EXAMPLE.dns.healthCheck;
  const ttlMs = EXAMPLE.dns.policy.ttlSeconds * 1000;
  const faultAt = 600_000 + dice(SLOT * 1000);
  const lookSeconds = [0, 4][dice(2)] ?? 0;
  const change = { intervalSeconds, threshold: failureThreshold, lookSeconds, becomes: "unhealthy" } as const;
  const serversAt = faultAt + detectionMs(change, dice) + truth.propagationMs;
  // The cache asked at some moment before the name servers moved, and holds on for longer than it should.
  const cacheAt = serversAt - dice(ttlMs) + ttlMs + truth.extraMs;
  const slots = Array.from({ length: 60 }, (_, index) => index * SLOT);
  return pastOf(
    slots.map((at) => ({
      from: at,
      to: at + SLOT,
      says: at * 1000 >= faultAt ? "aws=down" : "",
      answers: answers(at * 1000 >= serversAt ? secondary : primary, at * 1000 >= cacheAt ? secondary : primary),
    })),
  );
}

const RUNS = navigator.userAgent === "Cloudflare-Workers" ? 20 : 200;
/** Two looks of ours on either side of the truth, and what detection takes beyond its least. */
const ROOM_MS = 2 * (SLOT * 1000 + 900) + 30_000 + 3 * 4000;

test("a measured propagation is never below the true one, and above it by no more than looks and detection", () => {
  for (let run = 0; run < RUNS; run += 1) {
    const dice = diceOf(run);
    const propagationMs = dice(90_000);
    const { samples } = traceOf(worldOf(dice, { propagationMs, extraMs: 0 }));
    const servers = samples.filter(({ kind }) => kind === "propagation");
    expect([run, servers.length]).toEqual([run, 3]);
    for (const { atMostMs } of servers) {
      expect([run, atMostMs >= propagationMs]).toEqual([run, true]);
      expect([run, atMostMs <= propagationMs + ROOM_MS]).toEqual([run, true]);
    }
  }
});

test("a measured slack is never below what a cache took on top of the TTL", () => {
  for (let run = 0; run < RUNS; run += 1) {
    const dice = diceOf(run);
    const extraMs = 60_000 + dice(60_000);
    const { samples } = traceOf(worldOf(dice, { propagationMs: 20_000, extraMs }));
    const caches = samples.filter(({ kind }) => kind === "caches");
    expect([run, caches.length]).toEqual([run, 3]);
    // How long before the name servers moved the cache had asked is not seen, so up to a TTL less was really needed.
    for (const { atMostMs } of caches) expect([run, atMostMs >= extraMs - 60_000]).toEqual([run, true]);
  }
});

test("of too many samples the oldest are gone", () => {
  let trace = NO_TIMING;
  for (let day = 0; day < 30; day += 1) {
    const at = day * 86_400;
    trace = traceOf(
      pastOf([
        { from: at, to: at + 60, answers: answers(primary) },
        { from: at + 60, to: at + 120, says: "aws=down", answers: answers(primary) },
        { from: at + 120, to: at + 180, says: "aws=down", answers: answers(secondary) },
      ]),
      EXAMPLE,
      trace,
    );
  }
  expect(trace.samples).toHaveLength(SAMPLES_MAX);
  expect(trace.samples.at(-1)?.movedBy).toBe((29 * 86_400 + 120) * 1000 + 900);
});

describe("a proposal", () => {
  const sample = (changedBy: number, atMostMs: number, kind: TimingSample["kind"] = "propagation"): TimingSample => {
    const change = { kind, cause: AWS.id, vantage: "enam", changedBy, movedAfter: 0, movedBy: 0 };
    return { ...change, tookMs: atMostMs + 50_000, atMostMs };
  };
  const rowOf = (samples: readonly TimingSample[]) => makeTimingRows(EXAMPLE, samples)[0];

  test("is made of at least so many changes, however many answers moved", () => {
    const few = Array.from({ length: 20 }, (_, index) => sample(index % (CHANGES_MIN - 1), 20_000));
    expect(rowOf(few)).toMatchObject({ samples: 20, changes: CHANGES_MIN - 1, proposedSeconds: null });
    expect(rowOf([...few, sample(99, 20_000)])).toMatchObject({ changes: CHANGES_MIN, proposedSeconds: 20 });
  });

  test.each([
    { longest: 42_001, proposed: 45, words: "45 s would do" },
    { longest: 45_000, proposed: 45, words: "45 s would do" },
    { longest: 60_000, proposed: 60, words: "keep it" },
    { longest: 61_000, proposed: 65, words: "raise it to 65 s" },
    { longest: 0, proposed: 0, words: "0 s would do" },
  ])("of at most $longest ms is $proposed s: $words", ({ longest, proposed, words }) => {
    const row = rowOf([1, 2, 3, 4, 5].map((at) => sample(at, at === 3 ? longest : Math.min(longest, 10_000))));
    expect(row?.proposedSeconds).toBe(proposed);
    expect(row === undefined ? "" : proposalWords(row)).toBe(words);
  });

  test("stands in the order of the settings, with what was measured by nearest rank", () => {
    const samples = Array.from({ length: 20 }, (_, index) => sample(index, (index + 1) * 1000));
    const rows = makeTimingRows(EXAMPLE, [...samples, sample(7, 3000, "caches")]);
    expect(rows.map(timingCells)).toEqual([
      ["propagationSeconds", "60 s", "20", "20", "1 m", "1 m 9 s", "1 m 10 s", "20 s", "20 s would do"],
      ["apiPropagationSeconds", "60 s", "0", "0", "-", "-", "-", "-", "not enough changes: 0 of 5"],
      ["slackSeconds", "10 s", "1", "1", "53 s", "53 s", "53 s", "3 s", "not enough changes: 1 of 5"],
    ]);
  });
});
