// A drill where a real zone is judged in the place of the topology's own: that zone says who is primary, how long caches hold
// its answers, and how soon Route 53 notices.
import { describe, expect, test } from "vitest";
import { planDrill } from "../../../monitor/drill/plan.ts";
import { simulateDrill } from "../../../monitor/drill/simulate.ts";
import { AWS, GCP } from "../../support/example-topology.ts";
import { pulled, SNAPSHOT_VALUE, withChecks } from "../../support/example-snapshot.ts";
import { editedDrill, planOf, scriptOf, SMALLEST_DRILL } from "../../support/drill-text.ts";

const ORDER = { trials: 5, seed: 1 };

describe("under the pulled zone, in which Europe is primary", () => {
  test.each([
    ["primary", GCP.id],
    ["secondary", AWS.id],
    [AWS.id, AWS.id],
  ])("%s is %s", (word, region) => {
    const script = scriptOf(editedDrill(["region: primary", `region: ${word}`]));
    expect(planDrill(script, pulled())).toMatchObject({ ok: true, value: { faulted: [region] } });
  });

  test("answers leave the primary, and come back", () => {
    const topology = pulled();
    const { outcomes, figures } = simulateDrill(planOf(SMALLEST_DRILL, topology), topology, ORDER);
    expect(outcomes.passed).toBe(ORDER.trials);
    for (const name of ["failover", "recovery", "failback"] as const)
      expect([name, figures[name].times]).toEqual([name, ORDER.trials]);
  });

  test("answers stay when the topology's own primary fails, because that is the standby", () => {
    const topology = pulled();
    const text = editedDrill(
      ["region: primary", `region: ${AWS.id}`],
      ["answers: move, users: recover", "answers: stay, users: never-lost"],
    );
    const { outcomes, figures } = simulateDrill(planOf(text, topology), topology, ORDER);
    expect([outcomes.passed, figures.failover.times]).toEqual([ORDER.trials, 0]);
  });
});

test("a threshold of the real health checks is waited for, and a TTL of the real records is what caches hold", () => {
  const slow = pulled(withChecks({ RequestInterval: 30, FailureThreshold: 5 }));
  const longer = pulled({
    ...SNAPSHOT_VALUE,
    resourceRecordSets: SNAPSHOT_VALUE.resourceRecordSets.map((record) => ({ ...record, TTL: 300 })),
  });
  const figuresOf = (topology: ReturnType<typeof pulled>) =>
    simulateDrill(planOf(SMALLEST_DRILL, topology), topology, ORDER).figures;
  const [quick, patient, cached] = [pulled(), slow, longer].map(figuresOf);
  // Four more than the 2 × 10 s that three looks take at least.
  expect(patient?.failover.interval?.min).toBeGreaterThan((quick?.failover.interval?.max ?? 0) + 30_000);
  expect(cached?.recovery.interval?.max).toBeGreaterThan((quick?.recovery.interval?.max ?? 0) + 60_000);
  expect(planOf(SMALLEST_DRILL, longer).ttlSeconds).toBe(300);
});
