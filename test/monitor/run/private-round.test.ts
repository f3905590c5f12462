// What a private vantage is worth in a round: a place of its own for users, nothing to Route 53, and no reason to know less.
import { describe, expect, test } from "vitest";
import type { VantageOutcome } from "../../../monitor/model/observation.ts";
import type { MonitorState } from "../../../monitor/model/state.ts";
import { privateColo } from "../../../monitor/run/batch-order.ts";
import { foldRound } from "../../../monitor/run/fold.ts";
import { planPrivate, planRound } from "../../../monitor/run/plan.ts";
import { EMPTY_STATE, parseState } from "../../../monitor/run/state.ts";
import { makeStatus } from "../../../monitor/report/status.ts";
import type { Topology } from "../../../monitor/topology/topology.ts";
import { AWS, EXAMPLE } from "../../support/example-topology.ts";
import { badLook, goodLook } from "../../support/looks.ts";
import { OFFICE, withPrivate } from "../../support/private-vantage.ts";

const TOPOLOGY = withPrivate();
const I = 30_000;
const PUBLIC = EXAMPLE.probe.vantages.map(({ id }) => id);

type Seen = "up" | "down";

function lookAt(topology: Topology, vantage: string, seen: Seen, at: number) {
  return topology.regions.map((region) =>
    seen === "up" ? goodLook(region, vantage, at) : badLook(region, vantage, at),
  );
}

function publicOnes(topology: Topology, seen: Seen, at: number): readonly VantageOutcome[] {
  return PUBLIC.map((vantage) => ({
    kind: "reported",
    report: { vantage, colo: vantage, observations: lookAt(topology, vantage, seen, at), dns: [] },
  }));
}

/** The last one is of `slot`, those before it of the slots before. */
function sent(vantage: string, slot: number, ...seen: readonly Seen[]): VantageOutcome {
  const reports = seen.map((one, index) => ({
    vantage,
    colo: privateColo(vantage),
    observations: lookAt(TOPOLOGY, vantage, one, slot - (seen.length - 1 - index) * I + 50),
    dns: [],
  }));
  const report = reports.at(-1);
  if (report === undefined) throw new Error("a report");
  return { kind: "reported", report, sent: { slot, earlier: reports.slice(0, -1) } };
}

function silent(vantage: string): VantageOutcome {
  return { kind: "missed", vantage, detail: "it is private, and sent nothing" };
}

function rounds(
  count: number,
  outcomes: (slot: number) => readonly VantageOutcome[],
  topology = TOPOLOGY,
  start: MonitorState = EMPTY_STATE,
): MonitorState {
  let state = start;
  const first = (start.lastSlot ?? -I) + I;
  for (let slot = first; slot < first + count * I; slot += I)
    state = foldRound(topology, state, outcomes(slot), slot, slot + 1000).state;
  return state;
}

function healthOf(state: MonitorState, topology = TOPOLOGY) {
  const { regions } = makeStatus(topology, state, (state.lastRoundAt ?? 0) + 1);
  const [aws] = regions;
  return { route53: aws?.health, user: aws?.userHealth };
}

test("nobody is sent to where it is; it plans its own slots as any other", () => {
  expect(planRound(TOPOLOGY, 0).map(({ vantage }) => vantage.id)).toEqual(PUBLIC);
  expect(planPrivate(TOPOLOGY, OFFICE, 0)).toMatchObject({ vantage: { id: OFFICE }, timeoutMs: 2500 });
  expect(
    planPrivate(TOPOLOGY, OFFICE, 0)
      ?.probes.map(({ region }) => region.id)
      .toSorted(),
  ).toEqual(TOPOLOGY.regions.map(({ id }) => id).toSorted());
  for (const id of ["enam", "attic"]) expect(planPrivate(TOPOLOGY, id, 0)).toBeNull();
});

