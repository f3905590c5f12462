// What the desk of reports keeps in memory, over a real database: the same question twice is counted once, and no answer
// outlives what it was counted of.
import { expect, onTestFinished, test } from "vitest";
import { makeNodeStore } from "../../monitor/node/store.ts";
import { EMPTY_STATE } from "../../monitor/run/state.ts";
import { DAY_MS, HOUR_MS } from "../../monitor/time.ts";
import type { Topology } from "../../monitor/topology/topology.ts";
import { ReportDesk } from "../../monitor/wire/report-desk.ts";
import { EXAMPLE } from "../support/example-topology.ts";

const NOW = Date.UTC(2026, 10, 28, 12);
const ANOTHER: Topology = { ...EXAMPLE, service: { ...EXAMPLE.service, name: "another" } };

function open() {
  const made = makeNodeStore({ file: ":memory:" });
  if (made.kind === "failed") throw new Error(made.detail);
  onTestFinished(() => made.value.close());
  const desk = new ReportDesk(made.value, made.value.sql);
  const recent = (topology: Topology, rounds = 1) => desk.readRecent(topology, { ...EMPTY_STATE, rounds }, DAY_MS, NOW);
  const buckets = (topology: Topology, rounds = 1) =>
    desk.readBuckets(topology, { ...EMPTY_STATE, rounds }, "hour", HOUR_MS, NOW);
  return [recent, buckets] as const;
}

test("a recent report and recent buckets are counted once a round", async () => {
  for (const read of open()) {
    const first = await read(EXAMPLE);
    expect(await read(EXAMPLE)).toBe(first);
    expect(await read(EXAMPLE, 2)).not.toBe(first);
  }
});

test("another topology is told of at once, also between two rounds", async () => {
  for (const read of open()) {
    expect((await read(EXAMPLE)).service.name).toBe(EXAMPLE.service.name);
    expect((await read(ANOTHER)).service.name).toBe("another");
  }
});
