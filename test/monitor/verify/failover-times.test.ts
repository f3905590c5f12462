// A failover as rounds see it, 30 s apart, each of which takes a second: the times of its stages, and what has none.
import { describe, expect, test } from "vitest";
import type { Observation, VantageOutcome } from "../../../monitor/model/observation.ts";
import type { MonitorState } from "../../../monitor/model/state.ts";
import { foldRound } from "../../../monitor/run/fold.ts";
import { EMPTY_STATE } from "../../../monitor/run/state.ts";
import { type FailoverTimes, stepFailoverTimes } from "../../../monitor/verify/failover-times.ts";
import { AWS, EXAMPLE, GCP } from "../../support/example-topology.ts";
import { badLook, dnsLook, goodLook } from "../../support/looks.ts";

const EVERY_MS = 30_000;
const ROUND_MS = 1000;
const VANTAGES = EXAMPLE.probe.vantages.map(({ id }) => id);

/** One round: who serves, and where name servers and resolvers lead. */
interface Scene {
  readonly up: readonly ("aws" | "gcp")[];
  readonly servers: Lead;
  readonly resolvers: Lead;
}
/** Everywhere, or at the vantages named; the others are led to aws. */
type Lead = keyof typeof ADDRESSES | Readonly<Record<string, keyof typeof ADDRESSES>>;

const ADDRESSES = { aws: AWS.endpoint.addresses, gcp: GCP.endpoint.addresses, nowhere: ["203.0.113.99"] };
const BOTH = ["aws", "gcp"] as const;

const leadAt = (lead: Lead, vantage: string): readonly string[] =>
  ADDRESSES[typeof lead === "string" ? lead : (lead[vantage] ?? "aws")];

function outcomesOf({ up, servers, resolvers }: Scene, at: number): readonly VantageOutcome[] {
  const look = (name: "aws" | "gcp", vantage: string): Observation => {
    const region = name === "aws" ? AWS : GCP;
    return up.includes(name) ? goodLook(region, vantage, at) : badLook(region, vantage, at);
  };
  return VANTAGES.map((vantage) => ({
    kind: "reported",
    report: {
      vantage,
      colo: vantage,
      observations: BOTH.map((name) => look(name, vantage)),
      dns: [
        dnsLook(vantage, "authoritative", at, leadAt(servers, vantage)),
        dnsLook(vantage, "recursive", at, leadAt(resolvers, vantage)),
      ],
    },
  }));
}

function play(scenes: readonly Scene[]): FailoverTimes {
  let state: MonitorState = EMPTY_STATE;
  let times: FailoverTimes = {};
  scenes.forEach((scene, round) => {
    const slot = round * EVERY_MS;
    const at = slot + ROUND_MS;
    ({ state } = foldRound(EXAMPLE, state, outcomesOf(scene, at), slot, at));
    times = stepFailoverTimes(times, EXAMPLE, state, at);
  });
  return times;
}

const scene = (up: Scene["up"], servers: Lead, resolvers: Lead): Scene => ({ up, servers, resolvers });
const CALM = Array.from({ length: 4 }, () => scene(BOTH, "aws", "aws"));
const DOWN = scene(["gcp"], "aws", "aws");
/** The fault is seen in round 4: the last good look was in the slot at 90 s. */
const changedBy = 4 * EVERY_MS + ROUND_MS;
const after = 3 * EVERY_MS;
const took = (round: number): number => round * EVERY_MS + ROUND_MS - after;

test("nothing is measured of a region that never fell", () => {
  expect(play([...CALM, ...CALM])).toEqual({});
});

test("a fault has its detection once Route 53's rules call the region unhealthy, and nothing else before anything moves", () => {
  expect(play([...CALM, DOWN, DOWN])).toEqual({});
  const detection = { tookMs: took(6), changedBy };
  expect(play([...CALM, DOWN, DOWN, DOWN])).toEqual({ [AWS.id]: { detection } });
  expect(play([...CALM, DOWN, DOWN, DOWN, DOWN])).toEqual({ [AWS.id]: { detection } });
});

const FAILED_OVER = [
  ...CALM,
  DOWN,
  DOWN,
  DOWN,
  scene(["gcp"], "gcp", "aws"),
  scene(["gcp"], "gcp", "gcp"),
  scene(["gcp"], "gcp", "gcp"),
];
const STAGES = {
  detection: { tookMs: took(6), changedBy },
  failover: { tookMs: took(7), changedBy },
  recovery: { tookMs: took(8), changedBy },
};

test("name servers make the failover, resolvers that lead to a region that serves the recovery", () => {
  expect(play(FAILED_OVER)).toEqual({ [AWS.id]: STAGES });
});

test("the slowest vantage counts", () => {
  const times = play([
    ...CALM,
    DOWN,
    DOWN,
    DOWN,
    scene(["gcp"], { enam: "gcp" }, "aws"),
    scene(["gcp"], { enam: "gcp", weur: "gcp" }, { enam: "gcp" }),
    scene(["gcp"], "gcp", { enam: "gcp", weur: "gcp" }),
    scene(["gcp"], "gcp", "gcp"),
  ]);
  expect(times[AWS.id]).toMatchObject({ failover: { tookMs: took(9) }, recovery: { tookMs: took(10) } });
});

describe("a repair", () => {
  const repaired = FAILED_OVER.length;
  const back = [
    ...FAILED_OVER,
    ...Array.from({ length: 3 }, () => scene(BOTH, "gcp", "gcp")),
    scene(BOTH, "aws", "gcp"),
    scene(BOTH, "aws", "aws"),
  ];

  test("has its failback once the name servers are back, and the failover's stages stay", () => {
    const failback = {
      tookMs: (repaired + 3) * EVERY_MS + ROUND_MS - (repaired - 1) * EVERY_MS,
      changedBy: repaired * EVERY_MS + ROUND_MS,
    };
    expect(play(back)).toEqual({ [AWS.id]: { ...STAGES, failback } });
  });

  test("before the next fault is measured, what is told is of the last one", () => {
    const again = play([...back, DOWN, DOWN, DOWN]);
    const next = back.length * EVERY_MS + ROUND_MS;
    expect(again[AWS.id]?.detection?.changedBy).toBe(next);
    expect(again[AWS.id]?.failover).toEqual(STAGES.failover);
  });
});

test("users who are led to a region that does not serve have not recovered", () => {
  const late = FAILED_OVER.map((one, round) => (round < 6 ? one : { ...one, up: [] }));
  const { recovery: _none, ...others } = STAGES;
  expect(play(late)[AWS.id]).toEqual(others);
});

test("users who are led to an address of no region have not recovered", () => {
  const { recovery: _none, ...others } = STAGES;
  const astray = FAILED_OVER.map((one) => (one.resolvers === "gcp" ? { ...one, resolvers: "nowhere" as const } : one));
  expect(play(astray)[AWS.id]).toEqual(others);
});

test("a region that only seemed to come back was not noticed anew", () => {
  const seemed = [...CALM, DOWN, DOWN, DOWN, scene(BOTH, "aws", "aws"), DOWN];
  expect(play(seemed)).toEqual({ [AWS.id]: { detection: { tookMs: took(6), changedBy } } });
});
