import { describe, expect, test } from "vitest";
import { dailyCost, FREE_PLAN, freePlanExcess } from "../../../monitor/topology/cost.ts";
import { AWS, EXAMPLE } from "../../support/example-topology.ts";

const vantages = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    id: `v${index}`,
    hint: "enam" as const,
    clientSubnet: null,
    latencyOrder: [],
  }));
const with5 = { ...EXAMPLE, probe: { ...EXAMPLE.probe, vantages: vantages(5) } };

test("5 vantages × 2 regions × 30 s need less than half of the free plan, even while every region hangs", () => {
  const cost = dailyCost(with5);
  expect(cost).toEqual({ requests: 17_280, gigabyteSeconds: 5529.6, rowsWritten: 14_452, subrequests: 10 });
  for (const part of ["requests", "gigabyteSeconds", "rowsWritten", "subrequests"] as const) {
    expect(cost[part]).toBeLessThan(FREE_PLAN[part] / 2);
  }
});

describe("what does not fit is said with both figures", () => {
  test.each([
    { name: "the example fits", topology: with5, want: [] },
    {
      name: "ten seconds with nine vantages and a timeout of five",
      topology: {
        ...EXAMPLE,
        probe: { ...EXAMPLE.probe, intervalSeconds: 10, timeoutMs: 5000, vantages: vantages(9) },
      },
      want: ["55296 GB-seconds a day while every region hangs, the free plan has 13000"],
    },
    {
      name: "seventeen regions",
      topology: { ...with5, regions: Array.from({ length: 17 }, (_, index) => ({ ...AWS, id: `r${index}` })) },
      want: ["55 subrequests of one vantage in a round, the free plan has 50"],
    },
    {
      name: "every two seconds",
      topology: { ...with5, probe: { ...with5.probe, intervalSeconds: 2, timeoutMs: 300 } },
      want: [
        "259200 Durable Object requests a day, the free plan has 100000",
        "216052 rows written a day, the free plan has 100000",
      ],
    },
  ])("$name", ({ topology, want }) => {
    expect(freePlanExcess(topology)).toEqual(want);
  });
});
