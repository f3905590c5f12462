// What was legal at each instant of a history: whatever a world that keeps to Route 53's rules answers is, and an answer that stays
// too long is not.
import { describe, expect, test } from "vitest";
import type { DnsPath } from "../../../monitor/model/observation.ts";
import { ANYONE, permits, type Question } from "../../../monitor/policy/answer.ts";
import { expectedAnswer } from "../../../monitor/policy/evaluator.ts";
import { zoneOf } from "../../../monitor/topology/zone.ts";
import { legalViewsAt, type PolicyHistory } from "../../../monitor/verify/legal.ts";
import { detectionMs } from "../../support/checkers.ts";
import { AWS, EXAMPLE, GCP, withPolicy } from "../../support/example-topology.ts";
import { type Dice, diceOf } from "../../support/random-zone.ts";

const ZONE = zoneOf(EXAMPLE);
const SWAPPED = zoneOf(withPolicy({ routing: "failover", primary: GCP.id, secondary: AWS.id, ttlSeconds: 60 }));
const QUESTION: Question = { name: EXAMPLE.service.host, type: "A", asker: ANYONE };
const [PRIMARY = ""] = AWS.endpoint.addresses;
const [SECONDARY = ""] = GCP.endpoint.addresses;
const SLOT = 30_000;
const P = 60_000;
const TTL = 60_000;
const SLACK = 10_000;

const QUIET: PolicyHistory = {
  zones: [{ from: 0, zone: ZONE }],
  health: { [AWS.id]: [{ at: 0, health: "healthy" }], [GCP.id]: [{ at: 0, health: "healthy" }] },
  changes: {},
  timing: { propagationMs: P, slackMs: SLACK, lookMaxMs: 4000 },
  editMs: P,
  lookEveryMs: SLOT + 2500,
};

/** The answers behind the views, in their order. */
function legalAt(history: PolicyHistory, question: Question, path: DnsPath, at: number) {
  const { views, until } = legalViewsAt(history, question, path, at);
  return { answers: views.map(({ zone, health }) => expectedAnswer(zone, question, health)), until };
}

function isLegal(history: PolicyHistory, path: DnsPath, address: string, at: number): boolean {
  const { answers } = legalAt(history, QUESTION, path, at);
  return answers.some(({ acceptable }) => acceptable.some((choice) => permits(choice, [address])));
}

const slotAfter = (at: number): number => Math.ceil(at / SLOT) * SLOT;

/** Down from 600 s and up from about 1500 s; what our looks made of it, three in a row. */
function lostHistory(downAt: number, upAt: number): PolicyHistory {
  const [down, up] = [slotAfter(downAt), slotAfter(upAt)];
  const health = [
    { at: 0, health: "healthy" as const },
    { at: down + 2 * SLOT, health: "unhealthy" as const },
    { at: up + 2 * SLOT, health: "healthy" as const },
  ];
  return { ...QUIET, health: { ...QUIET.health, [AWS.id]: health }, changes: { [AWS.id]: [down, up] } };
}

describe("with nothing going on", () => {
  test("the policy's answer alone is legal, for ever", () => {
    for (const path of ["authoritative", "recursive"] as const) {
      expect(legalAt(QUIET, QUESTION, path, 1_000_000)).toMatchObject({
        answers: [{ expected: { values: [PRIMARY] } }],
        until: null,
      });
      expect(isLegal(QUIET, path, SECONDARY, 1_000_000)).toBe(false);
    }
  });
});

