// The failover timeline over whole rounds, 30 s apart: what it says of a failover, of silence and of a clock that went back, and
// that neither it nor the state behind it grows without end.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { VantageOutcome } from "../../../monitor/model/observation.ts";
import type { MonitorState } from "../../../monitor/model/state.ts";
import { makePage } from "../../../monitor/report/page.ts";
import { makeStatus } from "../../../monitor/report/status.ts";
import { SPANS_MAX, type Timeline } from "../../../monitor/report/timeline.ts";
import { forgetFuture } from "../../../monitor/run/clock-step.ts";
import { foldRound } from "../../../monitor/run/fold.ts";
import { EMPTY_STATE, parseState } from "../../../monitor/run/state.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, toIso } from "../../../monitor/time.ts";
import type { Trail, Turn } from "../../../monitor/model/trail.ts";
import { standingOf } from "../../../monitor/verify/standing.ts";
import { NAMED_MAX, stepTrail, TURNS_MAX } from "../../../monitor/verify/trail.ts";
import { AWS, EXAMPLE, GCP } from "../../support/example-topology.ts";
import { badLook, dnsLook, goodLook } from "../../support/looks.ts";

const I = 30_000;
const NOON = 20_000 * DAY_MS + 12 * HOUR_MS;

/** One round: is the primary up, and where do resolvers lead. */
interface Scene {
  readonly aws: "up" | "down";
  readonly led: readonly string[];
}
const TO_AWS = AWS.endpoint.addresses;
const TO_GCP = GCP.endpoint.addresses;
const WELL: Scene = { aws: "up", led: TO_AWS };
const LOST: Scene = { aws: "down", led: TO_AWS };
const MOVED: Scene = { aws: "down", led: TO_GCP };

function outcomesOf({ aws, led }: Scene, at: number): readonly VantageOutcome[] {
  return EXAMPLE.probe.vantages.map(({ id }) => ({
    kind: "reported",
    report: {
      vantage: id,
      colo: id,
      observations: [aws === "up" ? goodLook(AWS, id, at) : badLook(AWS, id, at), goodLook(GCP, id, at)],
      dns: [dnsLook(id, "authoritative", at, led), dnsLook(id, "recursive", at, led)],
    },
  }));
}

function play(scenes: readonly Scene[], from = NOON, state: MonitorState = EMPTY_STATE): MonitorState {
  return scenes.reduce((before, scene, index) => {
    const at = from + index * I;
    return foldRound(EXAMPLE, before, outcomesOf(scene, at), at, at).state;
  }, state);
}

function timelineAt(state: MonitorState, at: number): Timeline {
  const { timeline } = makeStatus(EXAMPLE, state, at);
  if (timeline === undefined) throw new Error("no timeline");
  return timeline;
}

const times = (count: number, scene: Scene): readonly Scene[] => Array.from({ length: count }, () => scene);
/** "12:01:30 unhealthy". */
const told = (spans: readonly { readonly from: string }[], words: (index: number) => string): readonly string[] =>
  spans.map(({ from }, index) => `${from.slice(11, 19)} ${words(index)}`);
const healthOf = ({ regions }: Timeline, id: string): readonly string[] => {
  const spans = regions.find((region) => region.id === id)?.spans ?? [];
  return told(spans, (index) => spans[index]?.health ?? "");
};
const dnsOf = ({ dns }: Timeline): readonly string[] =>
  told(dns, (index) => [...(dns[index]?.regions ?? []), dns[index]?.verdict].join(" "));
const policyOf = ({ policy }: Timeline): readonly string[] =>
  told(policy, (index) => (policy[index]?.regions ?? []).join(" "));

const CALM = standingOf(EXAMPLE, {}, NOON);
const FAILOVER = [...times(4, WELL), ...times(4, LOST), ...times(4, MOVED)];
const FAILOVER_END = NOON + FAILOVER.length * I;

