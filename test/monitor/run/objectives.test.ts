// Objectives over real rounds: what a lost region costs each promise, in the state that is stored.
import { describe, expect, test } from "vitest";
import type { VantageOutcome } from "../../../monitor/model/observation.ts";
import type { DrillNotice } from "../../../monitor/model/planned.ts";
import type { MonitorState } from "../../../monitor/model/state.ts";
import { budgetOf } from "../../../monitor/objective/budget.ts";
import { countingKey, countingOf } from "../../../monitor/objective/counting.ts";
import { runRound } from "../../../monitor/run/round.ts";
import { foldRound } from "../../../monitor/run/fold.ts";
import { EMPTY_STATE, parseState } from "../../../monitor/run/state.ts";
import { DAY_MS, HOUR_MS } from "../../../monitor/time.ts";
import type { Objective, Topology } from "../../../monitor/topology/topology.ts";
import { AWS, EXAMPLE, GCP } from "../../support/example-topology.ts";
import { makeFakeWorld } from "../../support/fake-world.ts";
import { badLook, dnsLook, goodLook } from "../../support/looks.ts";
import { makeMemoryStore } from "../../support/memory-store.ts";
import { AVAILABILITY, counts, promising } from "../objective/rounds.ts";

const I = 30_000;
const SERVICE = AVAILABILITY;
const PRIMARY: Objective = { ...AVAILABILITY, name: "primary", region: AWS.id };
const STANDBY: Objective = { ...AVAILABILITY, name: "standby", region: GCP.id };
const TOPOLOGY = promising(SERVICE, PRIMARY, STANDBY);

/** The primary is dead from the tenth round to the twentieth; DNS follows four rounds after each change. */
function outcomesAt(round: number, topology: Topology): readonly VantageOutcome[] {
  const at = round * I;
  const dead = round >= 10 && round < 20;
  const led = round >= 14 && round < 24 ? GCP : AWS;
  return topology.probe.vantages.map(({ id }) => ({
    kind: "reported",
    report: {
      vantage: id,
      colo: `local-${id}`,
      observations: [dead ? badLook(AWS, id, at) : goodLook(AWS, id, at), goodLook(GCP, id, at)],
      dns: [dnsLook(id, "recursive", at, led.endpoint.addresses)],
    },
  }));
}

function watch(rounds: number, start: MonitorState = EMPTY_STATE, topology = TOPOLOGY): MonitorState {
  let state = start;
  for (let round = 0; round < rounds; round += 1)
    state = foldRound(topology, state, outcomesAt(round, topology), round * I, round * I).state;
  return state;
}

function standing(state: MonitorState, objective: Objective) {
  return budgetOf(objective, state.objectives?.[countingKey(countingOf(objective))] ?? null, state.lastSlot ?? 0);
}

describe("a failover of ten rounds, after which DNS needs four", () => {
  const state = watch(30);
  test.each([
    { name: "the service was bad only until DNS had followed", objective: SERVICE, bad: 4 },
    { name: "the region was bad until it was mended", objective: PRIMARY, bad: 10 },
    { name: "the standby never was", objective: STANDBY, bad: 0 },
  ])("$name", ({ objective, bad }) => {
    expect(standing(state, objective).counts).toEqual(counts({ good: 3 * (30 - bad), bad: 3 * bad }));
  });

  test("is still known after a restart, from the stored text", () => {
    const parsed = parseState(JSON.stringify(state));
    expect(parsed).toEqual({ ok: true, value: state });
  });

  test("costs the service nothing that a state from before objectives were counted could not carry on", () => {
    const { objectives: _none, ...before } = watch(3);
    expect(parseState(JSON.stringify(before)).ok).toBe(true);
    const next = foldRound(TOPOLOGY, before, outcomesAt(3, TOPOLOGY), 3 * I, 3 * I).state;
    expect(standing(next, SERVICE)).toMatchObject({ since: 3 * I, counts: counts({ good: 3 }) });
  });
});

describe("a clock that was ahead for some rounds", () => {
  const sliced: Objective = { ...PRIMARY, name: "sliced", method: "timeslices", timeSliceTarget: 0.9 };
  const promised = promising(SERVICE, sliced);

  /** Twenty rounds, two that are `aheadMs` ahead, and twenty more. */
  async function watched(aheadMs: number): Promise<MonitorState> {
    let state: MonitorState = EMPTY_STATE;
    const store = makeMemoryStore();
    const starts = [0, 20 * I + aheadMs, 20 * I];
    for (const [part, rounds] of [20, 2, 20].entries())
      for (let round = 0; round < rounds; round += 1) {
        const at = (starts[part] ?? 0) + round * I;
        const world = makeFakeWorld({ store });
        world.advance(at);
        const reports = new Map(
          outcomesAt(0, promised).flatMap((one) => (one.kind === "reported" ? [[one.report.vantage, one.report]] : [])),
        );
        const ask = async ({ vantage }: { vantage: { id: string } }) => {
          const report = reports.get(vantage.id);
          if (report === undefined) throw new Error("nobody");
          const dated = <T extends { at: number }>(seen: T): T => ({ ...seen, at });
          return { ...report, observations: report.observations.map(dated), dns: report.dns.map(dated) };
        };
        state = (await runRound(promised, at, state, ask, world)).state;
      }
    return state;
  }

  test("loses what it counted in the future, and nothing from before", async () => {
    const state = await watched(2 * HOUR_MS);
    expect(parseState(JSON.stringify(state))).toEqual({ ok: true, value: state });
    expect(standing(state, SERVICE)).toMatchObject({ since: 0, counts: { good: 3 * 40, bad: 0 } });
    expect(standing(state, SERVICE).burnRates["5m"]).toBe(0);
    expect(standing(state, sliced).counts.good).toBe(3);
  });

  test("counts anew where it was so far ahead that nothing from before is left", async () => {
    const state = await watched(400 * DAY_MS);
    expect(standing(state, SERVICE)).toMatchObject({ since: 20 * I, counts: counts({ good: 3 * 20 }) });
    expect(Object.values(state.objectives ?? {}).map(({ backTo }) => backTo)).toEqual([20 * I, 20 * I]);
  });
});

test("what a drill breaks counts, and is told apart", () => {
  const drill: DrillNotice = {
    id: "d",
    title: "The primary goes away",
    regions: [AWS.id],
    causes: ["region"],
    startedAt: 0,
    expiresAt: 20 * I,
    endedAt: null,
    probeEverySeconds: null,
    settleMs: 0,
  };
  const state = watch(15, { ...EMPTY_STATE, drill });
  expect(standing(state, SERVICE).counts).toEqual(counts({ good: 33, bad: 12, planned: 12 }));
});

test("a round that could not be stored is not counted, as a restart would have it", async () => {
  const store = { commitRound: () => Promise.resolve({ kind: "failed" as const, detail: "disk full" }) };
  const world = makeFakeWorld({ store });
  const missed = () => Promise.reject(new Error("not asked"));
  const before = watch(2);
  for (const start of [EMPTY_STATE, before]) {
    const { state, saved } = await runRound(TOPOLOGY, 2 * I, start, missed, world);
    expect(saved.kind).toBe("unsaved");
    expect(state.objectives).toEqual(start.objectives);
  }
});

test("nothing is counted where nothing is promised", () => {
  expect(watch(2, EMPTY_STATE, EXAMPLE).objectives).toBeUndefined();
});