describe("after a region was lost", () => {
  const history = lostHistory(600_000, 9_000_000);
  const detection = 3 * (30_000 + 4000);
  test.each([
    { path: "authoritative", by: 600_000 + detection + P },
    { path: "recursive", by: 600_000 + detection + P + TTL + SLACK },
  ] as const)("$path answers may be old or new until the deadline, which is told", ({ path, by }) => {
    for (const at of [600_000, 700_000, by]) {
      expect([at, isLegal(history, path, PRIMARY, at), isLegal(history, path, SECONDARY, at)]).toEqual([
        at,
        true,
        true,
      ]);
      expect(legalAt(history, QUESTION, path, at).until).toBe(by);
    }
    expect([isLegal(history, path, PRIMARY, by + 1), isLegal(history, path, SECONDARY, by + 1)]).toEqual([false, true]);
    expect(legalAt(history, QUESTION, path, by + 1).until).toBeNull();
  });

  test("the new answer is legal from one look before we saw the change, and not sooner", () => {
    expect(isLegal(history, "authoritative", SECONDARY, 600_000 - QUIET.lookEveryMs)).toBe(true);
    expect(isLegal(history, "authoritative", SECONDARY, 600_000 - QUIET.lookEveryMs - 1)).toBe(false);
  });
});

describe("after the records were changed", () => {
  const history: PolicyHistory = {
    ...QUIET,
    zones: [
      { from: 0, zone: ZONE },
      { from: 600_000, zone: SWAPPED },
    ],
  };
  test.each([
    { path: "authoritative", by: 600_000 + P },
    { path: "recursive", by: 600_000 + P + TTL + SLACK },
  ] as const)("$path answers by either zone are legal until the deadline", ({ path, by }) => {
    expect(isLegal(history, path, SECONDARY, 599_999)).toBe(false);
    expect(isLegal(history, path, PRIMARY, by)).toBe(true);
    expect(isLegal(history, path, SECONDARY, 600_000)).toBe(true);
    expect(legalAt(history, QUESTION, path, 600_000).until).toBe(by);
    expect([isLegal(history, path, PRIMARY, by + 1), isLegal(history, path, SECONDARY, by + 1)]).toEqual([false, true]);
  });

  test("the present zone's answers stand first", () => {
    const { answers } = legalAt(history, QUESTION, "authoritative", 600_001);
    expect(answers.map(({ expected }) => expected?.values)).toEqual([[SECONDARY], [PRIMARY]]);
  });

  test("before the first of them, the first one holds", () => {
    expect(legalAt({ ...history, zones: [{ from: 9, zone: ZONE }] }, QUESTION, "recursive", 0).answers).toHaveLength(1);
  });
});

interface Move {
  readonly at: number;
  readonly address: string;
}

/** When the name servers of a world that keeps to the rules moved, and a cache that asked at any moment before. */
function worldOf(dice: Dice): {
  readonly history: PolicyHistory;
  readonly moves: Readonly<Record<DnsPath, readonly Move[]>>;
} {
  const downAt = 600_000 + dice(SLOT);
  const upAt = 1_500_000 + dice(SLOT);
  const pace = { intervalSeconds: 30, threshold: 3, lookSeconds: [0, 4][dice(2)] ?? 0 };
  const away = downAt + detectionMs({ ...pace, becomes: "unhealthy" }, dice) + dice(P);
  const back = upAt + detectionMs({ ...pace, becomes: "healthy" }, dice) + dice(P);
  const cached = (at: number): number => at - dice(TTL) + TTL + dice(SLACK);
  const of = (leave: number, come: number): readonly Move[] => [
    { at: 0, address: PRIMARY },
    { at: leave, address: SECONDARY },
    { at: come, address: PRIMARY },
  ];
  return {
    history: lostHistory(downAt, upAt),
    moves: { authoritative: of(away, back), recursive: of(cached(away), cached(back)) },
  };
}

test("whatever a world that keeps to the rules answers is legal when it answers it", () => {
  const runs = navigator.userAgent === "Cloudflare-Workers" ? 10 : 60;
  for (let run = 0; run < runs; run += 1) {
    const { history, moves } = worldOf(diceOf(run));
    for (const path of ["authoritative", "recursive"] as const)
      for (let at = 0; at < 2_000_000; at += 7000) {
        const address = moves[path].findLast((move) => move.at <= at)?.address ?? "";
        expect([run, path, at, isLegal(history, path, address, at)]).toEqual([run, path, at, true]);
      }
  }
});