describe("a failover", () => {
  const timeline = timelineAt(play(FAILOVER), FAILOVER_END);

  test("is told by each region's health for users", () => {
    expect(healthOf(timeline, AWS.id)).toEqual(["12:00:00 unknown", "12:01:00 healthy", "12:03:00 unhealthy"]);
    expect(healthOf(timeline, GCP.id)).toEqual(["12:00:00 unknown", "12:01:00 healthy"]);
  });

  test("is told by where the policy leads, and after it by where answers do", () => {
    expect(policyOf(timeline)).toEqual(["12:00:00 ", `12:01:00 ${AWS.id}`, `12:03:00 ${GCP.id}`]);
    expect(dnsOf(timeline)).toEqual([
      `12:00:00 ${AWS.id} undecided`,
      `12:01:00 ${AWS.id} conforms`,
      `12:03:00 ${AWS.id} converging`,
      `12:04:00 ${GCP.id} conforms`,
    ]);
  });

  test("every lane goes from its beginning to now without a gap", () => {
    for (const spans of [timeline.policy, timeline.dns, ...timeline.regions.map((region) => region.spans)]) {
      expect(spans[0]?.from).toBe(timeline.from);
      expect(spans.at(-1)?.to).toBe(toIso(FAILOVER_END));
      expect(spans.slice(1).map(({ from }) => from)).toEqual(spans.slice(0, -1).map(({ to }) => to));
    }
  });

  test("outlives a restart", () => {
    const parsed = parseState(JSON.stringify(play(FAILOVER)));
    expect(parsed.ok && makeStatus(EXAMPLE, parsed.value, FAILOVER_END).timeline).toEqual(timeline);
  });
});

test("before the first round there is none", () => {
  expect(makeStatus(EXAMPLE, EMPTY_STATE, NOON)).not.toHaveProperty("timeline");
});

test("answers that lead to several regions name them all, and those that lead nowhere name none", () => {
  const state = play([...times(3, WELL), { aws: "up", led: [...TO_AWS, ...TO_GCP] }, { aws: "up", led: [] }]);
  expect(timelineAt(state, NOON + 5 * I).dns.map(({ regions, others }) => ({ regions, others }))).toEqual([
    { regions: [AWS.id], others: 0 },
    { regions: [AWS.id], others: 0 },
    { regions: [AWS.id, GCP.id], others: 0 },
    { regions: [], others: 0 },
  ]);
});

test("of many regions some are named and the others counted", () => {
  const state = play(times(1, WELL));
  const trail = { from: NOON, lanes: { dns: [[NOON, "conforms a b c +37"]] as const } };
  const { dns } = timelineAt({ ...state, trail }, NOON + I);
  expect(dns).toMatchObject([{ regions: ["a", "b", "c"], others: 37, verdict: "conforms" }]);
  expect(NAMED_MAX).toBe(3);
});

describe("silence", () => {
  const before = play(times(4, WELL));

  test("of a monitor that stopped is unknown in every lane from when opinions are stale", () => {
    const timeline = timelineAt(before, NOON + HOUR_MS);
    const [staleAt] = healthOf(timeline, GCP.id).slice(-1);
    expect(staleAt).toMatch(/^12:02:3\d unknown$/);
    expect(policyOf(timeline).at(-1)).toMatch(/^12:02:3\d $/);
    expect(dnsOf(timeline).at(-1)).toMatch(/^12:02:3\d undecided$/);
  });

  test("between rounds stays unknown after the monitor has come back", () => {
    const state = play(times(3, WELL), NOON + HOUR_MS, before);
    const words = healthOf(timelineAt(state, NOON + HOUR_MS + 3 * I), GCP.id);
    expect(words).toEqual([
      "12:00:00 unknown",
      "12:01:00 healthy",
      expect.stringMatching(/^12:02:3\d unknown$/),
      "13:00:00 healthy",
    ]);
  });

  test("of one missed round is bridged, as opinions are", () => {
    const state = play(times(3, WELL), NOON + 5 * I, before);
    expect(healthOf(timelineAt(state, NOON + 8 * I), GCP.id)).toEqual(["12:00:00 unknown", "12:01:00 healthy"]);
  });
});

