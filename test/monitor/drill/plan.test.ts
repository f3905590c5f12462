// A script under a topology: who is meant, how long everything takes, and what cannot be planned.
import { describe, expect, test } from "vitest";
import { planDrill } from "../../../monitor/drill/plan.ts";
import { AWS, EXAMPLE, GCP, LATENCY, withPolicy } from "../../support/example-topology.ts";
import { editedDrill, extendedDrill, planOf, scriptOf, SMALLEST_DRILL } from "../../support/drill-text.ts";

const LOCAL = { ...EXAMPLE, local: true };
const GATE = "{ lever: gate, region: primary, fault: refuse }";
const BOUNDS =
  "bounds: { detectionSeconds: policy, failoverSeconds: policy, recoverySeconds: policy, failbackSeconds: 7, gapSeconds: policy, lostShareMax: 0.5 }";

function withReal(lever: string): string {
  return `${editedDrill(["expect:", `  real:\n    - ${lever}\nexpect:`])}${BOUNDS}\n`;
}

describe("roles", () => {
  test.each([
    { word: "primary", topology: EXAMPLE, faulted: [AWS.id] },
    { word: "secondary", topology: EXAMPLE, faulted: [GCP.id] },
    { word: GCP.id, topology: EXAMPLE, faulted: [GCP.id] },
    { word: "primary", topology: withPolicy(LATENCY), faulted: [AWS.id] },
    { word: "secondary", topology: withPolicy(LATENCY), faulted: [GCP.id] },
    {
      word: "primary",
      topology: withPolicy({ routing: "failover", primary: GCP.id, secondary: AWS.id, ttlSeconds: 60 }),
      faulted: [GCP.id],
    },
  ])("$word is $faulted", ({ word, topology, faulted }) => {
    expect(planOf(editedDrill(["region: primary", `region: ${word}`]), topology).faulted).toEqual(faulted);
  });

  test.each([
    {
      name: "a region that is not there",
      text: editedDrill(["region: primary", "region: mars"]),
      problem: {
        path: "faults.local[0]",
        message: "expected a region of the topology (aws-us-east-1, gcp-europe-west1), found mars",
      },
    },
    {
      name: "a vantage that is not there",
      text: editedDrill(["fault: refuse", "fault: refuse, onlyFrom: [weur, moon]"]),
      problem: { path: "faults.local[0]", message: "expected a vantage of the topology (enam, weur, oc), found moon" },
    },
    {
      name: "an expiry that comes before the end of a fault as long as the policy asks for",
      text: editedDrill(["expirySeconds: policy", "expirySeconds: 60"]),
      problem: { path: "expirySeconds", message: "expected more than the fault itself, which lasts 274 s" },
    },
  ])("$name is said", ({ text, problem }) => {
    expect(planDrill(scriptOf(text), EXAMPLE)).toEqual({ ok: false, problems: [problem] });
  });

  test("nobody is secondary where one region is all there is", () => {
    const alone = { ...withPolicy({ routing: "simple", ttlSeconds: 60 }), regions: [AWS] };
    const planned = planDrill(scriptOf(editedDrill(["region: primary", "region: secondary"])), alone);
    expect(planned).toMatchObject({
      problems: [{ message: "expected a region of the topology (aws-us-east-1), found secondary" }],
    });
  });
});

describe("times", () => {
  test("follow from the policy, with our own looks added", () => {
    const { bounds, cadence, steadyWindowMs, faultMs, afterMs, expiryMs } = planOf(extendedDrill(BOUNDS));
    expect(cadence).toEqual({ roundMs: 10_000, statusMs: 1250, dnsMs: 2500, requestMs: 1000 });
    // 3 × (30 + 6) detection, 60 propagation, 60 TTL, 10 slack, 2.5 between questions, 1 between requests, 2.5 a look.
    expect(bounds).toEqual({
      detectionMs: 42_500,
      failoverMs: 180_500,
      recoveryMs: 244_000,
      failbackMs: 7000,
      gapMs: 244_000,
      lostShareMax: 0.5,
    });
    expect([steadyWindowMs, faultMs, afterMs, expiryMs]).toEqual([42_500, 274_000, 274_000, 334_000]);
  });

  test("a pinned health check takes the API's time, not that of detection", () => {
    const { bounds } = planOf(withReal("{ lever: route53-health-check, region: primary }"));
    expect(bounds.failoverMs).toBe(60_000 + 60_000 + 2500 + 10_000);
  });

  test("rounds are no faster than the monitor lets them be", () => {
    const slow = { ...EXAMPLE, probe: { ...EXAMPLE.probe, timeoutMs: 9000 } };
    expect(planOf(SMALLEST_DRILL, slow).cadence.roundMs).toBe(30_000);
  });

  test("a flap counts in looks of the health check", () => {
    const [wish] = planOf(editedDrill(["fault: refuse", "fault: refuse, flap: { downLooks: 1, upLooks: 2 }"])).faults;
    expect(wish).toMatchObject({ flap: { downMs: 30_000, upMs: 60_000 } });
  });
});

describe("where it runs", () => {
  test("a script without real faults is for the local world alone", () => {
    expect(planOf(SMALLEST_DRILL)).toMatchObject({ localOnly: true, local: false, faults: [{ lever: "gate" }] });
  });

  test("a real topology gets the real faults, the local world the local ones", () => {
    const text = withReal("{ lever: service-drain, region: primary }");
    expect(planOf(text).faults).toEqual([{ lever: "service-drain", region: AWS.id }]);
    expect(planOf(text, LOCAL).faults).toMatchObject([{ lever: "gate", region: AWS.id }]);
  });

  test.each([
    {
      lever: "{ lever: route53-health-check, region: primary }",
      expected: { answers: "move", users: "never-lost", notices: ["dns"] },
      bounds: { detectionMs: null, recoveryMs: null, failbackMs: 7000 },
    },
    {
      lever: "{ lever: router-drain, region: primary }",
      expected: { answers: "stay", users: "never-lost", notices: [] },
      bounds: { detectionMs: null, recoveryMs: null, failoverMs: null, failbackMs: null },
    },
    {
      lever: "{ lever: service-drain, region: primary }",
      expected: { answers: "move", users: "recover", notices: ["region"] },
      bounds: { detectionMs: 42_500, failbackMs: 7000 },
    },
  ])("what is expected fits $lever", ({ lever, expected, bounds }) => {
    const plan = planOf(withReal(lever));
    expect(plan.expect).toEqual(expected);
    expect(plan.bounds).toMatchObject(bounds);
  });

  test("a real fault keeps the script's expectation where the gate stands for it", () => {
    expect(planOf(editedDrill([GATE, "{ lever: dns-gate, fault: stuck }"])).expect.notices).toEqual(["region"]);
  });
});
