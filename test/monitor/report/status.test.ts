import { describe, expect, test } from "vitest";
import type { MonitorState } from "../../../monitor/model/state.ts";
import { makeSelf } from "../../../monitor/report/self.ts";
import { makeStatus } from "../../../monitor/report/status.ts";
import { STATUS_SCHEMA } from "../../../monitor/report/status-schema.ts";
import { foldRound } from "../../../monitor/run/fold.ts";
import { EMPTY_STATE } from "../../../monitor/run/state.ts";
import { AWS, EXAMPLE, GCP } from "../../support/example-topology.ts";
import { badLook, dnsLook, goodLook } from "../../support/looks.ts";

function after(rounds: number, evil = ""): MonitorState {
  let state = EMPTY_STATE;
  for (let round = 0; round < rounds; round += 1) {
    const at = round * 30_000;
    const outcomes = EXAMPLE.probe.vantages.map(({ id }) => ({
      kind: "reported" as const,
      report: {
        vantage: id,
        colo: `local-${id}`,
        observations: [goodLook(GCP, id, at), badLook(AWS, id, at, { detail: `refused ${evil}` })],
        dns: [dnsLook(id, "authoritative", at, GCP.endpoint.addresses)],
      },
    }));
    state = foldRound(EXAMPLE, state, outcomes, at, at).state;
  }
  return state;
}

describe("/status", () => {
  test.each([0, 1, 3])("after %i rounds it has the published shape", (rounds) => {
    expect(STATUS_SCHEMA.safeParse(makeStatus(EXAMPLE, after(rounds), 90_000)).error?.issues).toBeUndefined();
  });

  test("before the first round everything is unknown and nothing is up", () => {
    const status = makeStatus(EXAMPLE, EMPTY_STATE, 0);
    expect(status.verdict).toBe("undecided");
    expect(Object.values(status.matrix).flatMap((row) => Object.values(row).map((cell) => cell.state))).toEqual(
      Array(6).fill("unknown"),
    );
    expect(status.regions.map((region) => region.userHealth)).toEqual(["unknown", "unknown"]);
  });

  test("a dead primary: unhealthy, an open incident, the other region active, every cell with its age", () => {
    const status = makeStatus(EXAMPLE, after(3), 61_000);
    expect(status.regions).toMatchObject([
      { id: AWS.id, health: "unhealthy", userHealth: "unhealthy" },
      { id: GCP.id, health: "healthy" },
    ]);
    expect(status.failover).toMatchObject({
      routing: "failover",
      active: GCP.id,
      failOpen: false,
      verdict: "conforms",
    });
    expect(status.incidents).toMatchObject([{ subject: "region:aws-us-east-1" }]);
    expect(status.matrix[AWS.id]?.["enam"]).toEqual({
      state: "down",
      at: "1970-01-01T00:01:00.000Z",
      ageMs: 1000,
      totalMs: null,
      phases: {},
      failure: { cause: "refused", detail: "refused " },
    });
    expect(status.matrix[GCP.id]?.["enam"]).toMatchObject({
      state: "up",
      totalMs: 11,
      phases: { connect: 5, ttfb: 10, transfer: 1 },
    });
    expect(status.verdict).toBe("deviates");
    expect(status.simulated).toBe(true);
  });

  test("a report of long ago is not sold as the present", () => {
    const fine = { ...after(3), verdicts: [{ subject: "failover", verdict: "conforms" as const, reason: "" }] };
    expect(makeStatus(EXAMPLE, fine, 60_000 + 62_500).verdict).toBe("conforms");
    expect(makeStatus(EXAMPLE, fine, 60_000 + 62_501).verdict).toBe("undecided");
  });

  test("its own shape is strict: an unknown key is an error", () => {
    expect(STATUS_SCHEMA.safeParse({ ...makeStatus(EXAMPLE, after(1), 0), extra: 1 }).success).toBe(false);
  });
});

describe("the monitor's own health", () => {
  const fine = { storage: null, round: null };
  test.each([
    { name: "passes with a fresh round", at: 61_000, trouble: fine, problems: [] },
    { name: "passes until the third round is overdue", at: 150_000, trouble: fine, problems: [] },
    {
      name: "fails after that",
      at: 150_001,
      trouble: fine,
      problems: ["no round for 1 m 30 s, one is due every 30 s"],
    },
    {
      name: "fails when a round was not stored",
      at: 61_000,
      trouble: { storage: "disk full", round: null },
      problems: ["the latest round was not stored: disk full"],
    },
    {
      name: "fails when a round did not end",
      at: 61_000,
      trouble: { storage: null, round: "boom" },
      problems: ["the latest round did not end: boom"],
    },
  ])("$name", ({ at, trouble, problems }) => {
    const self = makeSelf(EXAMPLE, after(3), trouble, 0, at);
    expect({ status: self.status, problems: self.problems }).toEqual({
      status: problems.length === 0 ? "pass" : "fail",
      problems,
    });
  });

  test("a monitor that never made a round fails as well", () => {
    expect(makeSelf(EXAMPLE, EMPTY_STATE, fine, 0, 100_000).status).toBe("fail");
  });
});