test("of a clock that was ahead only what it had seen by now is kept", () => {
  const state = play(FAILOVER);
  const at = NOON + 2 * I;
  const { trail } = forgetFuture(EXAMPLE, state, at);
  expect(trail?.from).toBe(NOON);
  expect(Object.values(trail?.lanes ?? {}).flatMap((turns) => turns.filter(([turnedAt]) => turnedAt > at))).toEqual([]);
  expect(forgetFuture(EXAMPLE, state, NOON - HOUR_MS)).not.toHaveProperty("trail");
});

test("what is older than a day is forgotten, and what stood then is not", () => {
  const state = play(FAILOVER);
  const later = NOON + 2 * DAY_MS;
  const { trail } = play(times(1, MOVED), later, state);
  expect(trail?.from).toBe(later - DAY_MS);
  expect(trail?.lanes[`region:${GCP.id}`]).toEqual([[NOON + MINUTE_MS, "healthy"]]);
});

describe("whatever flaps and falls silent", () => {
  const step = fc.record({
    aws: fc.constantFrom("healthy" as const, "unhealthy" as const),
    led: fc.constantFrom(TO_AWS, TO_GCP, []),
    verdict: fc.constantFrom("conforms" as const, "deviates" as const),
    skipped: fc.constantFrom(0, 0, 5),
  });
  const law = fc.property(fc.array(step, { minLength: 400, maxLength: 500, size: "max" }), (steps) => {
    let trail: Trail | undefined;
    let [at, lastRoundAt] = [NOON, NOON];
    for (const { aws, led, verdict, skipped } of steps) {
      at += I * (1 + skipped);
      const failover = { ...CALM.failover, active: aws === "healthy" ? AWS.id : GCP.id };
      const standing = { user: { [AWS.id]: aws, [GCP.id]: "healthy" as const }, failover };
      const verdicts = [{ subject: "dns:x", verdict, reason: "" }];
      const answers = [
        { name: EXAMPLE.service.host, type: "A", vantage: "oc", view: "recursive", addresses: led } as const,
      ];
      const state = { lastRoundAt, verdicts, ...(trail === undefined ? {} : { trail }) };
      trail = stepTrail(EXAMPLE, { state, standing, answers }, at);
      lastRoundAt = at;
    }
    if (trail === undefined) throw new Error("no steps");
    const turns = Object.values(trail.lanes).map(({ length }) => length - 1);
    expect(turns.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(TURNS_MAX);
    const report = makeStatus(EXAMPLE, { ...EMPTY_STATE, trail, lastRoundAt }, at);
    const { policy = [], dns = [], regions = [] } = report.timeline ?? {};
    const lanes = [policy, dns, ...regions.map(({ spans }) => spans)];
    expect(lanes.flat().length).toBeLessThanOrEqual(SPANS_MAX + lanes.length);
    expect(lanes.map((spans) => spans.at(-1)?.to)).toEqual(lanes.map(() => toIso(at)));
    expect(makePage(report, { refresh: "off", history: null }).length).toBeLessThan(150_000);
  });

  test("state, JSON and page stay bounded, and the latest turns are there", () => {
    fc.assert(law, { numRuns: 20 });
  });
});

test("silences, which cut every lane, are bounded as well", () => {
  const silences = Array.from({ length: 99 }, (_, index): readonly Turn[] => [
    [NOON + 2 * index * I, "looking"],
    [NOON + (2 * index + 1) * I, "silent"],
  ]).flat();
  const lanes = Object.fromEntries(
    [...EXAMPLE.regions.map(({ id }) => `region:${id}`), "dns", "policy"].map((lane) => [lane, [[NOON, "x"]] as const]),
  );
  const at = NOON + 198 * I;
  const state = { ...EMPTY_STATE, trail: { from: NOON, lanes: { ...lanes, monitor: silences } }, lastRoundAt: at };
  const { policy, dns, regions, from } = timelineAt(state, at);
  const count = policy.length + dns.length + regions.reduce((sum, { spans }) => sum + spans.length, 0);
  expect(count).toBeLessThanOrEqual(SPANS_MAX + 2 + regions.length);
  expect(count).toBeGreaterThan(0.9 * SPANS_MAX);
  expect([policy[0]?.from, dns[0]?.from]).toEqual([from, from]);
});