describe("Route 53's view", () => {
  const few = { ...EXAMPLE, probe: { ...EXAMPLE.probe, vantages: EXAMPLE.probe.vantages.slice(0, 1) } };
  test("is not held up from inside: by the 18 % rule one of two would be enough", () => {
    const topology = withPrivate(few);
    const state = rounds(
      3,
      (slot) => [...publicOnes(topology, "down", slot).slice(0, 1), sent(OFFICE, slot, "up")],
      topology,
    );
    expect(healthOf(state, topology).route53).toBe("unhealthy");
    expect(state.health[AWS.id]?.vantages[OFFICE]?.route53.run).toBeNull();
  });

  test("does not change when an office loses its way", () => {
    const before = rounds(3, (slot) => [...publicOnes(TOPOLOGY, "up", slot), sent(OFFICE, slot, "up")]);
    const after = rounds(
      3,
      (slot) => [...publicOnes(TOPOLOGY, "up", slot), sent(OFFICE, slot, "down")],
      TOPOLOGY,
      before,
    );
    expect(healthOf(after)).toEqual({ route53: "healthy", user: "healthy" });
    expect(after.health[AWS.id]?.changedAt).toBe(before.health[AWS.id]?.changedAt);
  });

  test("has no vote of it in the row that is kept", () => {
    const fold = foldRound(TOPOLOGY, EMPTY_STATE, [...publicOnes(TOPOLOGY, "up", 0), sent(OFFICE, 0, "up")], 0, 1000);
    const votes = fold.row.cells.map(({ vantage, route53 }) => [vantage, route53]);
    expect(votes.filter(([vantage]) => vantage === OFFICE)).toEqual(TOPOLOGY.regions.map(() => [OFFICE, null]));
    expect(votes.filter(([vantage]) => vantage !== OFFICE).every(([, vote]) => vote === true)).toBe(true);
  });
});

describe("users' health", () => {
  const offices = ["o1", "o2", "o3", "o4"];
  const many = withPrivate(EXAMPLE, ...offices);

  test("counts each private vantage as a place of its own", () => {
    const state = rounds(
      3,
      (slot) => [...publicOnes(many, "up", slot), ...offices.map((id) => sent(id, slot, "down"))],
      many,
    );
    expect(healthOf(state, many)).toEqual({ route53: "healthy", user: "unhealthy" });
  });

  test("is known to those who speak, however many private ones are silent", () => {
    const state = rounds(3, (slot) => [...publicOnes(many, "up", slot), ...offices.map(silent)], many);
    expect(healthOf(state, many).user).toBe("healthy");
  });

  test("is not known to private ones alone: they are no quorum without the others", () => {
    const missed = PUBLIC.map((vantage): VantageOutcome => ({ kind: "missed", vantage, detail: "away" }));
    const state = rounds(3, (slot) => [...missed, sent("o1", slot, "up"), ...offices.slice(1).map(silent)], many);
    expect(healthOf(state, many).user).toBe("unknown");
  });

  test("one that falls silent is missed at once, and its voice ends with its freshness", () => {
    const before = rounds(3, (slot) => [...publicOnes(TOPOLOGY, "down", slot), sent(OFFICE, slot, "down")]);
    const after = rounds(1, (slot) => [...publicOnes(TOPOLOGY, "up", slot), silent(OFFICE)], TOPOLOGY, before);
    const report = makeStatus(TOPOLOGY, after, (after.lastRoundAt ?? 0) + 1);
    expect(report.matrix[AWS.id]?.[OFFICE]?.state).toBe("missed");
    expect(report.vantages.at(-1)).toMatchObject({ missed: "it is private, and sent nothing", private: true });
    const later = rounds(4, (slot) => [...publicOnes(TOPOLOGY, "up", slot), silent(OFFICE)], TOPOLOGY, after);
    expect(healthOf(later).user).toBe("healthy");
  });
});

describe("what comes late", () => {
  test("steps opinions in its order: three looks are three looks, however they came", () => {
    const one = rounds(1, (slot) => [...publicOnes(TOPOLOGY, "up", slot), sent(OFFICE, slot, "down", "down", "down")]);
    expect(one.health[AWS.id]?.vantages[OFFICE]?.user).toMatchObject({ health: "unhealthy", run: { count: 3 } });
  });

  test("is in no cell and no row: those show the latest look alone", () => {
    const fold = foldRound(
      TOPOLOGY,
      EMPTY_STATE,
      [...publicOnes(TOPOLOGY, "up", 2 * I), sent(OFFICE, 2 * I, "down", "down", "up")],
      2 * I,
      2 * I + 1000,
    );
    expect(fold.state.cells[AWS.id]?.[OFFICE]?.failure).toBeNull();
    expect(fold.row.cells.filter(({ vantage }) => vantage === OFFICE)).toHaveLength(TOPOLOGY.regions.length);
  });

  test("leaves its slot in the state, which is read again as it was", () => {
    const state = rounds(2, (slot) => [
      ...publicOnes(TOPOLOGY, "up", slot),
      slot === 0 ? sent(OFFICE, 0, "up") : silent(OFFICE),
    ]);
    expect(state.vantages[OFFICE]).toMatchObject({ slot: 0, lastAt: 50 });
    const read = parseState(JSON.stringify(state));
    expect(read.ok && read.value.vantages).toEqual(state.vantages);
  });
});
